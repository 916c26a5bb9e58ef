// One matter and its cards: what each is likely to bring until the end of the game, from low to high, and to which goals.

import { html, nothing, svg } from "../vendor/lit-html.js";
import { sentence, signed, t } from "../strings.js";
import { leverOf, world } from "../world.js";

const LITTLE = 0.0005; // of all that a capital wants: half a point

/** @param {string} seat @param {Hand} hand @param {string} field @param {(option: string) => void} choose */
export function matter(seat, hand, field, choose) {
  const { title, options } = leverOf(field);
  const cards = hand.cards[field];
  const most = Math.max(...cards.flatMap(({ low, high }) => [-low, high]), 5);
  return html`<p class="matter">${t("play.matter", { place: hand.matters.indexOf(field) + 1, many: hand.matters.length })}</p>
    <h2 id="play-matter" tabindex="-1">${sentence(title)}</h2>
    <div class="cards">${options.map(({ name, label }, n) => {
      const { gain, low, high, goals } = cards[n];
      const stands = n === hand.stands[field];
      return html`<button class="move ${gain > 0.5 ? "up" : gain < -0.5 ? "down" : ""}" id="card-${n}" @click=${(/** @type {MouseEvent} */ { detail }) => detail < 2 && choose(name)}>
        <b class="label">${sentence(label)}</b><b class="gain">${stands ? "±0" : signed(gain, 0)}<span class="hidden"> ${t("play.points")}</span></b>
        ${stands ? html`<span class="told">${t("play.as-now")}</span>` : html`<span class="told">${t("play.likely", { low: signed(low, 0), high: signed(high, 0) })}${towards(seat, goals)}</span>
          ${bar(gain, low, high, most)}`}</button>`;
    })}</div>`;
}

/** Return in words which goals a card serves, and which it harms. @param {string} seat @param {number[]} goals */
export function towards(seat, goals) {
  const named = (/** @type {number} */ sign) => goals.map((value, n) => ({ value: sign * value, name: t(`play.goal.${seat}.${world.goals[seat][n].name}`) }))
    .filter(({ value }) => value > LITTLE).sort((one, other) => other.value - one.value).slice(0, 2).map(({ name }) => name).join(", ");
  const [good, bad] = [named(1), named(-1)];
  return html`${good ? html`<span class="hope">${t("play.hope", { goals: good })}</span>` : nothing}${bad ? html`<span class="cost">${t("play.cost", { goals: bad })}</span>` : nothing}`;
}

/** @param {number} gain @param {number} low @param {number} high @param {number} most */
function bar(gain, low, high, most) {
  const x = (/** @type {number} */ value) => 50 + (48 * value) / most;
  return html`<svg class="range" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">${svg`<line class="zero" x1="50" x2="50" y1="0" y2="8"/>
    <rect x=${x(low)} width=${Math.max(x(high) - x(low), 0.8)} y="2" height="4" rx="1"/><rect class="mid" x=${x(gain) - 0.8} width="1.6" y="0" height="8"/>`}</svg>`;
}
