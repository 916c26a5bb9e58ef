// One history: what the war's end does in it, step by step, the whole of it on a time line, every decision behind a fold, and a fork.

import { declare as keys, whole } from "../address.js";
import { card } from "../card.js";
import { fanChart, years } from "../charts.js";
import { base, begin, movedControls, movedOf } from "../controls.js";
import { pileOf } from "../definitions.js";
import { button, choice, english, h, put, table, whole as wholeField } from "../dom.js";
import { effectOf, simulate } from "../ensembles.js";
import { called, indexOf, named, percent, sentence, signed, spoken, t } from "../strings.js";
import { facts, labelOf, leverOf, world } from "../world.js";
import { drawn, onRecord, panelsOf, purpose, recordOf } from "./history-panels.js";

const LASTS = 12; // months for which a changed move is kept
const NOTHING = 0.5; // points of an effect below which nothing happens
const NEAR = 2; // months from a decision within which what is on record stands beside it

const dots = document.getElementById("dots"); // those of Start
/** @typedef {{run: number, value: number}} Pair a history and what the end of the war does in it, in points */
/** @type {Pair[]} */
const first = Array.from(dots?.querySelectorAll("circle") ?? [], (dot) => {
  const { run, points } = dot.dataset;
  return { run: Number(run), value: Number(points) };
}).sort((one, other) => one.run - other.run); // they are there before any is simulated

/** @type {Record<string, (pair: Pair) => boolean>} */
const KINDS = {
  closer: ({ value }) => pileOf(facts.rules, value) === "clear", nothing: ({ value }) => Math.abs(value) < NOTHING,
  further: ({ value }) => pileOf(facts.rules, value) === "less",
};

/** @param {import("../app.js").Context} context */
export function declare(context) {
  begin(context);
  keys({
    run: whole(t("history.run"), 999, Number(dots?.dataset.opens ?? 0)),
    month: { usual: null, write: named, parse: (written) => Math.min(Math.max(indexOf(written), 0), 167) },
    fork: { usual: null, write: ({ lever, option, from }) => `${lever}:${option}:${named(from)}`, parse(written) {
      const [lever, option, month] = written.split(":");
      if (!leverOf(lever)?.options.some((each) => each.name === option)) throw new Error(t("address.fork", { written: written.slice(0, 60) }));
      const from = indexOf(month ?? "");
      return { lever, option, from, to: from + LASTS - 1 };
    } },
  });
}

/** @type {import("../app.js").Open} */
export function open(root, context) {
  const number = wholeField("run", 999, (run) => context.go({ run, fork: null }));
  const status = h("p", { role: "status", id: "picked", class: "muted" });
  const line = card("timeline");
  const title = h("h1", {}, t("history.name"));
  const lead = h("p", { class: "lead" });
  const share = h("p", { class: "muted", id: "share" });
  const legend = h("p", { class: "key" }, h("span", { class: "key-with" }, t("history.key.with")), " ", h("span", { class: "key-without" }, t("history.key.without")), " ", t("history.key.shade"));
  const list = h("ol", { class: "steps", id: "steps" });
  const month = h("input", { type: "range", id: "month", min: 0, max: 167, oninput: () => context.go({ month: +month.value }, { replace: true }) });
  const monthSaid = h("output", { for: "month", id: "month-said" });
  const weighed = h("div", { id: "weighed" });
  const lever = choice("fork-lever", world.levers.map(({ field, capital }) => [field, `${called(capital)}: ${facts.lanes[field]}`]), options);
  const option = h("select", { id: "fork-option" });
  const forked = h("div", { id: "forked", role: "status" });
  const recorded = world.observed.events.filter((each) => each.month >= "2019-01");
  root.append(
    title, lead, share,
    h("div", { class: "buttons", id: "others" }, Object.keys(KINDS).map((kind) => button(`pick-${kind}`, t(`history.pick.${kind}`), () => pick(kind))),
      h("span", { class: "numbered" }, h("label", { for: "run" }, t("history.run")), number)),
    status, legend, list, h("p", { class: "muted" }, t("history.more")), line.root,
    h("section", { class: "card", "aria-labelledby": "month-title" }, h("h2", { id: "month-title" }, t("history.month")),
      h("div", { class: "monthbar" }, h("label", { for: "month" }, t("history.month.label")), month, monthSaid),
      h("div", { class: "forkbar" }, h("label", { for: "fork-lever" }, t("history.fork.lever")), lever, h("label", { for: "fork-option" }, t("history.fork.option")), option,
        button("fork", t("history.fork.do", { months: LASTS }), () =>
          context.go({ fork: { lever: lever.value, option: option.value, from: monthOf(), to: monthOf() + LASTS - 1 } }), { class: "main" })),
      forked,
      h("details", { id: "all-decisions", ontoggle: decisions }, h("summary", {}, t("history.decisions")), weighed)),
    h("details", { class: "card" }, h("summary", {}, t("history.recorded")),
      table(t("history.recorded"), [t("table.month"), t("table.who"), t("table.what")], recorded.map((each) => [each.month, called(each.actor), english(each.event)]))));
  /** @type {any} */
  let state = {};
  /** @type {any} */
  let told = null;
  let key = "";
  options();

  function options() {
    put(option, leverOf(lever.value).options.map(({ name, label }) => h("option", { value: name }, sentence(label))));
  }

  /** Go to the next history of a kind, after the one that is shown. @param {string} kind */
  async function pick(kind) {
    const all = await pairs();
    if (!all) return;
    const of = all.filter(KINDS[kind]).filter(({ run }) => run !== state.run);
    const next = of.find(({ run }) => run > state.run) ?? of[0];
    status.textContent = next ? "" : t("history.none");
    if (next) context.go({ run: next.run, fork: null });
  }

  /** Return the thousand pairs of Start where this is their world. */
  function known() {
    return first.length && state.seed === 1 && !movedControls(state).length && !state.off ? first : null;
  }

  /** @returns {Promise<Pair[] | null>} */
  async function pairs() {
    const there = known();
    if (there) return there;
    status.textContent = t("start.waiting");
    const found = await simulate(context, "history-all", state, {}, () => {});
    if (!found) return null;
    const effect = effectOf(found, true);
    return effect.values.map((value, n) => ({ value, run: found.runs[effect.runs[n]] }));
  }

  /** Tell how many histories are of the kind of this one. @param {number} effect */
  function shareOf(effect) {
    const kind = Object.keys(KINDS).find((each) => KINDS[each]({ run: state.run, value: effect }));
    if (!kind) return "";
    const alike = first.filter(KINDS[kind]).map(({ value }) => value).sort((one, other) => Math.abs(one) - Math.abs(other));
    return t(`history.share.${kind}`, { share: Math.round(100 * alike.length / first.length), middle: Math.abs(alike[alike.length >> 1]).toFixed(0) });
  }

  function name() {
    const { effect, warEnd, months } = told;
    const little = pileOf(facts.rules, effect) === "little";
    const kind = warEnd >= months ? "never" : Number.isNaN(effect) ? "late" : Math.abs(effect) < NOTHING ? "nothing"
      : `${little ? "little." : ""}${effect > 0 ? "closer" : "further"}`;
    title.textContent = t(`history.title.${kind}`, { run: state.run, points: Math.abs(effect).toFixed(little ? 1 : 0) });
    const judged = !Number.isNaN(effect);
    const later = warEnd + facts.rules.within;
    lead.textContent = t(judged ? "history.lead" : "history.lead.none", {
      end: spoken(Math.min(warEnd, 1000)), when: spoken(Math.min(later, 1000)), peace: told.one.reengagement[later]?.toFixed(1), war: told.control.reengagement[later]?.toFixed(1), effect: signed(effect),
    });
    put(share, judged && known() && shareOf(effect));
    return judged ? panelsOf(told) : [];
  }

  function draw() {
    const panels = name();
    const { one: { reengagement: one }, control: { reengagement: control } } = told;
    legend.hidden = !panels.length;
    put(list, drawn(told, panels));
    const marks = panels.map(({ month: at }, n) => ({ month: at, value: 6 + 10 * (n % 3), text: String(n + 1) })); // one above the other where they are close
    const say = (/** @type {number} */ at) => t(told.forked ? "history.at.fork" : "history.at", {
      when: spoken(at), one: one[at].toFixed(0), other: control[at].toFixed(0), fork: told.forked?.[at].toFixed(0),
    });
    const lines = [{ values: control, kind: "without" }, { values: one, kind: "with" }, ...(told.forked ? [{ values: told.forked, kind: "fork" }] : [])];
    line.show({
      title: t(told.warEnd < told.months ? "history.head" : "history.head.never", { run: state.run, end: spoken(Math.min(told.warEnd, 1000)) }),
      draw: (width) => fanChart({
        first: 0, last: told.months - 1, range: [0, 100], ...years(width), fans: [], lines, levels: [], marks,
        notes: [{ month: world.article + 1, label: t("history.here"), row: 0 }],
      }, width, width < 500 ? 210 : 280, t("history.words", { said: say(told.months - 1), steps: panels.map(({ month: at, head }) => `${spoken(at)}: ${head}`).join("; ") })),
      key: [["with", t("table.one")], ["without", t("table.control")], ...(told.forked ? [/** @type {[string, string]} */ (["fork", t("table.fork")])] : [])],
      series: "reengagement", head: [t("table.month"), t("table.one"), t("table.control"), ...(told.forked ? [t("table.fork")] : [])],
      rows: Array.from(one, (value, at) => [named(at), +value.toFixed(2), +control[at].toFixed(2), ...(told.forked ? [+told.forked[at].toFixed(2)] : [])]),
      readout: { first: 0, last: told.months - 1, at: monthOf(), say },
    });
    drawFork();
  }

  /** Return the month that is looked into: that of the war's end unless another is asked for. */
  function monthOf() {
    return state.month ?? Math.min(told?.warEnd ?? 0, 167);
  }

  function drawMonth() {
    month.value = monthOf();
    month.setAttribute("aria-valuetext", spoken(monthOf()));
    monthSaid.textContent = spoken(monthOf());
    decisions();
  }

  function decisions() {
    if (!told || !(/** @type {any} */ (document.getElementById("all-decisions")).open)) return;
    const made = told.decisions[0].filter((/** @type {any} */ each) => each.month === monthOf());
    const deals = told.deals[0].filter((/** @type {any} */ each) => each.month === monthOf());
    put(weighed, made.map(weighing), deals.map(bargain), !made.length && !deals.length && h("p", {}, t("history.nothing")));
  }

  /** @param {import("../engine/reasons.js").Decision} decision */
  function weighing({ lever, capital, goals, weights, options, chosen }) {
    const known = leverOf(lever);
    return [h("h3", {}, t("history.decided", { who: called(capital), what: known.options[chosen].label })), records(lever),
      table(t("history.table", { who: called(capital), title: known.title }),
        [t("table.option"), t("table.chance"), t("table.utility"), ...goals.map((goal) => purpose(capital, goal))],
        options.map(({ chance, utility, terms }, n) => [
          taken(known.options[n].label, n === chosen), percent(chance), utility.toFixed(4),
          ...terms.map((term, goal) => (weights[goal] * term).toFixed(4))]))];
  }

  /** Return what was recorded at the time, where it is about the same thing. @param {string} lever */
  function records(lever) {
    return recordOf(lever, monthOf(), NEAR).map(onRecord);
  }

  /** @param {import("../engine/reasons.js").Deal} deal */
  function bargain({ bundles, chosen }) {
    const likeliest = [...bundles].sort((one, other) => other.chance - one.chance).slice(0, 6);
    return [h("h3", {}, t("history.dealt")), records("deal_arms"),
      table(t("history.dealt"), [t("table.option"), t("table.chance"), ...["Moscow", "Pyongyang"].map((side) => t("why.gain", { side: called(side) }))],
        likeliest.map((each) => [taken(bundleWords(each), each === bundles[chosen]), percent(each.chance), each.gainMoscow.toFixed(4), each.gainPyongyang.toFixed(4)]))];
  }

  /** @param {string} words @param {boolean} was */
  function taken(words, was) {
    return was ? `${words} (${t("table.taken")})` : words;
  }

  /** @param {import("../engine/reasons.js").Deal["bundles"][number]} bundle */
  function bundleWords(bundle) {
    if (!bundle.arms) return t("history.noexchange");
    return /** @type {const} */ (["arms", "pay", "technology"]).map((part) => leverOf(`deal_${part}`).options.find(({ value }) => value === bundle[part])?.label).join(", ");
  }

  function drawFork() {
    if (!state.fork || !told.forked) return put(forked);
    const { lever: field, option: name, from } = state.fork;
    const gap = told.one.reengagement.map((/** @type {number} */ value, /** @type {number} */ at) => told.forked[at] - value);
    const peak = gap.reduce((/** @type {number} */ most, /** @type {number} */ value, /** @type {number} */ at) => (Math.abs(value) > Math.abs(gap[most]) ? at : most), 0);
    const given = { who: called(leverOf(field).capital), what: labelOf(field, name), months: LASTS, from: spoken(from) };
    put(forked, h("p", {}, t("history.forked", given), " ", told.parted === null ? t("history.forked.same") : t("history.forked.parts", {
      when: spoken(told.parted), peak: signed(gap[peak]), month: spoken(peak), last: signed(gap.at(-1)),
    })), button("unfork", t("history.unfork"), () => { context.go({ fork: null }); lever.focus(); }));
  }

  return {
    title: t("history.name"),
    async show(next) {
      state = next;
      number.value = state.run;
      drawMonth();
      const asked = { job: "history", scenario: base(), moved: movedOf(state), seed: state.seed, run: state.run, fork: state.fork };
      const other = JSON.stringify(asked);
      if (other === key) return;
      key = other;
      context.progress(0);
      const found = await context.pool.one("history", asked);
      if (!found) return;
      told = found;
      draw();
      drawMonth();
      context.progress(null);
      context.announce(t("history.done", { run: state.run }));
    },
  };
}
