// The turning points of one run, as sim/report/text/turning_points.py finds them, and why in a sentence; a test compares.

import { called, percent, t } from "./strings.js";
import { facts, labelOf, leverOf, placeOf, world } from "./world.js";

/**
 * @typedef {import("./jobs/history.js").Told} Told
 * @typedef {{month: number, kind: string, text: string, actor: string, lever?: string}} Turn
 * @typedef {{label: string, value: number}} Clause
 */

/** Return the turning points of a run, in order. @param {Told} told @returns {Turn[]} */
export function turns(told) {
  const found = [...war(told), ...outside(told), ...arms(told),
    ...facts.turns.telling.flatMap((/** @type {[string, string, number]} */ each) => telling(told, ...each))];
  const order = (/** @type {Turn} */ { kind, text }) => `${kind} ${text}`;
  return found.sort((one, other) => one.month - other.month || (order(one) < order(other) ? -1 : 1));
}

/** @param {Told} told @returns {Turn[]} */
function war({ warStart, warEnd, months }) {
  const found = [{ month: warStart, kind: "war", text: t("turn.war"), actor: "Moscow" }];
  return warEnd < months ? [...found, { month: warEnd, kind: "war", text: t("turn.peace"), actor: "Moscow" }] : found;
}

/** @param {Told} told @returns {Turn[]} */
function outside({ outside: { border, flood, crisis } }) {
  const { shut, open } = facts.turns;
  /** @type {Turn[]} */
  const found = [];
  let isOpen = true;
  border.forEach((openness, month) => {
    if (isOpen && openness < shut) found.push({ month, kind: "border", text: t("turn.shut"), actor: "Pyongyang" });
    else if (!isOpen && openness >= open) found.push({ month, kind: "border", text: t("turn.open"), actor: "Pyongyang" });
    isOpen = isOpen ? openness >= shut : openness >= open;
  });
  for (const [kind, there] of Object.entries({ flood, crisis }))
    there.forEach((each, month) => { if (each && !there[month - 1]) found.push({ month, kind, text: t(`turn.${kind}`), actor: kind === "flood" ? "Nature" : "" }); });
  return found;
}

/** @param {Told} told @returns {Turn[]} */
function arms({ moves }) {
  const { stopped } = facts.turns;
  const sold = moves.map((row) => row[placeOf("deal_arms")] > 0);
  const label = (/** @type {string} */ field, /** @type {number} */ month) => leverOf(field).options[moves[month][placeOf(field)]].label;
  const terms = (/** @type {number} */ month) => t("turn.terms", { pay: label("deal_pay", month), technology: label("deal_technology", month) });
  /** @type {Turn[]} */
  const found = [];
  let ended = false;
  sold.forEach((selling, month) => {
    const before = sold.slice(Math.max(month - stopped, 0), month);
    const say = (/** @type {string} */ key) => found.push({ month, kind: "arms", text: t(key, { terms: selling ? terms(month) : "" }), actor: "Pyongyang", lever: "deal_arms" });
    if (selling && !sold.slice(0, month).includes(true)) say("turn.arms.first");
    else if (selling && ended) say("turn.arms.again");
    if (before.includes(true) && !selling && !sold.slice(month, month + stopped).includes(true) && sold[month - 1]) {
      say("turn.arms.stop");
      ended = true;
    } else if (selling) ended = false;
  });
  return found;
}

/** @param {Told} told @param {string} lever @param {string} option @param {number} quiet @returns {Turn[]} */
function telling({ moves }, lever, option, quiet) {
  const { capital, options } = leverOf(lever);
  const place = placeOf(lever);
  const wanted = options.findIndex((each) => each.name === option);
  const actor = capital === "deal" ? "Moscow" : capital;
  const who = capital === "deal" ? t("turn.deal") : called(capital);
  const what = labelOf(lever, option);
  /** @type {Turn[]} */
  const found = [];
  let last = -1;
  moves.forEach((row, month) => {
    if (row[place] !== wanted) return;
    if (last < 0) found.push({ month, kind: "move", text: t("turn.first", { who, what }), actor, lever });
    else if (month - last > quiet) found.push({ month, kind: "move", text: t("turn.since", { who, what, months: month - last }), actor, lever });
    last = month;
  });
  return found;
}

/**
 * Return the five to seven turning points that matter most: the war's, and those around which re-engagement moves most.
 * @param {Turn[]} all @param {Told} told
 */
export function beats(all, told) {
  const moved = (/** @type {Turn} */ { month }) => Math.abs(told.one[Math.min(month + 9, told.months - 1)] - told.one[Math.max(month - 3, 0)]);
  const weight = (/** @type {Turn} */ turn) => (turn.kind === "war" ? 1000 : 0) + moved(turn) + (turn.lever ? 5 : 0);
  return [...all].sort((one, other) => weight(other) - weight(one)).slice(0, 7).sort((one, other) => one.month - other.month);
}

/**
 * Return why a move was made: what spoke for it and against it, in utility, the largest first.
 * @param {Told} told @param {Turn} turn @returns {{sentence: string, clauses: Clause[]} | null}
 */
export function why({ deals, decisions }, { month, lever }) {
  const deal = lever?.startsWith("deal_") && deals.find((each) => each.month === month);
  const decision = decisions.find((each) => each.month === month && each.lever === lever);
  return deal ? whyDeal(deal) : decision ? whyMove(decision) : null;
}

/** @param {import("./engine/reasons.js").Decision} decision */
function whyMove({ lever, options, chosen, goals, weights, capital }) {
  const others = [...options.keys()].filter((place) => place !== chosen);
  const rival = others.reduce((best, place) => (options[place].utility > options[best].utility ? place : best));
  const clauses = goals.map((goal, n) => ({
    label: purpose(capital, goal), value: weights[n] * (options[chosen].terms[n] - options[rival].terms[n]),
  }));
  return told(clauses, { who: called(capital), rival: leverOf(lever).options[rival].label, chance: odds(options[chosen].chance) }, "why.move");
}

/** @param {number} chance */
function odds(chance) {
  return chance < 0.005 ? t("why.rare") : percent(chance);
}

/** @param {import("./engine/reasons.js").Deal} deal */
function whyDeal(deal) {
  const shown = deal.bundles[deal.chosen].arms ? deal.chosen : deal.last;
  const bundle = deal.bundles[shown];
  const gains = Object.entries({ Moscow: bundle.gainMoscow, Pyongyang: bundle.gainPyongyang });
  const clauses = gains.map(([side, value]) => ({ label: t("why.gain", { side: called(side) }), value }));
  return told(clauses, { chance: odds(deal.bundles[deal.chosen].chance) }, shown === deal.chosen ? "why.deal" : "why.nodeal");
}

/** @param {Clause[]} all @param {any} given @param {string} key */
function told(all, given, key) {
  const clauses = all.filter(({ value }) => Math.abs(value) > 1e-9).sort((one, other) => Math.abs(other.value) - Math.abs(one.value)).slice(0, 4);
  const [good, bad] = [clauses.find(({ value }) => value > 0), clauses.find(({ value }) => value < 0)];
  const parts = [good && t("why.for", { what: good.label }), bad && t("why.against", { what: bad.label })].filter(Boolean).join("; ");
  return { sentence: t(key, { ...given, parts: parts || t("why.nothing") }), clauses };
}

/** Return what a goal is, in words. @param {string} capital @param {string} goal */
export function purpose(capital, goal) {
  const says = world.goals[capital].find((each) => each.name === goal)?.says ?? goal;
  const first = says.split("\n")[0].replace(/\.$/, "").split(/[:,]/)[0];
  return first.charAt(0).toLowerCase() + first.slice(1);
}
