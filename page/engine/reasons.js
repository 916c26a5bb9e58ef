// Why one run went as it did: of every choice the options with their goals, the odds and the draw. With reasons.wasm.

import { load } from "./engine.js";
import { fetched } from "./files.js";

/** @type {Promise<Engine> | null} */
let told = null;

/** Return the engine that tells reasons, of one run: loaded when it is first asked for. @param {FileList} world */
export const teller = (world) =>
  (told ??= fetched(world, "engine/reasons.wasm").then((found) => found.arrayBuffer()).then(load));

/** Return all decisions and arms deals of one run. @param {Engine} engine @param {RunRequest} asked with one run */
export function reasons(engine, asked) {
  /** @type {any} what reasons.wasm says besides */
  const layout = engine.layout;
  const { plan, values } = asked;
  if (asked.runs.length !== 1) throw new Error("reasons are told of one run at a time");
  const { first, months, series } = engine.simulate({ ...asked, keep: Object.keys(layout.rows) });
  /** @type {{decisions: Decision[], deals: Deal[]}} */
  const found = { decisions: [], deals: [] };
  for (let at = 0; at < months; at++) {
    const of = (/** @type {string} */ name) => series[name][at];
    found.decisions.push(...layout.capitals.flatMap((/** @type {string} */ capital) =>
      decided(layout, plan, values, of, first + at, capital)));
    const settled = of("chance.review_deal") < of("params.review_chance"); // a script sets the draw below 0
    if (settled && !plan.unilateral) found.deals.push(deal(layout, of, first + at));
  }
  return found;
}

/**
 * Return what a capital decides in a month. @param {any} layout @param {Plan} plan @param {Values} values
 * @param {ReadRow} of @param {number} month @param {string} capital @returns {Decision[]}
 */
function decided({ goals, weights, deciders, ...layout }, plan, values, of, month, capital) {
  /** @type {{field: string, options: number[]}[]} */
  const levers = layout.levers;
  return levers.flatMap(({ field, options }, place) => {
    const settledTogether = field.startsWith("deal_") && !plan.unilateral;
    const scripted = plan.script[month * levers.length + place] >= 0;
    const reviewed = of(`chance.review_${field}`) < of(`${field}.review_chance`);
    if (deciders[place] !== capital || settledTogether || scripted || !reviewed) return [];
    const odds = shares(options.map((_, n) => of(`${field}.${n}.likelihood`)));
    return [{
      month, capital, lever: field, goals: /** @type {string[]} */ (goals[capital]),
      weights: /** @type {string[]} */ (weights[capital]).map((name) => Number([values[name]].flat()[0])),
      options: odds.map((chance, n) => ({ ...scored(of, `${field}.${n}`, goals[capital]), chance })),
      last: options.indexOf(of(`${field}.last`)), chosen: options.indexOf(of(`${field}.chosen`)), // places of options
      draw: of(`chance.choose_${field}`), survives: of(`survives.${capital}`),
      belief: { ends: of(`belief.${capital}.ends`), months: of(`belief.${capital}.months`) },
    }];
  });
}

/** @param {any} layout @param {ReadRow} of @param {number} month @returns {Deal} */
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

/** @param {ReadRow} of @param {string} name @param {string[]} goals */
function scored(of, name, goals) {
  return { terms: goals.map((goal) => of(`${name}.${goal}`)), utility: of(`${name}.utility`) }; // of the world expected
}

/** Return likelihoods as chances. @param {number[]} likelihoods */
function shares(likelihoods) {
  const total = likelihoods.reduce((sum, each) => sum + each, 0);
  return likelihoods.map((each) => each / total);
}
