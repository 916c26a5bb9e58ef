// One history: what the war's end does in it, step by step, the whole of it on a time line, every decision behind a fold, and a fork.

import { card } from "../card.js";
import { fanChart, years } from "../charts.js";
import { movedControls, worldOf } from "../controls.js";
import { pileOf } from "../definitions.js";
import { choice, english, makeSetter, table, whole } from "../dom.js";
import { effectOf, simulate } from "../ensembles.js";
import { LASTS } from "../keys.js";
import { called, named, percent, sentence, signed, spoken, t } from "../strings.js";
import { html, nothing, render } from "../vendor/lit-html.js";
import { facts, labelOf, leverOf, world } from "../world.js";
import { pairs as first } from "./start.js";
import { onRecord, panelsOf, purpose, recordOf, steps } from "./history-panels.js";

const NOTHING = 0.5; // points of an effect below which nothing happens
const NEAR = 2; // months from a decision within which what is on record stands beside it

/** @type {Record<string, (pair: Pair) => boolean>} */
const KINDS = {
  closer: ({ value }) => pileOf(facts.rules, value) === "clear",
  nothing: ({ value }) => Math.abs(value) < NOTHING,
  further: ({ value }) => pileOf(facts.rules, value) === "less",
};

/** @type {OpenView} */
export function open(root, context) {
  const line = card("timeline");
  const recorded = world.observed.events.filter(({ month }) => month >= "2019-01")
    .map(({ month, actor, event }) => [month, called(actor), english(event)]);
  const fields = world.levers.map(({ field }) => field);
  /** @type {(field: string) => Partial<HistoryState>} */
  const choiceOf = (field) => ({ lever: field, option: leverOf(field).options[0].name });
  /** @type {HistoryState} */
  const at = /** @type {any} */ ({ told: null, status: "", ...choiceOf(fields[0]) });
  const set = makeSetter(at, draw);

  function draw() {
    const { state, told, lever, option } = at;
    const panels = told && !Number.isNaN(told.effect) ? panelsOf(told) : [];
    const lane = (/** @type {string} */ field) => `${called(leverOf(field).capital)}: ${facts.lanes[field]}`;
    const options = leverOf(lever).options.map(({ name }) => name);
    const label = (/** @type {string} */ name) => sentence(labelOf(lever, name) ?? "");
    const fork = () => context.go({ fork: { lever, option, from: monthOf(), to: monthOf() + LASTS - 1 } });
    const look = (/** @type {any} */ { target }) => context.go({ month: +target.value }, { replace: true });
    const unfold = (/** @type {any} */ { target }) => set({ open: target.open });
    const number = whole("run", 999, state.run, (run) => context.go({ run, fork: null }));
    render(html`<h1>${told ? title(told) : t("history.name")}</h1><p class="lead">${told && lead(told)}</p>
      <p class="muted" id="share">${panels.length && known() ? shareOf(told.effect) : ""}</p>
      <div class="buttons" id="others">
        ${Object.keys(KINDS).map((kind) => html`<button type="button" id="pick-${kind}"
          @click=${() => pick(kind)}>${t(`history.pick.${kind}`)}</button>`)}
        <span class="numbered"><label for="run">${t("history.run")}</label>${number}</span></div>
      <p role="status" id="picked" class="muted">${at.status}</p>
      <p class="key" ?hidden=${!panels.length}><span class="key-with">${t("history.key.with")}</span>
        <span class="key-without">${t("history.key.without")}</span> ${t("history.key.shade")}</p>
      <ol class="steps" id="steps">${steps(told, panels)}</ol><p class="muted">${t("history.more")}</p>${line.root}
      <section class="card" aria-labelledby="month-title"><h2 id="month-title">${t("history.month")}</h2>
        <div class="monthbar"><label for="month">${t("history.month.label")}</label>
          <input type="range" id="month" min="0" max="167" .value=${String(monthOf())}
            aria-valuetext=${spoken(monthOf())} @input=${look}>
          <output for="month" id="month-said">${spoken(monthOf())}</output></div>
        <div class="forkbar"><label for="fork-lever">${t("history.fork.lever")}</label>
          ${choice("fork-lever", fields, lane, lever, (field) => set(choiceOf(field)))}
          <label for="fork-option">${t("history.fork.option")}</label>
          ${choice("fork-option", options, label, option, (name) => set({ option: name }))}
          <button type="button" id="fork" class="main" @click=${fork}>${t("history.fork.do", { months: LASTS })}</button></div>
        <div id="forked" role="status">${state.fork && told?.forked ? forked(told.forked) : nothing}</div>
        <details id="all-decisions" @toggle=${unfold}><summary>${t("history.decisions")}</summary>
          <div id="weighed">${told && at.open ? decisions(told) : nothing}</div></details></section>
      <details class="card"><summary>${t("history.recorded")}</summary>
        ${table(t("history.recorded"), [t("table.month"), t("table.who"), t("table.what")], recorded)}</details>`, root);
    if (told) line.show(timeline(told, panels));
  }

  /** Go to the next history of a kind, after the one that is shown. @param {string} kind */
  async function pick(kind) {
    const all = await pairs();
    if (!all) return;
    const of = all.filter(KINDS[kind]).filter(({ run }) => run !== at.state.run);
    const next = of.find(({ run }) => run > at.state.run) ?? of[0];
    set({ status: next ? "" : t("history.none") });
    if (next) context.go({ run: next.run, fork: null });
  }

  /** Return the thousand pairs of Start where this is their world. */
  const known = () =>
    first.length && at.state.seed === 1 && !movedControls(at.state).length && !at.state.off ? first : null;

  /** @returns {Promise<Pair[] | null>} */
  async function pairs() {
    const there = known();
    if (there) return there;
    set({ status: t("start.waiting") });
    const found = await simulate(context, "history-all", worldOf(at.state));
    if (!found) return null;
    const effect = effectOf(found, true);
    return effect.values.map((value, n) => ({ value, run: found.runs[effect.runs[n]] }));
  }

  /** Tell how many histories are of the kind of this one. @param {number} effect */
  function shareOf(effect) {
    const kind = Object.keys(KINDS).find((each) => KINDS[each]({ run: at.state.run, value: effect }));
    if (!kind) return "";
    const alike = first.filter(KINDS[kind]).map(({ value }) => Math.abs(value)).sort((one, other) => one - other);
    const share = Math.round(100 * alike.length / first.length);
    return t(`history.share.${kind}`, { share, middle: alike[alike.length >> 1].toFixed(0) });
  }

  /** @param {HistoryFound} told */
  function title({ effect, warEnd, months }) {
    const little = pileOf(facts.rules, effect) === "little";
    const kind = warEnd >= months ? "never" : Number.isNaN(effect) ? "late" : Math.abs(effect) < NOTHING ? "nothing"
      : `${little ? "little." : ""}${effect > 0 ? "closer" : "further"}`;
    return t(`history.title.${kind}`, { run: at.state.run, points: Math.abs(effect).toFixed(little ? 1 : 0) });
  }

  /** @param {HistoryFound} told */
  function lead({ effect, warEnd, one, control }) {
    const later = warEnd + facts.rules.within;
    const [peace, war] = [one, control].map(({ reengagement }) => reengagement[later]?.toFixed(1));
    const [end, when] = [warEnd, later].map((month) => spoken(Math.min(month, 1000)));
    return t(Number.isNaN(effect) ? "history.lead.none" : "history.lead", { end, when, peace, war, effect: signed(effect) });
  }

  /** @param {HistoryFound} told @param {HistoryPanel[]} panels @returns {CardContent} */
  function timeline({ warEnd, months, one, control, forked }, panels) {
    const all = [
      { kind: "with", name: t("table.one"), values: one.reengagement },
      { kind: "without", name: t("table.control"), values: control.reengagement },
      ...(forked ? [{ kind: "fork", name: t("table.fork"), values: forked.reengagement }] : []),
    ];
    // one above the other where they are close
    const marks = panels.map(({ month }, n) => ({ month, value: 6 + 10 * (n % 3), text: String(n + 1) }));
    const say = (/** @type {number} */ month) => {
      const [one, other, fork] = all.map(({ values }) => values[month].toFixed(0));
      return t(forked ? "history.at.fork" : "history.at", { when: spoken(month), one, other, fork });
    };
    const steps = panels.map(({ month, head }) => `${spoken(month)}: ${head}`).join("; ");
    const words = t("history.words", { said: say(months - 1), steps });
    return {
      title: t(warEnd < months ? "history.head" : "history.head.never", { run: at.state.run, end: spoken(Math.min(warEnd, 1000)) }),
      draw: (width, month) => fanChart({
        first: 0, last: months - 1, range: [0, 100], ...years(width), marks, lines: all,
        notes: [{ month: world.article + 1, label: t("history.here") }],
      }, width, width < 500 ? 210 : 280, words, month),
      series: "reengagement", key: all.map(({ kind, name }) => [kind, name]),
      head: [t("table.month"), ...all.map(({ name }) => name)],
      rows: Array.from(one.reengagement, (_, month) =>
        [named(month), ...all.map(({ values }) => +values[month].toFixed(2))]),
      readout: { first: 0, last: months - 1, at: monthOf(), say },
    };
  }

  /** Return the month that is looked into: that of the war's end unless another is asked for. */
  const monthOf = () => at.state.month ?? Math.min(at.told?.warEnd ?? 0, 167);

  /** @param {HistoryFound} told */
  function decisions({ decisions: [made], deals: [struck] }) {
    const now = (/** @type {{month: number}} */ { month }) => month === monthOf();
    const then = [...made.filter(now).map(weighing), ...struck.filter(now).map(bargain)];
    return then.length ? then : html`<p>${t("history.nothing")}</p>`;
  }

  /** @param {Decision} decision */
  function weighing({ lever, capital, goals, weights, options, chosen }) {
    const { options: labels, title } = leverOf(lever);
    const who = called(capital);
    const head = [t("table.option"), t("table.chance"), t("table.utility"), ...goals.map((goal) => purpose(capital, goal))];
    return html`<h3>${t("history.decided", { who, what: labels[chosen].label })}</h3>${records(lever)}
      ${table(t("history.table", { who, title }), head, options.map(({ chance, utility, terms }, n) => [
        taken(labels[n].label, n === chosen), percent(chance), utility.toFixed(4),
        ...terms.map((term, goal) => (weights[goal] * term).toFixed(4)),
      ]))}`;
  }

  /** Return what was recorded at the time, where it is about the same thing. @param {string} lever */
  const records = (lever) => recordOf(lever, monthOf(), NEAR).map(onRecord);

  /** @param {Deal} deal */
  function bargain({ bundles, chosen }) {
    const likeliest = [...bundles].sort((one, other) => other.chance - one.chance).slice(0, 6);
    const gains = ["Moscow", "Pyongyang"].map((side) => t("why.gain", { side: called(side) }));
    const rows = likeliest.map((each) => [taken(bundleWords(each), each === bundles[chosen]), percent(each.chance),
      each.gainMoscow.toFixed(4), each.gainPyongyang.toFixed(4)]);
    return html`<h3>${t("history.dealt")}</h3>${records("deal_arms")}
      ${table(t("history.dealt"), [t("table.option"), t("table.chance"), ...gains], rows)}`;
  }

  /** @param {string} words @param {boolean} was */
  const taken = (words, was) => was ? `${words} (${t("table.taken")})` : words;

  /** @param {Bundle} bundle */
  function bundleWords(bundle) {
    if (!bundle.arms) return t("history.noexchange");
    return /** @type {const} */ (["arms", "pay", "technology"]).map((part) =>
      leverOf(`deal_${part}`).options.find(({ value }) => value === bundle[part])?.label).join(", ");
  }

  /** @param {NonNullable<HistoryFound["forked"]>} found */
  function forked({ reengagement, parted }) {
    const { told: { one }, state: { fork: { lever: field, option: name, from } } } = at;
    const gap = one.reengagement.map((value, month) => reengagement[month] - value);
    const peak = gap.reduce((most, value, month) => (Math.abs(value) > Math.abs(gap[most]) ? month : most), 0);
    const given = { who: called(leverOf(field).capital), what: labelOf(field, name), months: LASTS, from: spoken(from) };
    const drop = () => context.go({ fork: null }, { focus: "fork-lever" });
    const after = { peak: signed(gap[peak]), month: spoken(peak), last: signed(gap[gap.length - 1]) };
    return html`<p>${t("history.forked", given)} ${parted < 0 ? t("history.forked.same")
      : t("history.forked.parts", { when: spoken(parted), ...after })}</p>
      <button type="button" id="unfork" @click=${drop}>${t("history.unfork")}</button>`;
  }

  return {
    title: t("history.name"),
    async show(state) {
      at.state = state;
      const asked = { job: "history", ...worldOf(state), run: state.run, fork: state.fork };
      const key = JSON.stringify(asked);
      if (key === at.key) return draw();
      at.key = key;
      context.progress(0);
      const told = await context.pool.one("history", asked);
      if (!told) return;
      set({ told });
      context.progress(null);
      context.announce(t("history.done", { run: state.run }));
    },
  };
}
