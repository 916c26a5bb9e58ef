// Paired runs: a world with an end of the war beside the same world without one, judged run by run.

import { NEEDED, judge } from "../definitions.js";
import { Pasts } from "../engine/past.js";
import { PART } from "../workers.js";
import { facts, leverOf, optionsOf, world } from "../world.js";

export const pasts = new Pasts();

/** @param {JobContext} context @param {PairsRequest} asked */
export function pairs(context, { scenario, moved, seed, among = [0, 0], part = 0, runs: named, series, lever }) {
  const runs = named ?? pasts.byEnd(world, context, scenario, seed, among).slice(PART * part, PART * (part + 1));
  const given = { scenario, moved, seed, runs, keep: [...new Set([series, ...NEEDED])] };
  const { owners, ...known } = pasts.of(world, context, given, world.article + 1);
  const { one, control } = context.engine.pairs({ ...given, ...known });
  const [ours, theirs] = [seriesOf(one), seriesOf(control)];
  const found = runs.map((_, run) => judge(facts.rules, ours(run), theirs(run), one.warEnd[run]));
  return {
    runs, months: one.months, owners, warEnd: one.warEnd, one: one.series[series], control: control.series[series],
    played: optionsOf(one.played, lever),
    judged: found.map((each) => each.judged), effect: found.map((each) => each.effect), // in points, NaN where not judged
    times: found.map((each) => each.times), controlTimes: found.map((each) => each.control),
  };
}

/** Return what gives a run's series, and what Pyongyang's stance toward Beijing stands for. @param {Block} block */
function seriesOf({ months, series, played }) {
  const lever = "pyongyang_toward_beijing";
  const { options } = leverOf(lever);
  /** @type {Series} */
  const all = { ...series, stance: Float64Array.from(optionsOf(played, lever), (place) => options[place].value) };
  return (/** @type {number} */ run) => Object.fromEntries([...NEEDED, "stance"].map((name) =>
    [name, all[name].subarray(run * months, (run + 1) * months)]));
}
