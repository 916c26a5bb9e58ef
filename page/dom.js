// Parts that several views have, as templates, and elements for what is built once. Texts go in as text alone, so
// nothing that anybody wrote is ever read as HTML.

import { html, nothing } from "./vendor/lit-html.js";

/** @type {<T extends any[]>(tag: string, given?: Record<string, any>, ...children: T) => any} */
export const h = (tag, given = {}, ...children) => filled(document.createElement(tag), given, children);

/** @type {<T extends any[]>(tag: string, given?: Record<string, any>, ...children: T) => any} */
export const s = (tag, given = {}, ...children) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", tag), given, children);

/** @type {(element: any, given: Record<string, any>, children: any[]) => any} a key with on before it is a listener */
const filled = (element, given, children) => {
  for (const [key, value] of Object.entries(given))
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, String(value));
  element.append(...children.flat(Infinity));
  return element;
};

/** @param {string} id @param {string} words @param {(event: any) => any} act @param {Record<string, any>} more */
export const button = (id, words, act, more = {}) => h("button", { type: "button", id, onclick: act, ...more }, words);

/** @type {<T extends object>(at: T, draw: () => void) => (changes: Partial<T>) => void} what changes a view's state */
export const makeSetter = (at, draw) => (changes) => {
  Object.assign(at, changes);
  draw();
};

/** Return what is said in English in every language. @param {string} text */
export const english = (text) => html`<span lang="en">${text}</span>`;

/**
 * Return a choice of one of some values, each with its words.
 * @param {string} id @param {string[]} values @param {(value: string) => string | undefined} words
 * @param {string} value @param {(value: string) => void} choose @param {any} more id of what describes it
 */
export function choice(id, values, words, value, choose, more = nothing) {
  const change = (/** @type {any} */ { target }) => choose(target.value);
  const options = values.map((each) => html`<option value=${each} .selected=${each === value}>${words(each)}</option>`);
  return html`<select id=${id} aria-describedby=${more} @change=${change}>${options}</select>`;
}

/**
 * Return a field for a whole number from 0 on; what is above the most becomes the most.
 * @param {string} id @param {number} most @param {number} value @param {(value: number) => void} change
 */
export function whole(id, most, value, change) {
  return html`<input type="number" id=${id} min="0" max=${most} .value=${String(value)}
    @change=${(/** @type {any} */ { target }) => change(Math.min(Math.max(Math.trunc(+target.value) || 0, 0), most))}>`;
}

/** @param {string} caption @param {any[]} head @param {any[][]} rows */
export function table(caption, head, rows) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${caption}><table><caption>${caption}</caption>
    <thead><tr>${head.map((each) => html`<th scope="col">${each}</th>`)}</tr></thead>
    <tbody>${rows.map(([first, ...rest]) =>
      html`<tr><th scope="row">${first}</th>${rest.map((each) => html`<td>${each}</td>`)}</tr>`)}</tbody>
  </table></div>`;
}
