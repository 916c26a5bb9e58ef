// The engine for one run, which also tells reasons: loaded when a job first asks for it.

import { load } from "../engine.js";

/** @type {Promise<any> | null} */
let told = null;

export function teller() {
  told ??= fetch(new URL("../reasons.wasm", import.meta.url)).then((found) => found.arrayBuffer()).then(load);
  return told;
}
