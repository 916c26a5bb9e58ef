// The words of the page, which stand in strings/en.json.

/** @type {Record<string, string>} */
let words = {};

/** @param {Record<string, string>} all */
export function speak(all) {
  words = all;
}

/** Return a sentence in which {name} stands for given.name. @param {string} key @param {Record<string, any>} given */
export function t(key, given = {}) {
  const said = words[key];
  if (said === undefined) throw new Error(`no words for ${key}`);
  return said.replace(/\{(\w+)\}/g, (_, name) => String(given[name] ?? ""));
}

/** Return a capital, or who else acts, as a reader says it. @param {string} actor */
export const called = (actor) => t(`actor.${actor}`);

/** Return a month, counted from 2019-01, as a reader says it. @param {number} month */
export const spoken = (month) => `${t("months").split(" ")[month % 12]} ${2019 + Math.floor(month / 12)}`;

/** Return a month as an address and a scenario file write it, YYYY-MM. @param {number} month */
export const named = (month) => `${2019 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;

/** Return the number of a month YYYY-MM. @param {string} written */
export function indexOf(written) {
  const found = /^(\d{4})-(\d\d)$/.exec(written);
  if (!found || +found[2] < 1 || +found[2] > 12) throw new Error(t("address.month", { written: written.slice(0, 20) }));
  return (+found[1] - 2019) * 12 + +found[2] - 1;
}

/** Return a number with its sign: +3.1, −0.4. @param {number} value */
export function signed(value, digits = 1) {
  const said = Math.abs(value).toFixed(digits);
  return +said === 0 ? said : (value < 0 ? "−" : "+") + said;
}

/** @param {number} share */
export const percent = (share) => `${Math.round(100 * share)}%`;

/** @param {string} text */
export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);
