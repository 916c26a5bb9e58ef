// What a turn brought: a telegram of the others' moves, the record beside it, and what the model mostly does.

import { english, h, table } from "../dom.js";
import { called, percent, sentence, spoken, t } from "../strings.js";
import { leverOf, world } from "../world.js";
import { happened } from "./play-game.js";

const TOLD = ["tension", "economy", "china_flow", "reengagement"];

/**
 * Return the moves that changed within a turn, the latest of each lever.
 * @param {any} found what the job "turn" found @param {number} from first month of the turn
 * @returns {{capital: string, month: number, label: string}[]}
 */
export function changes(found, from) {
  const many = world.levers.length;
  return world.levers.flatMap(({ capital, options }, place) => {
    for (let month = found.month - 1; month >= Math.max(from, 1); month--) {
      const now = found.played[month * many + place];
      if (now !== found.played[(month - 1) * many + place]) return [{ capital, month, label: options[now].label }];
    }
    return [];
  });
}

/** @param {import("./play-game.js").Setting} setting @param {any} found */
export function telegram({ game, seats, history }, found) {
  const turn = game.turns.length - 1;
  const from = game.starts[turn];
  const made = changes(found, from);
  const others = world.capitals.filter((capital) => !seats.includes(capital));
  return [
    h("h2", { id: "telegram", tabindex: -1 }, t("play.telegram", { from: spoken(from), to: spoken(found.month - 1) })),
    h("ul", { class: "wire" },
      [...others, "deal"].map((capital) => h("li", {}, h("b", {}, `${called(capital)}:`), " ",
        wired(made.filter((each) => each.capital === capital))))),
    h("dl", { class: "gauges" }, TOLD.map((name) => gauge(found.series[name], name, Math.max(from - 1, 0), found.month - 1))),
    history && record(turn),
    found.mostly && mostly(game.turns[turn], found.mostly),
  ];
}

/** @param {{month: number, label: string}[]} made */
function wired(made) {
  if (!made.length) return t("play.unmoved");
  return `${made.sort((one, other) => one.month - other.month).map(({ label, month }) => t("play.wire", { label, month: spoken(month) })).join(", ")}.`;
}

/** @param {Float64Array} series @param {string} name @param {number} from @param {number} to */
function gauge(series, name, from, to) {
  const digits = name === "reengagement" ? 0 : 2;
  const arrow = series[to] > series[from] ? "↑" : "↓";
  const still = series[to].toFixed(digits) === series[from].toFixed(digits);
  return h("div", {}, h("dt", {}, world.series[name].title),
    h("dd", {}, `${series[from].toFixed(digits)} → ${series[to].toFixed(digits)} ${still ? "" : arrow}`, h("small", {}, ` ${world.series[name].unit}`)));
}

/** @param {number} turn */
function record(turn) {
  const events = happened(turn);
  return [h("h3", {}, t("play.really")),
    h("ul", { class: "record" }, events.length ? events.map(event) : h("li", {}, t("play.no-record")))];
}

/** Return a recorded event with its source. @param {any} each */
export function event(each) {
  const address = /^https?:\/\/[^\s;]+$/.exec(each.address)?.[0];
  const source = [`${t("play.source")}: `, english(each.source)];
  return h("li", {}, h("time", { datetime: each.date }, each.date), ` ${called(each.actor)}: `, english(`${each.event}.`), " ",
    h("small", {}, address ? h("a", { href: address, rel: "noreferrer" }, source) : source));
}

/** @param {Record<string, string>} turn @param {Record<string, number[]>} shares */
function mostly(turn, shares) {
  const rows = Object.entries(shares).map(([field, each]) => {
    const { title, options } = leverOf(field);
    const most = each.indexOf(Math.max(...each));
    const yours = options.find(({ name }) => name === turn[field]);
    return [sentence(title), yours ? yours.label : t("play.left"), t("play.share", { label: options[most].label, share: percent(each[most]) })];
  });
  return [h("h3", {}, t("play.mostly")), table(t("play.mostly-told"), [t("play.lever"), t("play.yours"), t("play.models")], rows)];
}
