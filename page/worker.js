// A worker: what it is asked for by name, a module of jobs/ does.

import { load } from "./engine/engine.js";
import { pairs } from "./jobs/pairs.js";
import { learn } from "./world.js";

/** @type {Record<string, () => Promise<any>>} */
const JOBS = {
  pairs: async () => ({ pairs }), history: () => import("./jobs/history.js"),
  ending: () => import("./jobs/play.js"), hand: () => import("./jobs/play.js"), turn: () => import("./jobs/play.js"),
};

/** @type {Promise<JobContext>} */
let context;

/** @param {WorkerFiles} files */
async function begin({ world, facts, sets, months }) {
  learn(world, facts);
  const engine = await load(months);
  if (engine.fingerprint !== world.fingerprint) throw new Error("engine/months.wasm is of other rules than world.json: write the page again with sim site");
  return { sets: sets && new Float64Array(sets), engine };
}

onmessage = async ({ data }) => {
  if (data.files) {
    context = begin(data.files);
    return;
  }
  try {
    const { job } = data.asked;
    postMessage({ found: await (await JOBS[job]())[job](await context, data.asked) });
  } catch (error) {
    postMessage({ problem: /** @type {Error} */ (error).message });
  }
};
