// A game, simulated: the world that the turns so far lead to, what the cards are worth, what the model mostly does, and how
// a capital fares by its goals. A turn names options of levers; what it leaves open, the model decides.

import { parametersOf, planned, resolve } from "../engine/plan.js";
import { reasons } from "../engine/reasons.js";
import { average, sum } from "../statistics.js";
import { placeOf, world } from "../world.js";
import { teller } from "./teller.js";

/**
 * @typedef {import("../world.js").Lever} Lever
 * @typedef {import("../engine/engine.js").State} State
 * @typedef {import("../engine/reasons.js").Deal} Deal
 * @typedef {ReturnType<typeof asked>} Given
 * @typedef {import("./teller.js").Given & {teller: import("./teller.js").Engine}} On what simulates: many runs, or one with its reasons
 *
 * @typedef {object} Game
 * @property {string} scenario
 * @property {number} seed
 * @property {number} run
 * @property {number[]} starts first month of every turn
 * @property {number} end the month after the last turn
 * @property {Record<string, string>[]} turns of all seats together: the option of each lever that is not left to the model
 *
 * @typedef {object} Fared How a capital fared: means over the months of the game.
 * @property {number} whole of all its goals together, by its own weights
 * @property {number[]} goals
 * @property {Record<string, number>} series
 *
 * @typedef {{hope: number[], chance: number}} Card what an option promises by goal, against leaving things as they are
 */

const PLAYERS = 200; // governments of the model that a player is compared with
/** @type {Record<string, "moscow" | "pyongyang">} */
const SIDES = { Moscow: "moscow", Pyongyang: "pyongyang" };

/** @type {Record<string, import("../engine/plan.js").Plan>} */
const plans = {}; // scenarios month by month, without orders

/**
 * Return a game's world up to the turn to be played, with the cards of every seat.
 * @param {import("./teller.js").Given} context @param {{game: Game, seats: string[]}} asked
 */
export async function turn(context, { game, seats }) {
  const on = { ...context, teller: await teller() };
  const at = game.turns.length;
  const over = at >= game.starts.length;
  const month = game.starts[at] ?? game.end;
  const given = asked(on, game);
  const played = on.teller.simulate({ ...given, keep: on.engine.describe().series, months: [0, month], store: month ? [month] : [] });
  return {
    month, over, series: played.series, played: played.played, foresight: number(given.values.foresight),
    cards: over ? {} : cards(on, given, month, played.states[0] ?? null, seats), mostly: at ? mostly(on, game, at - 1, seats) : null,
  };
}

/**
 * Return what every option of the seats' levers promises in a month in which all of them come up.
 * @param {On} on @param {Given} given what is asked for the game @param {number} month @param {State | null} from @param {string[]} seats
 * @returns {Record<string, {last: number, cards: Card[]}>}
 */
function cards(on, given, month, from, seats) {
  const values = { ...given.values, review_chance: 1, review_by_kind: 0 };
  const { decisions, deals } = reasons(on.teller, { ...given, values, months: [month, month + 1], from });
  const found = Object.fromEntries(decisions.filter(({ capital }) => seats.includes(capital)).map(({ lever, options, last, weights }) =>
    [lever, { last, cards: options.map((each) => ({ chance: each.chance, hope: promised(weights, each.terms, options[last].terms) })) }]));
  for (const deal of deals)
    for (const seat of seats.filter((each) => each in SIDES)) Object.assign(found, ofDeal(given.values, deal, seat));
  return found;
}

/**
 * Return the cards of a side's part of the arms deal: an option stands for the likeliest bundle that has it.
 * @param {import("../engine/engine.js").Values} values @param {Deal} deal @param {string} seat
 */
function ofDeal(values, { bundles, last }, seat) {
  const weights = world.weights[seat].map((name) => number(values[name]));
  const terms = (/** @type {Deal["bundles"][number]} */ bundle) => bundle[SIDES[seat]].terms;
  return Object.fromEntries(parts(seat).map(({ field, options }) => {
    const part = /** @type {"arms" | "pay" | "technology"} */ (field.replace("deal_", ""));
    return [field, {
      last: options.findIndex(({ value }) => value === bundles[last][part]),
      cards: options.map(({ value }) => {
        const some = bundles.filter((each) => each[part] === value);
        const likeliest = some.reduce((best, each) => (each.chance > best.chance ? each : best));
        return { chance: sum(some.map((each) => each.chance)), hope: promised(weights, terms(likeliest), terms(bundles[last])) };
      }),
    }];
  }));
}

/** @param {string} seat @returns {Lever[]} the parts of the arms deal that a capital decides: what it hands over */
function parts(seat) {
  if (!(seat in SIDES)) return [];
  return world.levers.filter(({ capital, field }) => capital === "deal" && (field === "deal_arms") === (seat === "Pyongyang"));
}

/** Return the levers that a capital decides in a game. @param {string} seat */
export function leversOf(seat) {
  return [...world.levers.filter(({ capital }) => capital === seat), ...parts(seat)];
}

/** @param {number[]} weights @param {number[]} terms @param {number[]} before */
function promised(weights, terms, before) {
  return weights.map((weight, goal) => weight * (terms[goal] - before[goal]));
}

/**
 * Return how often the model takes each option in a turn, from where the player stood: shares of its months, over the
 * governments that the player is compared with.
 * @param {On} on @param {Game} game @param {number} at the turn @param {string[]} seats @returns {Record<string, number[]>}
 */
function mostly(on, game, at, seats) {
  const [first, last] = [game.starts[at], game.starts[at + 1] ?? game.end];
  const before = { ...game, turns: game.turns.slice(0, at) };
  const free = seats.flatMap(leversOf);
  const others = { ...before, turns: [...before.turns, without(game.turns[at], free)] };
  const many = asked(on, others, weighings(on, game, seats, 0, PLAYERS));
  const { played } = on.engine.simulate({ ...many, months: [first, last], from: repeated(state(on, before, first), PLAYERS) });
  return Object.fromEntries(free.map(({ field, options }) => {
    const counts = options.map(() => 0);
    for (let n = placeOf(field); n < played.length; n += world.levers.length) counts[played[n]] += 1;
    return [field, counts.map((count) => count / (PLAYERS * (last - first)))];
  }));
}

/** Return the orders of a turn but those on some levers. @param {Record<string, string>} orders @param {Lever[]} levers */
function without(orders, levers) {
  return Object.fromEntries(Object.entries(orders).filter(([lever]) => !levers.some(({ field }) => field === lever)));
}

/**
 * Return how some of the governments fare that a player is compared with: the same world and chance, the capital in the
 * hands of the model, weighing its goals as one of the retained sets does. All are judged by the weights of the game's world.
 * @param {import("./teller.js").Given} context @param {{game: Game, capital: string, first: number, last: number, series: string[]}} asked_
 * @returns {Promise<Fared[]>}
 */
export async function field(context, { game, capital, first, last, series }) {
  const on = { ...context, teller: await teller() };
  const untouched = { ...game, turns: [] };
  const from = state(on, untouched, game.starts[0]);
  const many = asked(on, untouched, weighings(on, game, [capital], first, last));
  const { played, months } = on.engine.simulate({ ...many, months: [game.starts[0], game.end], from: repeated(from, last - first) });
  const size = months * world.levers.length;
  return many.runs.map((_, place) => fared(on, untouched, capital, played.subarray(place * size, (place + 1) * size), from, series));
}

/**
 * Return how a capital fares in a game, where it is left to the model in one turn, in all, or (-1) in none.
 * @param {import("./teller.js").Given} context @param {{game: Game, capital: string, left: number | "all", series: string[]}} asked_
 */
export async function replay(context, { game, capital, left, series }) {
  const on = { ...context, teller: await teller() };
  const turns = game.turns.map((each, place) => (left === "all" || left === place ? without(each, leversOf(capital)) : each));
  const other = { ...game, turns };
  const { played, series: shown } = on.teller.simulate({ ...asked(on, other), keep: ["reengagement"], months: [0, game.end] });
  const since = played.subarray(game.starts[0] * world.levers.length);
  return { fared: fared(on, other, capital, since, state(on, other, game.starts[0]), series), reengagement: shown.reengagement };
}

/**
 * Return how a capital fares where all moves are as they were played. Nobody has to decide anything then, so its weights are
 * free to measure: a run in which one goal weighs all tells what that goal came to. What a month was worth stands in the row
 * of the habit, which lasts a month here.
 * @param {On} on @param {Game} game @param {string} capital @param {Int8Array} played @param {State | null} from @param {string[]} series
 * @returns {Fared}
 */
function fared(on, game, capital, played, from, series) {
  const names = world.weights[capital];
  const goals = names.length;
  const [first, end] = [game.starts[0], game.end];
  const { values, seed, runs } = asked(on, { ...game, turns: [] });
  const plan = scripted(game.scenario, (script) => script.set(played, first * world.levers.length));
  const lanes = goals + 1;
  const hot = Object.fromEntries(names.map((name, goal) =>
    [name, Float64Array.from({ length: lanes }, (_, lane) => (lane === goals ? number(values[name]) : Number(lane === goal)))]));
  const measuring = { ...values, ...hot, habit_months: 1, loss_aversion: new Float64Array(lanes).fill(1) };
  const { rows } = on.engine.layout;
  const kept = Object.fromEntries(series.map((name) => [name, rows[`world.${name}`] === undefined ? `measure.${name}` : `world.${name}`]));
  const habit = `habit.${capital}`;
  const block = on.engine.rows({
    plan, values: measuring, seed, runs: Array(lanes).fill(runs[0]), months: [first, end], from: from && repeated(from, lanes),
  }, [habit, ...Object.values(kept)]);
  const mean = (/** @type {string} */ row, /** @type {number} */ lane) =>
    average(block.series[row].subarray(lane * block.months, (lane + 1) * block.months));
  return {
    whole: mean(habit, goals), goals: names.map((_, goal) => mean(habit, goal)),
    series: Object.fromEntries(Object.entries(kept).map(([name, row]) => [name, mean(row, goals)])),
  };
}

/**
 * Return a scenario month by month with some moves in place of what it leaves to the model. The same as `planned` with these
 * moves, but that a scenario is taken apart once.
 * @param {string} stem @param {(script: Int8Array) => void} move
 */
function scripted(stem, move) {
  const free = (plans[stem] ??= planned(world, world.scenarios[stem]));
  const plan = { ...free, script: free.script.slice(), limits: free.limits.slice(), scriptedDeal: free.scriptedDeal.slice() };
  move(plan.script);
  const levers = world.levers.length;
  const deal = world.levers.flatMap(({ capital }, place) => (capital === "deal" ? [place] : []));
  for (let month = 0; month < plan.months; month++) {
    const places = deal.map((place) => plan.script[month * levers + place]);
    if (places.every((place) => place < 0)) continue;
    const limits = [...world.limits.by[`${places}`]].flatMap((sign) => world.limits.held[sign]);
    plan.limits.set(limits, month * limits.length);
    plan.scriptedDeal[month] = 1;
  }
  return plan;
}

/**
 * Return what the engine is asked for a game, with the retained set of its run.
 * @param {On} on @param {Game} game @param {Record<string, Float64Array>} own numbers that differ from lane to lane
 */
function asked({ sets }, game, own = {}) {
  const scenario = world.scenarios[game.scenario];
  const plan = scripted(game.scenario, (script) => game.turns.forEach((turn, place) => Object.entries(turn).forEach(([field, option]) => {
    const lever = placeOf(field);
    const taken = world.levers[lever].options.findIndex(({ name }) => name === option);
    for (let month = game.starts[place]; month < (game.starts[place + 1] ?? game.end); month++) script[month * world.levers.length + lever] = taken;
  })));
  const set = Object.fromEntries(Object.entries(parametersOf(world, sets, [game.run], scenario)).map(([name, [value]]) => [name, value]));
  const lanes = Object.values(own)[0]?.length ?? 1;
  return { plan, values: resolve(world, scenario, { parameters: set }, own), seed: game.seed, runs: Array(lanes).fill(game.run) };
}

/**
 * Return how some governments weigh the goals of the seats: each as a retained set does, spread over all of them.
 * @param {On} on @param {Game} game @param {string[]} seats @param {number} first @param {number} last
 */
function weighings({ sets }, game, seats, first, last) {
  const runs = Array.from({ length: last - first }, (_, n) => first + n);
  const drawn = parametersOf(world, sets, runs, world.scenarios[game.scenario]);
  const names = seats.flatMap((seat) => world.weights[seat]);
  return Object.fromEntries(names.map((name) => [name, drawn[name] ?? new Float64Array(runs.length).fill(world.parameters[name].default)]));
}

/** @param {On} on @param {Game} game @param {number} month */
function state(on, game, month) {
  return month ? on.teller.simulate({ ...asked(on, game), months: [0, month], store: [month] }).states[0] : null;
}

/** Return a state of one run as one of many. @param {State | null} state_ @param {number} lanes */
function repeated(state_, lanes) {
  if (!state_) return null;
  const rows = Float64Array.from({ length: state_.rows.length * lanes }, (_, n) => state_.rows[Math.floor(n / lanes)]);
  return { month: state_.month, runs: Array(lanes).fill(state_.runs[0]), rows };
}

/** @param {number | Float64Array} value */
function number(value) {
  return typeof value === "number" ? value : value[0];
}
