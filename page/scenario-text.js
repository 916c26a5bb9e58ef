// YAML to plain data in which every key knows its line, as sim/scenario/yaml_reading.py reads it: the shape alone counts, and all
// words stay words. What is wrong is said in the loader's own sentences.

import { EVENT_ALIAS, EVENT_MAPPING, EVENT_POP, EVENT_SCALAR, EVENT_SEQUENCE, getScalarValue, parseEvents } from "./vendor/js-yaml.js";
import { facts } from "./world.js";

const LARGEST = 256 * 1024;

/** @typedef {(string | number)[]} Path keys, and places in lists */

export class Refusal extends Error {}

/** @param {string} text @param {string} file its name, for messages */
export function scenarioText(text, file) {
  /** @type {Record<string, number>} by path */
  const lines = Object.create(null);
  /** @type {string[]} */
  const problems = [];
  /** @type {() => any} */
  let next;

  /** Return the data: objects, lists and words. Throws a Refusal where there are none. */
  function read() {
    if (new Blob([text]).size > LARGEST) throw new Refusal(said("large", []));
    const all = events()[Symbol.iterator]();
    next = () => all.next().value;
    const data = next() ? value(next(), []) : null;
    if (data === null) throw new Refusal(said("empty", []));
    if (typeof data !== "object" || Array.isArray(data)) throw new Refusal(said("not keys", [], {}, 1));
    return data;
  }

  function events() {
    try {
      return parseEvents(text, {});
    } catch (error) {
      const { reason, mark } = /** @type {any} */ (error);
      throw new Refusal(said("no yaml", [], { why: reason }, mark.line + 1));
    }
  }

  /** @param {any} event @param {Path} path @returns {any} */
  function value(event, path) {
    if (event.type === EVENT_ALIAS || event.anchorStart >= 0) throw new Refusal(said("anchor", [], {}, lineOf(event)));
    if (event.tagStart >= 0) throw new Refusal(said("tag", path, {}, lineOf(event)));
    if (event.type === EVENT_MAPPING) return mapping(path);
    if (event.type === EVENT_SEQUENCE) return list(path);
    return event.valueStart < 0 ? null : getScalarValue(text, event);
  }

  /** @param {Path} path */
  function mapping(path) {
    const data = Object.create(null);
    for (let event = next(); event.type !== EVENT_POP; event = next()) {
      if (event.type !== EVENT_SCALAR) throw new Refusal(said("key", path));
      const key = value(event, path) ?? "";
      const place = [...path, key];
      if (key in data) problems.push(said("repeated", place, { line: lines[dotted(place)] }, lineOf(event)));
      lines[dotted(place)] ??= lineOf(event);
      const inner = value(next(), place);
      data[key] ??= inner;
    }
    return data;
  }

  /** @param {Path} path */
  function list(path) {
    const data = [];
    for (let event = next(); event.type !== EVENT_POP; event = next()) {
      /** @type {Path} */
      const place = [...path, data.length];
      lines[dotted(place)] = lineOf(event);
      data.push(value(event, place));
    }
    return data;
  }

  /** @param {any} event */
  function lineOf({ start, valueStart, anchorStart, tagStart }) {
    return text.slice(0, Math.min(...[start, valueStart, anchorStart, tagStart].filter((each) => each >= 0))).split("\n").length;
  }

  /**
   * Return what is wrong at a path, as the loader says it.
   * @param {string} name of the loader's sentence @param {Path} path
   * @param {Record<string, any>} given what its places are filled with
   * @param {number} [line] where it is not that of the path
   */
  function said(name, path, given = {}, line) {
    const { why, allowed, fix } = facts.refusals[name];
    const filled = (/** @type {string} */ words) => words.replace(/\{(\w+)\}/g, (_, key) => given[key] ?? "");
    const more = Object.entries({ allowed: given.allowed ?? allowed, fix: filled(fix) }).filter(([, words]) => words);
    return told(filled(why), path, line) + more.map(([label, words]) => `\n    ${label.padEnd(8)} ${words}`).join("");
  }

  /** @param {string} why @param {Path} path @param {number} [line] */
  function told(why, path, line) {
    const at = line ?? path.reduce((known, _, n) => lines[dotted(path.slice(0, n + 1))] ?? known, 0);
    return [at ? `${file}:${at}` : file, dotted(path), why].filter(Boolean).join(": ");
  }

  return { read, problems, said, told };
}

/** @param {Path} path as messages show it: list items are counted from 1 */
function dotted(path) {
  return path.map((part, n) => (typeof part === "number" ? ` #${part + 1}` : n ? `.${part}` : part)).join("");
}
