// Paired runs: a world with an end of the war beside the same world without one, judged run by run.

import { NEEDED, judge } from "../definitions.js";
import { parametersOf, planned, resolve, setsOf } from "../plan.js";
import { facts, placeOf, world } from "../world.js";

/**
 * @typedef {object} Asked
 * @property {string} scenario
 * @property {import("../plan.js").Moved} moved
 * @property {number} seed
 * @property {number[]} runs
 * @property {string} series what is shown
 * @property {string} lever
 *
 * @typedef {object} Found One entry a run, or a run's months one after the other.
 * @property {number[]} runs
 * @property {number} months
 * @property {number[]} owners places of the retained sets
 * @property {Int32Array} warEnd
 * @property {Float64Array} one the series shown
 * @property {Float64Array} control
 * @property {Int8Array} played places of the lever's options
 * @property {boolean[]} judged
 * @property {number[]} effect points, NaN where not judged
 * @property {import("../definitions.js").Times[]} times
 * @property {import("../definitions.js").Times[]} controlTimes
 */

/** @param {any} context @param {Asked} asked @returns {Found} */
export function pairs({ sets, engine }, { scenario: stem, moved, seed, runs, series, lever }) {
  const scenario = world.scenarios[stem];
  const values = resolve(world, scenario, moved, parametersOf(world, sets, runs, scenario, moved));
  const { one, control } = engine.pairs({ plan: planOf(stem, moved), values, seed, runs, keep: [...new Set([series, ...NEEDED])] });
  const found = runs.map((_, run) => judge(facts.rules, seriesOf(one, run), seriesOf(control, run), one.warEnd[run]));
  return {
    runs, months: one.months, owners: sets ? setsOf(world, sets, runs, scenario, moved) : runs.map(() => 0),
    warEnd: one.warEnd, one: one.series[series], control: control.series[series],
    played: playedOf(one, placeOf(lever)),
    judged: found.map((each) => each.judged), effect: found.map((each) => each.effect),
    times: found.map((each) => each.times), controlTimes: found.map((each) => each.control),
  };
}

let last = { key: "", plan: /** @type {any} */ (null) };

/**
 * Return the plan of a world; a worker does one part of the same after the other.
 * @param {string} stem @param {import("../plan.js").Moved} moved
 */
function planOf(stem, moved) {
  const key = JSON.stringify([stem, moved]);
  if (key !== last.key) last = { key, plan: planned(world, world.scenarios[stem], moved) };
  return last.plan;
}

/** @param {any} block @param {number} run @returns {import("../definitions.js").Series} */
function seriesOf({ series, played, months }, run) {
  const own = Object.fromEntries(NEEDED.map((name) => [name, series[name].subarray(run * months, (run + 1) * months)]));
  const { length } = world.levers;
  const place = placeOf("pyongyang_toward_beijing");
  const { options } = world.levers[place];
  return { ...own, stance: Float64Array.from({ length: months }, (_, month) => options[played[(run * months + month) * length + place]].value) };
}

/** @param {any} block @param {number} place of a lever */
function playedOf({ played }, place) {
  const { length } = world.levers;
  return Int8Array.from({ length: played.length / length }, (_, n) => played[n * length + place]);
}
