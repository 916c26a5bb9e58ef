// Worlds simulated run by run on the workers: a first picture of 256 paired runs, then finer ones to 1,000.

import { DEFINITIONS, pileOf } from "./definitions.js";
import { average, estimate, quantile } from "./statistics.js";
import { PART } from "./workers.js";
import { facts } from "./world.js";

export const RUNS = 1000;
const PICTURES = [256, 512, RUNS]; // runs after which there is something to see
const KEPT = 12; // worlds, so that "back" comes at once
const LEVELS = [0.1, 0.25, 0.5, 0.75, 0.9];

/** @type {Map<string, PairsFound>} */
const whole = new Map();

/**
 * Simulate a world. @param {ViewContext} context @param {string} channel
 * @param {Pick<PairsRequest, "scenario" | "moved" | "seed"> & {series?: string, lever?: string}} of
 * @param {(found: PairsFound, done: number) => any} picture called with more and more runs, and waited for
 * @param {number[]} pictures after how many; the last is all
 * @returns {Promise<PairsFound | null>} all runs; null where a newer world has taken the place
 */
export async function simulate(context, channel, of, picture = () => {}, pictures = PICTURES) {
  const asked = { job: "pairs", series: "reengagement", lever: "pyongyang_toward_beijing", ...of };
  const runs = pictures[pictures.length - 1];
  const key = JSON.stringify([asked, runs]);
  const known = whole.get(key);
  if (known) {
    const ours = context.pool.end(channel);
    await picture(known, 1);
    if (context.pool.newest[channel] !== ours) return null;
    context.progress(null);
    return known;
  }
  context.progress(0);
  const parts = pictures.flatMap((end, n) => {
    const first = pictures[n - 1] ?? 0;
    return Array.from({ length: Math.ceil((end - first) / PART) }, (_, part) => ({ ...asked, among: [first, end], part }));
  });
  /** @type {PairsFound[]} */
  const done = [];
  let [count, drawn, all] = [0, 0, /** @type {any} */ (null)];
  const finished = await context.pool.ask(channel, parts, (found, place) => {
    done[place] = found;
    count += found.runs.length;
    context.progress(count / runs);
    const there = pictures.filter((end) => parts.every(({ among }, place) => among[1] > end || done[place])).length;
    if (there === drawn) return;
    drawn = there;
    all = joined(done.filter((_, place) => parts[place].among[1] <= pictures[drawn - 1]));
    return picture(all, count / runs);
  });
  if (!finished) return null;
  context.progress(null);
  whole.set(key, all);
  if (whole.size > KEPT) whole.delete(whole.keys().next().value ?? "");
  return all;
}

/** Return parts as one, in the order of their runs. @param {PairsFound[]} parts @returns {any} */
function joined(parts) {
  const runs = parts.reduce((sum, part) => sum + part.runs.length, 0);
  return Object.fromEntries(Object.entries(parts[0]).map(([name, value]) => {
    if (typeof value === "number") return [name, value];
    const each = value.length / parts[0].runs.length;
    const all = new /** @type {any} */ (value.constructor)(runs * each);
    for (const part of /** @type {any[]} */ (parts))
      part.runs.forEach((/** @type {number} */ run, /** @type {number} */ n) => {
        if (each === 1) all[run] = part[name][n];
        else all.set(part[name].subarray(n * each, (n + 1) * each), run * each);
      });
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
 * @param {PairsFound} found @param {boolean} points whether the series is measured in the points of D2
 */
export function effectOf(found, points) {
  const { rules } = facts;
  const judged = judgedOf(found);
  const at = (/** @type {number} */ run) => run * found.months + found.warEnd[run] + rules.within;
  const values = judged.map((run) => found.one[at(run)] - found.control[at(run)]);
  const owners = judged.map((run) => found.owners[run]);
  const sorted = Float64Array.from(values).sort();
  const over = values.map((value) => Number(points ? pileOf(rules, value) === "clear" : value > 0));
  const under = values.filter((value) => (points ? pileOf(rules, value) === "less" : value < 0)).length / values.length;
  const level = (/** @type {Float64Array} */ series) => average(judged.map((run) => series[at(run)]));
  return {
    under, with: level(found.one), without: level(found.control),
    runs: judged, values, typical: quantile(sorted, 0.5), mean: estimate(values, owners, rules.student),
    share: estimate(over, owners, rules.student, true),
  };
}

/** Return the places of the runs that are judged. @param {PairsFound} found */
const judgedOf = ({ judged }) => [...judged.keys()].filter((run) => judged[run]);

/** Return the share of judged runs that each definition holds in. @param {PairsFound} found */
export function sharesOf(found) {
  const judged = judgedOf(found);
  /** @type {(times: Record<string, number>[], name: string) => number} */
  const share = (times, name) => judged.filter((run) => times[run][name] >= 0).length / judged.length;
  return Object.fromEntries(DEFINITIONS.map((name) =>
    [name, { one: share(found.times, name), control: name === "D2" ? null : share(found.controlTimes, name) }]));
}
