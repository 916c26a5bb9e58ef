// What a war's end does in one history, as causes: up to six panels from what the engine weighed. A link that is not there is not shown.

import { polyline, scale } from "../charts.js";
import { english } from "../dom.js";
import { average, sum } from "../statistics.js";
import { indexOf, sentence, signed, spoken, t } from "../strings.js";
import { html, nothing, svg } from "../vendor/lit-html.js";
import { facts, leverOf, placeOf, world } from "../world.js";

const STEPS = 3; // moves that are told, those that make most of the effect
const MAKES = 1; // points of the effect from which on a move is told
const HAIR = 0.03; // odds that differ by less are called nearly the same
const BLUNT = 0.1; // odds that shift by less are called hardly moved
const EARNED = 0.02; // of what Moscow brings, from which on less or more of it is told

// Which of the events on record are about the same thing: by actor, target and domain.
/** @type {Record<string, RegExp>} */
const SAME = {
  deal_arms: /^(Moscow Pyongyang|Pyongyang Moscow) arms/, moscow_labour: /^Moscow Pyongyang labour/,
  moscow_cover: /^Moscow (UN|Washington) sanctions/, beijing_trade: /^Beijing Pyongyang trade/, beijing_workers: /^Beijing Pyongyang labour/,
  beijing_toward_west: /^Beijing (Seoul|Washington) diplomacy/, pyongyang_toward_beijing: /^Pyongyang Beijing (diplomacy|aid)/,
  pyongyang_toward_moscow: /^Pyongyang Moscow diplomacy/,
};

/** Return what is on record about a lever, up to some months from one, the latest last. @param {string} name @param {number} month @param {number} away */
export const recordOf = (name, month = 0, away = Infinity) =>
  world.observed.events.filter(({ actor, target, domain, month: at }) =>
    at >= "2019-01" && SAME[name]?.test(`${actor} ${target} ${domain}`) && Math.abs(indexOf(at) - month) <= away);

/** Tell what is on record. @param {RecordedEvent} event */
export const onRecord = ({ month, event }) =>
  html`<p class="on-record">${t("history.record", { when: spoken(indexOf(month)) })} ${english(`${event}.`)}</p>`;

/** Return what a goal is, in words. @param {string} capital @param {string} goal */
export function purpose(capital, goal) {
  const says = world.goals[capital].find((each) => each.name === goal)?.says ?? goal;
  const first = says.split(/[:;\n]/)[0].replace(/\.$/, "");
  return first.charAt(0).toLowerCase() + first.slice(1);
}

/** Return the panels of a history, in order. @param {HistoryFound} told @returns {HistoryPanel[]} */
export function panelsOf(told) {
  const most = told.steps.filter(({ lever, left }) => lever !== "deal_arms" && Math.abs(told.effect - left) >= MAKES)
    .sort((one, other) => Math.abs(told.effect - other.left) - Math.abs(told.effect - one.left)).slice(0, STEPS);
  const steps = most.length ? most.map((step) => moved(told, step)) : [calm(told)];
  return [...[arms(told), ...income(told), ...steps].sort((one, other) => one.month - other.month), outcome(told)];
}

/** @param {HistoryFound} told @param {string} name */
const means = ({ one, control, warEnd }, name) =>
  [one, control].map((series) => average(series[name].slice(warEnd, warEnd + facts.rules.within + 1)));

/** @type {<T extends {month: number}>(told: HistoryFound, all: T[]) => T[]} those of the two years after the end */
const later = ({ warEnd }, all) => all.filter(({ month }) => month >= warEnd && month <= warEnd + facts.rules.within);

/** Tell what a step makes of the effect. @param {HistoryFound} told @param {HistoryStep} step @param {string} who */
function makes({ effect }, { left }, who) {
  const what = t(who === "deal" ? "history.left.deal" : "history.left.move", { who });
  return t(signed(effect) === signed(left) ? "history.left.same" : "history.left", { what, effect: signed(effect), left: signed(left) });
}

/** @param {HistoryFound} told @returns {HistoryPanel} */
function arms(told) {
  const [peace, war] = means(told, "arms_flow");
  const step = told.steps.find(({ lever }) => lever === "deal_arms");
  const kind = Math.max(peace, war) < 0.02 ? "none" : peace < 0.2 * war ? "stop" : peace < 0.8 * war ? "less"
    : peace > 1.25 * war ? "more" : "on";
  const fewer = kind === "stop" || kind === "less";
  const [deals, others] = told.deals.map((all) => later(told, all));
  const armed = (/** @type {Deal | undefined} */ deal) => deal?.bundles[deal.chosen].arms ?? 0;
  const n = deals.findIndex((deal, n) => (fewer ? armed(others[n]) > armed(deal) : armed(deal) > 0));
  // what is weighed: the deal that the war would have kept, or that is struck all the same
  const stood = (fewer ? others : deals)[n]?.chosen;
  const [ours, theirs] = [deals, others].map((all) => all[n]?.bundles[stood]?.gainMoscow ?? 0);
  const part = kind === "none" || theirs <= 0 ? NaN : ours / theirs;
  const shown = { part: Math.round(100 * part) };
  const why = !fewer ? part > 0 && t("history.deal.still", shown)
    : part < 0.95 && t(part <= 0 ? "history.deal.nothing" : "history.deal.less", shown);
  const month = fewer && n >= 0 ? deals[n].month : step?.month ?? told.warEnd;
  return {
    name: "deal_arms", capital: "Moscow", month, needs: [], head: t(`history.arms.${kind}`),
    says: [t("history.arms.flow", { peace: shells(peace), war: shells(war) }), why, step && makes(told, step, "deal")].filter(Boolean).map(String),
    lines: { one: told.one.arms_flow, control: told.control.arms_flow, label: t("history.arms.label") },
  };
}

/** @param {number} flow */
function shells(flow) {
  const most = Math.round(flow * 50) * 10_000;
  return most ? t("history.arms.about", { shells: most.toLocaleString("en") }) : t("history.arms.few");
}

/** Return who moves, as a story says it. @param {string} capital */
const called = (capital) => capital === "Pyongyang" ? t("history.kim") : t(`actor.${capital}`);

/** @param {HistoryFound} told @returns {HistoryPanel[]} */
function income(told) {
  const [peace, war] = means(told, "moscow");
  const off = peace - war;
  if (Math.abs(off) < EARNED) return [];
  const without = told.steps.find(({ lever }) => lever === "deal_arms")?.earned ?? off;
  const million = (/** @type {number} */ value) => Math.round(value * facts.millionUsd);
  return [{
    name: "moscow", capital: "Pyongyang", needs: Math.abs(without) < Math.abs(off) / 2 ? ["deal_arms"] : [],
    month: told.one.moscow.findIndex((value, month) =>
      month >= told.warEnd && (value - told.control.moscow[month]) / off >= 0.5),
    head: t(off < 0 ? "history.income.less" : "history.income.more"),
    says: [t("history.income", { peace: million(peace), war: million(war) })],
    lines: { one: told.one.moscow, control: told.control.moscow, label: t("history.income.label") },
  }];
}

/** @param {HistoryFound} told @param {HistoryStep} step @returns {HistoryPanel} */
function moved(told, step) {
  const { lever, month, weighed: [ours, theirs] } = step;
  const { capital, options } = leverOf(lever);
  const place = placeOf(lever);
  const [mine, other] = [told.moves[month][place], told.controlMoves[month][place]];
  const who = called(capital);
  return {
    name: lever, capital, month, needs: step.needs, head: `${who} ${options[mine].label}`,
    instead: t("history.instead", { who, what: options[other].label }),
    says: [...(ours && theirs ? weighing(ours, theirs) : []), makes(told, step, who)],
    lines: linesOf(told, lever),
  };
}

/** @param {HistoryFound} told @param {string} lever */
function linesOf({ moves, controlMoves }, lever) {
  const place = placeOf(lever);
  const { capital, options } = leverOf(lever);
  const [one, control] = [moves, controlMoves].map((rows) => rows.map((row) => row[place]));
  const given = { who: called(capital), lane: facts.lanes[lever], low: options[0].name, high: options.at(-1)?.name };
  return { one, control, top: options.length - 1, label: t("history.lane", given) };
}

/** Return why the same draw fell on another option. @param {Decision} ours @param {Decision} theirs */
function weighing(ours, theirs) {
  const [mine, other] = [ours.chosen, theirs.chosen];
  // options lie in order: the draw falls on this or one beyond it oftener than without the end, or it would not have moved
  const odds = [ours, theirs].map(({ options }) =>
    sum(options.map(({ chance }, n) => ((mine > other ? n >= mine : n <= mine) ? chance : 0))));
  const beyond = mine > 0 && mine < ours.options.length - 1;
  const [peace, war] = odds.map(hundredth);
  const near = odds[0] - odds[1] < HAIR;
  const said = t(near ? "history.odds.hair" : beyond ? "history.odds.beyond" : "history.odds", { peace, war });
  const speaks = (/** @type {Decision} */ { weights, options }, /** @type {number} */ goal) =>
    weights[goal] * (options[mine].terms[goal] - options[other].terms[goal]);
  const shifts = ours.goals.map((goal, n) => ({ goal, now: speaks(ours, n), shift: speaks(ours, n) - speaks(theirs, n) }));
  const most = shifts.reduce((one, next) => (next.shift > one.shift ? next : one));
  if (near || most.shift <= 0) return [said];
  const given = { who: called(ours.capital), what: purpose(ours.capital, most.goal) };
  return [t(most.now > 0 ? "history.speaks" : "history.against", given), said];
}

/** @param {number} chance */
const hundredth = (chance) => chance > 0 && chance < 0.005 ? t("history.rare") : String(Math.round(100 * chance));

/** Tell that nobody's move makes a difference, and why. @param {HistoryFound} told @returns {HistoryPanel} */
function calm(told) {
  const lever = "pyongyang_toward_beijing";
  const [ours, theirs] = told.decisions.map((made) => later(told, made.filter((each) => each.lever === lever)));
  const off = ours.map(({ options }, n) => Math.max(...options.map(({ chance }, place) =>
    Math.abs(chance - (theirs[n]?.options[place].chance ?? chance)))));
  const most = Math.max(0, ...off);
  const same = !told.steps.some((step) => step.lever === lever);
  return {
    name: lever, capital: "Pyongyang", month: ours[off.indexOf(most)]?.month ?? told.warEnd, needs: [], head: t(same ? "history.calm.same" : "history.calm.little"),
    says: [
      ours.length ? t("history.calm.weighed", { times: ours.length }) : t("history.calm.unweighed"),
      ours.length && same && t(most < BLUNT ? "history.calm.blunt" : "history.calm.dice", { most: Math.ceil(100 * most) }),
      t("history.calm.others", { points: MAKES }),
    ].filter(Boolean).map(String),
    lines: linesOf(told, lever),
  };
}

/** @param {HistoryFound} told @returns {HistoryPanel} */
function outcome(told) {
  const month = told.warEnd + facts.rules.within;
  return {
    name: "outcome", capital: "Pyongyang", month, needs: [], head: t(+told.effect.toFixed(1) === 0 ? "history.outcome.none" : "history.outcome", { effect: signed(told.effect) }),
    says: [t("history.outcome.levels", { peace: told.one.reengagement[month].toFixed(1), war: told.control.reengagement[month].toFixed(1) })],
    lines: { one: told.one.reengagement, control: told.control.reengagement, label: t("history.outcome.label") },
  };
}

/** Draw the panels. @param {HistoryFound} told @param {HistoryPanel[]} panels */
export function steps(told, panels) {
  return panels.map((panel, n) => {
    const { name, capital, month, head, instead, says, needs } = panel;
    const cause = panels.findLastIndex((other, before) => before < n && needs.includes(other.name));
    const record = name === "outcome" ? undefined : recordOf(name).at(-1);
    return html`<li class="step at-${capital} ${cause >= 0 && cause === n - 1 ? "follows" : ""}" id="step-${n + 1}" data-name=${name}>
      <div><p class="when"><b>${n + 1}</b> ${spoken(month)}</p><h2>${head}</h2>${instead ? html`<p class="instead">${instead}</p>` : nothing}</div>
      ${trace(told, panel)}
      <div>${cause < 0 ? nothing : html`<p class="because">${t(name === "moscow" ? "history.because.most" : "history.because", { step: cause + 1 })}</p>`}
        ${says.map((said) => html`<p>${said}</p>`)}
        ${name === "outcome" && Object.values(told.parts).some((part) => Math.abs(part) >= 0.05) ? parts(told) : nothing}
        ${record ? onRecord(record) : nothing}</div></li>`;
  });
}

/** @param {HistoryFound} told @param {HistoryPanel} panel */
function trace({ warEnd, months }, { lines: { one, control, label, top }, month, head }) {
  const [first, last] = [Math.max(0, warEnd - 12), Math.min(months, warEnd + facts.rules.within + 7) - 1];
  const cut = [control, one].map((values) => Array.from(values).slice(first, last + 1));
  const [low, high] = top ? [0, top] : [Math.min(...cut.flat()), Math.max(...cut.flat())];
  const x = scale([first, last], [4, 296]);
  const y = scale(high - low > 1e-9 ? [low, high] : [low - 1, low + 1], [74, 8]);
  const words = { label, head, when: spoken(month), end: spoken(warEnd), one: +one[month].toFixed(2), other: +control[month].toFixed(2) };
  return html`<figure class="trace"><svg viewBox="0 0 300 82" role="img" aria-label=${t("history.spark", words)}>
    <rect class="war" x="4" y="0" width=${x(warEnd) - 4} height="82"/>
    <path class="middle without" d=${polyline(cut[0], x, y, first)}/><path class="middle with" d=${polyline(cut[1], x, y, first)}/>
    <line class="cursor" x1=${x(month)} x2=${x(month)} y1="2" y2="80"/><circle class="spot" cx=${x(month)} cy=${y(one[month])} r="5"/></svg>
    <figcaption>${sentence(label)}</figcaption></figure>`;
}

/** Show how the effect adds up: each bar begins where the one before ends. @param {HistoryFound} told */
function parts({ parts: made, effect }) {
  const values = Object.values(made);
  const ends = values.map((_, n) => sum(values.slice(0, n + 1)));
  const x = scale([Math.min(0, ...ends), Math.max(0, ...ends)], [0, 100]);
  const bar = (/** @type {number} */ from, /** @type {number} */ to) => svg`<rect class=${to < from ? "against" : "for"}
    x=${Math.min(x(from), x(to), 99.5)} width=${Math.max(Math.abs(x(to) - x(from)), 0.5)} y="2" height="8"/>`;
  /** @type {(name: string, from: number, to: number) => any} */
  const row = (name, from, to) => html`<div class="part ${name}">
    <dt>${t(`history.part.${name}`)}</dt>
    <dd><svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
      <path class="zero" d="M${x(0)} 0V12"/>${bar(from, to)}</svg><span>${signed(to - from)}</span></dd></div>`;
  return html`<div class="parts"><p>${t("history.outcome.parts")}</p>
    <dl>${Object.keys(made).map((name, n) => row(name, ends[n - 1] ?? 0, ends[n]))}${row("all", 0, effect)}</dl></div>`;
}
