// The end of a game: how each seat fared among governments of the model, goal by goal, and which turn cost most.

import { fanChart, years } from "../charts.js";
import { button, h, put, s, table } from "../dom.js";
import { called, sentence, spoken, t } from "../strings.js";
import { facts, world } from "../world.js";
import { FIELD, score } from "./play-game.js";
import { missionWords } from "./play-lobby.js";

/** @typedef {import("../jobs/play.js").Fared} Fared */
/** @typedef {import("./play-game.js").Setting} Setting */

const PART = 10; // governments that a worker simulates at a time

/** @param {import("../app.js").Context} context @param {any} root @param {Setting} setting @param {number} foresight of its world */
export async function debrief(context, root, setting, foresight) {
  const { game, seats } = setting;
  const spots = seats.map((seat) => h("div", { class: "card debrief", "data-seat": seat }, h("h2", {}, t("play.debrief", { seat: called(seat) })),
    h("p", { role: "status" }, t("play.judging", { field: FIELD }))));
  put(root, spots);
  for (const [place, seat] of seats.entries()) {
    const found = await judged(context, game, seat);
    if (!found) return;
    put(spots[place], told(context, setting, seat, found, foresight));
    spots[place].setAttribute("data-done", "");
  }
  put(root, spots, h("div", { class: "buttons" },
    button("play-print", t("play.print"), () => print()), button("play-again", t("play.again"), () => context.go({ moves: "", draft: "" }))));
  context.announce(t("play.judged"));
}

/** @param {import("../app.js").Context} context @param {import("../jobs/play.js").Game} game @param {string} capital */
async function judged({ pool, progress }, game, capital) {
  const series = facts.play.missions[capital].map((/** @type {[string, number]} */ [name]) => name);
  const fields = Array.from({ length: FIELD / PART }, (_, n) => ({ job: "field", game, capital, first: n * PART, last: (n + 1) * PART, series }));
  const replays = [-1, "all", ...game.turns.keys()].map((left) => ({ job: "replay", game, capital, left, series }));
  /** @type {any[]} */
  const found = [];
  const parts = [...fields, ...replays];
  let done = 0;
  const newest = await pool.ask("play-end", parts, (each, place) => {
    found[place] = each;
    progress(++done / parts.length);
  });
  if (!newest) return null;
  progress(null);
  const [mine, model, ...turns] = found.slice(fields.length);
  return { field: found.slice(0, fields.length).flat(), mine, model, turns };
}

/**
 * @param {import("../app.js").Context} context @param {Setting} setting @param {string} seat
 * @param {{field: Fared[], mine: any, model: any, turns: any[]}} found @param {number} foresight
 */
function told({ link }, { game, seats, entries, mission: aim }, seat, { field, mine, model, turns }, foresight) {
  const wholes = field.map(({ whole }) => whole);
  const points = score(mine.fared.whole, wholes);
  const goals = world.goals[seat].map(({ name }, n) =>
    ({ words: sentence(t(`play.goal.${seat}.${name}`)), points: score(mine.fared.goals[n], field.map((each) => each.goals[n])) }));
  const costs = turns.map(({ fared }) => score(fared.whole, wholes) - points);
  const worst = turns.reduce((most, { fared }, n) => (fared.whole > turns[most].fared.whole ? n : most), 0);
  const lost = turns[worst].fared.whole > mine.fared.whole;
  const from = spoken(game.starts[worst]);
  const moves = entries.slice(0, worst * seats.length).join(".");
  return [
    h("h2", {}, t("play.debrief", { seat: called(seat) })),
    h("p", { class: "lead" }, h("b", { class: "score" }, String(points)), " ", t("play.score", {
      beaten: wholes.filter((each) => each < mine.fared.whole).length, field: FIELD, model: score(model.fared.whole, wholes) })),
    strip(wholes, mine.fared.whole, model.fared.whole, points),
    aim && seats.length === 1 && mission(seat, +aim - 1, mine.fared, field),
    h("h3", {}, t("play.by-goal")),
    h("ul", { class: "goals" }, goals.map((each) => h("li", {}, h("span", {}, each.words),
      h("meter", { min: 0, max: 100, value: each.points, "aria-label": each.words }), h("b", {}, String(each.points))))),
    h("h3", {}, t("play.turn-by-turn")),
    h("p", {}, lost ? t("play.cost-most", { from, points: Math.max(costs[worst], 0) }) : t("play.cost-nothing")),
    lost && h("p", {}, h("a", { class: "button", id: `replay-${seat}`, href: link("play", { moves, draft: "" }) }, t("play.replay", { from }))),
    table(t("play.costs"), [t("play.turn-of"), t("play.would-be")], costs.map((cost, n) => [spoken(game.starts[n]), String(points + cost)])),
    h("h3", {}, t("play.ends")),
    lines(mine.reengagement, model.reengagement, game),
    h("p", { class: "muted" }, t("play.short-sight", { months: Math.round(foresight), seat: called(seat) })),
  ];
}

/** @param {string} seat @param {number} n @param {Fared} mine @param {Fared[]} field */
function mission(seat, n, mine, field) {
  const [name, sign] = facts.play.missions[seat][n];
  const points = score(sign * mine.series[name], field.map(({ series }) => sign * series[name]));
  const given = { mission: missionWords([name, sign]), points };
  return h("p", { class: points >= 75 ? "done" : "missed" }, h("b", {}, t(points >= 75 ? "play.mission-done" : "play.mission-missed", given)));
}

/**
 * Draw the governments as dots, from badly to well, and where the player stands.
 * @param {number[]} wholes @param {number} mine @param {number} model @param {number} points
 */
function strip(wholes, mine, model, points) {
  const all = [...wholes, mine, model];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const at = (/** @type {number} */ value) => 10 + 49 * Math.floor((6.2 * (value - low)) / (high - low || 1) * 8) / 8;
  /** @type {Record<string, number>} */
  const stacked = {};
  const dots = wholes.map((each) => [at(each), (stacked[at(each)] = (stacked[at(each)] ?? 0) + 1)]);
  const floor = 8 + 5 * Math.max(...Object.values(stacked));
  const mark = (/** @type {number} */ x, /** @type {string} */ kind, /** @type {string} */ words, /** @type {number} */ y) => [
    s("line", { x1: x, x2: x, y1: 0, y2: floor + 4, class: kind }),
    s("text", { x: Math.min(Math.max(x, 24), 300), y: floor + y, "text-anchor": "middle" }, words)];
  return s("svg", { viewBox: `0 0 330 ${floor + 36}`, class: "strip", role: "img", "aria-label": t("play.strip", { field: FIELD, points }) },
    dots.map(([x, height]) => s("circle", { cx: x, cy: floor - 5 * height + 2.5, r: 2.1 })),
    mark(at(model), "model", t("play.model"), 32), mark(at(mine), "mine", t("play.you"), 17));
}

/** @param {Float64Array} mine @param {Float64Array} model @param {import("../jobs/play.js").Game} game */
function lines(mine, model, game) {
  const first = Math.max(game.starts[0] - 12, 0);
  const { title, unit } = world.series.reengagement;
  const rows = [...game.starts.slice(1), game.end].map((month) => [spoken(month - 1), mine[month - 1].toFixed(0), model[month - 1].toFixed(0)]);
  const { ticks, tick } = years(640);
  return h("figure", {},
    h("figcaption", {}, `${title} (${unit})`),
    fanChart({
      first, last: game.end - 1, range: [0, 100], ticks: ticks.filter((month) => month >= first && month < game.end), tick, fans: [], levels: [], notes: [],
      lines: [{ values: model.subarray(first, game.end), kind: "without" }, { values: mine.subarray(first, game.end), kind: "" }],
    }, 480, 200, t("play.lines", { mine: rows.at(-1)?.[1], model: rows.at(-1)?.[2] })),
    h("p", { class: "key" }, h("span", { class: "mine" }, t("play.key-mine")), " ", h("span", { class: "model" }, t("play.key-model"))),
    h("details", {}, h("summary", {}, t("play.in-numbers")), table(title, [t("play.month"), t("play.you"), t("play.model")], rows)));
}
