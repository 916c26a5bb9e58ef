// Pictures as SVG: a pixel of the drawing is a pixel of the page, so that text keeps its size.

import { html, nothing, svg } from "./vendor/lit-html.js";

const LEFT = 40; // room for −0.25
const BOTTOM = 20;
const ROW = 13; // height of a row of notes

/** Return what tells where a value lies between two places. @param {[number, number]} range @param {[number, number]} places @returns {Scale} */
export const scale = ([low, high], [from, to]) =>
  (value) => from + ((Math.min(Math.max(value, low), high) - low) / (high - low)) * (to - from);

/** Return a number as a label of an axis has it. @param {number} value */
export const axisLabel = (value) => `${value < 0 ? "−" : ""}${Math.abs(value)}`;

/** Return the places of values, one a month; NaN has none. @type {(values: ArrayLike<number>, x: Scale, y: Scale, first: number) => string[]} */
const placesOf = (values, x, y, first) => Array.from(values, (value, n) =>
  (Number.isNaN(value) ? "" : `${x(first + n).toFixed(1)} ${y(value).toFixed(1)}`)).filter(Boolean);

/** Return a line through values, one a month. @param {ArrayLike<number>} values @param {Scale} x @param {Scale} y @param {number} first */
export const polyline = (values, x, y, first = 0) => `M${placesOf(values, x, y, first).join("L")}`;

/** Draw a level of the axis at the left. @param {number} from @param {number} to @param {number} y @param {string} label */
export function gridline(from, to, y, label) {
  return svg`<line class="grid" x1=${from} x2=${to} y1=${y} y2=${y}/><text class="tick" x=${from - 5} y=${y + 4} text-anchor="end">${label}</text>`;
}

/**
 * Draw fans and lines over months. @param {ChartLines} lines @param {number} width @param {number} height
 * @param {string} words what is seen, for who cannot see it @param {number} [at] a month with a line through it
 * @returns {{picture: any, month: (place: number) => number}} the picture, and what month lies at a place of it
 */
export function fanChart(lines, width, height, words, at) {
  const { first, last, range: [low, high], fans = [], notes = [], levels = [], dots = [], marks = [] } = lines;
  const top = 14 + ROW * Math.max(0, ...notes.map(({ row = 0 }) => row + 1));
  const [right, floor] = [width - 8, height - BOTTOM];
  const x = scale([first, last], [LEFT, right]);
  const y = scale([low, high], [floor, top]);
  const area = (/** @type {Float64Array} */ below, /** @type {Float64Array} */ above) =>
    `M${[...placesOf(above, x, y, first), ...placesOf(below, x, y, first).reverse()].join("L")}Z`;
  const note = (/** @type {{month: number, to?: number, label: string, row?: number}} */ { month, to, label, row = 0 }) => {
    const flip = x(month) > width * 0.6;
    return svg`${to === undefined ? svg`<line class="note" x1=${x(month)} x2=${x(month)} y1=${4 + ROW * row} y2=${floor}/>`
      : svg`<rect class="span" x=${x(month)} width=${x(to) - x(month)} y=${top} height=${floor - top}/>`}
      <text class="notetext" x=${x(month) + (flip ? -3 : 3)} y=${ROW + ROW * row} text-anchor=${flip ? "end" : "start"}>${label}</text>`;
  };
  const middles = [...fans.map(({ rows, kind }) => ({ values: rows[2], kind })), ...(lines.lines ?? [])];
  const picture = html`<svg viewBox="0 0 ${width} ${height}" width=${width} height=${height} role="img" aria-label=${words}>
    ${steps(low, high).map((value) => gridline(LEFT, right, y(value), axisLabel(value)))}
    ${lines.ticks.map((month) => svg`<line class="grid" x1=${x(month)} x2=${x(month)} y1=${floor} y2=${floor + 4}/>
      <text class="tick" x=${x(month)} y=${height - 5} text-anchor=${month === last ? "end" : "middle"}>${lines.tick(month)}</text>`)}
    ${notes.map(note)}
    ${fans.map(({ rows, kind }) => svg`<path class="band outer ${kind}" d=${area(rows[0], rows[4])}/>
      <path class="band ${kind}" d=${area(rows[1], rows[3])}/>`)}
    ${middles.map(({ values, kind }) => svg`<path class="middle ${kind}" d=${polyline(values, x, y, first)}/>`)}
    ${levels.filter(({ value }) => value >= low && value <= high).map(({ value, label, kind }) => svg`
      <line class="level ${kind}" x1=${LEFT} x2=${right} y1=${y(value)} y2=${y(value)}/>
      <text class="leveltext" x=${LEFT + 3} y=${y(value) + (value > 0 ? -3 : 12)}>${label}</text>`)}
    ${dots.filter(({ month }) => month >= first && month <= last)
      .map(({ month, value }) => svg`<circle class="observed" cx=${x(month)} cy=${y(value)} r="2"/>`)}
    ${at === undefined ? nothing : svg`<line class="cursor" x1=${x(at)} x2=${x(at)} y1=${top} y2=${floor}/>`}
    ${marks.map(({ month, value, text }) => svg`<circle class="beat" cx=${x(month)} cy=${y(value)} r="9"/>
      <text class="beattext" x=${x(month)} y=${y(value) + 4} text-anchor="middle">${text}</text>`)}</svg>`;
  return { picture, month: (place) => Math.round(scale([LEFT, right], [first, last])(place)) };
}

/**
 * Draw a hundred dots, one a hundredth of the pairs: the clear at the end, those further away at the beginning.
 * @param {number} less share @param {number} clear share @param {string} words
 */
export function hundred(less, clear, words) {
  const kind = (/** @type {number} */ n) => (n < Math.round(100 * less) ? "less" : n >= 100 - Math.round(100 * clear) ? "clear" : "little");
  return html`<svg viewBox="0 0 25 4" class="hundred" role="img" aria-label=${words}>
    ${Array.from({ length: 100 }, (_, n) => svg`<circle class=${kind(n)} cx=${Math.floor(n / 4) + 0.5} cy=${(n % 4) + 0.5} r="0.38"/>`)}</svg>`;
}

/** Draw a bar from 0 to 1 with a mark on it. @param {number} share @param {number | null} mark @param {string} words none where they stand beside it */
export function bullet(share, mark, words = "") {
  return html`<svg class="bullet" height="22" role="img" aria-label=${words || nothing} aria-hidden=${words ? nothing : "true"}>
    <rect class="track" width="100%" y="5" height="12"/><rect class="bar" width="${100 * share}%" y="7" height="8"/>
    ${mark === null ? nothing : svg`<line class="mark" x1="${100 * mark}%" x2="${100 * mark}%" y1="2" y2="20"/>`}</svg>`;
}

/** Return round numbers from low to high. @param {number} low @param {number} high */
function steps(low, high) {
  const rough = (high - low) / 4;
  const tenth = 10 ** Math.floor(Math.log10(rough));
  const step = tenth * ([1, 2, 2.5, 5, 10].find((times) => times * tenth >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, n) => +((first + n) * step).toFixed(6));
}

/** Return the years from 2019 on as ticks, every third where there is little room. @param {number} width */
export function years(width) {
  const every = width > 600 ? 12 : 36;
  const ticks = Array.from({ length: Math.ceil(168 / every) }, (_, n) => every * n);
  return { ticks, tick: (/** @type {number} */ month) => String(2019 + month / 12) };
}
