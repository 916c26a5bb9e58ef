// A picture with all that belongs to it: a title that says the finding, words, a read-out, its numbers, and files to keep.

import { h, makeSetter, table } from "./dom.js";
import { keeper, metadata, pictureOf, pngOf } from "./keep.js";
import { t } from "./strings.js";
import { html, nothing, render } from "./vendor/lit-html.js";

/** Return a card; its show() draws. @param {string} id */
export function card(id) {
  const root = h("figure", { class: "card picture", id, "aria-labelledby": `${id}-title` });
  /** @type {{shown: CardContent, asked: number | null, open: boolean}} */
  const at = { shown: /** @type {any} */ (null), asked: null, open: false };
  const set = makeSetter(at, draw);
  let width = 0;
  const wide = () => root.querySelector(".drawing")?.clientWidth ?? 0;
  const picture = () => pictureOf(root.querySelector("svg"), at.shown);
  const python = keeper(`${id}-py`, t("card.python"), `${id}.py`, () => at.shown.python?.() ?? "");
  const keepers = [
    keeper(`${id}-png`, "PNG", `${id}.png`, () => pngOf(picture())),
    keeper(`${id}-svg`, "SVG", `${id}.svg`, () => picture().text),
    keeper(`${id}-csv`, "CSV", `${id}.csv`, () => csvOf([at.shown.head, ...at.shown.rows])),
    keeper(`${id}-json`, "metadata.json", `${id}.metadata.json`, () => metadata(at.shown.title, at.shown.series, at.shown.head)),
  ];

  /** @param {number} month that is read out */
  function draw(month = at.asked ?? at.shown.readout.at) {
    const { shown: { title, key, head, rows, readout: { first, last, say } }, open } = at;
    const now = Math.min(Math.max(month, first), last);
    width = wide();
    const drawn = width ? at.shown.draw(width, now) : null;
    const follow = (/** @type {any} */ { clientX, currentTarget }) =>
      drawn && draw(drawn.month(clientX - currentTarget.getBoundingClientRect().left));
    const slide = (/** @type {any} */ { target }) => set({ asked: Number(target.value) });
    const unfold = (/** @type {any} */ { target }) => set({ open: target.open });
    render(html`<h2 id="${id}-title">${title}</h2>
      <div class="drawing" @pointermove=${follow} @pointerdown=${follow}>${drawn?.picture}</div>
      <p class="key">${key.map(([kind, words]) => html`<span class="key-${kind}">${words}</span> `)}</p>
      <div class="reading"><input type="range" id="${id}-month" class="reader" aria-label=${t("card.readout")} aria-valuetext=${say(now)}
        min=${first} max=${last} .value=${String(now)} @input=${slide}>
        <output class="readout" id="${id}-said" for="${id}-month">${say(now)}</output></div>
      <details class="more" @toggle=${unfold}><summary>${t("card.numbers")}</summary>
        ${open ? html`${table(title, head, rows)}<div class="buttons keep">${keepers}${at.shown.python ? python : nothing}</div>` : nothing}</details>`, root);
  }

  new ResizeObserver(() => at.shown && wide() !== width && draw()).observe(root);
  return { root, show: (/** @type {CardContent} */ shown) => set({ shown }) };
}

/** @param {(string | number)[][]} rows */
function csvOf(rows) {
  const cell = (/** @type {string | number} */ value) => {
    const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => row.map(cell).join(",")).join("\n") + "\n";
}
