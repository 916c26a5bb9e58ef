// The end of a game: the score, what was done differently and what that brought whom, and a dare for the next player.

import { html, nothing } from "../vendor/lit-html.js";
import { fanChart, years } from "../charts.js";
import { called, sentence, signed, spoken, t } from "../strings.js";
import { leverOf, world } from "../world.js";

/** @param {ViewContext} context @param {any} state @param {Setting} now @param {Record<string, Ending>} found */
export function debrief({ link }, state, { game, entries }, found) {
  const [first] = game.seats;
  const points = Math.round(found[first].points[first]);
  const said = `${points}`.replace("-", "−");
  const dare = new URL(link("play", { moves: "", draft: "", watch: 0, beat: points }), location.href).href;
  return html`<div class="ending"><div>${game.seats.map((seat) => fared(seat, found[seat].points))}
    ${state.beat === null || game.seats.length > 1 ? nothing
      : html`<p class="lead">${t(points > state.beat ? "play.beaten" : "play.unbeaten", { points: state.beat })}</p>`}
    <h3>${t("play.ends")}</h3>${lines(found[first].reengagement, game)}
    <div class="buttons"><a class="button main" id="play-again" href=${link("play", { moves: "", draft: "", watch: 0 })}>${t("play.again")}</a>
      <a class="button" id="play-watch" href=${link("play", { moves: entries.join("."), watch: 1 })}>${t("play.watch")}</a>
      <a class="button" id="play-beat" href=${dare}>${t("play.beat", { points: said })}</a>
      <button id="play-print" @click=${() => print()}>${t("play.print")}</button></div>
    <label class="dare"><span>${t("play.send", { points: said })}</span><input type="text" id="play-link" readonly .value=${dare}
      @focus=${(/** @type {any} */ { target }) => target.select()}></label>
    <p class="muted">${t("play.why")}</p></div>
    <div>${game.seats.map((seat) => differed(seat, found[seat].differences, game.seats.length > 1))}</div></div>`;
}

/** @param {string} seat @param {Record<string, number>} points */
function fared(seat, points) {
  const mine = Math.round(points[seat]);
  return html`<section class="debrief ${seat}" data-seat=${seat}><h2><span class="sign-of ${seat}">${called(seat)}</span></h2>
    <p><b class="score">${signed(mine, 0)}</b> ${t(mine > 0 ? "play.ahead" : mine < 0 ? "play.behind" : "play.level")}</p>
    ${costs(t("play.all"), points, seat)}</section>`;
}

/** @param {string} seat @param {Difference[]} differences @param {boolean} several seats are played */
function differed(seat, differences, several) {
  return html`<h3>${several ? html`<span class="sign-of ${seat}">${called(seat)}</span>: ` : nothing}${t("play.differently")}</h3>
    ${differences.length ? html`<ol class="differences">${ranked(differences, seat).map((each) => html`<li>${difference(each, seat)}</li>`)}</ol>
      <p class="muted">${t("play.apart")}</p>` : html`<p>${t("play.same")}</p>`}`;
}

/** Return differences, the dearest or best first. @param {Difference[]} differences @param {string} seat */
export const ranked = (differences, seat) =>
  [...differences].sort((one, other) => Math.abs(other.points[seat]) - Math.abs(one.points[seat]));

/** @param {Difference} each @param {string} seat */
export function difference({ field, months, mine, theirs, points }, seat) {
  const { title, options } = leverOf(field);
  return html`<b>${sentence(title)}</b>. ${t("play.instead", { mine: options[mine].label, theirs: options[theirs].label, months })} ${costs(t("play.brought"), points, seat)}`;
}

/** Return what something brought each capital. @param {string} words @param {Record<string, number>} points @param {string} seat */
function costs(words, points, seat) {
  const all = [seat, ...world.capitals.filter((capital) => capital !== seat)];
  return html`<ul class="costs" aria-label=${words}>${all.map((capital) => {
    const brought = signed(points[capital], 0);
    return html`<li class="${capital} ${points[capital] >= 0.5 ? "up" : points[capital] <= -0.5 ? "down" : ""}"><span class="sign-of ${capital}">${called(capital)}</span> <b>${brought}</b></li>`;
  })}</ul>`;
}

/** @param {{mine: Float64Array, without: Float64Array}} reengagement @param {Game} game */
function lines({ mine, without }, game) {
  const first = Math.max(game.starts[0] - 12, 0);
  const { title, unit } = world.series.reengagement;
  const { ticks, tick } = years(640);
  const last = game.end - 1;
  return html`<figure><figcaption>${title} (${unit})</figcaption>${fanChart({
    first, last, range: [0, 100], ticks: ticks.filter((month) => month >= first && month <= last), tick,
    lines: [{ values: without.subarray(first, game.end), kind: "without" }, { values: mine.subarray(first, game.end), kind: "" }],
  }, 480, 180, t("play.lines", { month: spoken(last), mine: mine[last].toFixed(0), without: without[last].toFixed(0) })).picture}
    <p class="key"><span class="key-with">${t("play.key-mine")}</span> <span class="key-without">${t("play.key-without")}</span></p></figure>`;
}
