// The engine for one run, which also tells reasons: loaded when a job first asks for it.

import { load } from "../engine/engine.js";
import { fetched } from "../engine/files.js";
import { world } from "../world.js";

/**
 * @typedef {import("../engine/engine.js").Engine} Engine
 * @typedef {{sets: Float64Array | null, engine: Engine}} Given what a worker has for every job
 */

/** @type {Promise<Engine> | null} */
let told = null;

export function teller() {
  told ??= fetched(world, "engine/reasons.wasm").then((found) => found.arrayBuffer()).then(load);
  return told;
}
