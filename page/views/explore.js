// Explore: the same world with and without an end of the war, beside everything that can be moved in it.

import { declare as keys, oneOf } from "../address.js";
import { card } from "../card.js";
import { begin, controls, movedControls, said } from "../controls.js";
import { DEFINITIONS } from "../definitions.js";
import { bullet, fanChart, hundred, years } from "../charts.js";
import { button, choice, h, put } from "../dom.js";
import { RUNS, bandsOf, effectOf, sharesOf, simulate } from "../ensembles.js";
import { addressIn, keeper, pythonLines, scenarioFile } from "../keep.js";
import { panel } from "../panel.js";
import { estimate } from "../statistics.js";
import { indexOf, named, percent, sentence, signed, spoken, t } from "../strings.js";
import { facts, world } from "../world.js";

const BEFORE = 12;
const AFTER = 36;
const SERIES = [
  "reengagement", "relative_alignment", "influence", "china_flow", "russia_flow", "arms_flow", "workers_in_china", "workers_in_russia",
  "warmth_beijing_pyongyang", "warmth_moscow_pyongyang", "tension",
];
const RANGES = { china_flow: 1.6, russia_flow: 1, arms_flow: 1.2, workers_in_china: 1.4, workers_in_russia: 1.4 };

/** @param {import("../app.js").Context} context */
export function declare(context) {
  begin(context);
  keys({
    series: oneOf(t("explore.series"), SERIES, "reengagement"),
    kept: { usual: null, parse: (written) => written.slice(0, 2000) },
  });
}

/** @type {import("../app.js").Open} */
export function open(root, context) {
  const { rules, definitions } = facts;
  const side = panel(context);
  const big = h("p", { class: "big" }, t("start.waiting"));
  const levels = h("span", { class: "levels" });
  const count = h("span", { class: "count", role: "status" });
  const dots = hundred();
  const strip = h("div", { class: "headstrip", id: "effect" }, h("div", { class: "said" }, big, h("p", { class: "under" }, levels, " ", count)), dots.root);
  const more = h("p", { id: "effect-more" });
  const difference = card("difference");
  const fan = card("fan");
  const chips = h("ul", { class: "chips", id: "chips", "aria-label": t("explore.moved") });
  const measured = choice("series", SERIES.map((name) => [name, sentence(world.series[name].short)]), (series) => context.go({ series }));
  const bars = h("div", { class: "bullets", id: "definitions" });
  const own = h("section", { class: "card", id: "own", "aria-labelledby": "own-title" });
  const whole = h("div", { class: "explorer" },
    h("h1", {}, t("explore.title")),
    strip, more,
    h("div", { class: "bar" }, h("label", { for: "series" }, t("explore.series")), measured, chips),
    h("div", { class: "explore" }, h("div", { class: "side" }, side.root), h("div", { class: "stage" }, difference.root, fan.root)),
    h("div", { class: "rest" },
      h("section", { class: "card", "aria-labelledby": "definitions-title" }, h("h2", { id: "definitions-title" }, t("explore.definitions")), h("p", { class: "muted" }, t("explore.definitions.more")), bars),
      own,
      h("section", { class: "card", "aria-labelledby": "keep-title" }, h("h2", { id: "keep-title" }, t("keep.title")), keeping())));
  root.append(whole);
  new ResizeObserver(() => whole.style.setProperty("--strip", `${strip.offsetHeight}px`)).observe(strip);
  /** @type {import("../address.js").State} */
  let state = {};
  /** @type {any} */
  let now = null;

  function keeping() {
    const done = h("span", { role: "status", id: "kept-said", class: "muted" });
    const file = h("input", { type: "file", id: "back", accept: ".yaml,.yml,text/yaml", onchange: async () => {
      const [given] = file.files;
      file.value = ""; // so that the same file, mended, can be taken in again
      const hash = addressIn(await given.text());
      done.textContent = t(hash ? "keep.back" : "keep.foreign", { file: given.name });
      if (hash) context.go(context.read(hash));
    } });
    const say = (/** @type {string} */ key) => () => { done.textContent = t(key); };
    return [h("p", { class: "muted" }, t("keep.more")), h("div", { class: "buttons" },
      button("copy", t("keep.copy"), () => navigator.clipboard.writeText(location.href).then(say("keep.copied"), say("keep.notcopied"))),
      keeper("scenario", t("keep.scenario"), "scenario.yaml", () => scenarioFile(state, context.link("explore"))),
      keeper("python", t("card.python"), "lines.py", () => pythonLines(state, "difference"))),
    h("p", {}, h("label", { for: "back" }, t("keep.label")), " ", file), done];
  }

  /** @param {any} found @param {number} done share of its runs */
  function picture(found, done) {
    now = found;
    const effect = effectOf(found, primary());
    say(effect, done);
    drawDifference(found, effect);
    drawFan(found);
    drawDefinitions(sharesOf(found));
  }

  /** Return whether what is measured is what the rule asks for. */
  function primary() {
    return state.series === "reengagement";
  }

  /** Return how a difference of what is measured is written. */
  function inUnit() {
    const { short, unit } = world.series[state.series];
    const digits = primary() || state.series === "relative_alignment" ? 1 : 2;
    return { short, unit: primary() ? t("explore.points") : `(${unit})`, write: (/** @type {number} */ value) => signed(value, digits), closer: t(primary() ? "explore.closer" : "explore.higher") };
  }

  /** @param {any} effect @param {number} done */
  function say(effect, done) {
    const { short, unit, write, closer } = inUnit();
    const [of100, less] = [effect.share.mean, effect.under].map((share) => Math.round(100 * share));
    const { mean, low, high } = effect.mean;
    const kinds = new Set([...movedControls(state).map(({ control }) => control.is), ...(state.off ? ["assumption"] : [])]);
    big.textContent = t(primary() ? "explore.answer" : "explore.answer.other", { of100, short });
    levels.textContent = t("explore.levels", { with: shortly(effect.with), without: shortly(effect.without) });
    mark(done);
    dots.show(effect.under, effect.share.mean, t("explore.dots", { of100, less, little: 100 - of100 - less, closer, away: t(primary() ? "explore.away" : "explore.lower") }));
    put(more, t("explore.mean", { typical: write(effect.typical), mean: write(mean), unit, low: write(low), high: write(high) }), " ",
      h("span", { class: low > 0 || high < 0 ? "doubt" : "doubt unclear" }, t(low > 0 || high < 0 ? "explore.clear" : "explore.unclear")), " ",
      kinds.size > 0 && t(`explore.by.${[...kinds].sort().join("-")}`));
  }

  /** Say how old the numbers are. @param {number | null} done null where they are of another world */
  function mark(done) {
    whole.dataset.state = done === null ? "old" : done < 1 ? "refining" : "done";
    count.textContent = t(done === null ? "explore.old" : done < 1 ? "explore.refining" : "explore.counted", { count: now?.runs.length.toLocaleString("en"), runs: RUNS.toLocaleString("en") });
  }

  /** @param {any} found @param {any} effect */
  function drawDifference(found, effect) {
    const { months } = found;
    const gap = (/** @type {number} */ n, /** @type {number} */ place) => {
      const run = effect.runs[n];
      const month = found.warEnd[run] - BEFORE + place;
      return month >= 0 && month < months ? found.one[run * months + month] - found.control[run * months + month] : NaN;
    };
    const { rows, mean } = bandsOf(BEFORE + AFTER + 1, effect.runs.length, gap);
    const [low, high] = rangeOf(state.series);
    const reach = primary() ? 40 : (high - low) / 2;
    const digits = high - low > 50 ? 1 : 2;
    const say = (/** @type {number} */ month) => t("explore.difference.at", {
      when: when(month), ...Object.fromEntries(Object.entries({ mean, low: rows[0], typical: rows[2], high: rows[4] })
        .map(([name, row]) => [name, signed(row[month + BEFORE], digits)])),
    });
    difference.show({
      title: t("explore.difference.title", { typical: signed(effect.typical, digits), mean: signed(effect.mean.mean, digits) }),
      draw: (width) => fanChart({
        first: -BEFORE, last: AFTER, range: [-reach, reach], ticks: [-12, 0, 12, 24, 36], tick: (month) => (month ? signed(month, 0) : t("explore.peace")),
        fans: [{ rows, kind: "with", label: "" }], lines: [{ values: mean, kind: "mean" }],
        levels: [{ value: 0, label: t("explore.zero"), kind: "zero" }, ...(primary() ? [{ value: rules.points, label: t("explore.five", { points: rules.points }), kind: "five" }] : [])],
        notes: [{ month: rules.within, label: t("explore.twoyears") }],
      }, width, heightOf(width), t("explore.difference.words", { said: say(rules.within) })),
      key: [["with", t("three.typical")], ["mean", t("table.mean")], ["band", t("card.bands")]],
      series: state.series, head: [t("table.after"), "10%", "25%", "50%", "75%", "90%", t("table.mean")],
      rows: Array.from(mean, (each, place) => [place - BEFORE, ...rows.map((row) => +row[place].toFixed(2)), +each.toFixed(2)]),
      python: () => pythonLines(state, "difference"),
      readout: { first: -BEFORE, last: AFTER, at: rules.within, say },
    });
  }

  /** @param {any} found */
  function drawFan(found) {
    const { months, runs } = found;
    const [one, other] = [found.one, found.control].map((series) => bandsOf(months, runs.length, (run, month) => series[run * months + month]));
    const { title } = world.series[state.series];
    const say = (/** @type {number} */ month) => t("explore.fan.at", {
      when: spoken(month), one: shortly(one.rows[2][month]), low: shortly(one.rows[0][month]), high: shortly(one.rows[4][month]), other: shortly(other.rows[2][month]),
    });
    fan.show({
      title: t("explore.fan.title", { title }),
      draw: (width) => fanChart({
        first: 0, last: months - 1, range: rangeOf(state.series), ...years(width),
        fans: [{ rows: other.rows, kind: "without", label: "" }, { rows: one.rows, kind: "with", label: "" }],
        levels: [], notes: notes(found, width < 500), dots: observed(state.series),
      }, width, heightOf(width), t("explore.fan.words", { title, said: say(months - 13) })),
      key: [["with", t("table.one")], ["without", t("table.control")], ["band", t("card.bands")]],
      series: state.series, head: [t("table.month"), ...["10%", "25%", "50%", "75%", "90%"].flatMap((level) => [t("table.with", { level }), t("table.without", { level })])],
      rows: Array.from({ length: months }, (_, month) => [named(month), ...one.rows.flatMap((row, level) => [+row[month].toFixed(2), +other.rows[level][month].toFixed(2)])]),
      python: () => pythonLines(state, "fan"),
      readout: { first: 0, last: months - 1, at: months - 13, say },
    });
  }

  /** @param {any} found @param {boolean} narrow */
  function notes(found, narrow) {
    const { drivers, warStart } = world.scenarios["war-ends-any-time"];
    const shut = drivers.border.findIndex((/** @type {number} */ each) => each < 0.1);
    const ends = [...found.warEnd];
    const [first, last] = [Math.min(...ends), Math.max(...ends)];
    const all = [
      { month: shut, label: t("note.shut"), row: 0 },
      { month: warStart, label: t("note.war"), row: 1 },
      { month: world.article + 1, label: t("note.here"), row: 0 },
      first === last ? { month: first, label: t("note.peace"), row: 1 } : { month: first, to: Math.min(last, found.months - 1), label: t("note.peaces"), row: 1 },
    ];
    return narrow ? all.slice(2) : all;
  }

  /** @param {string} series */
  function observed(series) {
    if (series !== "china_flow") return [];
    return world.observed.monthly.filter((each) => each.series === "china_dprk_trade_total" && each.month >= "2019-01")
      .map(({ month, value }) => ({ month: indexOf(month), value: value / facts.millionUsd }));
  }

  /** @param {any} shares */
  function drawDefinitions(shares) {
    put(bars, DEFINITIONS.map((name) => {
      const { one, control } = shares[name];
      const [label, ...rest] = definitions[name].split(": ");
      const words = control === null ? t("explore.bullet.only", { one: percent(one) }) : t("explore.bullet", { one: percent(one), control: percent(control) });
      const width = Math.max(120, Math.min((bars.clientWidth || 300) / Math.max(1, Math.floor((bars.clientWidth + 19) / 235)) - 20, 420));
      return h("div", { class: name === "D2" ? "definition primary" : "definition" },
        h("h3", {}, `${sentence(label)} `, h("small", {}, name)), h("p", { class: "muted" }, sentence(rest.join(": "))),
        bullet(one, control, width, `${label}: ${words}`), h("p", { class: "numbers" }, words));
    }));
  }

  function drawOwn() {
    const packed = () => context.link("explore", { kept: null, series: undefined, seed: undefined }).split("?")[1] ?? "";
    const keep = button("keepworld", t(state.kept === null ? "own.keep" : "own.again"), () => context.go({ kept: packed() }));
    const title = h("h2", { id: "own-title" }, t("own.title"));
    if (state.kept === null) return put(own, title, h("p", { class: "muted" }, t("own.none")), keep);
    const other = context.read(`#/explore?${state.kept}`);
    const differing = controls.filter(({ name }) => String(state[name]) !== String(other[name])).map(({ name }) => t(`control.${name}`));
    if (state.off !== other.off) differing.push(t("group.rules"));
    const line = h("p", { id: "own-said" }, differing.length ? t("start.waiting") : t("own.same"));
    put(own, title, line, h("div", { class: "buttons" }, keep, button("dropworld", t("own.drop"), () => context.go({ kept: null }))));
    if (!differing.length) return;
    simulate(context, "own", { ...other, seed: state.seed, series: state.series }, { series: state.series }, (found) => {
      if (!now || found.runs.length < RUNS || now.runs.length < RUNS) return;
      const { short, unit, write, closer } = inUnit();
      const [mine, theirs] = [effectOf(now, primary()), effectOf(found, primary())];
      const theirsBy = new Map(theirs.runs.map((run, n) => [run, theirs.values[n]]));
      const both = mine.runs.map((run, n) => [mine.values[n] - (theirsBy.get(run) ?? NaN), mine.runs[n]]).filter(([gap]) => !Number.isNaN(gap));
      const gap = estimate(both.map(([each]) => each), both.map(([, run]) => now.owners[run]), rules.student);
      line.textContent = t("own.said", {
        differing: differing.join(", "), short, unit, closer, here: write(mine.mean.mean), there: write(theirs.mean.mean), hereOf100: Math.round(100 * mine.share.mean),
        thereOf100: Math.round(100 * theirs.share.mean), gap: write(gap.mean), low: write(gap.low), high: write(gap.high),
      });
    });
  }

  function drawChips() {
    /** @type {string[]} */
    const off = state.off.split(",").filter(Boolean);
    put(chips, movedControls(state).map(({ control, value }) =>
      chip(t("explore.chip", { name: t(`control.${control.name}`), value: said(control, value) }), control.name, { [control.name]: null })),
    off.map((id) => chip(t("explore.chip.off", { id }), `off-${id}`, { off: off.filter((each) => each !== id).join(",") })));
    chips.hidden = !chips.children.length;
  }

  /** @type {(words: string, name: string, changes: any) => any} */
  const chip = (words, name, changes) =>
    h("li", {}, button(`chip-${name}`, `${words} ×`, () => {
      context.go(changes);
      (chips.querySelector("button") ?? measured).focus();
    }, { "aria-label": t("explore.chip.reset", { words }) }));

  /** @param {string} name */
  function rangeOf(name) {
    const said = /^(-?\d+) .*?(?:to )(\d+)/.exec(world.series[name].measured);
    return /** @type {[number, number]} */ (said ? [+said[1], +said[2]] : [0, /** @type {any} */ (RANGES)[name] ?? 1]);
  }

  return {
    title: t("explore.name"),
    show(next) {
      state = next;
      measured.value = state.series;
      side.show(state);
      drawChips();
      mark(null);
      simulate(context, "explore", state, { series: state.series }, picture).then((all) => {
        if (!all) return;
        context.announce(big.textContent);
        drawOwn();
      });
      if (state.kept === null) drawOwn();
    },
  };
}

/** @param {number} month after the end */
function when(month) {
  if (month === 0) return t("explore.when.peace");
  return t(month < 0 ? "explore.when.before" : "explore.when.after", { months: Math.abs(month) });
}

/** @param {number} width */
function heightOf(width) {
  return Math.max(180, Math.min(260, width * 0.33));
}

/** @param {number} value */
function shortly(value) {
  return Math.abs(value) >= 10 ? value.toFixed(0) : value.toFixed(2).replace(/\.?0+$/, "");
}
