// The eight lessons: what is guessed, on which axis, and where the answer comes from. Answers are simulated here, read from
// the record, or counted in Python; none is written down.

import { pileOf } from "../definitions.js";
import { simulate } from "../ensembles.js";
import { average, quantile } from "../statistics.js";
import { percent, signed, t } from "../strings.js";
import { facts, world } from "../world.js";

const RUNS = 256;
const YEARS = [2019, 2020, 2021, 2022, 2023];
const AFTER = [6, 12, 24, 36, 48]; // months after the end
const [LATE, ARTICLE] = [56, 67]; // September 2023 to August 2024
const END = 72;
const MOVES = ["reads", "grudge", "trade", "border"];

/** @type {() => Lesson[]} */
export const lessons = () => [
  {
    id: "trade", axis: [0, 3000], unit: "money", connected: true, handles: YEARS.map(String),
    answer: async () => {
      const values = YEARS.map((year) => world.observed.annual.find((row) => row.series === "china_dprk_trade_total" && row.year === year).value);
      return { values, given: { low: Math.round(Math.min(...values)), high: Math.round(Math.max(...values)) } };
    },
  },
  {
    id: "bloc", axis: [0, 100], unit: "percent", connected: false, handles: [t("lessons.bloc.with"), t("lessons.bloc.without")],
    answer: async (ask) => {
      const joins = (/** @type {any} */ part, /** @type {number} */ run) =>
        mean(part.played.subarray(run * part.months + LATE, run * part.months + ARTICLE + 1), (each) => each === 2);
      const worlds = [{ scenario: "baseline" }, { scenario: "baseline", moved: { without: ["C01"] } }];
      const values = [await ask(joins, worlds[0]), await ask(joins, worlds[1])].map((each) => 100 * mean(each));
      return { values, given: { one: percent(values[0] / 100), other: percent(values[1] / 100) } };
    },
  },
  {
    id: "end", axis: [0, 100], unit: "percent", connected: false, handles: [t("lessons.end.share")],
    answer: async (ask) => {
      const values = [100 * mean(await ask((part, run) => part.effect[run]), (each) => pileOf(facts.rules, each) === "clear")];
      const { share, asked, word } = facts.verdict;
      const verdict = t(`verdict.${word.replace(" ", "-")}`);
      return { values, given: { share: percent(values[0] / 100), study: percent(share / 100), asked: percent(asked / 100), word: verdict } };
    },
  },
  {
    id: "gap", axis: [-20, 40], unit: "points", connected: true, handles: AFTER.map((months) => t("lessons.gap.months", { months })),
    answer: async (ask) => {
      const gaps = await ask((part, run) => AFTER.map((months) => {
        const at = run * part.months + END + months;
        return part.one[at] - part.control[at];
      }));
      const values = AFTER.map((_, n) => mean(gaps, (each) => each[n]));
      return { values, given: { year: signed(values[1]), two: signed(values[2]), four: signed(values[4]) } };
    },
  },
  {
    id: "anecdote", axis: [-30, 60], unit: "points", connected: false, handles: ["low", "middle", "high"].map((each) => t(`lessons.anecdote.${each}`)),
    before: async (ask) => {
      const effects = await ask((part, run) => part.effect[run]);
      return { one: signed(effects[0]), other: signed(effects[1]) };
    },
    answer: async (ask) => {
      const effects = await ask((part, run) => part.effect[run]);
      const values = [0.1, 0.5, 0.9].map((share) => quantile(Float64Array.from(effects).sort(), share));
      return { values, given: { low: signed(values[0]), middle: signed(values[1]), high: signed(values[2]), one: signed(effects[0]),
        below: percent(mean(effects, (each) => each < 0)) } };
    },
  },
  {
    id: "built", axis: [0, 100], unit: "percent", connected: false, handles: [t("lessons.built.with"), t("lessons.built.without")],
    answer: async (ask) => {
      const runs = await ask((part, run) => [part.times[run].D1 >= 0, part.controlTimes[run].D1 >= 0]);
      const values = [0, 1].map((n) => 100 * mean(runs, (each) => each[n]));
      return { values, given: { one: percent(values[0] / 100), control: percent(values[1] / 100) } };
    },
  },
  {
    id: "policy", axis: [-10, 30], unit: "points", connected: false, handles: MOVES.map((each) => t(`lessons.policy.${each}`)),
    answer: async (ask) => {
      const worlds = [{ parameters: { patrons_together: 0.9 } }, { parameters: { grievance: 2 } }, // no farther than Explore allows
        { moves: [{ lever: "beijing_trade", option: "generous", from: END, to: 167 }] }, { drivers: { border: [{ from: END, value: 1.2 }] } }];
      const values = [];
      for (const moved of [{}, ...worlds]) values.push(mean(await ask((part, run) => part.effect[run], { moved })));
      const [usual, ...moved] = values;
      return { values: moved, given: { usual: signed(usual), ...Object.fromEntries(MOVES.map((each, n) => [each, signed(moved[n])])) } };
    },
  },
  {
    id: "good", axis: [0, 56], unit: "count", connected: false, handles: [t("lessons.good.inside")],
    answer: async (_, counted) => ({
      values: [counted.inside],
      given: { ...counted, pictures: counted.pictures.map((/** @type {any[]} */ [title, inside, figures]) => t("lessons.good.picture", { title, inside, figures })).join("; ") },
    }),
  },
];

/** @type {(context: ViewContext, seed: number) => AskRuns} what asks for something of each of 256 paired runs */
export const asker = (context, seed) => async (of, world) => {
  const { scenario = "war-ends-early", lever = "beijing_bloc", moved = {} } = world ?? {};
  const found = await simulate(context, "lessons", { scenario, moved, seed, lever }, undefined, [RUNS]);
  if (!found) throw new Error("outrun");
  return found.runs.map((_, run) => of(found, run));
};

/** @param {ArrayLike<any>} values @param {(value: any) => number | boolean} of */
const mean = (values, of = Number) => average(Array.from(values, (each) => Number(of(each))));
