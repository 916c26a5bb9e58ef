// One history: its turning points on a time line, why each came, every decision behind a fold, and a fork.

import { declare as keys, whole } from "../address.js";
import { beats, purpose, turns, why } from "../beats.js";
import { card } from "../card.js";
import { fanChart, sides, years } from "../charts.js";
import { base, begin, movedOf } from "../controls.js";
import { button, choice, english, h, put, table, whole as wholeField } from "../dom.js";
import { effectOf, simulate } from "../ensembles.js";
import { average } from "../statistics.js";
import { called, indexOf, named, percent, sentence, signed, spoken, t } from "../strings.js";
import { facts, labelOf, leverOf, world } from "../world.js";

const LASTS = 12; // months for which a changed move is kept

/** @param {import("../app.js").Context} context */
export function declare(context) {
  begin(context);
  keys({
    run: whole(t("history.run"), 999, 0),
    month: { usual: 84, write: named, parse: (written) => Math.min(Math.max(indexOf(written), 0), 167) },
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
  const list = h("ol", { class: "beats", id: "beats" });
  const month = h("input", { type: "range", id: "month", min: 0, max: 167, oninput: () => context.go({ month: +month.value }, { replace: true }) });
  const monthSaid = h("output", { for: "month", id: "month-said" });
  const weighed = h("div", { id: "weighed" });
  const lever = choice("fork-lever", world.levers.map(({ field, capital }) => [field, `${called(capital)}: ${facts.lanes[field]}`]), options);
  const option = h("select", { id: "fork-option" });
  const forked = h("div", { id: "forked", role: "status" });
  const recorded = world.observed.events.filter((each) => each.month >= "2019-01");
  root.append(
    h("h1", {}, t("history.title")),
    h("p", { class: "muted" }, t("history.more")),
    h("div", { class: "bar" }, h("label", { for: "run" }, t("history.run")), number,
      ["typical", "clear", "less"].map((which) => button(`pick-${which}`, t(`history.pick.${which}`), () => pick(which)))),
    status, line.root, list,
    h("section", { class: "card", "aria-labelledby": "month-title" }, h("h2", { id: "month-title" }, t("history.month")),
      h("div", { class: "monthbar" }, h("label", { for: "month" }, t("history.month.label")), month, monthSaid),
      h("div", { class: "forkbar" }, h("label", { for: "fork-lever" }, t("history.fork.lever")), lever, h("label", { for: "fork-option" }, t("history.fork.option")), option,
        button("fork", t("history.fork.do", { months: LASTS }), () =>
          context.go({ fork: { lever: lever.value, option: option.value, from: state.month, to: state.month + LASTS - 1 } }), { class: "main" })),
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

  /** @param {string} which */
  async function pick(which) {
    status.textContent = t("start.waiting");
    const found = await simulate(context, "history-all", state, {}, () => {});
    if (!found) return;
    const effect = effectOf(found, true);
    const order = effect.values.map((value, n) => ({ value, run: found.runs[effect.runs[n]] }));
    const wanted = which === "typical"
      ? [...order].sort((one, other) => one.value - other.value)[Math.floor(order.length / 2)]
      : order.find(({ value }) => (which === "clear" ? value >= facts.rules.points : value < 0));
    status.textContent = wanted ? t("history.picked", { run: wanted.run, effect: signed(wanted.value) }) : t("history.none");
    if (wanted) context.go({ run: wanted.run, fork: null });
  }

  function draw() {
    const shown = beats(turns(told), told);
    const marks = shown.map((turn, n) => ({ month: turn.month, value: told.one[turn.month], text: String(n + 1) }));
    const say = (/** @type {number} */ at) => t(told.forked ? "history.at.fork" : "history.at", {
      when: spoken(at), one: told.one[at].toFixed(0), other: told.control[at].toFixed(0), fork: told.forked?.[at].toFixed(0),
    });
    const lines = [{ values: told.control, kind: "without" }, { values: told.one, kind: "with" }, ...(told.forked ? [{ values: told.forked, kind: "fork" }] : [])];
    line.show({
      title: t(told.warEnd < told.months ? "history.head" : "history.head.never", { run: state.run, end: spoken(Math.min(told.warEnd, 1000)) }),
      draw: (width) => fanChart({
        first: 0, last: told.months - 1, range: [0, 100], ...years(width), fans: [], lines, levels: [], marks,
        notes: [{ month: world.article + 1, label: t("history.here"), row: 0 }],
      }, width, width < 500 ? 210 : 280, t("history.words", { said: say(told.months - 1), beats: shown.map(({ month: at, text }) => `${spoken(at)}: ${text}`).join("; ") })),
      key: [["with", t("table.one")], ["without", t("table.control")], ...(told.forked ? [/** @type {[string, string]} */ (["fork", t("table.fork")])] : [])],
      series: "reengagement", head: [t("table.month"), t("table.one"), t("table.control"), ...(told.forked ? [t("table.fork")] : [])],
      rows: Array.from(told.one, (value, at) => [named(at), +value.toFixed(2), +told.control[at].toFixed(2), ...(told.forked ? [+told.forked[at].toFixed(2)] : [])]),
      readout: { first: 0, last: told.months - 1, at: state.month, say },
    });
    put(list, shown.map(beat));
    drawFork();
  }

  /** @param {import("../beats.js").Turn} turn */
  function beat(turn) {
    const reason = why(told, turn);
    const record = recordedNear(turn);
    return h("li", { class: "card" },
      h("h2", {}, `${spoken(turn.month)}: ${turn.text}`),
      h("p", { class: "tags" }, h("span", { class: "tag" }, t(["border", "war"].includes(turn.kind) && turn.month <= world.article ? "history.given" : "history.simulated"))),
      h("p", {}, reason ? reason.sentence : t(turn.lever ? "why.scripted" : "why.outside")),
      reason && reason.clauses.length > 0 && bars(reason),
      record && h("p", { class: "muted" }, t("history.record", { when: spoken(indexOf(record.month)) }), " ", english(`${record.event}.`)),
      button(`to-${turn.month}-${turn.kind}`, t("history.go"), () => { context.go({ month: turn.month }); month.focus(); }));
  }

  /** @param {{sentence: string, clauses: import("../beats.js").Clause[]}} reason */
  function bars({ sentence: said, clauses }) {
    const holder = h("div", { class: "sides" });
    requestAnimationFrame(() => holder.isConnected && holder.append(sides(clauses, Math.min(holder.clientWidth, 420),
      t("why.words", { said, clauses: clauses.map(({ label, value }) => `${label} ${signed(value, 4)}`).join("; ") }))));
    return holder;
  }

  /** @param {import("../beats.js").Turn} turn */
  function recordedNear({ month: at, actor }) {
    if (at > world.article) return null;
    const off = (/** @type {{month: string}} */ each) => Math.abs(indexOf(each.month) - at);
    return recorded.filter((each) => each.actor === actor && off(each) <= 4).sort((one, other) => off(one) - off(other))[0] ?? null;
  }

  function drawMonth() {
    month.value = state.month;
    month.setAttribute("aria-valuetext", spoken(state.month));
    monthSaid.textContent = spoken(state.month);
    decisions();
  }

  function decisions() {
    if (!told || !(/** @type {any} */ (document.getElementById("all-decisions")).open)) return;
    const made = told.decisions.filter((/** @type {any} */ each) => each.month === state.month);
    const deals = told.deals.filter((/** @type {any} */ each) => each.month === state.month);
    put(weighed, made.map(weighing), deals.map(bargain), !made.length && !deals.length && h("p", {}, t("history.nothing")));
  }

  /** @param {import("../engine/reasons.js").Decision} decision */
  function weighing({ lever, capital, goals, weights, options, chosen }) {
    const known = leverOf(lever);
    return [h("h3", {}, t("history.decided", { who: called(capital), what: known.options[chosen].label })),
      table(t("history.table", { who: called(capital), title: known.title }),
        [t("table.option"), t("table.chance"), t("table.utility"), ...goals.map((goal) => purpose(capital, goal))],
        options.map(({ chance, utility, terms }, n) => [
          taken(known.options[n].label, n === chosen), percent(chance), utility.toFixed(4),
          ...terms.map((term, goal) => (weights[goal] * term).toFixed(4))]))];
  }

  /** @param {import("../engine/reasons.js").Deal} deal */
  function bargain({ bundles, chosen }) {
    const likeliest = [...bundles].sort((one, other) => other.chance - one.chance).slice(0, 6);
    return [h("h3", {}, t("history.dealt")),
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
    const gap = told.one.map((/** @type {number} */ value, /** @type {number} */ at) => told.forked[at] - value);
    const given = { who: called(leverOf(field).capital), what: labelOf(field, name), months: LASTS, from: spoken(from) };
    put(forked, h("p", {}, t("history.forked", given), " ", told.parted === null ? t("history.forked.same") : t("history.forked.parts", {
      when: spoken(told.parted), mean: signed(average(gap.slice(told.parted))), last: signed(gap.at(-1)),
    })), button("unfork", t("history.unfork"), () => { context.go({ fork: null }); lever.focus(); }));
  }

  return {
    title: t("history.name"),
    async show(next) {
      state = next;
      number.value = state.run;
      drawMonth();
      const asked = { job: "history", scenario: base(), moved: movedOf(state), seed: state.seed, run: state.run, series: "reengagement", fork: state.fork };
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
