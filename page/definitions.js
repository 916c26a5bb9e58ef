// The five definitions of drifting back, as sim/analysis/definitions.py has them; a test compares both on a thousand runs.

import { average } from "./statistics.js";

export const NEEDED = ["reengagement", "relative_alignment", "influence", "china_flow", "workers_in_china"];
export const DEFINITIONS = ["D1", "D2", "D3", "D4", "D5"];

/** Return in which of the piles of Start an effect belongs. @param {{points: number}} rules @param {number} effect */
export const pileOf = ({ points }, effect) => effect >= points ? "clear" : effect <= -points ? "less" : "little";

/**
 * Judge a run against its control. @param {Rules} rules
 * @param {Series} one with the series NEEDED, and "stance": the value of Pyongyang's stance toward Beijing
 * @param {Series} control @param {number} end first month of peace
 * @returns {{judged: boolean, effect: number, times: Times, control: Times}}
 */
export function judge(rules, one, control, end) {
  const gap = one.reengagement.map((value, month) => value - control.reengagement[month]);
  const judged = end + rules.within < gap.length;
  const effect = judged ? gap[end + rules.within] : NaN;
  const D2 = pileOf(rules, effect) === "clear" ? gap.findIndex((each, month) => month >= end && each >= rules.points) - end : NaN;
  return { judged, effect, times: { ...seen(rules, one, end), D2 }, control: seen(rules, control, end) };
}

/** Return D1, D3, D4 and D5. @param {Rules} rules @param {Series} run @param {number} end @returns {Times} */
function seen(rules, run, end) {
  const months = run.reengagement.length;
  const mean = (/** @type {string} */ name, /** @type {number} */ first, /** @type {number} */ last) => average(run[name].subarray(first, last + 1));
  const usual = mean("reengagement", ...rules.recovered);
  const influence = mean("influence", ...rules.influential);
  const before = mean("relative_alignment", Math.max(end - 12, 0), Math.min(end, months) - 1);

  /** @param {number} held for how many months in a row, all of them after the end @param {(month: number) => boolean} holds */
  function lasting(held, holds) {
    let row = 0;
    for (let month = end; month < months && month - end <= rules.within; month++) {
      row = holds(month) ? row + 1 : 0;
      if (row >= held) return month - end;
    }
    return NaN;
  }

  return {
    D1: lasting(rules.held, (month) => run.reengagement[month] >= usual),
    D3: lasting(rules.held, (month) => run.relative_alignment[month] >= before + rules.relativePoints),
    D4: lasting(1, (month) => observable(rules, run, month)),
    D5: lasting(rules.held, (month) => run.influence[month] >= influence),
  };
}

/** @param {Rules} rules @param {Series} run @param {number} month */
function observable(rules, { stance, workers_in_china: workers, china_flow: flow }, month) {
  const quarter = (flow[Math.max(month - 2, 0)] + flow[Math.max(month - 1, 0)] + flow[month]) / 3; // before the first all was as in the first
  if (!(quarter >= rules.usualSupport && workers[month] >= workers[Math.max(month - 12, 0)])) return false;
  const year = stance.subarray(Math.max(month - 11, 0), month + 1);
  return year.includes(1) && !year.includes(-1);
}
