// One run in full: what was moved and why, what came from outside, the same run without an end, and a fork.

import { parametersOf, planned, resolve } from "../engine/plan.js";
import { reasons } from "../engine/reasons.js";
import { world } from "../world.js";
import { teller } from "./teller.js";

/**
 * @typedef {object} Told
 * @property {number} months
 * @property {number} warStart
 * @property {number} warEnd
 * @property {Float64Array} one the series shown, month by month
 * @property {Float64Array} control
 * @property {Float64Array | null} forked
 * @property {number | null} parted the first month whose moves differ in the fork
 * @property {number[][]} moves a row a month, the places of the options taken
 * @property {{border: number[], flood: boolean[], crisis: boolean[]}} outside
 * @property {import("../engine/reasons.js").Decision[]} decisions
 * @property {import("../engine/reasons.js").Deal[]} deals
 *
 * @typedef {{lever: string, option: string, from: number, to: number}} Fork
 */

/**
 * @param {import("./teller.js").Given} context
 * @param {{scenario: string, moved: import("../engine/plan.js").Moved, seed: number, run: number, series: string, fork: Fork | null}} asked
 * @returns {Promise<Told>}
 */
export async function history({ sets, engine }, { scenario: stem, moved, seed, run, series, fork }) {
  const scenario = world.scenarios[stem];
  const runs = [run];
  const values = resolve(world, scenario, moved, parametersOf(world, sets, runs, scenario, moved));
  const asked = { plan: planned(world, scenario, moved), values, seed, runs };
  const { one, control } = engine.pairs({ ...asked, keep: [series] });
  const told = await teller();
  const rows = told.rows(asked, ["given.border", "given.flood", "given.crisis", "chance.flood", "chance.crisis", "crisis_before"]).series;
  const value = (/** @type {string} */ name) => { const each = values[name]; return typeof each === "number" ? each : each[0]; };
  const moves = movesOf(one);
  const other = fork && engine.simulate({ ...asked, plan: planned(world, scenario, { ...moved, moves: [...(moved.moves ?? []), fork] }), keep: [series] });
  return {
    months: one.months, warStart: scenario.warStart, warEnd: one.warEnd[0], one: one.series[series], control: control.series[series],
    forked: other ? other.series[series] : null,
    parted: other ? partedAt(moves, movesOf(other)) : null,
    moves,
    outside: {
      border: [...rows["given.border"]],
      flood: Array.from(rows["given.flood"], (given, month) => given > 0 || rows["chance.flood"][month] < value("flood_chance")),
      crisis: Array.from(rows["given.crisis"], (given, month) =>
        given > 0 || Math.min(rows["chance.crisis"][month], rows["crisis_before"][month]) < value("crisis_chance")),
    },
    ...reasons(told, asked),
  };
}

/** @param {import("../engine/engine.js").Block} block @returns {number[][]} */
function movesOf({ played, months }) {
  const levers = world.levers.length;
  return Array.from({ length: months }, (_, month) => [...played.subarray(month * levers, (month + 1) * levers)]);
}

/** @param {number[][]} one @param {number[][]} other */
function partedAt(one, other) {
  const month = one.findIndex((row, month) => `${row}` !== `${other[month]}`);
  return month < 0 ? null : month;
}
