// One history: its turning points on a time line, why each came, every decision behind a fold, and a fork.

import { declare as keys, whole } from "../address.js";
import { beats, purpose, turns, why } from "../beats.js";
import { card } from "../card.js";
import { fanChart, sides } from "../charts.js";
import { base, begin, labelOf, movedOf } from "../controls.js";
import { h, put, table } from "../dom.js";
import { effectOf, simulate } from "../ensembles.js";
import { indexOf, named, percent, sentence, signed, spoken, t } from "../strings.js";

const LASTS = 12; // months for which a changed move is kept

/** @param {import("../app.js").Context} context */
export function declare(context) {
  begin(context);
  const { world } = context;
  keys({
    run: whole(t("history.run"), 999, 0),
    month: { usual: 84, write: named, parse: (written) => Math.min(Math.max(indexOf(written), 0), 167) },
    fork: { usual: null, write: ({ lever, option, from }) => `${lever}:${option}:${named(from)}`, parse(written) {
      const [lever, option, month] = written.split(":");
      const known = world.levers.find((/** @type {any} */ each) => each.field === lever);
      if (!known?.options.some((/** @type {any} */ each) => each.name === option)) throw new Error(t("address.fork", { written: written.slice(0, 60) }));
      const from = indexOf(month ?? "");
      return { lever, option, from, to: from + LASTS - 1 };
    } },
  });
}

/**
 * @param {HTMLElement} root
 * @param {import("../app.js").Context} context
 * @returns {import("../app.js").View}
 */
export function open(root, context) {
  const { world, facts } = context;
  const number = h("input", { type: "number", id: "run", min: 0, max: 999, onchange: () => context.go({ run: Math.min(999, Math.max(0, Math.trunc(+number.value) || 0)), fork: null }) });
  const status = h("p", { role: "status", id: "picked", class: "muted" });
  const line = card("timeline");
  const list = h("ol", { class: "beats", id: "beats" });
  const month = h("input", { type: "range", id: "month", min: 0, max: 167, oninput: () => context.go({ month: +month.value }, { replace: true }) });
  const monthSaid = h("output", { for: "month", id: "month-said" });
  const weighed = h("div", { id: "weighed" });
  const lever = h("select", { id: "fork-lever", onchange: options }, world.levers.map((/** @type {any} */ each) =>
    h("option", { value: each.field }, `${each.capital === "deal" ? t("history.deal") : each.capital}: ${facts.lanes[each.field]}`)));
  const option = h("select", { id: "fork-option" });
  const forked = h("div", { id: "forked", role: "status" });
  root.append(
    h("h1", {}, t("history.title")),
    h("p", { class: "muted" }, t("history.more")),
    h("div", { class: "bar" }, h("label", { for: "run" }, t("history.run")), number,
      ["typical", "clear", "less"].map((which) => h("button", { type: "button", id: `pick-${which}`, onclick: () => pick(which) }, t(`history.pick.${which}`)))),
    status, line.root, list,
    h("section", { class: "card", "aria-labelledby": "month-title" }, h("h2", { id: "month-title" }, t("history.month")),
      h("div", { class: "monthbar" }, h("label", { for: "month" }, t("history.month.label")), month, monthSaid),
      h("div", { class: "forkbar" }, h("label", { for: "fork-lever" }, t("history.fork.lever")), lever, h("label", { for: "fork-option" }, t("history.fork.option")), option,
        h("button", { type: "button", class: "main", id: "fork", onclick: () => context.go({ fork: { lever: lever.value, option: option.value, from: state.month, to: state.month + LASTS - 1 } }) }, t("history.fork.do", { months: LASTS }))),
      forked,
      h("details", { id: "all-decisions", ontoggle: decisions }, h("summary", {}, t("history.decisions")), weighed)),
    h("details", { class: "card" }, h("summary", {}, t("history.recorded")), recordedTable()));
  /** @type {any} */
  let state = {};
  /** @type {any} */
  let told = null;
  let key = "";
  options();

  function options() {
    const known = world.levers.find((/** @type {any} */ each) => each.field === lever.value);
    put(option, known.options.map((/** @type {any} */ each) => h("option", { value: each.name }, sentence(each.label))));
  }

  /** @param {string} which */
  async function pick(which) {
    status.textContent = t("start.waiting");
    const found = await simulate(context, "history-all", state, {}, () => {});
    if (!found) return;
    const effect = effectOf(found, facts.rules, true);
    const order = effect.values.map((value, n) => ({ value, run: found.runs[effect.runs[n]] }));
    const wanted = which === "typical"
      ? [...order].sort((one, other) => one.value - other.value)[Math.floor(order.length / 2)]
      : order.find(({ value }) => (which === "clear" ? value >= facts.rules.points : value < 0));
    status.textContent = wanted ? t("history.picked", { run: wanted.run, effect: signed(wanted.value) }) : t("history.none");
    if (wanted) context.go({ run: wanted.run, fork: null });
  }

  function draw() {
    const shown = beats(turns(world, facts.turns, told), told);
    const marks = shown.map((turn, n) => ({ month: turn.month, value: told.one[turn.month], text: String(n + 1) }));
    const say = (/** @type {number} */ at) => t(told.forked ? "history.at.fork" : "history.at", {
      when: spoken(at), one: told.one[at].toFixed(0), other: told.control[at].toFixed(0), fork: told.forked?.[at].toFixed(0),
    });
    const lines = [{ values: told.control, kind: "without" }, { values: told.one, kind: "with" }, ...(told.forked ? [{ values: told.forked, kind: "fork" }] : [])];
    line.show({
      title: t(told.warEnd < told.months ? "history.head" : "history.head.never", { run: state.run, end: spoken(Math.min(told.warEnd, 1000)) }),
      draw: (width) => fanChart({
        first: 0, last: told.months - 1, range: [0, 100], ticks: Array.from({ length: 14 }, (_, year) => 12 * year).filter((_, year) => width > 600 || year % 3 === 0),
        tick: (at) => String(2019 + at / 12), fans: [], lines, levels: [], marks,
        notes: [{ month: world.article + 1, label: t("history.here"), row: 0 }],
      }, width, width < 500 ? 210 : 280, t("history.words", { said: say(told.months - 1), beats: shown.map(({ month: at, text }) => `${spoken(at)}: ${text}`).join("; ") })),
      head: [t("table.month"), t("table.one"), t("table.control"), ...(told.forked ? [t("table.fork")] : [])],
      rows: Array.from(told.one, (value, at) => [named(at), +value.toFixed(2), +told.control[at].toFixed(2), ...(told.forked ? [+told.forked[at].toFixed(2)] : [])]),
      readout: { first: 0, last: told.months - 1, at: state.month, say },
    });
    put(list, shown.map(beat));
    drawFork();
  }

  /** @param {import("../beats.js").Turn} turn */
  function beat(turn) {
    const reason = why(world, told, turn);
    const record = recordedNear(turn);
    return h("li", { class: "card" },
      h("h2", {}, `${spoken(turn.month)}: ${turn.text}`),
      h("p", { class: "tags" }, h("span", { class: "tag" }, t(["border", "war"].includes(turn.kind) && turn.month <= world.article ? "history.given" : "history.simulated"))),
      h("p", {}, reason ? reason.sentence : t(turn.lever ? "why.scripted" : "why.outside")),
      reason && reason.clauses.length > 0 && bars(reason),
      record && h("p", { class: "muted" }, t("history.record", { when: spoken(indexOf(record.month)), event: record.event })),
      h("button", { type: "button", id: `to-${turn.month}-${turn.kind}`, onclick: () => { context.go({ month: turn.month }); month.focus(); } }, t("history.go")));
  }

  /** @param {{sentence: string, clauses: import("../beats.js").Clause[]}} reason */
  function bars({ sentence: said, clauses }) {
    const holder = h("div", { class: "sides" });
    requestAnimationFrame(() => holder.isConnected && holder.append(sides(clauses, Math.min(holder.clientWidth, 420),
      t("why.words", { said, clauses: clauses.map(({ label, value }) => `${label} ${signed(value, 4)}`).join("; ") }))));
    return holder;
  }

  /** @param {import("../beats.js").Turn} turn */
  function recordedNear({ month: at, text, kind }) {
    if (at > world.article) return null;
    const actor = kind === "flood" ? "Nature" : text.split(" ")[0];
    const near = world.observed.events.filter((/** @type {any} */ each) => each.month >= "2019-01" && each.actor === actor && Math.abs(indexOf(each.month) - at) <= 4);
    return near.sort((/** @type {any} */ one, /** @type {any} */ other) => Math.abs(indexOf(one.month) - at) - Math.abs(indexOf(other.month) - at))[0] ?? null;
  }

  function recordedTable() {
    return table(t("history.recorded"), [t("table.month"), t("table.who"), t("table.what")],
      world.observed.events.filter((/** @type {any} */ each) => each.month >= "2019-01").map((/** @type {any} */ each) => [each.month, each.actor, each.event]));
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
    put(weighed, !made.length && !deals.length ? h("p", {}, t("history.nothing")) : [
      made.map((/** @type {any} */ each) => {
        const known = world.levers.find((/** @type {any} */ lever) => lever.field === each.lever);
        const goals = each.goals.map((/** @type {string} */ goal) => purpose(world, each.capital, goal));
        return [h("h3", {}, t("history.decided", { who: each.capital, what: known.options[each.chosen].label })),
          table(t("history.table", { who: each.capital, title: known.title }), [t("table.option"), t("table.chance"), t("table.utility"), ...goals],
            each.options.map((/** @type {any} */ scored, /** @type {number} */ n) => [
              known.options[n].label + (n === each.chosen ? ` (${t("table.taken")})` : ""), percent(scored.chance), scored.utility.toFixed(4),
              ...scored.terms.map((/** @type {number} */ term, /** @type {number} */ goal) => (each.weights[goal] * term).toFixed(4))]))];
      }),
      deals.map((/** @type {any} */ each) => [h("h3", {}, t("history.dealt")),
        table(t("history.dealt"), [t("table.option"), t("table.chance"), t("why.gain", { side: "Moscow" }), t("why.gain", { side: "Pyongyang" })],
          each.bundles.map((/** @type {any} */ bundle, /** @type {number} */ n) => ({ bundle, n })).sort((/** @type {any} */ one, /** @type {any} */ other) => other.bundle.chance - one.bundle.chance).slice(0, 6)
            .map((/** @type {any} */ { bundle, n }) => [bundleWords(bundle) + (n === each.chosen ? ` (${t("table.taken")})` : ""), percent(bundle.chance), bundle.gainMoscow.toFixed(4), bundle.gainPyongyang.toFixed(4)]))]),
    ]);
  }

  /** @param {any} bundle */
  function bundleWords(bundle) {
    if (!bundle.arms) return t("history.noexchange");
    return ["arms", "pay", "technology"].map((part) => {
      const known = world.levers.find((/** @type {any} */ each) => each.field === `deal_${part}`);
      return known.options.find((/** @type {any} */ each) => each.value === bundle[part]).label;
    }).join(", ");
  }

  function drawFork() {
    if (!state.fork || !told.forked) {
      forked.replaceChildren();
      return;
    }
    const { lever: field, option: name, from } = state.fork;
    const known = world.levers.find((/** @type {any} */ each) => each.field === field);
    const gap = told.one.map((/** @type {number} */ value, /** @type {number} */ at) => told.forked[at] - value);
    const given = { who: known.capital === "deal" ? t("history.deal") : known.capital, what: labelOf(world, field, name), months: LASTS, from: spoken(from) };
    put(forked, h("p", {}, t("history.forked", given), " ", told.parted === null ? t("history.forked.same") : t("history.forked.parts", {
      when: spoken(told.parted), mean: signed(gap.slice(told.parted).reduce((/** @type {number} */ sum, /** @type {number} */ each) => sum + each, 0) / (told.months - told.parted)), last: signed(gap.at(-1)),
    })), h("button", { type: "button", id: "unfork", onclick: () => context.go({ fork: null }) }, t("history.unfork")));
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
    close() {
      context.pool.end("history");
      context.pool.end("history-all");
    },
  };
}
