// The sentence that Explore begins with. That of the first view is written beforehand: sim/report/text/answer.py.

import { signed, t } from "../strings.js";
import { world } from "../world.js";

/** Return whether a series is what the rule asks for. @param {string} series */
export const isPrimary = (series) => series === "reengagement";

/** Return how a difference of a series is written. @param {string} series */
export function inUnit(series) {
  const { short, unit } = world.series[series];
  const digits = isPrimary(series) || series === "relative_alignment" ? 1 : 2;
  const write = (/** @type {number} */ value) => signed(value, digits);
  const [said, closer] = isPrimary(series) ? [t("explore.points"), t("explore.closer")] : [`(${unit})`, t("explore.higher")];
  return { short, unit: said, write, closer };
}

/** @param {string} series what was measured @param {number} share of the pairs in which the end raises it clearly */
export const headline = (series, share) =>
  t(isPrimary(series) ? "explore.answer" : "explore.answer.other", { of100: Math.round(100 * share), short: inUnit(series).short });
