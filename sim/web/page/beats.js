// The turning points of one run, as sim/report/text/turning_points.py finds them, and why in a sentence; a test compares.

import { labelOf } from "./controls.js";
import { percent, t } from "./strings.js";

/**
 * @typedef {import("./jobs/history.js").Told} Told
 * @typedef {{month: number, kind: string, text: string, lever?: string}} Turn
 * @typedef {{label: string, value: number}} Clause
 */

/**
 * Return the turning points of a run, in order.
 * @param {any} world
 * @param {any} rules
 * @param {Told} told
 * @returns {Turn[]}
 */
export function turns(world, rules, told) {
  const found = [...war(told), ...outside(rules, told), ...arms(world, rules, told),
    ...rules.telling.flatMap((/** @type {[string, string, number]} */ each) => telling(world, told, ...each))];
  return found.sort((one, other) => one.month - other.month || (one.kind < other.kind ? -1 : one.kind > other.kind ? 1 : one.text < other.text ? -1 : 1));
}

/** @param {Told} told @returns {Turn[]} */
function war({ warStart, warEnd, months }) {
  const found = [{ month: warStart, kind: "war", text: t("turn.war") }];
  return warEnd < months ? [...found, { month: warEnd, kind: "war", text: t("turn.peace") }] : found;
}

/**
 * @param {any} rules
 * @param {Told} told
 * @returns {Turn[]}
 */
function outside({ shut, open }, { outside: { border, flood, crisis } }) {
  /** @type {Turn[]} */
  const found = [];
  let isOpen = true;
  border.forEach((openness, month) => {
    if (isOpen && openness < shut) found.push({ month, kind: "border", text: t("turn.shut") });
    else if (!isOpen && openness >= open) found.push({ month, kind: "border", text: t("turn.open") });
    isOpen = isOpen ? openness >= shut : openness >= open;
  });
  for (const [kind, there] of Object.entries({ flood, crisis }))
    there.forEach((each, month) => { if (each && !there[month - 1]) found.push({ month, kind, text: t(`turn.${kind}`) }); });
  return found;
}

/**
 * @param {any} world
 * @param {any} rules
 * @param {Told} told
 * @returns {Turn[]}
 */
function arms(world, { stopped }, { moves }) {
  const place = (/** @type {string} */ field) => world.levers.findIndex((/** @type {any} */ each) => each.field === field);
  const [arm, pay, technology] = ["deal_arms", "deal_pay", "deal_technology"].map(place);
  const sold = moves.map((row) => row[arm] > 0);
  const terms = (/** @type {number} */ month) => t("turn.terms", {
    pay: world.levers[pay].options[moves[month][pay]].label, technology: world.levers[technology].options[moves[month][technology]].label,
  });
  /** @type {Turn[]} */
  const found = [];
  let ended = false;
  sold.forEach((selling, month) => {
    const before = sold.slice(Math.max(month - stopped, 0), month);
    const say = (/** @type {string} */ key) => found.push({ month, kind: "arms", text: t(key, { terms: selling ? terms(month) : "" }), lever: "deal_arms" });
    if (selling && !sold.slice(0, month).includes(true)) say("turn.arms.first");
    else if (selling && ended) say("turn.arms.again");
    if (before.includes(true) && !selling && !sold.slice(month, month + stopped).includes(true) && sold[month - 1]) {
      say("turn.arms.stop");
      ended = true;
    } else if (selling) ended = false;
  });
  return found;
}

/**
 * @param {any} world
 * @param {Told} told
 * @param {string} lever
 * @param {string} option
 * @param {number} quiet
 * @returns {Turn[]}
 */
function telling(world, { moves }, lever, option, quiet) {
  const place = world.levers.findIndex((/** @type {any} */ each) => each.field === lever);
  const { capital, options } = world.levers[place];
  const wanted = options.findIndex((/** @type {any} */ each) => each.name === option);
  const who = capital === "deal" ? t("turn.deal") : capital;
  const what = labelOf(world, lever, option);
  /** @type {Turn[]} */
  const found = [];
  let last = -1;
  moves.forEach((row, month) => {
    if (row[place] !== wanted) return;
    if (last < 0) found.push({ month, kind: "move", text: t("turn.first", { who, what }), lever });
    else if (month - last > quiet) found.push({ month, kind: "move", text: t("turn.since", { who, what, months: month - last }), lever });
    last = month;
  });
  return found;
}

/**
 * Return the five to seven turning points that matter most: the war's, and those around which re-engagement moves most.
 * @param {Turn[]} all
 * @param {Told} told
 */
export function beats(all, told) {
  const moved = (/** @type {Turn} */ { month }) => Math.abs(told.one[Math.min(month + 9, told.months - 1)] - told.one[Math.max(month - 3, 0)]);
  const weight = (/** @type {Turn} */ turn) => (turn.kind === "war" ? 1000 : 0) + moved(turn) + (turn.lever ? 5 : 0);
  return [...all].sort((one, other) => weight(other) - weight(one)).slice(0, 7).sort((one, other) => one.month - other.month);
}

/**
 * Return why a move was made: what spoke for it and against it, in utility, the largest first.
 * @param {any} world
 * @param {Told} told
 * @param {Turn} turn
 * @returns {{sentence: string, clauses: Clause[]} | null}
 */
export function why(world, told, turn) {
  if (!turn.lever) return null;
  if (turn.lever.startsWith("deal_")) {
    const deal = told.deals.find((each) => each.month === turn.month);
    return deal ? whyDeal(deal) : null;
  }
  const decision = told.decisions.find((each) => each.month === turn.month && each.lever === turn.lever);
  return decision ? whyMove(world, decision) : null;
}

/**
 * @param {any} world
 * @param {any} decision
 */
export function whyMove(world, decision) {
  const { options, chosen, goals, weights, capital } = decision;
  const rival = options.map((/** @type {any} */ _, /** @type {number} */ place) => place).filter((/** @type {number} */ place) => place !== chosen)
    .reduce((/** @type {number} */ best, /** @type {number} */ place) => (options[place].utility > options[best].utility ? place : best), chosen === 0 ? 1 : 0);
  const labels = world.levers.find((/** @type {any} */ each) => each.field === decision.lever).options;
  const clauses = goals.map((/** @type {string} */ goal, /** @type {number} */ n) => ({
    label: purpose(world, capital, goal), value: weights[n] * (options[chosen].terms[n] - options[rival].terms[n]),
  }));
  return told(clauses, { who: capital, rival: labels[rival].label, chance: odds(options[chosen].chance) }, "why.move");
}

/** @param {number} chance */
function odds(chance) {
  return chance < 0.005 ? t("why.rare") : percent(chance);
}

/** @param {any} deal */
function whyDeal(deal) {
  const shown = deal.bundles[deal.chosen].arms ? deal.chosen : deal.last;
  const bundle = deal.bundles[shown];
  const clauses = ["Moscow", "Pyongyang"].map((side) => ({ label: t("why.gain", { side }), value: bundle[`gain${side}`] }));
  return told(clauses, { chance: odds(deal.bundles[deal.chosen].chance) }, shown === deal.chosen ? "why.deal" : "why.nodeal");
}

/**
 * @param {Clause[]} all
 * @param {any} given
 * @param {string} key
 */
function told(all, given, key) {
  const clauses = all.filter(({ value }) => Math.abs(value) > 1e-9).sort((one, other) => Math.abs(other.value) - Math.abs(one.value)).slice(0, 4);
  const [good, bad] = [clauses.find(({ value }) => value > 0), clauses.find(({ value }) => value < 0)];
  const parts = [good && t("why.for", { what: good.label }), bad && t("why.against", { what: bad.label })].filter(Boolean).join("; ");
  return { sentence: t(key, { ...given, parts: parts || t("why.nothing") }), clauses };
}

/**
 * Return what a goal is, in words.
 * @param {any} world
 * @param {string} capital
 * @param {string} goal
 */
export function purpose(world, capital, goal) {
  const says = world.goals[capital].find((/** @type {any} */ each) => each.name === goal)?.says ?? goal;
  const first = says.split("\n")[0].replace(/\.$/, "").split(/[:,]/)[0];
  return first.charAt(0).toLowerCase() + first.slice(1);
}
