// The five definitions of drifting back, as sim/analysis/definitions.py has them; a test compares both on a thousand runs.

/**
 * @typedef {object} Rules The numbers of the definitions, from facts.json.
 * @property {number} within
 * @property {number} held
 * @property {number} points
 * @property {number} relativePoints
 * @property {number} usualSupport
 * @property {[number, number]} recovered first and last month
 * @property {[number, number]} influential
 *
 * @typedef {Record<string, Float64Array>} Series of one run: a number a month
 * @typedef {Record<string, number>} Times months from the end until a definition came true, NaN where it did not
 */

export const NEEDED = ["reengagement", "relative_alignment", "influence", "china_flow", "workers_in_china"];
export const DEFINITIONS = ["D1", "D2", "D3", "D4", "D5"];

/**
 * Judge a run against its control.
 * @param {Rules} rules
 * @param {Series} one with the series NEEDED, and "stance": the value of Pyongyang's stance toward Beijing
 * @param {Series} control
 * @param {number} end first month of peace
 * @returns {{judged: boolean, effect: number, times: Times, control: Times}}
 */
export function judge(rules, one, control, end) {
  const months = one.reengagement.length;
  const ended = end < months;
  const judged = ended && end + rules.within < months;
  const gap = one.reengagement.map((value, month) => value - control.reengagement[month]);
  const effect = judged ? gap[end + rules.within] : NaN;
  const times = seen(rules, one, end);
  times.D2 = judged && effect >= rules.points ? firstAfter(gap.length, (month) => gap[month] >= rules.points, end) : NaN;
  return { judged, effect, times, control: seen(rules, control, end) };
}

/**
 * Return D1, D3, D4 and D5.
 * @param {Rules} rules
 * @param {Series} run
 * @param {number} end
 */
function seen(rules, run, end) {
  const months = run.reengagement.length;
  const usual = mean(run.reengagement, ...rules.recovered);
  const influence = mean(run.influence, ...rules.influential);
  const before = mean(run.relative_alignment, Math.max(end - 12, 0), Math.min(end, months) - 1);
  const { held } = rules;
  return {
    D1: lasting(rules, months, end, held, (month) => run.reengagement[month] >= usual),
    D3: lasting(rules, months, end, held, (month) => run.relative_alignment[month] >= before + rules.relativePoints),
    D4: lasting(rules, months, end, 1, (month) => observable(rules, run, month)),
    D5: lasting(rules, months, end, held, (month) => run.influence[month] >= influence),
  };
}

/**
 * Return after how many months a condition has been true for some months in a row, all of them after the end.
 * @param {Rules} rules
 * @param {number} months
 * @param {number} end
 * @param {number} held
 * @param {(month: number) => boolean} true_
 */
function lasting(rules, months, end, held, true_) {
  if (end >= months) return NaN;
  let row = 0;
  for (let month = end; month < months && month - end <= rules.within; month++) {
    row = true_(month) ? row + 1 : 0;
    if (row >= held) return month - end;
  }
  return NaN;
}

/**
 * @param {Rules} rules
 * @param {Series} run
 * @param {number} month
 */
function observable(rules, run, month) {
  const year = run.stance.subarray(Math.max(month - 11, 0), month + 1);
  const workers = run.workers_in_china;
  return quarter(run.china_flow, month) >= rules.usualSupport && year.includes(1) && !year.includes(-1)
    && workers[month] >= workers[Math.max(month - 12, 0)];
}

/**
 * Return the mean of a month and the two before it; before the first all was as in the first.
 * @param {Float64Array} flow
 * @param {number} month
 */
function quarter(flow, month) {
  return (flow[Math.max(month - 2, 0)] + flow[Math.max(month - 1, 0)] + flow[month]) / 3;
}

/**
 * @param {Float64Array} series
 * @param {number} first
 * @param {number} last
 */
function mean(series, first, last) {
  let sum = 0;
  for (let month = first; month <= last; month++) sum += series[month];
  return sum / (last - first + 1);
}

/**
 * @param {number} months
 * @param {(month: number) => boolean} holds
 * @param {number} start
 */
function firstAfter(months, holds, start) {
  for (let month = start; month < months; month++) if (holds(month)) return month - start;
  return Infinity;
}
