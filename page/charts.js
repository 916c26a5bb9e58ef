// Pictures as SVG, drawn by hand: a pixel of the drawing is a pixel of the page, so that text keeps its size.

import { s } from "./dom.js";

/**
 * @typedef {object} Lines What a chart over months shows.
 * @property {number} first the month at the left
 * @property {number} last
 * @property {[number, number]} range of values
 * @property {(month: number) => string} tick what stands below a month
 * @property {number[]} ticks
 * @property {{rows: Float64Array[], kind: string, label: string}[]} fans quantiles of 10, 25, 50, 75 and 90%, from first on
 * @property {{value: number, label: string, kind: string}[]} levels level lines
 * @property {{month: number, to?: number, label: string, row?: number}[]} notes
 * @property {{month: number, value: number}[]} [dots] observed
 * @property {{values: Float64Array, kind: string}[]} [lines]
 * @property {{month: number, value: number, text: string}[]} [marks] with a number in a circle
 */

const LEFT = 34;
const BOTTOM = 20;

/** Return what tells where a value lies between two places. @param {[number, number]} range of values @param {[number, number]} places */
export function scale([low, high], [from, to]) {
  return (/** @type {number} */ value) => from + ((Math.min(Math.max(value, low), high) - low) / (high - low)) * (to - from);
}

/** Return a number as a label of an axis has it. @param {number} value */
export function axisLabel(value) {
  return `${value < 0 ? "−" : ""}${Math.abs(value)}`;
}

/**
 * Draw fans over months.
 * @param {Lines} lines @param {number} width @param {number} height
 * @param {string} words what is seen, for who cannot see it
 * @returns {any} an element of SVG; its "at" says where months and values lie
 */
export function fanChart(lines, width, height, words) {
  const { first, last, range: [low, high], fans, notes } = lines;
  const top = 14 + 13 * Math.max(0, ...notes.map(({ row = 0 }) => row + 1));
  const x = scale([first, last], [LEFT, width - 8]);
  const y = scale([low, high], [height - BOTTOM, top]);
  const points = (/** @type {Float64Array} */ values) => Array.from(values, (value, place) =>
    (Number.isNaN(value) ? "" : `${x(first + place).toFixed(1)} ${y(value).toFixed(1)}`)).filter(Boolean);
  const path = (/** @type {Float64Array} */ values) => `M${points(values).join("L")}`;
  const area = (/** @type {Float64Array} */ below, /** @type {Float64Array} */ above) => `M${[...points(above), ...points(below).reverse()].join("L")}Z`;
  const grid = steps(low, high).map((value) => [
    s("line", { class: "grid", x1: LEFT, x2: width - 8, y1: y(value), y2: y(value) }),
    s("text", { class: "tick", x: LEFT - 5, y: y(value) + 4, "text-anchor": "end" }, axisLabel(value)),
  ]);
  const months = lines.ticks.map((month) => [
    s("line", { class: "grid", x1: x(month), x2: x(month), y1: height - BOTTOM, y2: height - BOTTOM + 4 }),
    s("text", { class: "tick", x: x(month), y: height - 5, "text-anchor": month === last ? "end" : "middle" }, lines.tick(month)),
  ]);
  const bands = fans.flatMap(({ rows, kind }) => [
    s("path", { class: `band outer ${kind}`, d: area(rows[0], rows[4]) }),
    s("path", { class: `band ${kind}`, d: area(rows[1], rows[3]) }),
  ]);
  const middles = [...fans.map(({ rows, kind }) => ({ values: rows[2], kind })), ...(lines.lines ?? [])]
    .map(({ values, kind }) => s("path", { class: `middle ${kind}`, d: path(values) }));
  const marks = notes.map(({ month, to, label, row = 0 }) => {
    const flip = x(month) > width * 0.6;
    return [
      to === undefined
        ? s("line", { class: "note", x1: x(month), x2: x(month), y1: 4 + 13 * row, y2: height - BOTTOM })
        : s("rect", { class: "span", x: x(month), width: x(to) - x(month), y: top, height: height - BOTTOM - top }),
      s("text", { class: "notetext", x: x(month) + (flip ? -3 : 3), y: 13 + 13 * row, "text-anchor": flip ? "end" : "start" }, label),
    ];
  });
  const levels = lines.levels.filter(({ value }) => value >= low && value <= high).map(({ value, label, kind }) => [
    s("line", { class: `level ${kind}`, x1: LEFT, x2: width - 8, y1: y(value), y2: y(value) }),
    label ? s("text", { class: "leveltext", x: LEFT + 3, y: y(value) + (value > 0 ? -3 : 12) }, label) : null,
  ]);
  const dots = (lines.dots ?? []).filter(({ month }) => month >= first && month <= last)
    .map(({ month, value }) => s("circle", { class: "observed", cx: x(month), cy: y(value), r: 2 }));
  const beats = (lines.marks ?? []).map(({ month, value, text }) => [
    s("circle", { class: "beat", cx: x(month), cy: y(value), r: 9 }),
    s("text", { class: "beattext", x: x(month), y: y(value) + 4, "text-anchor": "middle" }, text),
  ]);
  const cursor = s("line", { class: "cursor", y1: top, y2: height - BOTTOM, x1: -9, x2: -9 });
  const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": words },
    grid, months, marks, bands, middles, levels, dots, cursor, beats);
  svg.at = { x, month: (/** @type {number} */ place) => Math.round(scale([LEFT, width - 8], [first, last])(place)), cursor };
  return svg;
}

/**
 * Draw a hundred dots, one a hundredth of the pairs: the clear at the end, those further away at the beginning.
 * @returns {{root: any, show: (less: number, clear: number, words: string) => void}} takes shares from 0 to 1, and words
 */
export function hundred() {
  const dots = Array.from({ length: 100 }, (_, n) => s("circle", { cx: Math.floor(n / 4) + 0.5, cy: (n % 4) + 0.5, r: 0.38 }));
  const root = s("svg", { viewBox: "0 0 25 4", class: "hundred", role: "img" }, dots);
  return {
    root,
    show(less, clear, words) {
      root.setAttribute("aria-label", words);
      dots.forEach((dot, n) => dot.setAttribute("class", n < Math.round(100 * less) ? "less" : n >= 100 - Math.round(100 * clear) ? "clear" : "little"));
    },
  };
}

/**
 * Draw a bar from 0 to 1 with a mark on it.
 * @param {number} share @param {number | null} mark @param {number} width @param {string} words
 */
export function bullet(share, mark, width, words) {
  const x = scale([0, 1], [1, width - 1]);
  return s("svg", { viewBox: `0 0 ${width} 22`, width, height: 22, role: "img", "aria-label": words, class: "bullet" },
    s("rect", { class: "track", x: 1, y: 5, width: width - 2, height: 12 }),
    s("rect", { class: "bar", x: 1, y: 7, width: Math.max(0, x(share) - 1), height: 8 }),
    mark === null ? null : s("line", { class: "mark", x1: x(mark), x2: x(mark), y1: 2, y2: 20 }));
}

/**
 * Draw bars to either side of zero: for to the right, against to the left.
 * @param {{label: string, value: number}[]} rows @param {number} width @param {string} words
 */
export function sides(rows, width, words) {
  const most = Math.max(...rows.map(({ value }) => Math.abs(value)), 1e-9);
  const half = width / 2;
  const x = scale([-most, most], [4, width - 4]);
  return s("svg", { viewBox: `0 0 ${width} ${rows.length * 34 + 4}`, width, height: rows.length * 34 + 4, role: "img", "aria-label": words },
    rows.map(({ label, value }, row) => [
      s("text", { class: "sidelabel", x: half, y: row * 34 + 13, "text-anchor": "middle" }, label.length > width / 6.2 ? `${label.slice(0, width / 6.2 - 1)}…` : label),
      s("rect", { class: value < 0 ? "side against" : "side", x: Math.min(x(0), x(value)), y: row * 34 + 17, width: Math.max(1, Math.abs(x(value) - half)), height: 11 }),
    ]),
    s("line", { class: "axis", x1: half, x2: half, y1: 16, y2: rows.length * 34 + 2 }));
}

/** Return round numbers from low to high. @param {number} low @param {number} high */
function steps(low, high) {
  const rough = (high - low) / 4;
  const tenth = 10 ** Math.floor(Math.log10(rough));
  const step = tenth * ([1, 2, 2.5, 5, 10].find((times) => times * tenth >= rough) ?? 10);
  const found = [];
  for (let value = Math.ceil(low / step - 1e-9) * step; value <= high + 1e-9; value += step) found.push(+value.toFixed(6));
  return found;
}

/**
 * Return the years from 2019 on as ticks, every third where there is little room.
 * @param {number} width @returns {{ticks: number[], tick: (month: number) => string}}
 */
export function years(width) {
  const every = width > 600 ? 12 : 36;
  return { ticks: Array.from({ length: Math.ceil(168 / every) }, (_, n) => every * n), tick: (month) => String(2019 + month / 12) };
}
