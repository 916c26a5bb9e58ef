// Making elements. Texts go in as text alone, so nothing that anybody wrote is ever read as HTML.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Return an element. A key that begins with "on" is a listener; true sets an attribute, false, null and undefined do not.
 * @param {string} tag
 * @param {Record<string, any>} given
 * @param {...any} children
 * @returns {any}
 */
export function h(tag, given = {}, ...children) {
  return filled(document.createElement(tag), given, children);
}

/**
 * Return an element of SVG.
 * @param {string} tag
 * @param {Record<string, any>} given
 * @param {...any} children
 * @returns {any}
 */
export function s(tag, given = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), given, children);
}

/**
 * @param {any} element
 * @param {Record<string, any>} given
 * @param {any[]} children
 */
function filled(element, given, children) {
  for (const [key, value] of Object.entries(given)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * Put other children in place of those of an element, and leave the focus where it was if what had it is still there.
 * @param {any} element
 * @param {...any} children
 */
export function put(element, ...children) {
  const held = element.contains(document.activeElement) ? document.activeElement?.id : "";
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  if (held) document.getElementById(held)?.focus();
}

/**
 * Return a table.
 * @param {string} caption
 * @param {string[]} head
 * @param {(string | number)[][]} rows
 */
export function table(caption, head, rows) {
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, h("table", {},
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, head.map((each) => h("th", { scope: "col" }, each)))),
    h("tbody", {}, rows.map(([first, ...rest]) => h("tr", {}, h("th", { scope: "row" }, first), rest.map((each) => h("td", {}, each)))))));
}
