// Paired runs: a world with an end of the war beside the same world without one, judged run by run.

import { NEEDED, judge } from "../definitions.js";
import { Pasts } from "../engine/past.js";
import { PART } from "../workers.js";
import { facts, placeOf, world } from "../world.js";

/**
 * @typedef {object} Asked
 * @property {string} scenario
 * @property {import("../engine/plan.js").Moved} moved
 * @property {number} seed
 * @property {number[]} [runs]
 * @property {[number, number]} [among] in their place: the first run, and the one after the last, of which it is a part
 * @property {number} [part]
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

export const pasts = new Pasts();

/** @param {any} context @param {Asked} asked @returns {Found} */
export function pairs(context, { scenario, moved, seed, among = [0, 0], part = 0, runs: named, series, lever }) {
  const runs = named ?? pasts.byEnd(world, context, scenario, seed, among).slice(PART * part, PART * (part + 1));
  const given = { scenario, moved, seed, runs, keep: [...new Set([series, ...NEEDED])] };
  const { owners, ...known } = pasts.of(world, context, given, world.article + 1);
  const { one, control } = context.engine.pairs({ ...given, ...known });
  const [ours, theirs] = [seriesOf(one), seriesOf(control)];
  const found = runs.map((_, run) => judge(facts.rules, ours(run), theirs(run), one.warEnd[run]));
  return {
    runs, months: one.months, owners, warEnd: one.warEnd, one: one.series[series], control: control.series[series],
    played: playedOf(one, placeOf(lever)),
    judged: found.map((each) => each.judged), effect: found.map((each) => each.effect),
    times: found.map((each) => each.times), controlTimes: found.map((each) => each.control),
  };
}

/** Return what gives a run's series. @param {any} block @returns {(run: number) => import("../definitions.js").Series} */
function seriesOf(block) {
  const place = placeOf("pyongyang_toward_beijing");
  const { options } = world.levers[place];
  const all = [...NEEDED.map((name) => [name, block.series[name]]), ["stance", playedOf(block, place, Float64Array, options.map(({ value }) => value))]];
  return (run) => Object.fromEntries(all.map(([name, each]) => [name, each.subarray(run * block.months, (run + 1) * block.months)]));
}

/** Return the moves of a lever, as places or what stands there. @param {any} block @param {number} place @param {any} As @param {number[] | null} values */
function playedOf({ played }, place, As = Int8Array, values = null) {
  const { length } = world.levers;
  const all = new As(played.length / length);
  for (let n = 0; n < all.length; n++) all[n] = values ? values[played[n * length + place]] : played[n * length + place];
  return all;
}
