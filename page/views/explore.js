// Explore: the same world with and without an end of the war, beside everything that can be moved in it.

import { card } from "../card.js";
import { base, controls, movedControls, said, worldOf } from "../controls.js";
import { DEFINITIONS } from "../definitions.js";
import { bullet, fanChart, hundred, years } from "../charts.js";
import { choice, makeSetter } from "../dom.js";
import { RUNS, bandsOf, effectOf, sharesOf, simulate } from "../ensembles.js";
import { addressIn, keeper, pythonLines, scenarioFile } from "../keep.js";
import { RANGES, SERIES } from "../keys.js";
import { panel } from "../panel.js";
import { estimate } from "../statistics.js";
import { indexOf, named, percent, sentence, signed, spoken, t } from "../strings.js";
import { html, nothing, render } from "../vendor/lit-html.js";
import { facts, world } from "../world.js";
import { headline, inUnit, isPrimary } from "./headline.js";

const [BEFORE, AFTER] = [12, 36]; // months from peace that the picture of differences shows
const REACHES = [10, 20, 40, 60]; // points up and down that the picture of differences can show

/** @type {OpenView} */
export function open(root, context) {
  const { rules, definitions } = facts;
  const side = panel(context);
  const [difference, fan] = [card("difference"), card("fan")];
  const keepers = [
    keeper("scenario", t("keep.scenario"), "scenario.yaml", () => scenarioFile(at.state, context.link("explore"))),
    keeper("python", t("card.python"), "lines.py", () => pythonLines(at.state, "difference")),
  ];
  /** @type {ExploreState} */
  const at = /** @type {any} */ ({ found: null, effect: null, kept: "" });
  const set = makeSetter(at, draw);
  const primary = () => isPrimary(at.state.series);

  function draw() {
    const { state, found, effect, done } = at;
    root.dataset.state = done === null ? "old" : done < 1 ? "refining" : "done";
    const runs = { count: found?.runs.length.toLocaleString("en"), runs: RUNS.toLocaleString("en") };
    const to = (/** @type {string} */ series) => context.go({ series });
    const short = (/** @type {string} */ series) => sentence(world.series[series].short);
    const levels = effect && t("explore.levels", { with: shortly(effect.with), without: shortly(effect.without) });
    render(html`<h1>${t("explore.title")}</h1>
      <div class="headstrip" id="effect"><div class="said"><p class="big">${effect ? headline(state.series, effect.share.mean) : t("start.waiting")}</p>
        <p class="under"><span class="levels">${levels}</span> <span class="count" role="status">${
          t(done === null ? "explore.old" : done < 1 ? "explore.refining" : "explore.counted", runs)}</span></p></div>
        ${dots()}</div>
      <div class="explore"><p id="effect-more">${effect && sizes()}</p>
        <div class="bar"><label for="series">${t("explore.series")}</label>
          ${choice("series", SERIES, short, state.series, to)}${chips()}</div>
        <div class="side">${side(state)}</div><div class="stage">${difference.root}${fan.root}</div></div>
      <div class="rest"><section class="card" aria-labelledby="definitions-title">
          <h2 id="definitions-title">${t("explore.definitions")}</h2>
          <p class="muted">${t("explore.definitions.more")}</p>
          <div class="bullets" id="definitions">${found && shares()}</div></section>
        <section class="card" id="own" aria-labelledby="own-title"><h2 id="own-title">${t("own.title")}</h2>${own()}</section>
        <section class="card" aria-labelledby="keep-title"><h2 id="keep-title">${t("keep.title")}</h2>
          ${keeping()}</section></div>`, root);
  }

  function dots() {
    const { share, under } = at.effect ?? { share: { mean: 0 }, under: 0 };
    const [of100, less] = [share.mean, under].map((each) => Math.round(100 * each));
    const away = t(primary() ? "explore.away" : "explore.lower");
    const words = t("explore.dots", { of100, less, little: 100 - of100 - less, closer: inUnit(at.state.series).closer, away });
    return hundred(under, share.mean, at.effect ? words : t("start.waiting"));
  }

  /** Say how large the effect is, how sure that is, and by what it was moved. */
  function sizes() {
    const { unit, write } = inUnit(at.state.series);
    const { typical, mean: { mean, low, high } } = at.effect;
    const clear = low > 0 || high < 0;
    const moved = movedControls(at.state).map(({ control }) => control.is);
    const kinds = [...new Set([...moved, ...(at.state.off ? ["assumption"] : [])])].sort();
    return html`${t("explore.mean", { typical: write(typical), mean: write(mean), unit, low: write(low), high: write(high) })}
      <span class="doubt ${clear ? "" : "unclear"}">${t(clear ? "explore.clear" : "explore.unclear")}</span>
      ${kinds.length ? t(`explore.by.${kinds.join("-")}`) : nothing}`;
  }

  function chips() {
    /** @type {string[]} */
    const off = at.state.off.split(",").filter(Boolean);
    /** @type {(words: string, id: string, changes: AddressState) => any} */
    const chip = (words, id, changes) => {
      const take = () => {
        context.go(changes);
        /** @type {HTMLElement} */ (root.querySelector("#chips button") ?? document.getElementById("series")).focus();
      };
      return html`<li><button type="button" id="chip-${id}" aria-label=${t("explore.chip.reset", { words })}
        @click=${take}>${words} ×</button></li>`;
    };
    const all = [
      ...movedControls(at.state).map(({ control, control: { name }, value }) =>
        chip(t("explore.chip", { name: t(`control.${name}`), value: said(control, value) }), name, { [name]: null })),
      ...off.map((id) =>
        chip(t("explore.chip.off", { id }), `off-${id}`, { off: off.filter((each) => each !== id).join(",") })),
    ];
    return html`<ul class="chips" id="chips" aria-label=${t("explore.moved")} ?hidden=${!all.length}>${all}</ul>`;
  }

  function shares() {
    const found = sharesOf(at.found);
    return DEFINITIONS.map((name) => {
      const { one, control } = found[name];
      const { title, rule } = definitions[name];
      const words = control === null ? t("explore.bullet.only", { one: percent(one) })
        : t("explore.bullet", { one: percent(one), control: percent(control) });
      return html`<div class="definition ${name === "D2" ? "primary" : ""}"><h3>${sentence(title)} <small>${name}</small></h3>
        <p class="muted">${sentence(rule)}</p>${bullet(one, control, `${title}: ${words}`)}<p class="numbers">${words}</p></div>`;
    });
  }

  function keeping() {
    const copy = () => navigator.clipboard.writeText(location.href)
      .then(() => t("keep.copied"), () => t("keep.notcopied")).then((kept) => set({ kept }));
    const take = async (/** @type {any} */ { target }) => {
      const [file] = target.files;
      target.value = ""; // so that the same file, mended, can be taken in again
      const hash = addressIn(await file.text());
      set({ kept: t(hash ? "keep.back" : "keep.foreign", { file: file.name }) });
      if (hash) context.go(context.read(hash));
    };
    return html`<p class="muted">${t("keep.more")}</p>
      <div class="buttons"><button type="button" id="copy" @click=${copy}>${t("keep.copy")}</button>${keepers}</div>
      <p><label for="back">${t("keep.label")}</label> <input type="file" id="back" accept=".yaml,.yml,text/yaml" @change=${take}></p>
      <span role="status" id="kept-said" class="muted">${at.kept}</span>`;
  }

  function own() {
    const { kept } = at.state;
    const packed = () => context.link("explore", { kept: null, series: undefined, seed: undefined }).split("?")[1] ?? "";
    const keep = html`<button type="button" id="keepworld" @click=${() => context.go({ kept: packed() })}>
      ${t(kept === null ? "own.keep" : "own.again")}</button>`;
    if (kept === null) return html`<p class="muted">${t("own.none")}</p>${keep}`;
    const drop = () => context.go({ kept: null });
    return html`<p id="own-said">${at.own ?? t(differing().length ? "start.waiting" : "own.same")}</p>
      <div class="buttons">${keep}<button type="button" id="dropworld" @click=${drop}>${t("own.drop")}</button></div>`;
  }

  /** Return in what the world that was kept differs from this one. */
  function differing() {
    const other = context.read(`#/explore?${at.state.kept}`);
    const moved = controls.map(({ name }) => name).filter((name) => String(at.state[name]) !== String(other[name]));
    return [...moved.map((name) => t(`control.${name}`)), ...(at.state.off === other.off ? [] : [t("group.rules")])];
  }

  /** Compare this world with the one that was kept. */
  function compare() {
    const { kept, seed, series } = at.state;
    if (kept === null || !differing().length) return;
    simulate(context, "own", { ...worldOf(context.read(`#/explore?${kept}`)), seed, series }, (found) => {
      if (found.runs.length < RUNS || at.done !== 1) return;
      const { short, unit, write, closer } = inUnit(at.state.series);
      const [mine, theirs] = [at.effect, effectOf(found, primary())];
      const theirsBy = new Map(theirs.runs.map((run, n) => [run, theirs.values[n]]));
      const both = mine.runs.map((run, n) => ({ run, off: mine.values[n] - (theirsBy.get(run) ?? NaN) }))
        .filter(({ off }) => !Number.isNaN(off));
      const gap = estimate(both.map(({ off }) => off), both.map(({ run }) => at.found.owners[run]), rules.student);
      const [hereOf100, thereOf100] = [mine, theirs].map(({ share }) => Math.round(100 * share.mean));
      const [here, there] = [mine, theirs].map(({ mean }) => write(mean.mean));
      const own = t("own.said", {
        differing: differing().join(", "), short, unit, closer, here, there, hereOf100, thereOf100,
        gap: write(gap.mean), low: write(gap.low), high: write(gap.high),
      });
      set({ own });
    });
  }

  function drawDifference() {
    const { found, found: { months }, effect } = at;
    const gap = (/** @type {number} */ n, /** @type {number} */ place) => {
      const run = effect.runs[n];
      const month = found.warEnd[run] - BEFORE + place;
      return month >= 0 && month < months ? found.one[run * months + month] - found.control[run * months + month] : NaN;
    };
    const { rows, mean } = bandsOf(BEFORE + AFTER + 1, effect.runs.length, gap);
    const [low, high] = RANGES[at.state.series];
    const far = Math.max(...rows.flatMap((row) => [...row].map(Math.abs)).filter(Number.isFinite));
    const reach = primary() ? REACHES.find((each) => each >= far) ?? 100 : (high - low) / 2;
    const digits = high - low > 50 ? 1 : 2;
    const zero = { value: 0, label: t("explore.zero"), kind: "zero" };
    const say = (/** @type {number} */ month) => t("explore.difference.at", {
      when: t(`explore.when.${["before", "peace", "after"][Math.sign(month) + 1]}`, { months: Math.abs(month) }),
      ...Object.fromEntries(Object.entries({ mean, low: rows[0], typical: rows[2], high: rows[4] })
        .map(([name, row]) => [name, signed(row[month + BEFORE], digits)])),
    });
    difference.show({
      title: t("explore.difference.title", { typical: signed(effect.typical, digits), mean: signed(effect.mean.mean, digits) }),
      draw: (width, month) => fanChart({
        first: -BEFORE, last: AFTER, range: [-reach, reach], ticks: [-12, 0, 12, 24, 36],
        tick: (month) => (month ? signed(month, 0) : t("explore.peace")),
        fans: [{ rows, kind: "with" }], lines: [{ values: mean, kind: "mean" }],
        levels: primary() ? [zero, { value: rules.points, label: t("explore.five", rules), kind: "five" }] : [zero],
        notes: [{ month: rules.within, label: t("explore.twoyears") }],
      }, width, heightOf(width), t("explore.difference.words", { said: say(rules.within) }), month),
      key: [["with", t("three.typical")], ["mean", t("table.mean")], ["band", t("card.bands")]],
      series: at.state.series, head: [t("table.after"), "10%", "25%", "50%", "75%", "90%", t("table.mean")],
      rows: Array.from(mean, (each, place) => [place - BEFORE, ...rows.map((row) => +row[place].toFixed(2)), +each.toFixed(2)]),
      python: () => pythonLines(at.state, "difference"),
      readout: { first: -BEFORE, last: AFTER, at: rules.within, say },
    });
  }

  function drawFan() {
    const { found: { months, runs, one, control }, state: { series } } = at;
    const [peace, war] = [one, control].map((all) =>
      bandsOf(months, runs.length, (run, month) => all[run * months + month]).rows);
    const { title } = world.series[series];
    const say = (/** @type {number} */ month) => {
      const [low, , typical, , high] = peace.map((row) => shortly(row[month]));
      return t("explore.fan.at", { when: spoken(month), one: typical, low, high, other: shortly(war[2][month]) });
    };
    const head = ["10%", "25%", "50%", "75%", "90%"].flatMap((level) =>
      ["table.with", "table.without"].map((key) => t(key, { level })));
    fan.show({
      title: t("explore.fan.title", { title }),
      draw: (width, month) => fanChart({
        first: 0, last: months - 1, range: RANGES[series], ...years(width),
        fans: [{ rows: war, kind: "without" }, { rows: peace, kind: "with" }],
        notes: notes(width < 500), dots: series === "china_flow" ? observed() : [],
      }, width, heightOf(width), t("explore.fan.words", { title, said: say(months - 13) }), month),
      key: [["with", t("table.one")], ["without", t("table.control")], ["band", t("card.bands")]],
      series, head: [t("table.month"), ...head],
      rows: Array.from({ length: months }, (_, month) =>
        [named(month), ...peace.flatMap((row, level) => [row, war[level]].map((each) => +each[month].toFixed(2)))]),
      python: () => pythonLines(at.state, "fan"),
      readout: { first: 0, last: months - 1, at: months - 13, say },
    });
  }

  /** @param {boolean} narrow */
  function notes(narrow) {
    const { drivers, warStart } = world.scenarios[base()];
    const { warEnd, months } = at.found;
    const shut = drivers.border.findIndex((/** @type {number} */ each) => each < 0.1);
    const [first, last] = [Math.min(...warEnd), Math.max(...warEnd)];
    const peace = first === last ? { label: t("note.peace") }
      : { to: Math.min(last, months - 1), label: t("note.peaces") };
    const earlier = [{ month: shut, label: t("note.shut") }, { month: warStart, label: t("note.war"), row: 1 }];
    const later = [{ month: world.article + 1, label: t("note.here") }, { month: first, row: 1, ...peace }];
    return narrow ? later : [...earlier, ...later];
  }

  const observed = () =>
    world.observed.monthly.filter((each) => each.series === "china_dprk_trade_total" && each.month >= "2019-01")
      .map(({ month, value }) => ({ month: indexOf(month), value: value / facts.millionUsd }));

  return {
    title: t("explore.name"),
    show(state) {
      Object.assign(at, { state, done: null, own: null });
      simulate(context, "explore", { ...worldOf(state), series: state.series }, async (found, done) => {
        set({ found, done, effect: effectOf(found, primary()) });
        await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted))); // the number comes first
        if (at.state !== state || at.found !== found) return;
        drawDifference();
        drawFan();
      }).then((all) => {
        if (!all) return;
        context.announce(headline(state.series, at.effect.share.mean));
        compare();
      });
      if (at.done === null) draw(); // the workers are at it meanwhile
    },
  };
}

/** @param {number} width */
const heightOf = (width) => Math.max(180, Math.min(260, width * 0.33));

/** @param {number} value */
const shortly = (value) => Math.abs(value) >= 10 ? value.toFixed(0) : value.toFixed(2).replace(/\.?0+$/, "");
