// A picture with all that belongs to it: a title that says the finding, words, a read-out, its numbers, and files to keep.

import { h, put, table } from "./dom.js";
import { keeper, metadata, pictureOf, pngOf } from "./keep.js";
import { t } from "./strings.js";

/**
 * @typedef {object} Shown
 * @property {string} title
 * @property {(width: number) => any} draw returns the SVG
 * @property {string[]} head of the table
 * @property {[string, string][]} [key] which line is which: the kind of a line, and words
 * @property {(string | number)[][]} rows
 * @property {string} series what is measured
 * @property {() => string} [python] lines that make the numbers again
 * @property {{first: number, last: number, at: number, say: (month: number) => string}} [readout]
 */

/** Return a card; its show() draws. @param {string} id @param {{level?: "h2" | "h3", caption?: string}} options */
export function card(id, { level = "h2", caption = "" } = {}) {
  const title = h(level, { id: `${id}-title` });
  const drawing = h("div", { class: "drawing" });
  const key = h("p", { class: "key" });
  const said = h("output", { class: "readout", id: `${id}-said`, for: `${id}-month` });
  const slider = h("input", { type: "range", id: `${id}-month`, class: "reader", "aria-label": t("card.readout") });
  const reading = h("div", { class: "reading", hidden: true }, slider, said);
  const numbers = h("div");
  const more = h("details", { class: "more", ontoggle: fill }, h("summary", {}, t("card.numbers")), numbers);
  const keep = h("div", { class: "buttons keep" });
  const root = h("figure", { class: "card picture", id, "aria-labelledby": `${id}-title` },
    title, drawing, key, reading, caption && h("figcaption", { class: "muted" }, caption), more);
  /** @type {Shown | null} */
  let shown = null;
  /** @type {any} */
  let svg = null;
  let width = 0;

  function fill() {
    if (!shown || !more.open) return;
    put(numbers, table(shown.title, shown.head, shown.rows), keep);
    const now = shown;
    const { title, series, head, rows, python } = now;
    put(keep, [
      keeper(`${id}-png`, "PNG", `${id}.png`, () => pngOf(pictureOf(svg, now))), keeper(`${id}-svg`, "SVG", `${id}.svg`, () => pictureOf(svg, now).text),
      keeper(`${id}-csv`, "CSV", `${id}.csv`, () => csvOf(head, rows)), keeper(`${id}-json`, "metadata.json", `${id}.metadata.json`, () => metadata(title, series, head)),
      python && keeper(`${id}-py`, t("card.python"), `${id}.py`, python),
    ]);
  }

  /** @param {number} month */
  function point(month) {
    if (!shown?.readout || !svg?.at) return;
    const { first, last, say } = shown.readout;
    const at = Math.min(Math.max(month, first), last);
    slider.value = at;
    slider.setAttribute("aria-valuetext", say(at));
    said.textContent = say(at);
    for (const end of ["x1", "x2"]) svg.at.cursor.setAttribute(end, svg.at.x(at));
  }

  function draw() {
    if (!shown || !drawing.clientWidth) return;
    width = drawing.clientWidth;
    svg = shown.draw(width);
    drawing.replaceChildren(svg);
    reading.hidden = !shown.readout;
    if (!shown.readout) return;
    Object.assign(slider, { min: shown.readout.first, max: shown.readout.last });
    const follow = (/** @type {PointerEvent} */ event) => point(svg.at.month(event.clientX - svg.getBoundingClientRect().left));
    svg.addEventListener("pointermove", follow);
    svg.addEventListener("pointerdown", follow);
    point(Number(slider.dataset.at ?? shown.readout.at));
  }

  slider.addEventListener("input", () => {
    slider.dataset.at = slider.value;
    point(Number(slider.value));
  });
  new ResizeObserver(() => drawing.clientWidth !== width && draw()).observe(drawing);

  return {
    root,
    /** @param {Shown} next */
    show(next) {
      shown = next;
      title.textContent = next.title;
      put(key, next.key?.map(([kind, words]) => [h("span", { class: `key-${kind}` }, words), " "]));
      draw();
      fill();
    },
  };
}

/** @param {string[]} head @param {(string | number)[][]} rows */
function csvOf(head, rows) {
  const cell = (/** @type {string | number} */ value) => {
    const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [head, ...rows].map((row) => row.map(cell).join(",")).join("\n") + "\n";
}
