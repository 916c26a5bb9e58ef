// A scenario file taken in: what the page has of it becomes its state; of the rest is said why it cannot be used here.

import { base, controls, span } from "./controls.js";
import { Refusal, scenarioText } from "./scenario-text.js";
import { indexOf, t } from "./strings.js";
import { labelOf, world } from "./world.js";

/**
 * @typedef {import("./scenario-text.js").Path} Path
 * @typedef {(value: any, path: Path) => void} Take takes what is written at a path
 */

const MONTH = /^20(19|[23]\d|4[0-5])-(0[1-9]|1[0-2])$/;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const PARTS = ["capital", "lever", "option", "from", "to"];

/**
 * Return the state that a scenario file means, and what of it could not be used.
 * @param {string} text @param {string} file its name
 * @returns {{state: Record<string, any> | null, problems: string[]}} no state where it cannot be read
 */
export function takenIn(text, file) {
  const written = scenarioText(text, file);
  try {
    const data = written.read();
    return { state: stateOf(data, written), problems: written.problems };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { state: null, problems: [...written.problems, error.message] };
  }
}

/** @param {Record<string, any>} data @param {ReturnType<typeof scenarioText>} written */
function stateOf(data, written) {
  /** @type {Record<string, any>} */
  const state = Object.fromEntries(controls.map(({ name }) => [name, null]));
  const off = new Set();
  /** @type {(wrong: string, path: Path, given?: Record<string, any>) => void} */
  const refuse = (wrong, path, given) => { written.problems.push(written.said(wrong, path, given)); };
  /** @type {Take} what the loader takes, and the page has not */
  const python = (_, path) => { written.problems.push(written.told(t("upload.python"), path)); };
  const control = (/** @type {string} */ name) => controls.find((each) => each.name === name);

  /** @type {(known: Record<string, Take>) => Take} */
  const mapping = (known) => (value, path) => {
    const allowed = Object.keys(known).join(", ");
    const strange = (/** @type {any} */ _, /** @type {Path} */ at) => refuse("key", at, { allowed });
    if (!isMapping(value)) refuse("mapping", path, { allowed });
    else for (const [key, inner] of Object.entries(value)) (Object.hasOwn(known, key) ? known[key] : strange)(inner, [...path, key]);
  };
  /** @type {(known: Record<string, any>, take: (name: string) => Take) => Take} */
  const named = (known, take) => mapping(Object.fromEntries(Object.keys(known).map((name) => [name, take(name)])));
  /** @type {(wrong: string, take: Take) => Take} */
  const list = (wrong, take) => (value, path) => (Array.isArray(value) ? value.forEach((each, n) => take(each, [...path, n])) : refuse(wrong, path));

  /** @type {(name: string, wrong: string, given: Record<string, any>) => Take} */
  const number = (name, wrong, { low, high, unit, meaning }) => (value, path) => {
    const within = (/** @type {number} */ each) => Math.min(Math.max(each, low), high);
    const given = { meaning, allowed: `${low} to ${high}${unit === "1" ? "" : ` [${unit}]`}` };
    if (typeof value !== "string" || !NUMBER.test(value)) refuse("number", path, { ...given, nearest: within(0.5) });
    else if (+value !== within(+value)) refuse(wrong, path, { ...given, written: +value, nearest: within(+value) });
    else state[name] = +value;
  };

  /** @type {Take} */
  function end(value, path) {
    const { low, high } = /** @type {any} */ (control("end"));
    if (value === "never" || isMapping(value)) python(value, path);
    else if (!MONTH.test(value)) refuse("end", path);
    else if (indexOf(value) <= world.scenarios[base()].warStart) refuse("begun", path);
    else if (indexOf(value) < low || indexOf(value) > high) python(value, path);
    else state.end = indexOf(value);
  }

  /** @type {(name: string) => Take} */
  const parameter = (name) => (value, path) => {
    if (!Object.hasOwn(world.parameters, name)) refuse("parameter", path);
    else (!control(name) || value === "prior" || isMapping(value) ? python : number(name, "outside", world.parameters[name]))(value, path);
  };

  /** @type {(name: string) => Take} */
  const driver = (name) => (value, path) => {
    const said = isMapping(value) ? Object.keys(value) : [];
    const strange = said.find((key) => !MONTH.test(key) && !["from", "to", "value", "lasts", "hazard"].includes(key));
    if (strange) refuse("month", [...path, strange]);
    else if (name === "news" && isTalks(value)) state.talks = "yes";
    else if (`${said}` !== span().from || !control(name)) python(value, path);
    else number(name, "driver", world.drivers[name])(value[span().from], [...path, span().from]);
  };

  /** @param {any} value whether it is the credible news of talks in the months before the end */
  function isTalks({ from, to, value = "1", hazard }) {
    const { before } = /** @type {any} */ (control("talks"));
    return state.end !== null && hazard === undefined && MONTH.test(from) && MONTH.test(to) && indexOf(from) === state.end - before && indexOf(to) === state.end - 1 && +value === 1;
  }

  /** @type {Take} */
  function move(value, path) {
    const strange = isMapping(value) && Object.keys(value).find((key) => !PARTS.includes(key));
    const missing = isMapping(value) && PARTS.find((part) => !(part in value));
    if (!isMapping(value) || strange) return refuse(strange ? "key" : "mapping", strange ? [...path, strange] : path, { allowed: PARTS.join(", ") });
    if (missing) return refuse("missing", [...path, missing], { key: missing });
    const { capital, lever: name, option, from, to } = value;
    const own = world.levers.filter((each) => each.capital === capital);
    const lever = own.find((each) => each.name === name);
    /** @type {(part: string, known: string[]) => void} */
    const unknown = (part, known) => refuse(part, [...path, part], { written: value[part], capital, lever: name, allowed: known.join(", ") });
    if (!own.length) unknown("capital", [...world.capitals, "deal"]);
    else if (!lever) unknown("lever", own.map((each) => each.name));
    else if (!labelOf(lever.field, option)) unknown("option", lever.options.map((each) => each.name));
    else if (from !== span().from || to < span().to || !control(lever.field)) python(value, path);
    else if (state[lever.field]) refuse("twice", path, { capital, lever: name, option: state[lever.field], from, to });
    else state[lever.field] = option;
  }

  /** @type {Take} */
  function without(id, path) {
    if (Object.hasOwn(world.switches, id)) off.add(id);
    else if (Object.hasOwn(world.claims, id) || Object.hasOwn(world.assumptions, id)) python(id, path);
    else refuse("id", path);
  }

  const forPeople = () => {};
  mapping({
    name: forPeople, question: forPeople, reading: forPeople, author: forPeople, license: forPeople,
    extends: (value, path) => { if (value !== base()) python(value, path); },
    months: python, war: mapping({ starts: python, ends: end }), drivers: named(world.drivers, driver),
    parameters: (value, path) => (isMapping(value) ? named(value, parameter)(value, path) : refuse("numbers", path)),
    correlations: python, without: list("ids", without), variant: python, moves: list("list", move), policies: forPeople,
  })({ extends: null, ...data }, []);
  return { ...state, off: [...off].join(",") };
}

/** @param {any} value */
function isMapping(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
