// All state is in the address, after the #: #/explore?end=2027-01&seed=3. What a view reads there is one of the keys.

import { t } from "./strings.js";

/** @type {Record<string, AddressKey>} */
export const keys = {};
const LONGEST = 12000;

/** Return where an address leads, and what of it is wrong, in words. @param {string} hash @param {string[]} views */
export function read(hash, views) {
  const [, path, query] = /^#?\/?([^?]*)\??(.*)$/s.exec(hash.slice(0, LONGEST)) ?? ["", "", "", ""];
  const problems = [];
  if (path && !views.includes(path)) problems.push(t("address.view", { written: path.slice(0, 40) }));
  /** @type {AddressState} */
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

/** Return the address of a view: what differs from the usual. @param {string} view @param {AddressState} state */
export function write(view, state) {
  const query = new URLSearchParams();
  for (const [name, { usual, write = String }] of Object.entries(keys)) {
    const [written, left] = [state[name], usual].map((value) => (value ?? null) === null ? null : write(value));
    if (written !== null && written !== left) query.set(name, written);
  }
  return `#/${view}${query.size ? `?${query}` : ""}`;
}

/**
 * Return a key that refuses what does not fit, in words.
 * @param {any} usual @param {(written: string) => boolean} fits @param {(written: string) => string} refusal
 * @param {(written: string) => any} read @returns {AddressKey}
 */
export function key(usual, fits, refusal, read = (written) => written) {
  return {
    usual,
    parse(written) {
      if (!fits(written)) throw new Error(refusal(written.slice(0, 40)));
      return read(written);
    },
  };
}

/**
 * @param {string} name @param {number} low @param {number} high @param {number | null} usual
 * @param {(value: number) => number} read
 */
export const number = (name, low, high, usual, read = Number) =>
  key(usual, (written) => written.trim() !== "" && +written >= low && +written <= high,
    (written) => t("address.range", { name, written, low, high }), (written) => read(+written));

/** @param {string} name @param {number} high @param {number} usual */
export const whole = (name, high, usual) => number(name, 0, high, usual, Math.trunc);

/** @param {string} name @param {string[]} known @param {string | null} usual */
export const oneOf = (name, known, usual) =>
  key(usual, (written) => known.includes(written),
    (written) => t("address.option", { name, written, known: known.join(", ") }));

/** Return a key whose value is some signs, read by who uses it. @param {string} name @param {RegExp} signs */
export const coded = (name, signs) =>
  key("", (written) => signs.test(written), (written) => t("address.coded", { name, written }));
