// East Asia with the five capitals, and an arc for every move that was changed: numbered as in the list beside it.

import { html, svg } from "../vendor/lit-html.js";
import { called, t } from "../strings.js";
import { world } from "../world.js";

/** @typedef {{capital: string, field: string, month: number, label: string}} Move */

/** @type {(points: number[][]) => string} degrees east and north as places of the drawing */
const path = (points) => points.map(([east, north]) => `${((east - 108) * 12.5).toFixed(0)} ${((48 - north) * 15.6).toFixed(0)}`).join("L");
const NORTH = [[124.3, 39.9], [126, 41], [126.9, 41.8], [128, 42], [129.2, 42.4], [130.7, 42.3], [129.7, 41.5], [129.7, 40.9], [128.3, 40], [127.5, 39.6], [127.6, 39.2], [128.4, 38.6],
  [127, 38.2], [126.6, 37.8], [125, 37.9], [125.2, 38.6], [125.3, 39.5]];
const LAND = [
  [[100, 52], [141, 52], [140.5, 50], [140.3, 48], [138.5, 46.3], [136, 44.5], [133.5, 42.8], [131.9, 43.1], [130.7, 42.3], [129.7, 41.5], [129.7, 40.9], [128.3, 40], [127.5, 39.6], [127.6, 39.2],
    [128.4, 38.6], [129.3, 37.2], [129.4, 36], [129.2, 35.2], [128, 34.8], [126.5, 34.4], [126.4, 35.6], [126.6, 36.8], [126.6, 37.8], [125, 37.9], [125.2, 38.6], [125.3, 39.5], [124.3, 39.9],
    [121.2, 38.8], [121.5, 39.6], [122.2, 40.5], [121, 40.9], [119.6, 39.9], [118, 39.2], [117.7, 38.6], [118.9, 37.5], [120.2, 37.7], [122.4, 37.3], [120.8, 36.5], [119.3, 35.2], [120.3, 34.2],
    [120.9, 32.9], [121.9, 31.7], [120.9, 30.4], [122, 29.9], [121.6, 28.6], [120, 26], [100, 26]],
  [[129.9, 33.2], [131, 33.8], [131.9, 33], [131.3, 31.4], [130.3, 31.2], [129.9, 32.5]],
  [[131, 34.3], [132.8, 35.5], [135.8, 35.6], [136.9, 37.2], [138.6, 37.4], [139.8, 38.9], [140, 40.6], [141.2, 41.4], [141.9, 39.6], [140.9, 38], [140.8, 35.7], [139, 34.8], [137, 34.7], [135.8, 33.5], [135.1, 34.5], [132.5, 34.2]],
  [[140.3, 41.6], [140.6, 43.2], [141.8, 45.4], [144, 44], [143.3, 42], [141.2, 42.5]],
].map(path);
const FRONTIER = path([[130.7, 42.3], [131.2, 44.9], [133.2, 45.2], [135, 48.4], [131, 47.8], [127.5, 50]]);
/** @type {Record<string, [number, number]>} Moscow and Washington are off the map, at its edges */
const AT = { Beijing: [105, 128], Pyongyang: [219, 136], Seoul: [242, 174], Moscow: [36, 34], Washington: [352, 60] };
/** @type {Record<string, string>} whom a move is about, where its name does not say */
const ABOUT = { beijing_bloc: "Moscow", beijing_toward_west: "Washington", pyongyang_provoke: "Seoul", pyongyang_talks: "Washington", deal_arms: "Moscow" };

/** @param {Move[]} moves @param {string[]} seats */
export function map(moves, seats) {
  const who = [...new Set(moves.map(({ capital }) => called(capital)))].join(", ") || t("play.nobody");
  const arcs = bent(moves);
  return html`<svg class="play-map" viewBox="0 0 400 250" role="img" aria-label=${t("play.map", { who })}>
    <g class="land">${LAND.map((each) => svg`<path d="M${each}Z"/>`)}</g><path class="north" d="M${path(NORTH)}Z"/><path class="frontier" d="M${FRONTIER}"/>
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
export function mover({ capital, field }) {
  return capital !== "deal" ? capital : field === "deal_arms" ? "Pyongyang" : "Moscow";
}
