// Worlds simulated run by run on the workers: a first picture of 256 paired runs, then finer ones to 1,000.

import { base, movedOf } from "./controls.js";
import { DEFINITIONS } from "./definitions.js";
import { average, estimate, quantile } from "./statistics.js";
import { facts } from "./world.js";

export const RUNS = 1000;
const FIRST = 256;
const PART = 32;
const PICTURES = [FIRST, 512, RUNS];
const KEPT = 12; // worlds, so that "back" comes at once
const LEVELS = [0.1, 0.25, 0.5, 0.75, 0.9];

/** @typedef {import("./jobs/pairs.js").Found} Found */

/** @type {Map<string, Found>} */
const whole = new Map();

/**
 * Simulate the world of a state.
 * @param {import("./app.js").Context} context @param {string} channel @param {import("./address.js").State} state
 * @param {{series?: string, lever?: string}} shown
 * @param {(found: Found, done: number) => void} picture called with more and more runs
 * @returns {Promise<Found | null>} all runs; null where a newer world has taken the place
 */
export async function simulate(context, channel, state, { series = "reengagement", lever = "pyongyang_toward_beijing" }, picture) {
  const asked = { job: "pairs", scenario: base(), moved: movedOf(state), seed: state.seed, series, lever };
  const key = JSON.stringify(asked);
  const known = whole.get(key);
  if (known) {
    context.pool.end(channel);
    picture(known, 1);
    context.progress(null);
    return known;
  }
  context.progress(0);
  const starts = Array.from({ length: Math.ceil(RUNS / PART) }, (_, part) => part * PART);
  const parts = starts.map((start) => ({
    ...asked, runs: Array.from({ length: Math.min(PART, RUNS - start) }, (_, n) => start + n),
  }));
  /** @type {Found[]} */
  const done = [];
  let [count, drawn] = [0, 0];
  const finished = await context.pool.ask(channel, parts, (found, place) => {
    done[place] = found;
    count += found.runs.length;
    context.progress(count / RUNS);
    const next = PICTURES[drawn];
    if (count < next) return;
    drawn = PICTURES.findIndex((each) => each > count);
    picture(joined(done), count / RUNS);
  });
  if (!finished) return null;
  context.progress(null);
  const all = joined(done);
  whole.set(key, all);
  if (whole.size > KEPT) whole.delete(whole.keys().next().value ?? "");
  return all;
}

/** Return parts as one, in the order of their runs. @param {Found[]} parts @returns {any} */
function joined(parts) {
  const there = parts.filter(Boolean);
  const [one] = there;
  return Object.fromEntries(Object.entries(one).map(([name, value]) => {
    if (typeof value === "number") return [name, value];
    const each = there.map((/** @type {any} */ part) => part[name]);
    if (Array.isArray(value)) return [name, each.flat()];
    const all = new /** @type {any} */ (value.constructor)(each.reduce((sum, part) => sum + part.length, 0));
    each.reduce((at, part) => (all.set(part, at), at + part.length), 0);
    return [name, all];
  }));
}

/**
 * Return quantiles month by month: a row a level (10, 25, 50, 75 and 90%), and the mean.
 * @param {number} months @param {number} runs @param {(run: number, month: number) => number} value NaN where there is none
 */
export function bandsOf(months, runs, value) {
  const rows = LEVELS.map(() => new Float64Array(months));
  const mean = new Float64Array(months);
  const column = new Float64Array(runs);
  for (let month = 0; month < months; month++) {
    let count = 0;
    for (let run = 0; run < runs; run++) {
      const each = value(run, month);
      if (!Number.isNaN(each)) column[count++] = each;
    }
    const there = column.subarray(0, count).sort();
    LEVELS.forEach((level, row) => (rows[row][month] = quantile(there, level)));
    mean[month] = average(there);
  }
  return { rows, mean };
}

/**
 * Return the effect of the war's end on the series shown, two years on: typical, mean, share.
 * @param {Found} found @param {boolean} points whether the series is measured in the points of D2
 */
export function effectOf(found, points) {
  const { rules } = facts;
  const judged = found.runs.map((_, run) => run).filter((run) => found.judged[run]);
  const at = (/** @type {number} */ run) => run * found.months + found.warEnd[run] + rules.within;
  const values = judged.map((run) => found.one[at(run)] - found.control[at(run)]);
  const owners = judged.map((run) => found.owners[run]);
  const sorted = Float64Array.from(values).sort();
  const over = values.map((value) => Number(points ? value >= rules.points : value > 0));
  return {
    runs: judged, values, count: values.length, typical: quantile(sorted, 0.5), mean: estimate(values, owners, rules.student),
    share: estimate(over, owners, rules.student, true), below: values.filter((value) => value < 0).length / values.length,
  };
}

/**
 * Return the share of judged runs in which each definition came true, with the end and without.
 * @param {Found} found
 */
export function sharesOf(found) {
  const judged = found.runs.map((_, run) => run).filter((run) => found.judged[run]);
  /** @type {(times: Record<string, number>[], name: string) => number} */
  const share = (times, name) => judged.filter((run) => times[run][name] >= 0).length / judged.length;
  return Object.fromEntries(DEFINITIONS.map((name) =>
    [name, { one: share(found.times, name), control: name === "D2" ? null : share(found.controlTimes, name) }]));
}
