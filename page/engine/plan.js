// From a scenario of world.json, and what is moved in it, to what the engine runs.

const GOLDEN = (5 ** 0.5 - 1) / 2;

/** Return a scenario month by month. @param {any} world @param {any} scenario @param {Changes} moved */
export function planned(world, scenario, moved = {}) {
  /** @type {{months: number, warStart: number}} */
  const { months, warStart } = scenario;
  /** @type {{unilateral: boolean, linearEconomy: boolean}} */
  const { unilateral, linearEconomy } = world.variants[moved.variant ?? scenario.variant];
  /** @type {[number, number] | null} first and last month that the first month of peace is drawn from */
  const warEnd = moved.ends === undefined ? scenario.warEnd : moved.ends;
  return {
    months, warStart, warEnd, unilateral, linearEconomy, given: given(world, scenario, moved.drivers ?? {}),
    ...leftBy(world, scripted(world, months, [...scenario.moves, ...(moved.moves ?? [])])),
  };
}

/**
 * Return a script with what it leaves of the arms deal, month by month: floor and ceiling of each bundle's score.
 * @param {any} world @param {Int8Array} script months * levers: places of options, -1 where the capital is free
 */
export function leftBy(world, script) {
  const deal = world.levers.flatMap((/** @type {any} */ { capital }, /** @type {number} */ place) =>
    (capital === "deal" ? [place] : []));
  const parts = Array.from({ length: script.length / world.levers.length }, (_, month) =>
    deal.map((/** @type {number} */ place) => script[month * world.levers.length + place]));
  /** @type {Record<string, number[]>} */
  const known = {};
  const { by, held } = world.limits;
  const limits = parts.map((part) => (known[`${part}`] ??= [...by[`${part}`]].flatMap((sign) => held[sign])));
  return {
    script, limits: Float64Array.from(limits.flat()),
    scriptedDeal: Uint8Array.from(parts, (part) => Number(part.some((/** @type {number} */ place) => place >= 0))),
  };
}

/**
 * Return which retained set each run has, for its number alone decides, and the parameters that it has from there: none
 * where there are no sets. @param {any} world @param {Float64Array | null} sets @param {number[]} runs
 * @param {any} scenario @param {Changes} moved
 */
export function setsOf(world, sets, runs, scenario, moved = {}) {
  if (!sets) return { owners: runs.map(() => 0), own: {} };
  /** @type {{sets: {names: string[], weights: number[]}, orderings: {larger: string[], smaller: string}[]}} */
  const { sets: { names, weights }, orderings } = world; // orderings of goals that the article states
  const given = { ...scenario.parameters, ...moved.parameters };
  const column = new Map(names.map((name, place) => [name, place]));
  /** @type {(set: number, name: string) => number} of a weight, before it is divided by the sum */
  const value = (set, name) =>
    given[name] ?? sets[set * names.length + (column.get(name) ?? NaN)] ?? world.parameters[name].default;
  const fitting = [...weights.keys()].filter((set) => orderings.every(({ larger, smaller }) =>
    larger.map((name) => value(set, name)).reduce((sum, each) => sum + each) - value(set, smaller) >= 0));
  const says = orderings.map(({ larger, smaller }) => `${larger.join(" + ")} must be at least ${smaller}`);
  if (!fitting.length) throw new Error(`no retained set keeps the order of goals: ${says.join("; ")}`);
  const total = fitting.reduce((sum, set) => sum + weights[set], 0);
  let sum = 0;
  const reached = fitting.map((set) => (sum += fitting.length < weights.length ? weights[set] / total : weights[set]));
  const owners = runs.map((run) => {
    const step = (0.5 + run * GOLDEN) % 1;
    const place = reached.findIndex((share) => share >= step);
    return fitting[place < 0 ? fitting.length - 1 : place];
  });
  const own = names.filter((name) => !(name in given)).map((name) => [name, Float64Array.from(owners, (set) => value(set, name))]);
  return { owners, own: Object.fromEntries(own) };
}

/**
 * Return every number of the equations, as sim.scenario.values.resolve does.
 * @param {any} world @param {any} scenario @param {Changes} moved
 * @param {Values} own parameters that differ from run to run
 */
export function resolve(world, scenario, moved = {}, own = {}) {
  /** @type {Values} */
  const values = {};
  for (const [name, { default: usual }] of Object.entries(world.parameters))
    values[name] = own[name] ?? moved.parameters?.[name] ?? scenario.parameters[name] ?? usual;
  for (const [capital, weights] of Object.entries(world.weights)) {
    const all = weights.map((/** @type {string} */ name) => values[name]);
    const total = each((...numbers) => {
      const sum = numbers.reduce((total, number) => total + number, 0);
      return capital === "Washington" && sum <= 1 ? 1 : sum; // part of its attention may lie outside the model
    }, ...all);
    for (const name of weights) values[name] = each((weight, sum) => weight / sum, values[name], total);
  }
  for (const id of [...scenario.without, ...(moved.without ?? [])])
    for (const name of world.switches[id]) values[name] = world.parameters[name].neutral;
  return Object.assign(values, world.variants[moved.variant ?? scenario.variant].parameters);
}

/** @param {any} world @param {any} scenario @param {NonNullable<Changes["drivers"]>} moved */
function given(world, { months, drivers }, moved) {
  const names = Object.keys(world.drivers);
  const table = new Float64Array(months * names.length);
  names.forEach((name, column) => {
    // what a scenario does not say of delegations is what it says of goods
    const as = drivers[name] === null ? "border" : name;
    const usual = [drivers[as]].flat();
    const spans = [...new Set([as, name])].flatMap((moving) => moved[moving] ?? []);
    for (let month = 0; month < months; month++) {
      const said = spans.filter(({ from = 0, to = months }) => from <= month && month <= to).at(-1);
      table[month * names.length + column] = said ? said.value : (usual[month] ?? usual[0]);
    }
  });
  return table;
}

/** @param {any} world @param {number} months @param {NonNullable<Changes["moves"]>} moves */
function scripted(world, months, moves) {
  const script = new Int8Array(months * world.levers.length).fill(-1);
  for (const { lever, option, from, to } of moves) {
    const place = world.levers.findIndex((/** @type {any} */ { field }) => field === lever);
    const taken = world.levers[place]?.options.findIndex((/** @type {any} */ { name }) => name === option) ?? -1;
    if (taken < 0) throw new Error(`no option ${option} of a lever ${lever}`);
    for (let month = from; month <= Math.min(to, months - 1); month++) script[month * world.levers.length + place] = taken;
  }
  return script;
}

/**
 * Return a function of numbers, run by run where one of them differs from run to run.
 * @param {(...numbers: number[]) => number} of @param {...(number | Float64Array)} values
 */
function each(of, ...values) {
  const many = values.find((value) => typeof value !== "number");
  /** @type {(run: number) => number} */
  const at = (run) => of(...values.map((value) => (typeof value === "number" ? value : value[run])));
  return many instanceof Float64Array ? Float64Array.from(many, (_, run) => at(run)) : at(0);
}
