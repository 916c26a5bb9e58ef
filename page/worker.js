// A worker: what it is asked for by name, a module of jobs/ does.

import { load } from "./engine/engine.js";
import { history } from "./jobs/history.js";
import { pairs } from "./jobs/pairs.js";
import { ending, hand, turn } from "./jobs/play.js";
import { learn } from "./world.js";

/** @type {Record<string, (context: any, asked: any) => any>} */
const JOBS = { ending, hand, history, pairs, turn };

/** @type {Promise<import("./jobs/teller.js").Given>} */
let context;

/** @param {import("./workers.js").Files} files */
async function begin({ world, facts, sets, months }) {
  learn(world, facts);
  return { sets: sets && new Float64Array(sets), engine: await load(months) };
}

onmessage = async ({ data }) => {
  if (data.files) {
    context = begin(data.files);
    return;
  }
  try {
    postMessage({ found: await JOBS[data.asked.job](await context, data.asked) });
  } catch (error) {
    postMessage({ problem: /** @type {Error} */ (error).message });
  }
};
