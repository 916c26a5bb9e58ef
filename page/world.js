// What the page was given, known to all its modules and to those of a worker: world.json and facts.json.

/**
 * @typedef {{name: string, value: number, label: string}} Option
 * @typedef {{field: string, capital: string, name: string, title: string, options: Option[]}} Lever
 * @typedef {{date: string, month: string, actor: string, target: string, domain: string, event: string, source: string, address: string}} Recorded
 *
 * @typedef {object} World What world.json holds; page/engine/README.md has it key by key.
 * @property {string} driftback its release
 * @property {string} registers
 * @property {string} fingerprint of the rules
 * @property {number} article the month of the article
 * @property {string[]} capitals
 * @property {Record<string, any>} parameters
 * @property {Record<string, any>} drivers
 * @property {Record<string, string>} claims
 * @property {Record<string, string>} assumptions
 * @property {Record<string, any>} switches
 * @property {Record<string, string[]>} weights names of those of each capital
 * @property {Record<string, {title: string, measured: string, unit: string, short: string}>} series
 * @property {Lever[]} levers
 * @property {Record<string, {name: string, says: string}[]>} goals
 * @property {Record<string, any>} scenarios
 * @property {{events: Recorded[], monthly: any[], annual: any[]}} observed
 * @property {any} limits
 * @property {any} sets
 * @property {import("./engine/files.js").Known["files"]} files
 */

/** @type {World} */
export let world;
/** @type {any} */
export let facts;

/** @param {World} given @param {any} known */
export function learn(given, known) {
  world = given;
  facts = known;
}

/** @param {string} field */
export const placeOf = (field) => world.levers.findIndex((lever) => lever.field === field);

/** @param {string} field */
export const leverOf = (field) => world.levers[placeOf(field)];

/** Return an option of a lever as a reader says it. @param {string} field @param {string} name */
export const labelOf = (field, name) => leverOf(field).options.find((option) => option.name === name)?.label;

/** @param {string} id of a claim or an assumption */
export const saysOf = (id) => world.assumptions[id] ?? world.claims[id];
