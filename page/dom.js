// Making elements. Texts go in as text alone, so nothing that anybody wrote is ever read as HTML.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Return an element. A key that begins with "on" is a listener; true sets an attribute, false, null and undefined do not.
 * @param {string} tag @param {Record<string, any>} given @param {...any} children @returns {any}
 */
export function h(tag, given = {}, ...children) {
  return filled(document.createElement(tag), given, children);
}

/**
 * Return an element of SVG.
 * @param {string} tag @param {Record<string, any>} given @param {...any} children @returns {any}
 */
export function s(tag, given = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), given, children);
}

/** @param {any} element @param {Record<string, any>} given @param {any[]} children */
function filled(element, given, children) {
  for (const [key, value] of Object.entries(given)) {
    if (key.startsWith("on")) value && element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, String(value));
  }
  element.append(...there(children));
  return element;
}

/** @param {any[]} children */
function there(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/**
 * Put other children in place of those of an element, and leave the focus where it was if what had it is still there.
 * @param {any} element @param {...any} children
 */
export function put(element, ...children) {
  const held = element.contains(document.activeElement) ? document.activeElement?.id : "";
  element.replaceChildren(...there(children));
  if (held) document.getElementById(held)?.focus();
}

/** Return what is said in English in every language. @param {string} text */
export function english(text) {
  return h("span", { lang: "en" }, text);
}

/**
 * Return a button.
 * @param {string} id @param {any} words @param {(event: any) => any} act @param {Record<string, any>} more
 */
export function button(id, words, act, more = {}) {
  return h("button", { type: "button", id, onclick: act, ...more }, words);
}

/**
 * Return a choice of one of some values, each with its words.
 * @param {string} id @param {[string, string][]} options @param {(value: string) => void} choose
 * @param {Record<string, any>} more
 */
export function choice(id, options, choose, more = {}) {
  const made = h("select", { id, onchange: () => choose(made.value), ...more }, options.map(([value, words]) => h("option", { value }, words)));
  return made;
}

/**
 * Return a field for a whole number from 0 on.
 * @param {string} id @param {number} most what is above becomes this @param {(value: number) => void} change
 */
export function whole(id, most, change) {
  const made = h("input", { type: "number", id, min: 0, max: most, onchange: () => change(Math.min(Math.max(Math.trunc(+made.value) || 0, 0), most)) });
  return made;
}

/** Return a table. @param {string} caption @param {string[]} head @param {(string | number | HTMLElement)[][]} rows */
export function table(caption, head, rows) {
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, h("table", {},
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, head.map((each) => h("th", { scope: "col" }, each)))),
    h("tbody", {}, rows.map(([first, ...rest]) => h("tr", {}, h("th", { scope: "row" }, first), rest.map((each) => h("td", {}, each)))))));
}
