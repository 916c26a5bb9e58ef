// Why one run went as it did: of every choice the options with their goals, the odds and the draw. With reasons.wasm.

/**
 * @typedef {object} Scored One option as its capital saw it.
 * @property {number[]} terms the goals of the world that it expected
 * @property {number} utility
 * @property {number} chance
 *
 * @typedef {object} Decision
 * @property {number} month
 * @property {string} capital
 * @property {string} lever
 * @property {string[]} goals
 * @property {number[]} weights of the goals
 * @property {Scored[]} options
 * @property {number} last the place of the option that stood
 * @property {number} chosen
 * @property {number} draw
 * @property {number} survives
 * @property {{ends: number, months: number}} belief
 *
 * @typedef {ReturnType<typeof deal>} Deal
 */

/**
 * Return every decision and every arms deal of one run, as sim.run does.
 * @param {import("./engine.js").Engine} engine
 * @param {import("./engine.js").Asked} asked with one run
 */
export function reasons(engine, asked) {
  const { capitals, levers, goals, weights, deciders } = engine.layout;
  const names = Object.keys(engine.layout.rows);
  const { plan, values } = asked;
  if (asked.runs.length !== 1) throw new Error("reasons are told of one run at a time");
  const { first, months, series } = engine.rows(asked, names);
  /** @type {Decision[]} */
  const decisions = [];
  /** @type {Deal[]} */
  const deals = [];
  for (let at = 0; at < months; at++) {
    /** @type {(name: string) => number} */
    const of = (name) => series[name][at];
    const month = first + at;
    for (const capital of capitals)
      levers.forEach((/** @type {any} */ { field, options }, /** @type {number} */ place) => {
        const settledTogether = field.startsWith("deal_") && !plan.unilateral;
        const scripted = plan.script[month * levers.length + place] >= 0;
        const reviewed = of(`chance.review_${field}`) < of(`${field}.review_chance`);
        if (deciders[place] !== capital || settledTogether || scripted || !reviewed) return;
        const odds = shares(options.map((/** @type {any} */ _, /** @type {number} */ n) => of(`${field}.${n}.likelihood`)));
        decisions.push({
          month, capital, lever: field, goals: goals[capital],
          weights: weights[capital].map((/** @type {string} */ name) => [values[name]].flat()[0]),
          options: odds.map((chance, n) => ({ ...scored(of, `${field}.${n}`, goals[capital]), chance })),
          last: options.indexOf(of(`${field}.last`)), chosen: options.indexOf(of(`${field}.chosen`)),
          draw: of(`chance.choose_${field}`), survives: of(`survives.${capital}`),
          belief: { ends: of(`belief.${capital}.ends`), months: of(`belief.${capital}.months`) },
        });
      });
    const settled = of("chance.review_deal") < of("params.review_chance"); // a script sets the draw below 0
    if (settled && !plan.unilateral) deals.push(deal(engine.layout, of, month));
  }
  return { decisions, deals };
}

/**
 * @param {any} layout
 * @param {(name: string) => number} of
 * @param {number} month
 */
function deal({ bundles, goals, sides, imposed }, of, month) {
  const odds = shares(bundles.map((/** @type {any} */ _, /** @type {number} */ n) => of(`likelihood.${n}`)));
  const [chosen, last, draw] = [of("bundle"), of("deal.last"), of("chance.choose_deal")];
  return {
    month, last, chosen, draw, imposed: of(`table.${chosen}`) === imposed,
    bundles: odds.map((chance, n) => {
      const [moscow, pyongyang] = sides.map((/** @type {string} */ side) => scored(of, `weighed.${n}.${side}`, goals[side]));
      const [arms, pay, technology] = bundles[n];
      return {
        arms, pay, technology, moscow, pyongyang, chance, score: of(`table.${n}`),
        gainMoscow: moscow.utility - of("weighed.0.Moscow.utility"),
        gainPyongyang: pyongyang.utility - of("weighed.0.Pyongyang.utility"),
      };
    }),
  };
}

/**
 * @param {(name: string) => number} of
 * @param {string} name
 * @param {string[]} goals
 */
function scored(of, name, goals) {
  return { terms: goals.map((goal) => of(`${name}.${goal}`)), utility: of(`${name}.utility`) };
}

/**
 * Return likelihoods as chances.
 * @param {number[]} likelihoods
 */
function shares(likelihoods) {
  const total = likelihoods.reduce((sum, each) => sum + each, 0);
  return likelihoods.map((each) => each / total);
}
