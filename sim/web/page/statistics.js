// Quantiles and estimates, as sim/analysis/estimates.py and intervals.py have them; a test compares both.

const LEVEL = 0.95;
const ROUNDING = 1e-9;

/**
 * @typedef {object} Estimate
 * @property {number} mean
 * @property {number} low of the 95% interval; NaN where there are too few sets
 * @property {number} high
 * @property {number} sets
 */

/**
 * Return a quantile of sorted numbers, between neighbours in proportion.
 * @param {ArrayLike<number>} sorted
 * @param {number} share
 */
export function quantile(sorted, share) {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  return sorted[below] + (place - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
}

/**
 * Return the estimate of a mean over runs, with parameter sets as the units that its interval rests on.
 * @param {ArrayLike<number>} values
 * @param {ArrayLike<number>} owners the set of each run
 * @param {boolean} share whether values are 1 or 0, and the mean a share
 * @returns {Estimate}
 */
export function estimate(values, owners, share = false) {
  /** @type {Map<number, number[]>} */
  const own = new Map();
  for (let n = 0; n < values.length; n++) own.set(owners[n], [...(own.get(owners[n]) ?? []), values[n]]);
  const total = values.length;
  const parts = [...own.values()].map((each) => ({ weight: each.length / total, mean: each.reduce(sum, 0) / each.length, each }));
  const mean = parts.reduce((all, { weight, mean }) => all + weight * mean, 0);
  if (parts.length === 1) return { mean, ...around(mean, alone(parts[0].each), total, share), sets: 1 };
  const squares = parts.reduce((all, { weight }) => all + weight * weight, 0);
  const units = 1 / squares;
  const spread = parts.reduce((all, part) => all + part.weight * (part.mean - mean) ** 2, 0);
  return { mean, ...around(mean, Math.sqrt(spread / Math.max(units - 1, 1)), units, share), sets: parts.length };
}

/** @type {(total: number, value: number) => number} */
const sum = (total, value) => total + value;

/** @param {number[]} values */
function alone(values) {
  const mean = values.reduce(sum, 0) / values.length;
  return Math.sqrt(values.reduce((all, value) => all + (value - mean) ** 2, 0) / (values.length - 1) / values.length);
}

/**
 * @param {number} mean
 * @param {number} error
 * @param {number} units
 * @param {boolean} share
 */
function around(mean, error, units, share) {
  if (!(units >= 2)) return { low: NaN, high: NaN };
  const errors = student(units - 1);
  if (!share) return { low: mean - errors * error, high: mean + errors * error };
  const count = error > ROUNDING ? (mean * (1 - mean)) / error ** 2 : units;
  const shrink = 1 + errors ** 2 / count;
  const centre = (mean + errors ** 2 / (2 * count)) / shrink;
  const half = (errors / shrink) * Math.sqrt((mean * (1 - mean)) / count + errors ** 2 / (4 * count ** 2));
  return { low: Math.max(centre - half, 0), high: Math.min(centre + half, 1) };
}

/**
 * Return how many standard errors a 95% interval of Student's reaches to either side.
 * @param {number} freedom need not be whole
 */
export function student(freedom) {
  let [low, high] = [0, 1];
  while (beyond(high, freedom) > 1 - LEVEL) high *= 2;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (beyond(middle, freedom) > 1 - LEVEL) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Return the chance that Student's t lies beyond some value on either side: a regularised incomplete beta function.
 * @param {number} value
 * @param {number} freedom
 */
function beyond(value, freedom) {
  const [a, b, x] = [freedom / 2, 0.5, freedom / (freedom + value * value)];
  if (x >= 1) return 1;
  const front = Math.exp(gamma(a + b) - gamma(a) - gamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  return x < (a + 1) / (a + b + 2) ? (front * fraction(a, b, x)) / a : 1 - (front * fraction(b, a, 1 - x)) / b;
}

/**
 * Return the continued fraction of the incomplete beta function (Lentz; Press et al. 2007, 6.4).
 * @param {number} a
 * @param {number} b
 * @param {number} x
 */
function fraction(a, b, x) {
  const kept = (/** @type {number} */ value) => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  let c = 1;
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1));
  let found = d;
  for (let m = 1; m < 300; m++) {
    for (const step of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / kept(1 + step * d);
      c = kept(1 + step / c);
      found *= d * c;
    }
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return found;
}

/**
 * Return the logarithm of the gamma function (Lanczos; Press et al. 2007, 6.1).
 * @param {number} x
 */
function gamma(x) {
  const parts = [
    57.1562356658629235, -59.5979603554754912, 14.1360979747417471, -0.491913816097620199, 0.339946499848118887e-4,
    0.465236289270485756e-4, -0.983744753048795646e-4, 0.158088703224912494e-3, -0.210264441724104883e-3,
    0.217439618115212643e-3, -0.164318106536763890e-3, 0.844182239838527433e-4, -0.261908384015814087e-4,
    0.368991826595316234e-5,
  ];
  const base = x + 5.2421875;
  const series = parts.reduce((all, part, place) => all + part / (x + place + 1), 0.999999999999997092);
  return (x + 0.5) * Math.log(base) - base + Math.log((2.5066282746310005 * series) / x);
}
