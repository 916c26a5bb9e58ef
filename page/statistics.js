// Quantiles and estimates, as sim/analysis/estimates.py and intervals.py have them; a test compares both.

const ROUNDING = 1e-9;

/** Return a quantile of sorted numbers, between neighbours in proportion. @param {ArrayLike<number>} sorted @param {number} share */
export function quantile(sorted, share) {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  return sorted[below] + (place - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
}

/** @param {ArrayLike<number>} values */
export const average = (values) => sum(values) / values.length;

/** @param {ArrayLike<number>} values */
export function sum(values) {
  let total = 0;
  for (let n = 0; n < values.length; n++) total += values[n];
  return total;
}

/**
 * Return the estimate of a mean over runs, with parameter sets as the units that its 95% interval rests on; NaN are its
 * ends where there are too few sets.
 * @param {number[]} values @param {ArrayLike<number>} owners the set of each run
 * @param {number[]} table of Student's; see student @param {boolean} share whether values are 1 or 0, and the mean a share
 */
export function estimate(values, owners, table, share = false) {
  /** @type {Map<number, number[]>} */
  const own = new Map();
  values.forEach((value, run) => own.set(owners[run], [...(own.get(owners[run]) ?? []), value]));
  const alone = own.size === 1; // of one set all runs are units
  const parts = (alone ? values.map((value) => [value]) : [...own.values()])
    .map((each) => ({ weight: each.length / values.length, mean: average(each) }));
  const mean = alone ? average(values) : sum(parts.map((part) => part.weight * part.mean));
  const units = 1 / sum(parts.map(({ weight }) => weight * weight));
  const spread = sum(parts.map((part) => part.weight * (part.mean - mean) ** 2));
  return { mean, ...around(mean, Math.sqrt(spread / Math.max(units - 1, 1)), units, table, share) };
}

/** @param {number} mean @param {number} error @param {number} units @param {number[]} table @param {boolean} share */
function around(mean, error, units, table, share) {
  if (!(units >= 2)) return { low: NaN, high: NaN };
  const errors = student(table, units - 1);
  if (!share) return { low: mean - errors * error, high: mean + errors * error };
  const count = error > ROUNDING ? (mean * (1 - mean)) / error ** 2 : units;
  const shrink = 1 + errors ** 2 / count;
  const centre = (mean + errors ** 2 / (2 * count)) / shrink;
  const half = (errors / shrink) * Math.sqrt((mean * (1 - mean)) / count + errors ** 2 / (4 * count ** 2));
  return { low: Math.max(centre - half, 0), high: Math.min(centre + half, 1) };
}

/**
 * Return how many standard errors a 95% interval of Student's reaches to either side.
 * @param {number[]} table of them, by the inverse of the degrees of freedom: evenly from 0 to 1
 * @param {number} freedom need not be whole; 1 at least
 */
export function student(table, freedom) {
  const place = (table.length - 1) / freedom;
  const below = Math.min(Math.floor(place), table.length - 2);
  return table[below] + (place - below) * (table[below + 1] - table[below]);
}
