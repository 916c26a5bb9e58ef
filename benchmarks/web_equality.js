// Runs in the page: simulates what benchmarks/web_equality.py asks, and hands back the bits.

import { load } from "/engine/engine.js";
import { unpacked } from "/engine/files.js";
import { planned, resolve, setsOf } from "/engine/plan.js";
import { reasons } from "/engine/reasons.js";

const world = await (await fetch("/world.json")).json();
const sets = new Float64Array(await unpacked(await (await fetch(`/${world.sets.file}`)).arrayBuffer()));
const [months, told] = await Promise.all(["months", "reasons"].map(async (module) =>
  load(await (await fetch(`/engine/${module}.wasm`)).arrayBuffer())));

export const says = () => ({
  levers: months.layout.levers, fingerprint: months.fingerprint, world: world.fingerprint, reasons: told.fingerprint,
});

/** Return a plan and the numbers of the equations, as plan.js makes them. */
export function prepared({ scenario: stem, moved, runs, own }) {
  const scenario = world.scenarios[stem];
  const parameters = own
    ? Object.fromEntries(Object.entries(own).map(([name, values]) => [name, Float64Array.from(values)]))
    : setsOf(world, sets, runs, scenario, moved).own;
  return { plan: planned(world, scenario, moved), values: resolve(world, scenario, moved, parameters) };
}

/** Return the bits of a plan and of the numbers of the equations, in the order in which the rules have them. */
export function bitsOfPlan(asked) {
  const { plan, values } = prepared(asked);
  const numbers = months.layout.parameters.map((name) =>
    Float64Array.from(asked.runs, (_, run) => [values[name]].flat().at(0)[run] ?? values[name]));
  return [plan.given, plan.script, plan.limits, plan.scriptedDeal, ...numbers].map(base64);
}

/** Return the bits of runs, their controls, and of the same runs forked from a stored state. */
export function bits(asked) {
  const { runs, seed, keep, fork, forked } = asked;
  const { plan, values } = prepared(asked);
  const both = months.pairs({ plan, values, seed: BigInt(seed), runs, keep });
  const stored = months.simulate({ plan, values, seed: BigInt(seed), runs, months: [0, fork] });
  const other = prepared({ ...asked, moved: forked });
  const part = months.simulate({ ...other, seed: BigInt(seed), runs, keep, from: stored.state });
  return [both.one, both.control, part].map(({ series, played, warEnd }) =>
    [...Object.values(series), played, warEnd].map(base64));
}

/** Return the reasons of a run. */
export function why(asked) {
  return reasons(told, { ...prepared(asked), seed: BigInt(asked.seed), runs: asked.runs });
}

/** Return the draws of some runs in a month. */
export const drawn = (seed, runs, row) => [...months.draws(BigInt(seed), runs, row)];

/** Return rows of the workspace after the first month. */
export function rowsOf(asked, names) {
  const lived = told.simulate({ ...prepared(asked), seed: BigInt(asked.seed), runs: asked.runs, months: [0, 1], keep: names });
  return Object.fromEntries(names.map((name) => [name, [...lived.series[name]]]));
}

/** Simulate with something that cannot be. */
export function simulated(asked, { lacking, ...changes }) {
  const { plan, values } = prepared(asked);
  delete values[lacking];
  months.simulate({ plan, values, seed: BigInt(asked.seed), runs: asked.runs, ...changes });
}

/** Return how many runs a second are simulated, and how long a first picture takes: loading, and 256 paired runs. */
export async function pace(stem, ended, count) {
  const begun = performance.now();
  const engine = await load(await (await fetch("/engine/months.wasm", { cache: "reload" })).arrayBuffer());
  const loaded = performance.now();
  const asked = { scenario: stem, moved: {}, runs: Array.from({ length: 256 }, (_, run) => run) };
  engine.pairs({ ...prepared({ ...asked, scenario: ended }), seed: 1, runs: asked.runs, keep: ["reengagement"] });
  const pictured = performance.now();
  const runs = Array.from({ length: count }, (_, run) => run);
  engine.simulate({ ...prepared({ ...asked, runs }), seed: 1, runs, keep: ["reengagement"] });
  return { load: loaded - begun, pairs: pictured - loaded, rate: (1000 * count) / (performance.now() - pictured) };
}

function base64(array) {
  const bytes = new Uint8Array(array.buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}
