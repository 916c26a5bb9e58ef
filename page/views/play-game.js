// What a game is: its turning points, and how the address writes it. An entry is one seat's turn, a sign for each of its
// levers: the place of an option, or "-" where the model decides. Entries follow each other seat by seat, turn by turn.

import { coded, oneOf, whole } from "../address.js";
import { leversOf } from "../jobs/play.js";
import { t } from "../strings.js";
import { facts, world } from "../world.js";

export const FIELD = 200; // governments of the model that a capital is compared with
export const LEFT = "-";

const HISTORY_END = 68; // the month after August 2024
const NOW = { first: 68, turns: 6, months: 6 };

/**
 * @typedef {{month: number, date: string, actor: string}} Turning
 *
 * @typedef {object} Setting A game and what belongs to it on this page.
 * @property {import("../jobs/play.js").Game} game complete turns only
 * @property {string[]} seats
 * @property {string[]} entries of all complete and begun turns
 * @property {string} seat whose turn it is
 * @property {boolean} history
 * @property {boolean} over
 * @property {string | null} mission
 */

/** Return what a game keeps in the address. */
export function keys() {
  const seats = { usual: "Beijing", parse: (/** @type {string} */ written) =>
    [...new Set(written.split("."))].map(oneOf("seats", world.capitals, null).parse).join(".") };
  const signs = /^[-0-9.]{0,600}$/;
  return {
    game: oneOf("game", ["history", "now"], null), future: oneOf("future", facts.play.futures, facts.play.futures[0]), seats,
    luck: whole("luck", 999, 1), mission: oneOf("mission", ["1", "2", "3"], null), moves: coded("moves", signs), draft: coded("draft", signs),
  };
}

/** Return the game of an address. @param {any} state @returns {Setting} */
export function setting(state) {
  const history = state.game === "history";
  const seats = state.seats.split(".");
  const starts = history ? facts.play.turning.map((/** @type {Turning} */ { month }) => month) : Array.from({ length: NOW.turns }, (_, n) => NOW.first + n * NOW.months);
  const end = history ? HISTORY_END : NOW.first + NOW.turns * NOW.months;
  const all = state.moves ? state.moves.split(".").slice(0, starts.length * seats.length) : [];
  const wrong = all.findIndex((/** @type {string} */ entry, /** @type {number} */ n) => !fits(seats[n % seats.length], entry));
  const entries = wrong < 0 ? all : all.slice(0, wrong);
  const complete = Math.floor(entries.length / seats.length);
  const turns = Array.from({ length: complete }, (_, turn) => Object.assign({}, ...seats.map((/** @type {string} */ seat, /** @type {number} */ n) =>
    options(seat, entries[turn * seats.length + n]))));
  const scenario = history ? "baseline" : state.future;
  return {
    game: { scenario, seed: state.seed, run: state.luck, starts, end, turns }, seats, entries, history,
    seat: seats[entries.length % seats.length], over: complete >= starts.length, mission: state.mission,
  };
}

/** @param {string} seat @param {string} entry */
function fits(seat, entry) {
  const levers = leversOf(seat);
  return entry.length === levers.length && levers.every((lever, n) => entry[n] === LEFT || +entry[n] < lever.options.length);
}

/**
 * Return an entry that fits a seat: a draft if it does, else one that leaves all to the model.
 * @param {string} seat @param {string} draft
 */
export function drafted(seat, draft) {
  return fits(seat, draft) ? draft : LEFT.repeat(leversOf(seat).length);
}

/** @param {string} seat @param {string} entry @returns {Record<string, string>} */
function options(seat, entry) {
  return Object.fromEntries(leversOf(seat).flatMap((lever, n) => (entry[n] === LEFT ? [] : [[lever.field, lever.options[+entry[n]].name]])));
}

/** Return the recorded events of a turn of history, without the one that it opened with. @param {number} turn */
export function happened(turn) {
  const [from, to] = facts.play.turning.slice(turn, turn + 2);
  return world.observed.events.filter((each) => each.date >= from.date && (!to || each.date < to.date) && !opens(each, from));
}

/** @param {number} turn */
export function headline(turn) {
  return world.observed.events.find((each) => opens(each, facts.play.turning[turn]));
}

/** @param {import("../world.js").Recorded} event @param {Turning} turning */
function opens({ date, actor }, turning) {
  return date === turning.date && actor === turning.actor;
}

/**
 * Return the score of a value among others: the share of them that it beats, ties halved, in hundredths.
 * @param {number} value @param {number[]} others
 */
export function score(value, others) {
  const beaten = others.reduce((sum, each) => sum + (each < value ? 1 : each === value ? 0.5 : 0), 0);
  return Math.round((100 * beaten) / others.length);
}
