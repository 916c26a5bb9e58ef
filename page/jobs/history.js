// One run in full: what was moved and why, the same run without an end, a fork, and what of the end's effect each capital's moves make.

import { planned, resolve, setsOf } from "../engine/plan.js";
import { reasons, teller } from "../engine/reasons.js";
import { average } from "../statistics.js";
import { facts, world } from "../world.js";

const SERIES = ["reengagement", "china_flow", "workers_in_china", "workers_in_russia", "russia_flow", "arms_flow",
  "resources", "warmth_beijing_pyongyang", "warmth_moscow_pyongyang"];

/** @param {JobContext} context @param {HistoryRequest} asked */
export async function history({ sets, engine }, { scenario: stem, moved, seed, run, fork }) {
  const scenario = world.scenarios[stem];
  const runs = [run];
  const values = resolve(world, scenario, moved, setsOf(world, sets, runs, scenario, moved).own);
  const asked = { plan: planned(world, scenario, moved), values, seed, runs };
  const planOf = (/** @type {Fork[]} */ more) =>
    planned(world, scenario, { ...moved, moves: [...(moved.moves ?? []), ...more] });
  const simulated = (/** @type {Fork[]} */ more) => engine.simulate({ ...asked, plan: planOf(more), keep: SERIES });
  const { one, control } = engine.pairs({ ...asked, keep: SERIES });
  const [moves, controlMoves] = [movesOf(one), movesOf(control)];
  const other = fork && simulated([fork]);
  const otherMoves = other ? movesOf(other) : [];
  const told = await teller(world);
  const [ours, theirs] = [false, true].map((endless) => reasons(told, { ...asked, endless }));
  const end = one.warEnd[0];
  const last = end + facts.rules.within;
  const span = Array.from({ length: facts.rules.within + 1 }, (_, n) => end + n);
  const of = (/** @type {string} */ name) => Number([values[name]].flat()[0]);
  const gap = (/** @type {string} */ name, { series } = one) => series[name][last] - control.series[name][last];
  for (const each of [one, control]) each.series.moscow = earned(each);
  return {
    months: one.months, warEnd: end, one: one.series, control: control.series,
    forked: other && { // with the first month whose moves differ in the fork, -1 where none do
      reengagement: other.series.reengagement,
      parted: moves.findIndex((row, month) => `${row}` !== `${otherMoves[month]}`),
    },
    moves, controlMoves, // a row a month, the places of the options taken
    effect: gap("reengagement"), // in points, NaN where the months do not reach so far
    parts: partsOf(), steps: last < one.months ? steps() : [],
    decisions: [ours.decisions, theirs.decisions], deals: [ours.deals, theirs.deals], // with the end, and without
  };

  /** Return what Moscow brings the North, in the unit of china_flow. @param {typeof one} block */
  function earned({ series: { russia_flow: goods, arms_flow: arms, workers_in_russia: workers } }) {
    return goods.map((value, month) => value + of("worth_arms") * arms[month] + of("worth_workers_in_russia") * workers[month]);
  }

  /** Return the effect as what comes from China, warmth and stance: re-engagement is their sum. */
  function partsOf() {
    const most = of("reengagement_support");
    const support = (/** @type {typeof one} */ { series }) =>
      Math.min(series.china_flow[last] + of("worth_workers_in_china") * series.workers_in_china[last], most) / most;
    const share = 100 * of("reengagement_share");
    const [trade, warmth] = [share * (support(one) - support(control)), share * gap("warmth_beijing_pyongyang") / 20];
    return { trade, warmth, stance: gap("reengagement") - trade - warmth };
  }

  /** @returns {HistoryStep[]} */
  function steps() {
    const of = (/** @type {boolean} */ dealt) => world.levers.flatMap(({ capital }, place) => ((capital === "deal") === dealt ? [place] : []));
    const found = [of(true), ...of(false).map((place) => [place])].flatMap((places) => {
      const month = span.find((at) => places.some((place) => moves[at][place] !== controlMoves[at][place]));
      if (month === undefined) return [];
      const lever = world.levers[places[0]].field;
      const held = simulated(span.flatMap((at) => places.map((place) => {
        const { field, options } = world.levers[place];
        return { lever: field, option: options[controlMoves[at][place]].name, from: at, to: at };
      })));
      const income = earned(held);
      const made = (/** @type {typeof ours} */ { decisions }) => decisions.find((each) => each.month === month && each.lever === lever);
      return [{
        lever, month, places, held: movesOf(held), left: gap("reengagement", held),
        weighed: /** @type {HistoryStep["weighed"]} */ ([made(ours), made(theirs)]),
        earned: average(span.map((at) => income[at] - control.series.moscow[at])),
      }];
    }).sort((one, other) => one.month - other.month);
    return found.map(({ places, held, ...step }) => ({
      ...step,
      needs: found.filter((before) => before.month < step.month && places.every((place) => before.held[step.month][place] === controlMoves[step.month][place]))
        .map(({ lever }) => lever),
    }));
  }
}

/** @param {Block} block @returns {number[][]} */
function movesOf({ played, months }) {
  const levers = world.levers.length;
  return Array.from({ length: months }, (_, month) => [...played.subarray(month * levers, (month + 1) * levers)]);
}
