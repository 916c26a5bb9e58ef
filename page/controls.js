// What a reader can move: what each control says in an address, and what it changes in a scenario.

import { key, number, oneOf, whole } from "./address.js";
import { axisLabel } from "./charts.js";
import { indexOf, named, spoken, t } from "./strings.js";
import { facts, labelOf, leverOf, world } from "./world.js";

/** @type {any} */
let told;
/** @type {{name: string, controls: Control[]}[]} */
export let groups;
/** @type {Control[]} */
export let controls;

/** Take in what can be moved, and return its keys of the address. @param {any} given controls.json */
export function begin(given) {
  told = given;
  const first = indexOf(given.from);
  const scenario = world.scenarios[given.base];
  groups = given.groups.map((/** @type {any} */ { name, controls }) => ({ name, controls: controls.map(filled) }));
  controls = groups.flatMap((group) => group.controls);
  return {
    ...Object.fromEntries(controls.map((control) => [control.name, keyOf(control)])),
    off: {
      usual: "",
      parse(/** @type {string} */ written) {
        const ids = [...new Set(written.split(",").filter(Boolean))];
        const unknown = ids.find((id) => !Object.hasOwn(world.switches, id));
        if (unknown) throw new Error(t("address.off", { written: unknown.slice(0, 20) }));
        return ids.join(",");
      },
    },
    seed: whole(t("control.seed"), 2 ** 32 - 1, 1),
  };

  /** @param {any} each */
  function filled(each) {
    const { kind, name, last } = each;
    if (kind === "talks") return { ...each, options: ["yes"], band: [] };
    if (kind === "lever") return { ...each, options: leverOf(name).options.map((option) => option.name), band: [] };
    const { low, high } = kind === "end" ? { low: first, high: indexOf(last) }
      : kind === "driver" ? world.drivers[name] : world.parameters[name];
    if (kind === "parameter") return { ...each, low, high, options: [], band: facts.bands[name] ?? [] };
    const values = [scenario.drivers[name]].flat();
    const usual = values[first] ?? values[0];
    return { step: 1, ...each, low, high, options: [], band: range(kind === "end" ? scenario.warEnd : [usual, usual]) };
  }
}

/** @param {[number, number]} ends */
const range = ([low, high]) => [low, low, low, (low + high) / 2, high, high, high];

/** @param {Control} control */
function keyOf({ name, kind, options, low, high }) {
  const label = t(`control.${name}`);
  if (options.length) return oneOf(label, options, null);
  if (kind !== "end") return number(label, low, high, null);
  const ends = { low: named(low), high: named(high) };
  const until = key(null, (written) => indexOf(written) >= low && indexOf(written) <= high,
    (written) => t("address.range", { name: label, written, ...ends }), indexOf);
  return { ...until, write: named };
}

/** Return a value of a control as a reader says it. @param {Control} control @param {any} value */
export function said(control, value) {
  if (control.kind === "end") return spoken(value);
  if (control.kind === "talks") return t("control.talks.yes");
  if (control.kind === "lever") return labelOf(control.name, value);
  return axisLabel(+Number(value).toFixed(2));
}

/** Return the controls that were moved, each with its value. @param {AddressState} state */
export const movedControls = (state) =>
  controls.filter(({ name, kind }) => state[name] !== null && (kind !== "talks" || state.end !== null))
    .map((control) => ({ control, value: state[control.name] }));

/** Return what is moved, as plan.js takes it. @param {AddressState} state @returns {Changes} */
export function movedOf(state) {
  const from = indexOf(told.from);
  /** @type {any} */
  const moved = { parameters: {}, drivers: {}, moves: [], without: state.off ? state.off.split(",") : [] };
  for (const { control: { name, kind, before }, value } of movedControls(state)) {
    if (kind === "end") moved.ends = [value, value];
    if (kind === "talks") moved.drivers.news = [{ from: state.end - before, to: state.end - 1, value: 1 }];
    if (kind === "parameter") moved.parameters[name] = value;
    if (kind === "driver") moved.drivers[name] = [{ from, value }];
    if (kind === "lever") moved.moves.push({ lever: name, option: value, from, to: Infinity });
  }
  return moved;
}

/** Return the scenario that everything starts from. */
export const base = () => told.base;

/** Return the world of a state as a job is asked for it. @param {AddressState} state */
export const worldOf = (state) => ({ scenario: base(), moved: movedOf(state), seed: state.seed });

/**
 * Return what is moved as keys of a scenario file, with values as JSON, which YAML and Python read alike.
 * @param {AddressState} state @returns {Record<string, any>}
 */
export function changesOf(state) {
  const moved = movedOf(state);
  /** @type {Record<string, any>} */
  const changes = {};
  if (moved.ends) changes.war = { ends: named(moved.ends[0]) };
  const drivers = Object.entries(moved.drivers ?? {}).map(([name, [{ from = 0, to, value }]]) =>
    [name, to === undefined ? { [named(from)]: value } : { from: named(from), to: named(to), value }]);
  if (drivers.length) changes.drivers = Object.fromEntries(drivers);
  if (Object.keys(moved.parameters ?? {}).length) changes.parameters = moved.parameters;
  if (moved.without?.length) changes.without = moved.without;
  if (moved.moves?.length)
    changes.moves = moved.moves.map(({ lever, option }) => {
      const { capital, name } = leverOf(lever);
      return { capital, lever: name, option, from: told.from, to: named(world.scenarios[told.base].months - 1) };
    });
  return changes;
}
