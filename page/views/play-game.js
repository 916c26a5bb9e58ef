// What a game is: its turning points, and how the address writes it. An entry is one seat's turn, a sign for each of its
// levers: the place of an option, or "-" where nothing was ordered. Entries follow each other seat by seat, turn by turn.

import { leversOf } from "../jobs/play.js";
import { facts, optionsOf, world } from "../world.js";

const LEFT = "-";
const HISTORY_END = 68; // the month after August 2024
const NOW = { first: 68, turns: 6, months: 6 };

/** Return the game of an address. @param {any} state @returns {Setting} */
export function setting(state) {
  const history = state.game === "history";
  const seats = state.seats.split(".");
  const starts = history ? facts.play.turning.map((/** @type {Turning} */ { month }) => month)
    : Array.from({ length: NOW.turns }, (_, n) => NOW.first + n * NOW.months);
  const end = history ? HISTORY_END : NOW.first + NOW.turns * NOW.months;
  const most = (state.watch || starts.length) * seats.length;
  const all = state.moves ? state.moves.split(".").slice(0, most) : [];
  const wrong = all.findIndex((/** @type {string} */ entry, /** @type {number} */ n) => !fits(seats[n % seats.length], entry));
  const entries = wrong < 0 ? all : all.slice(0, wrong);
  const complete = Math.floor(entries.length / seats.length);
  const turns = Array.from({ length: complete }, (_, turn) => Object.assign({}, ...seats.map((/** @type {string} */ seat, /** @type {number} */ n) =>
    orders(seat, entries[turn * seats.length + n]))));
  const seat = seats[entries.length % seats.length];
  return {
    game: { scenario: history ? "baseline" : state.future, seed: state.seed, run: state.luck, seats, starts, end, turns }, entries, history, seat,
    draft: fits(seat, state.draft) ? orders(seat, state.draft) : {}, over: complete >= starts.length,
  };
}

/** @param {string} seat @param {string} entry */
function fits(seat, entry) {
  const levers = leversOf(seat);
  return entry.length === levers.length && levers.every((lever, n) => entry[n] === LEFT || +entry[n] < lever.options.length);
}

/** Return the orders of an entry. @param {string} seat @param {string} entry @returns {Orders} */
export const orders = (seat, entry) =>
  Object.fromEntries(leversOf(seat).flatMap(({ field, options }, n) =>
    (entry[n] === LEFT ? [] : [[field, options[+entry[n]].name]])));

/** Return orders as an entry. @param {string} seat @param {Orders} given */
export const entry = (seat, given) =>
  leversOf(seat).map(({ field, options }) =>
    (field in given ? options.findIndex(({ name }) => name === given[field]) : LEFT)).join("");

/** Return the recorded events of a turn of history, without the one that it opened with. @param {number} turn */
export function happened(turn) {
  const [from, to] = facts.play.turning.slice(turn, turn + 2);
  return world.observed.events.filter((each) => each.date >= from.date && (!to || each.date < to.date) && !opens(each, from));
}

/** @param {number} turn */
export const headline = (turn) => world.observed.events.find((each) => opens(each, facts.play.turning[turn]));

/** @param {RecordedEvent} event @param {Turning} turning */
const opens = ({ date, actor }, turning) => date === turning.date && actor === turning.actor;

/** Return the moves that changed in a turn from its first month on. @param {Turn} found @param {number} from */
export function changes(found, from) {
  return world.levers.flatMap(({ capital, field, options }) => {
    const taken = optionsOf(found.played, field);
    for (let month = found.month - 1; month >= Math.max(from, 1); month--)
      if (taken[month] !== taken[month - 1]) return [{ capital, field, month, label: options[taken[month]].label }];
    return [];
  }).sort((one, other) => one.month - other.month);
}
