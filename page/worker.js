// A worker: what it is asked for by name, a module of jobs/ does.

import { load } from "./engine/engine.js";
import { pairs } from "./jobs/pairs.js";
import { learn } from "./world.js";

/** @type {Record<string, () => Promise<any>>} */
const JOBS = {
  pairs: async () => ({ pairs }), history: () => import("./jobs/history.js"),
  ending: () => import("./jobs/play.js"), hand: () => import("./jobs/play.js"), turn: () => import("./jobs/play.js"),
};

/** @type {(known: Promise<JobContext>) => void} */
let know;
/** @type {Promise<JobContext>} */
const context = new Promise((resolve) => { know = resolve; }); // what is asked may come before what it needs

/** @param {WorkerFiles} files */
async function begin({ world, facts, sets, months }) {
  learn(world, facts);
  const engine = await load(months);
  if (engine.fingerprint !== world.fingerprint) throw new Error("engine/months.wasm is of other rules than world.json: write the page again with sim site");
  return { sets: sets && new Float64Array(sets), engine };
}

onmessage = async ({ data }) => {
  if (data.files) return know(begin(data.files));
  try {
    const { job } = data.asked;
    postMessage({ found: await (await JOBS[job]())[job](await context, data.asked) });
  } catch (error) {
    postMessage({ problem: /** @type {Error} */ (error).message });
  }
};
