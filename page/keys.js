// What the address can say beside the controls, view by view: known before a view is loaded.

import { coded, number, oneOf, whole } from "./address.js";
import { indexOf, named, t } from "./strings.js";
import { facts, leverOf, world } from "./world.js";

export const LASTS = 12; // months for which a changed move is kept
export const LESSONS = 8;
/** The series that Explore can show, and the range of their pictures. @type {Record<string, [number, number]>} */
export const RANGES = {
  reengagement: [0, 100], relative_alignment: [0, 100], influence: [0, 1], china_flow: [0, 1.6], russia_flow: [0, 1],
  arms_flow: [0, 1.2], workers_in_china: [0, 1.4], workers_in_russia: [0, 1.4], warmth_beijing_pyongyang: [-10, 10],
  warmth_moscow_pyongyang: [-10, 10], tension: [0, 1],
};
export const SERIES = Object.keys(RANGES);

/** Return the keys of all views. @returns {Record<string, AddressKey>} */
export function keysOfViews() {
  const [bets, moves] = [/^[\d._*]{0,9000}$/, /^[-0-9.]{0,600}$/];
  return {
    bet: coded(t("start.bet"), /^(ask|\d\d?|100)$/),
    series: oneOf(t("explore.series"), SERIES, "reengagement"),
    kept: { usual: null, parse: (written) => written.slice(0, 2000) },
    run: whole(t("history.run"), 999, Number(document.getElementById("dots")?.dataset.opens ?? 0)),
    month: { usual: null, write: named, parse: (written) => Math.min(Math.max(indexOf(written), 0), 167) },
    fork: { usual: null, parse: fork, write: ({ lever, option, from }) => `${lever}:${option}:${named(from)}` },
    game: oneOf("game", ["history", "now"], null), future: oneOf("future", facts.play.futures, facts.play.futures[0]),
    seats: { usual: "Beijing", parse: seats }, luck: whole("luck", 999, 1), party: whole("party", 1, 0),
    moves: coded("moves", moves), draft: coded("draft", moves),
    beat: number("beat", -999, 999, null), watch: whole("watch", 99, 0),
    lesson: oneOf("lesson", Array.from({ length: LESSONS }, (_, n) => String(n + 1)), null),
    bets: coded("bets", bets), class: coded("class", bets),
    key: coded("key", /^[-\w]{0,40}$/),
  };
}

/** @param {string} written */
function fork(written) {
  const [lever, option, month] = written.split(":");
  if (!leverOf(lever)?.options.some((each) => each.name === option))
    throw new Error(t("address.fork", { written: written.slice(0, 60) }));
  const from = indexOf(month ?? "");
  return { lever, option, from, to: from + LASTS - 1 };
}

/** @param {string} written */
const seats = (written) => [...new Set(written.split("."))].map(oneOf("seats", world.capitals, null).parse).join(".");
