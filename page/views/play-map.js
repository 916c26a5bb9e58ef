// East Asia (its coasts stand in index.html) with the five capitals, and an arc for every move that was changed: numbered as in the list beside it.

import { html, svg } from "../vendor/lit-html.js";
import { called, t } from "../strings.js";
import { world } from "../world.js";

/** @type {Record<string, [number, number]>} Moscow and Washington are off the map, at its edges */
const AT = { Beijing: [105, 128], Pyongyang: [219, 136], Seoul: [242, 174], Moscow: [36, 34], Washington: [352, 60] };
/** @type {Record<string, string>} whom a move is about, where its name does not say */
const ABOUT = { beijing_bloc: "Moscow", beijing_toward_west: "Washington", pyongyang_provoke: "Seoul", pyongyang_talks: "Washington", deal_arms: "Moscow" };

/** @param {Move[]} moves @param {string[]} seats */
export function map(moves, seats) {
  const who = [...new Set(moves.map(({ capital }) => called(capital)))].join(", ") || t("play.nobody");
  const arcs = bent(moves);
  return html`<svg class="play-map" viewBox="0 0 400 250" role="img" aria-label=${t("play.map", { who })}>
    <use href="#east-asia"/>
    <text class="off" x="36" y="14" text-anchor="middle">↖</text><text class="off" x="372" y="44" text-anchor="middle">↗</text>
    <g class="arcs">${arcs.map(({ from, line }) => svg`<g class="arc ${from}"><path pathLength="1" d=${line}/></g>`)}</g>
    ${world.capitals.map((capital) => {
      const [x, y] = AT[capital];
      const [left, top, anchor] = x > 200 && x < 300 ? [x + 18, y + 5, "start"] : [x, y + 28, "middle"];
      return svg`<g class="place ${capital}"><circle cx=${x} cy=${y} r=${seats.includes(capital) ? 13 : 10}/><text x=${x} y=${y + 4} text-anchor="middle">${capital[0]}</text>
        <text class="label" x=${left} y=${top} text-anchor=${anchor}>${seats.includes(capital) ? t("play.you-are", { capital: called(capital) }) : called(capital)}</text></g>`;
    })}
    <g class="arcs">${arcs.map(({ from, x, y }, n) => svg`<g class="arc ${from}"><circle cx=${x} cy=${y} r="7.5"/><text x=${x} y=${y + 3.5} text-anchor="middle">${n + 1}</text></g>`)}</g></svg>`;
}

/** Return each move as a line from who moves to whom it is about, bent so that each between the same two is seen. @param {Move[]} moves */
function bent(moves) {
  /** @type {Record<string, number>} */
  const between = {};
  return moves.map((move) => {
    const from = mover(move);
    const { field } = move;
    const to = ABOUT[field] ?? world.capitals.find((each) => field.endsWith(`toward_${each.toLowerCase()}`)) ?? (from === "Pyongyang" ? "Seoul" : "Pyongyang");
    const [[x, y], [left, top]] = [AT[from], AT[to]];
    const bend = (36 + 38 * (between[from + to] = (between[from + to] ?? -1) + 1)) / Math.hypot(left - x, top - y);
    const [cx, cy] = [(x + left) / 2 + bend * (top - y), (y + top) / 2 - bend * (left - x)];
    return { from, line: `M${x} ${y}Q${cx} ${cy} ${left} ${top}`, x: (x + 2 * cx + left) / 4, y: (y + 2 * cy + top) / 4 };
  });
}

/** Return who makes a move: of the arms deal, whoever hands over. @param {{capital: string, field: string}} move */
export const mover = ({ capital, field }) =>
  capital !== "deal" ? capital : field === "deal_arms" ? "Pyongyang" : "Moscow";
