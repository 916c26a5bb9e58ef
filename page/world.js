// What the page was given, known to all its modules and to those of a worker: world.json and facts.json.

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

/** Return a lever's options, month by month, by their places. @param {Int8Array} played @param {string} field */
export function optionsOf(played, field) {
  const [place, { length }] = [placeOf(field), world.levers];
  return Int8Array.from({ length: played.length / length }, (_, n) => played[n * length + place]);
}

/** Return an option of a lever as a reader says it. @param {string} field @param {string} name */
export const labelOf = (field, name) => leverOf(field).options.find((option) => option.name === name)?.label;

/** @param {string} id of a claim or an assumption */
export const saysOf = (id) => world.assumptions[id] ?? world.claims[id];
