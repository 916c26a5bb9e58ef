// A game, simulated: the history that the turns so far lead to beside the one without the players, what each move is likely
// to bring, and in the end what was done differently and what that cost whom. What nobody orders stands as it stood.

import { leftBy, parametersOf, planned, resolve } from "../engine/plan.js";
import { reasons } from "../engine/reasons.js";
import { average, sum } from "../statistics.js";
import { leverOf, placeOf, world } from "../world.js";
import { teller } from "./teller.js";

/**
 * @typedef {import("../world.js").Lever} Lever
 * @typedef {import("../engine/engine.js").Plan} Plan
 * @typedef {import("../engine/engine.js").State} State
 * @typedef {import("../engine/reasons.js").Deal} Deal
 * @typedef {import("./teller.js").Given & {teller: import("./teller.js").Engine}} On what simulates: many runs, or one with its reasons
 * @typedef {Record<string, string>} Orders the option ordered of some levers
 *
 * @typedef {object} Game
 * @property {string} scenario
 * @property {number} seed
 * @property {number} run
 * @property {string[]} seats the capitals that are played
 * @property {number[]} starts first month of every turn
 * @property {number} end the month after the last turn
 * @property {Orders[]} turns of all seats together
 *
 * @typedef {object} Simulated One run, from January 2019 on.
 * @property {Record<string, Float64Array>} series
 * @property {Int8Array} played
 * @property {Record<string, Float64Array>} worth of each month to each capital: its goals, by its own weights
 *
 * @typedef {{now: number, before: number, without: number}} Gauge a goal in the last turn, in the turn before, and without the players
 * @typedef {object} Card
 * @property {number} gain points until the end of the game, against leaving the matter as it stands: the mean of the look-aheads
 * @property {number} low a tenth of the look-aheads are below it
 * @property {number} high a tenth are above
 * @property {number[]} goals what the capital expects of it for each of its goals
 *
 * @typedef {object} Hand
 * @property {string[]} matters of this turn
 * @property {Record<string, number>} stands the place of the option that stands, of each lever
 * @property {number} ahead points still to come if all is left as it stands
 * @property {Record<string, Card[]>} cards one an option, of each matter that is still to be decided
 *
 * @typedef {object} Difference
 * @property {string} field
 * @property {number} months in which it went another way than without the players
 * @property {number} mine the option that the player had in most of them
 * @property {number} theirs
 * @property {Record<string, number>} points that the difference brought each capital
 */

export const MATTERS = 3; // that a turn decides
const POINTS = 1000; // all that a capital wants, all the time
const LOOKS = 32; // look-aheads of a card: as many runs as the engine takes side by side
const ELSEWHERE = 1000; // the first of their runs: no game has these, so a card knows nothing of the luck to come
/** @type {Record<string, "moscow" | "pyongyang">} */
const SIDES = { Moscow: "moscow", Pyongyang: "pyongyang" };

/** @type {Record<string, Plan>} */
const plans = {}; // scenarios month by month, without orders

/**
 * Return what the turns so far have led to.
 * @param {import("./teller.js").Given} context @param {{game: Game}} asked
 */
export async function turn(context, { game }) {
  const on = { ...context, teller: await teller() };
  const at = game.turns.length;
  const month = game.starts[at] ?? game.end;
  const [mine, without] = [game, untouched(game)].map((each) => simulated(on, each, Math.max(month, 1)));
  const [last, before] = [span(game, at - 1), span(game, at - 2)];
  const gauges = Object.fromEntries(game.seats.map((seat) => {
    const theirs = goalsOf(on, game, without.played, seat);
    return [seat, goalsOf(on, game, mine.played, seat).map((goal, n) =>
      ({ now: within(goal, last), before: within(goal, before), without: within(theirs[n], last) }))];
  }));
  const points = (/** @type {number} */ until) => pointsOf(game, mine, without, until);
  return { month, played: mine.played, gauges, points: points(month), before: points(game.starts[at - 1] ?? month) };
}

/**
 * Return the matters that a seat is to decide, with a card for each option. The matters of a turn are those on which most
 * depends.
 * @param {import("./teller.js").Given} context
 * @param {{game: Game, seat: string, orders: Orders, matters: string[] | null}} asked matters where they are known already
 * @returns {Promise<Hand>}
 */
export async function hand(context, { game, seat, orders, matters }) {
  const on = { ...context, teller: await teller() };
  const ahead = looking(on, game, seat);
  const still = ahead.look(orders);
  /** @type {(field: string) => Float64Array[]} */
  const gains = (field) => leverOf(field).options.map(({ name }, n) =>
    (n === ahead.stands[field] ? still.map(() => 0) : ahead.look({ ...orders, [field]: name }).map((each, look) => each - still[look])));
  const fields = matters ?? leversOf(seat).map(({ field }) => field);
  const known = new Map(fields.filter((field) => !(field in orders)).map((field) => [field, gains(field)]));
  const spread = (/** @type {string} */ field) => {
    const means = (known.get(field) ?? []).map(average);
    return Math.max(...means) - Math.min(...means);
  };
  const first = matters ?? [...known.keys()].sort((one, other) => spread(other) - spread(one)).slice(0, MATTERS);
  const goals = expected(on, ahead, game.starts[game.turns.length], seat);
  const cards = Object.fromEntries([...known].filter(([field]) => first.includes(field)).map(([field, gains]) => [field, gains.map((gain, n) => {
    const [low, high] = [0.1, 0.9].map((share) => gain.toSorted()[Math.round(share * (LOOKS - 1))]);
    return { gain: average(gain), low, high, goals: goals[field][n] };
  })]));
  return { matters: first, stands: ahead.stands, ahead: average(still) - average(ahead.without()), cards };
}

/**
 * Return how a game ended for all capitals, and what each lever of a seat that went another way brought them.
 * @param {import("./teller.js").Given} context @param {{game: Game, seat: string}} asked
 */
export async function ending(context, { game, seat }) {
  const on = { ...context, teller: await teller() };
  const [mine, without] = [game, untouched(game)].map((each) => simulated(on, each, game.end));
  const differences = leversOf(seat).flatMap(({ field }) => {
    const [ours, theirs] = [mine, without].map(({ played }) => [...optionsOf(played, field)]);
    const apart = [...ours.keys()].filter((month) => month >= game.starts[0] && ours[month] !== theirs[month]);
    if (!apart.length) return [];
    const [took, would] = [ours, theirs].map((each) => commonest(apart.map((month) => each[month])));
    return [{ field, months: apart.length, mine: took, theirs: would, points: pointsOf(game, mine, simulated(on, game, game.end, [field]), game.end) }];
  });
  return {
    points: pointsOf(game, mine, without, game.end), differences,
    reengagement: { mine: mine.series.reengagement, without: without.series.reengagement },
  };
}

/** Return the levers that a capital decides in a game, what it hands over in the arms deal among them. @param {string} seat */
export function leversOf(seat) {
  const handed = (/** @type {Lever} */ { capital, field }) => capital === "deal" && seat in SIDES && (field === "deal_arms") === (seat === "Pyongyang");
  return [...world.levers.filter(({ capital }) => capital === seat), ...world.levers.filter(handed)];
}

/** Return the same game without its players. @param {Game} game */
function untouched(game) {
  return { ...game, seats: [], turns: [] };
}

/**
 * Simulate a game from January 2019 to before a month.
 * @param {On} on @param {Game} game @param {number} last @param {string[]} free levers that are left to the model all the same
 * @returns {Simulated}
 */
function simulated(on, game, last, free = []) {
  const keep = ["reengagement", ...world.capitals.map(habit)];
  const { played, series } = on.teller.simulate({ ...asked(on, game, free), months: [0, last], keep });
  return { played, series, worth: Object.fromEntries(world.capitals.map((capital) => [capital, series[habit(capital)]])) };
}

/** Return the row in which stands what a month was worth to a capital, where a habit lasts a month. @param {string} capital */
function habit(capital) {
  return `habit.${capital}`;
}

/** Return parameters with which the rows of habits are filled in, and no decision is another. @param {import("../engine/engine.js").Values} values */
function measuring(values, lanes = 1) {
  return { ...values, habit_months: 1, loss_aversion: new Float64Array(lanes).fill(1) };
}

/**
 * Return each goal of a capital month by month, where all moves are as they were played. Nobody has to decide anything then,
 * so its weights are free to measure: a run in which one goal weighs all tells what that goal came to.
 * @param {On} on @param {Game} game @param {Int8Array} played @param {string} capital @returns {Float64Array[]}
 */
function goalsOf(on, game, played, capital) {
  const names = world.weights[capital];
  const { values, seed, runs } = asked(on, untouched(game));
  const alone = Object.fromEntries(names.map((name, goal) => [name, Float64Array.from(names, (_, lane) => Number(lane === goal))]));
  const last = played.length / world.levers.length;
  const all = on.engine.simulate({
    plan: scripted(game.scenario, (script) => script.set(played)), values: { ...measuring(values, names.length), ...alone },
    seed, runs: names.map(() => runs[0]), months: [0, last], keep: [habit(capital)],
  }).series[habit(capital)];
  return names.map((_, goal) => all.subarray(goal * last, (goal + 1) * last));
}

/** Return how many points every capital is ahead in one of two runs of a game, up to a month. @param {Game} game @param {Simulated} one @param {Simulated} other @param {number} month */
function pointsOf({ starts, end }, one, other, month) {
  const total = (/** @type {Float64Array} */ worth) => sum(worth.subarray(starts[0], month));
  return Object.fromEntries(world.capitals.map((capital) => [capital, (POINTS * (total(one.worth[capital]) - total(other.worth[capital]))) / (end - starts[0])]));
}

/** Return the months of a turn; before the first, the month before the game. @param {Game} game @param {number} at @returns {[number, number]} */
function span({ starts, end }, at) {
  const before = Math.max(starts[0] - 1, 0);
  return at < 0 ? [before, before + 1] : [starts[at], starts[at + 1] ?? end];
}

/** @param {Float64Array} values @param {[number, number]} months */
function within(values, months) {
  return average(values.subarray(...months));
}

/**
 * Return what looks ahead from where a game stands to its end, under other chances: the same for all that is looked at.
 * @param {On} on @param {Game} game @param {string} seat
 */
function looking(on, game, seat) {
  const month = game.starts[game.turns.length];
  const stands = holding(on, game).at(-1) ?? {};
  const runs = Array.from({ length: LOOKS }, (_, look) => ELSEWHERE + look);

  /** @param {Game} played */
  function start(played) {
    const given = asked(on, played);
    const [end] = on.teller.ends(given.plan, given.seed, [game.run]);
    /** @type {Plan["warEnd"]} */
    const warEnd = given.plan.warEnd && (end < month ? [end, end] : [Math.max(given.plan.warEnd[0], month), given.plan.warEnd[1]]);
    return { given, warEnd, state: month ? on.teller.simulate({ ...given, months: [0, month] }).state : null };
  }
  const [here, without] = [start(game), start(untouched(game))];

  /** @param {ReturnType<typeof start>} from @param {Orders | null} orders @returns {Float64Array} points of every look-ahead */
  function look({ given, warEnd, state }, orders) {
    const plan = { ...scripted(game.scenario, (script) => orders && hold(script, placed(stands, orders), month, game.end)), warEnd };
    const { series: { [habit(seat)]: worth } } = on.engine.simulate({
      plan, values: measuring(given.values, LOOKS), seed: given.seed, runs, months: [month, game.end], keep: [habit(seat)],
      from: repeated(state, runs),
    });
    const months = game.end - month;
    return Float64Array.from(runs, (_, look) => (POINTS * sum(worth.subarray(look * months, (look + 1) * months))) / (game.end - game.starts[0]));
  }
  return { stands, given: here.given, state: here.state, look: (/** @type {Orders} */ orders) => look(here, orders), without: () => look(without, null) };
}

/**
 * Return what a capital expects of every option of its levers for each of its goals, against what stands.
 * @param {On} on @param {{given: ReturnType<typeof asked>, state: State | null}} here @param {number} month @param {string} seat
 * @returns {Record<string, number[][]>}
 */
function expected(on, { given, state }, month, seat) {
  const values = { ...given.values, review_chance: 1, review_by_kind: 0 };
  const { decisions, deals } = reasons(on.teller, { ...given, values, months: [month, month + 1], from: state });
  const found = Object.fromEntries(decisions.filter(({ capital }) => capital === seat).map(({ lever, options, last, weights }) =>
    [lever, options.map(({ terms }) => promised(weights, terms, options[last].terms))]));
  return Object.assign(found, ...deals.map((deal) => ofDeal(given.values, deal, seat)));
}

/**
 * Return the same of a side's part of the arms deal: an option stands for the likeliest bundle that has it.
 * @param {import("../engine/engine.js").Values} values @param {Deal} deal @param {string} seat
 */
function ofDeal(values, { bundles, last }, seat) {
  const weights = world.weights[seat].map((name) => Number(values[name]));
  const terms = (/** @type {Deal["bundles"][number]} */ bundle) => bundle[SIDES[seat]].terms;
  return Object.fromEntries(leversOf(seat).filter(({ capital }) => capital === "deal").map(({ field, options }) => {
    const part = /** @type {"arms" | "pay" | "technology"} */ (field.replace("deal_", ""));
    return [field, options.map(({ value }) => {
      const likeliest = bundles.filter((each) => each[part] === value).reduce((best, each) => (each.chance > best.chance ? each : best));
      return promised(weights, terms(likeliest), terms(bundles[last]));
    })];
  }));
}

/** @param {number[]} weights @param {number[]} terms @param {number[]} before */
function promised(weights, terms, before) {
  return weights.map((weight, goal) => weight * (terms[goal] - before[goal]));
}

/**
 * Return the option of each lever of the seats, as its place: where it stood before the first turn, then turn by turn.
 * @param {On} on @param {Game} game @returns {Record<string, number>[]}
 */
function holding(on, game) {
  const { layout } = on.teller;
  const [month] = game.starts;
  const before = month ? on.teller.simulate({ ...asked(on, untouched(game)), months: [0, month] }).played : null;
  const first = Object.fromEntries(game.seats.flatMap(leversOf).map(({ field }) => {
    const place = placeOf(field);
    return [field, before ? before[(month - 1) * world.levers.length + place] : layout.levers[place].options.indexOf(layout.first[place])];
  }));
  const all = [first];
  for (const orders of game.turns) all.push(placed(/** @type {Record<string, number>} */ (all.at(-1)), orders));
  return all;
}

/** Return what stands after some orders. @param {Record<string, number>} stands @param {Orders} orders @returns {Record<string, number>} */
function placed(stands, orders) {
  return { ...stands, ...Object.fromEntries(Object.entries(orders).map(([field, option]) => [field, leverOf(field).options.findIndex(({ name }) => name === option)])) };
}

/** Tie levers to options in some months. @param {Int8Array} script @param {Record<string, number>} stands @param {number} from @param {number} to */
function hold(script, stands, from, to) {
  for (const [field, option] of Object.entries(stands))
    for (let month = from; month < to; month++) script[month * world.levers.length + placeOf(field)] = option;
}

/**
 * Return a scenario month by month, taken apart once, with some moves in place of what it leaves to the model.
 * @param {string} stem @param {(script: Int8Array) => void} move
 */
function scripted(stem, move) {
  const free = (plans[stem] ??= planned(world, world.scenarios[stem]));
  const script = free.script.slice();
  move(script);
  return { ...free, ...leftBy(world, script) };
}

/**
 * Return what the engine is asked for a game, with the retained set of its run.
 * @param {On} on @param {Game} game @param {string[]} free levers that are left to the model all the same
 */
function asked(on, game, free = []) {
  const scenario = world.scenarios[game.scenario];
  const plan = scripted(game.scenario, (script) => game.turns.length && holding(on, game).slice(1).forEach((stands, at) =>
    hold(script, Object.fromEntries(Object.entries(stands).filter(([field]) => !free.includes(field))), ...span(game, at))));
  const set = Object.fromEntries(Object.entries(parametersOf(world, on.sets, [game.run], scenario)).map(([name, [value]]) => [name, value]));
  return { plan, values: measuring(resolve(world, scenario, { parameters: set })), seed: game.seed, runs: [game.run] };
}

/** Return a state of one run as that of others. @param {State | null} one @param {number[]} runs */
function repeated(one, runs) {
  return one && { month: one.month, runs, rows: Float64Array.from({ length: one.rows.length * runs.length }, (_, n) => one.rows[Math.floor(n / runs.length)]) };
}

/** Return a lever's options in a run, month by month. @param {Int8Array} played @param {string} field */
function optionsOf(played, field) {
  return played.filter((_, n) => n % world.levers.length === placeOf(field));
}

/** @param {number[]} options */
function commonest(options) {
  const counts = new Map(options.map((option) => [option, options.filter((each) => each === option).length]));
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most))[0];
}
