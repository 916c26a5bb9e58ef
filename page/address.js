// All state is in the address, after the #: #/explore?end=2027-01&seed=3. What a view reads there it declares.

import { t } from "./strings.js";

/**
 * @typedef {object} Key One thing that an address can say.
 * @property {any} usual what stands where the address says nothing
 * @property {(written: string) => any} parse throws an Error that says why where it cannot be read
 * @property {(value: any) => string} [write]
 *
 * @typedef {Record<string, any>} State
 * @typedef {{view: string, state: State, problems: string[]}} Place
 */

/** @type {Record<string, Key>} */
const keys = {};
const LONGEST = 12000;

/** @param {Record<string, Key>} more */
export function declare(more) {
  Object.assign(keys, more);
}

/**
 * Return where an address leads, and what of it could not be used, in words.
 * @param {string} hash @param {string[]} views @returns {Place}
 */
export function read(hash, views) {
  const [, path, query] = /^#?\/?([^?]*)\??(.*)$/s.exec(hash.slice(0, LONGEST)) ?? ["", "", "", ""];
  const problems = [];
  if (path && !views.includes(path)) problems.push(t("address.view", { written: path.slice(0, 40) }));
  /** @type {State} */
  const state = Object.fromEntries(Object.entries(keys).map(([name, { usual }]) => [name, usual]));
  for (const [name, written] of new URLSearchParams(query)) {
    try {
      if (!Object.hasOwn(keys, name)) throw new Error(t("address.key", { name: name.slice(0, 40) }));
      state[name] = keys[name].parse(written);
    } catch (error) {
      problems.push(/** @type {Error} */ (error).message);
    }
  }
  return { view: views.includes(path) ? path : views[0], state, problems };
}

/** Return the address of a view: what differs from the usual. @param {string} view @param {State} state */
export function write(view, state) {
  const query = new URLSearchParams();
  for (const [name, { usual, write = String }] of Object.entries(keys))
    if (state[name] !== undefined && state[name] !== null && write(state[name]) !== (usual === null ? null : write(usual)))
      query.set(name, write(state[name]));
  return `#/${view}${query.size ? `?${query}` : ""}`;
}

/** @param {string} name @param {number} low @param {number} high @param {number | null} usual @returns {Key} */
export function number(name, low, high, usual) {
  return {
    usual,
    parse(written) {
      const value = Number(written);
      if (written.trim() === "" || !(value >= low && value <= high)) throw new Error(t("address.range", { name, written: written.slice(0, 20), low, high }));
      return value;
    },
  };
}

/** @param {string} name @param {number} high @param {number} usual @returns {Key} */
export function whole(name, high, usual) {
  const { parse } = number(name, 0, high, usual);
  return { usual, parse: (written) => Math.trunc(parse(written)) };
}

/** @param {string} name @param {string[]} known @param {string | null} usual @returns {Key} */
export function oneOf(name, known, usual) {
  return {
    usual,
    parse(written) {
      if (!known.includes(written)) throw new Error(t("address.option", { name, written: written.slice(0, 40), known: known.join(", ") }));
      return written;
    },
  };
}

/**
 * Return a key whose value is written in some signs alone, and read by who uses it.
 * @param {string} name @param {RegExp} signs @returns {Key}
 */
export function coded(name, signs) {
  return {
    usual: "",
    parse(written) {
      if (!signs.test(written)) throw new Error(t("address.coded", { name, written: written.slice(0, 40) }));
      return written;
    },
  };
}
