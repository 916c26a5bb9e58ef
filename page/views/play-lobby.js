// Whom to play, and which years.

import { html, nothing } from "../vendor/lit-html.js";
import { choice, whole } from "../dom.js";
import { called, t } from "../strings.js";
import { facts, world } from "../world.js";

/** @param {ViewContext} context @param {any} state */
export function lobby({ go }, state) {
  const seats = state.seats.split(".");
  const party = Boolean(state.party) || seats.length > 1;
  const keep = (/** @type {AddressState} */ changes) => go(changes, { replace: true });
  const together = (/** @type {any} */ { target }) => keep({ party: Number(target.checked), seats: seats[0] });
  const begin = (/** @type {string} */ game) => go({ game, moves: "", draft: "", watch: 0 }, { focus: "play-now" });
  const take = (/** @type {string} */ capital) => {
    const next = world.capitals.filter((each) => (each === capital) !== seats.includes(each));
    keep({ seats: party ? (next.length ? next : [capital]).join(".") : capital });
  };
  const war = (/** @type {string} */ stem) => t(`play.war.${stem}`);
  const door = (/** @type {string} */ game, /** @type {string} */ id) => html`<button class="main start" id=${id}
    @click=${() => begin(game)}><b>${t(`play.begin-${game}`)}</b><span>${t(`play.${game}-told`)}</span></button>`;
  return html`<h1 id="play-title">${t("play.lead")}</h1><p class="lead">${t("play.rules")}</p>
    ${state.beat === null ? nothing : html`<p class="dare">${t("play.dare", { points: state.beat, seat: seats.map(called).join(", ") })}</p>`}
    <fieldset class="seats"><legend>${t("play.who")}</legend>${world.capitals.map((capital) => html`<label class="take ${capital}">
      <input type=${party ? "checkbox" : "radio"} name="seat" id="seat-${capital}" .checked=${seats.includes(capital)}
        @change=${() => take(capital)}>
      <span class="sign-of ${capital}"><b>${called(capital)}</b></span><span class="wants">${t(`play.wants.${capital}`)}</span></label>`)}</fieldset>
    <div class="starts">${door("history", "play-history")}${door("now", "play-now-game")}</div>
    <details class="more"><summary>${t("play.more")}</summary>
      <label class="check"><input type="checkbox" id="party" .checked=${party} @change=${together}>
        ${t("play.party")}</label>
      <p><label for="future">${t("play.war")}</label>
        ${choice("future", facts.play.futures, war, state.future, (future) => keep({ future }))}</p>
      <p><label for="luck">${t("play.luck")}</label> ${whole("luck", 999, state.luck, (luck) => keep({ luck }))}
        <span class="muted">${t("play.luck-told")}</span></p></details>`;
}
