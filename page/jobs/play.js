// A game, simulated: the history that the turns so far lead to beside the one without the players, what each move is likely
// to bring, and in the end what was done differently and what that cost whom. What nobody orders stands as it stood.

import { leftBy, planned, resolve, setsOf } from "../engine/plan.js";
import { reasons, teller } from "../engine/reasons.js";
import { average, sum } from "../statistics.js";
import { leverOf, optionsOf, placeOf, world } from "../world.js";

export const MATTERS = 3; // that a turn decides
const POINTS = 1000; // all that a capital wants, all the time
const LOOKS = 32; // look-aheads of a card: as many runs as the engine takes side by side
const ELSEWHERE = 1000; // the first of their runs: no game has these, so a card knows nothing of the luck to come
/** @type {Record<string, "moscow" | "pyongyang">} */
const SIDES = { Moscow: "moscow", Pyongyang: "pyongyang" };

/** @type {Record<string, Plan>} */
const plans = {}; // scenarios month by month, without orders

/** Return what the turns so far have led to. @param {JobContext} context @param {{game: Game}} asked */
export async function turn(context, { game }) {
  const table = await open(context, game);
  const at = game.turns.length;
  const month = game.starts[at] ?? game.end;
  const [mine, without] = [table, table.without()].map((each) => each.simulated(Math.max(month, 1)));
  const [last, before] = [span(game, at - 1), span(game, at - 2)];
  /** @type {(values: Float64Array, months: [number, number]) => number} */
  const within = (values, months) => average(values.subarray(...months));
  const gauges = Object.fromEntries(game.seats.map((seat) => {
    const theirs = table.goalsOf(without.played, seat);
    return [seat, table.goalsOf(mine.played, seat).map((goal, n) =>
      ({ now: within(goal, last), before: within(goal, before), without: within(theirs[n], last) }))];
  }));
  const points = (/** @type {number} */ until) => pointsOf(game, mine, without, until);
  return { month, played: mine.played, gauges, points: points(month), before: points(game.starts[at - 1] ?? month) };
}

/**
 * Return the matters that a seat is to decide, those on which most depends, with a card for each option.
 * @param {JobContext} context
 * @param {{game: Game, seat: string, orders: Orders, matters: string[] | null}} asked matters where they are known already
 */
export async function hand(context, { game, seat, orders, matters }) {
  const table = await open(context, game);
  const month = game.starts[game.turns.length];
  const stands = table.stands[game.turns.length];
  const ahead = table.looking(seat, month);
  const still = ahead.look(placed(stands, orders));
  /** @type {(field: string) => Float64Array[]} */
  const gains = (field) => leverOf(field).options.map(({ name }, n) => (n === stands[field] ? still.map(() => 0)
    : ahead.look(placed(stands, { ...orders, [field]: name })).map((each, look) => each - still[look])));
  const fields = matters ?? leversOf(seat).map(({ field }) => field);
  const known = new Map(fields.filter((field) => !(field in orders)).map((field) => [field, gains(field)]));
  const spread = (/** @type {string} */ field) => {
    const means = (known.get(field) ?? []).map(average);
    return Math.max(...means) - Math.min(...means);
  };
  const first = matters ?? [...known.keys()].sort((one, other) => spread(other) - spread(one)).slice(0, MATTERS);
  const goals = table.expected(ahead, month, seat);
  const cards = Object.fromEntries([...known].filter(([field]) => first.includes(field)).map(([field, gains]) => [field, gains.map((gain, n) => {
    const [low, high] = [0.1, 0.9].map((share) => gain.toSorted()[Math.round(share * (LOOKS - 1))]);
    // points until the end of the game, against leaving the matter as it stands; and what the capital expects for its goals
    return { gain: average(gain), low, high, goals: goals[field][n] };
  })]));
  const without = table.without().looking(seat, month).look({});
  return { matters: first, stands, ahead: average(still) - average(without), cards }; // ahead: points still to come if all stands
}

/**
 * Return how a game ended for all capitals, and what each lever of a seat that went another way brought them.
 * @param {JobContext} context @param {{game: Game, seat: string}} asked
 */
export async function ending(context, { game, seat }) {
  const table = await open(context, game);
  const [mine, without] = [table, table.without()].map((each) => each.simulated(game.end));
  const differences = leversOf(seat).flatMap(({ field }) => {
    const [ours, theirs] = [mine, without].map(({ played }) => [...optionsOf(played, field)]);
    const apart = [...ours.keys()].filter((month) => month >= game.starts[0] && ours[month] !== theirs[month]);
    if (!apart.length) return [];
    const [took, would] = [ours, theirs].map((each) => commonest(apart.map((month) => each[month]))); // in most of these months
    const points = pointsOf(game, mine, table.simulated(game.end, [field]), game.end); // that it brought each capital
    return [{ field, months: apart.length, mine: took, theirs: would, points }];
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

/** @param {JobContext} context @param {Game} game */
const open = async (context, game) => new Table(context, await teller(world), game);

/** A game and what simulates it: many runs at once, or one with its reasons. */
class Table {
  /** @param {JobContext} context @param {Engine} told @param {Game} game */
  constructor(context, told, game) {
    this.context = context;
    this.teller = told;
    this.game = game;
    const scenario = world.scenarios[game.scenario];
    this.plan = (plans[game.scenario] ??= planned(world, scenario));
    const own = Object.entries(setsOf(world, context.sets, [game.run], scenario).own).map(([name, [value]]) => [name, value]);
    this.values = measuring(resolve(world, scenario, { parameters: Object.fromEntries(own) }));
    /** Of each lever of the seats: before the first turn, then turn by turn. */
    this.stands = game.turns.reduce((all, orders) => [...all, placed(all[all.length - 1], orders)], [this.#begun()]);
  }

  /** Return the same game without its players. */
  without() {
    return new Table(this.context, this.teller, { ...this.game, seats: [], turns: [] });
  }

  /** Return at what the levers of the seats stand before the first turn. @returns {Stands} */
  #begun() {
    const { game: { seats, starts: [month] }, teller: { layout } } = this;
    const stands = seats.length && month
      ? this.teller.simulate({ ...this.#asked(), months: [0, month] }).played.slice(-world.levers.length)
      : layout.levers.map(({ options }, place) => options.indexOf(layout.first[place]));
    return Object.fromEntries(seats.flatMap(leversOf).map(({ field }) => [field, stands[placeOf(field)]]));
  }

  /** Return what the engine is asked, with moves that are tied. @param {(script: Int8Array) => void} move */
  #asked(move = () => {}) {
    const script = this.plan.script.slice();
    move(script);
    return { plan: { ...this.plan, ...leftBy(world, script) }, values: this.values, seed: this.game.seed, runs: [this.game.run] };
  }

  /** Return what it is asked for the turns so far. @param {string[]} free levers that are left to the model all the same */
  #played(free = []) {
    return this.#asked((script) => this.stands.slice(1).forEach((stands, at) =>
      hold(script, Object.fromEntries(Object.entries(stands).filter(([field]) => !free.includes(field))), ...span(this.game, at))));
  }

  /**
   * Simulate from January 2019 to before a month, with what every month was worth to each capital: its goals, by its weights.
   * @param {number} last @param {string[]} free levers that are left to the model all the same
   */
  simulated(last, free = []) {
    return this.teller.simulate({ ...this.#played(free), months: [0, last], keep: ["reengagement", ...world.capitals.map(habit)] });
  }

  /**
   * Return each goal of a capital month by month, where all moves are as they were played. Nobody has to decide anything then,
   * so its weights are free to measure: a run in which one goal weighs all tells what that goal came to.
   * @param {Int8Array} played @param {string} capital
   */
  goalsOf(played, capital) {
    const names = world.weights[capital];
    const alone = Object.fromEntries(names.map((name, goal) => [name, Float64Array.from(names, (_, lane) => Number(lane === goal))]));
    const last = played.length / world.levers.length;
    const { series: { [habit(capital)]: all } } = this.context.engine.simulate({
      ...this.#asked((script) => script.set(played)), values: { ...measuring(this.values, names.length), ...alone },
      runs: names.map(() => this.game.run), months: [0, last], keep: [habit(capital)],
    });
    return names.map((_, goal) => all.subarray(goal * last, (goal + 1) * last));
  }

  /**
   * Return what looks ahead from a month to the end, under other chances: the same for all that is looked at.
   * @param {string} seat @param {number} month
   */
  looking(seat, month) {
    const { game, teller, values, context: { engine } } = this;
    const given = this.#played();
    const [end] = teller.ends(given.plan, game.seed, [game.run]);
    /** @type {Plan["warEnd"]} */
    const warEnd = given.plan.warEnd && (end < month ? [end, end] : [Math.max(given.plan.warEnd[0], month), given.plan.warEnd[1]]);
    const state = month ? teller.simulate({ ...given, months: [0, month] }).state : null;
    const runs = Array.from({ length: LOOKS }, (_, look) => ELSEWHERE + look);
    const rows = state && new Float64Array(state.rows.length * LOOKS).map((_, n) => state.rows[Math.floor(n / LOOKS)]);
    const from = rows && { month, runs, rows };
    const months = game.end - month;
    /** @param {Stands} stands @returns {Float64Array} points of every look-ahead */
    const look = (stands) => {
      const ahead = this.#asked((script) => hold(script, stands, month, game.end));
      const { series: { [habit(seat)]: worth } } = engine.simulate({
        ...ahead, plan: { ...ahead.plan, warEnd }, values: measuring(values, LOOKS), runs, from,
        months: [month, game.end], keep: [habit(seat)],
      });
      return Float64Array.from(runs, (_, look) =>
        (POINTS * sum(worth.subarray(look * months, (look + 1) * months))) / (game.end - game.starts[0]));
    };
    return { given, state, look };
  }

  /**
   * Return what a capital expects of every option of its levers for each of its goals, against what stands.
   * @param {ReturnType<Table["looking"]>} here @param {number} month @param {string} seat @returns {Record<string, number[][]>}
   */
  expected({ given, state }, month, seat) {
    const values = { ...given.values, review_chance: 1, review_by_kind: 0 };
    const { decisions, deals } = reasons(this.teller, { ...given, values, months: [month, month + 1], from: state });
    const found = Object.fromEntries(decisions.filter(({ capital }) => capital === seat).map(({ lever, options, last, weights }) =>
      [lever, options.map(({ terms }) => promised(weights, terms, options[last].terms))]));
    return Object.assign(found, ...deals.map((deal) => ofDeal(given.values, deal, seat)));
  }
}

/** Return the row in which stands what a month was worth to a capital, where a habit lasts a month. @param {string} capital */
const habit = (capital) => `habit.${capital}`;

/** Return parameters with which the rows of habits are filled in, and no decision is another. @param {Values} values */
const measuring = (values, lanes = 1) =>
  ({ ...values, habit_months: 1, loss_aversion: new Float64Array(lanes).fill(1) });

/**
 * Return how many points every capital is ahead in one of two runs of a game, up to a month.
 * @param {Game} game @param {Block} one @param {Block} other @param {number} month
 */
function pointsOf({ starts, end }, one, other, month) {
  /** @type {(block: Block, capital: string) => number} */
  const total = ({ series }, capital) => sum(series[habit(capital)].subarray(starts[0], month));
  return Object.fromEntries(world.capitals.map((capital) =>
    [capital, (POINTS * (total(one, capital) - total(other, capital))) / (end - starts[0])]));
}

/** Return the months of a turn; before the first, the month before the game. @param {Game} game @param {number} at @returns {[number, number]} */
function span({ starts, end }, at) {
  const before = Math.max(starts[0] - 1, 0);
  return at < 0 ? [before, before + 1] : [starts[at], starts[at + 1] ?? end];
}

/**
 * Return the same of a side's part of the arms deal: an option stands for the likeliest bundle that has it.
 * @param {Values} values @param {Deal} deal @param {string} seat
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
const promised = (weights, terms, before) => weights.map((weight, goal) => weight * (terms[goal] - before[goal]));

/** Return what stands after some orders. @param {Stands} stands @param {Orders} orders @returns {Stands} */
function placed(stands, orders) {
  return { ...stands, ...Object.fromEntries(Object.entries(orders).map(([field, option]) => [field, leverOf(field).options.findIndex(({ name }) => name === option)])) };
}

/** Tie levers to options in some months. @param {Int8Array} script @param {Stands} stands @param {number} from @param {number} to */
function hold(script, stands, from, to) {
  for (const [field, option] of Object.entries(stands))
    for (let month = from; month < to; month++) script[month * world.levers.length + placeOf(field)] = option;
}

/** @param {number[]} options */
function commonest(options) {
  const counts = new Map(options.map((option) => [option, options.filter((each) => each === option).length]));
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most))[0];
}
