// A picture to guess in: what is dragged in it moves the sliders beneath it, and the other way round.

import { gridline, scale } from "../charts.js";
import { table } from "../dom.js";
import { signed, t } from "../strings.js";
import { html, nothing, svg } from "../vendor/lit-html.js";

const [WIDTH, HEIGHT, LEFT, TOP, FLOOR] = [340, 210, 44, 10, 180];
const height = scale([0, 100], [FLOOR, TOP]); // of hundredths

/** Return a value as the axis says it. @param {Lesson} lesson @param {number} value */
export const spokenValue = ({ unit }, value) =>
  unit === "points" ? signed(value, 0) : unit === "percent" ? `${Math.round(value)}%` : String(Math.round(value));

/** @param {Lesson} lesson @param {number} hundredths */
export const valueOf = ({ axis: [low, high] }, hundredths) => low + ((high - low) * hundredths) / 100;

/** @param {Lesson} lesson @param {number} value */
export const hundredthsOf = ({ axis: [low, high] }, value) =>
  Math.min(Math.max((100 * (value - low)) / (high - low), 0), 100);

/**
 * Return a picture to guess in.
 * @param {Lesson} lesson @param {number[]} guess in hundredths @param {(guess: number[]) => void} change
 */
export function guessing(lesson, guess, change) {
  const set = (/** @type {number} */ n, /** @type {number} */ value) => change(guess.with(n, Math.round(Math.min(Math.max(value, 0), 100))));
  const drag = (/** @type {any} */ { type, buttons, clientX, clientY, currentTarget }) => {
    if (type === "pointermove" && !buttons) return;
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    const n = Math.floor((((clientX - left) * WIDTH) / width - LEFT) * guess.length / (WIDTH - LEFT));
    set(Math.min(Math.max(n, 0), guess.length - 1), (100 * (FLOOR - ((clientY - top) * HEIGHT) / height)) / (FLOOR - TOP));
  };
  return html`<div class="guessing">
    ${picture(lesson, "picture", t("lessons.picture", { title: t(`lessons.${lesson.id}.title`) }), marks(lesson, guess, "guess"), drag)}
    <div class="guesses">${guess.map((value, n) => {
      const said = spokenValue(lesson, valueOf(lesson, value));
      return html`<label for="guess-${n}"><span>${lettered(lesson, n)}</span><input type="range" id="guess-${n}" min="0" max="100" step="1"
        .value=${String(value)} aria-valuetext=${said} @input=${(/** @type {any} */ { target }) => set(n, +target.value)}>
        <output for="guess-${n}">${said}</output></label>`;
    })}</div></div>`;
}

/**
 * Return the picture once the answer is known. @param {Lesson} lesson @param {number[]} guess in hundredths
 * @param {number[]} values @param {number[][]} others guesses of a class
 */
export function answered(lesson, guess, values, others) {
  const dots = others.flatMap((each, place) => each.map((value, n) =>
    svg`<circle class="other" r="2.6" cx=${column(lesson, n) + ((place % 7) - 3) * 3} cy=${height(value)}/>`));
  const truth = values.map((each) => hundredthsOf(lesson, each));
  const words = t("lessons.answered", { title: t(`lessons.${lesson.id}.title`) });
  const drawn = [dots, marks(lesson, guess, "guess"), marks(lesson, truth, "truth")];
  return html`<figure>${picture(lesson, "picture closed", words, drawn)}
    <p class="key"><span class="guess-key">${t("lessons.your-guess")}</span><span class="truth-key">${t("lessons.truth")}</span>
      ${others.length ? html`<span class="other-key">${t("lessons.others", { count: others.length })}</span>` : nothing}
    </p></figure>`;
}

/**
 * Return the same as a table.
 * @param {Lesson} lesson @param {number[]} guess in hundredths @param {number[]} values @param {number[][]} others
 */
export function compared(lesson, guess, values, others) {
  const said = (/** @type {number} */ hundredths) => spokenValue(lesson, valueOf(lesson, hundredths));
  const head = [t("lessons.what"), t("lessons.your-guess"), t("lessons.truth"), t("lessons.class")];
  const rows = values.map((value, n) =>
    [lettered(lesson, n), said(guess[n]), spokenValue(lesson, value), others.map((each) => said(each[n])).join(", ")]);
  const columns = others.length ? 4 : 3;
  return table(t("lessons.table"), head.slice(0, columns), rows.map((row) => row.slice(0, columns)));
}

/** @param {Lesson} lesson @param {string} kind @param {string} words @param {any} drawn @param {any} drag */
function picture(lesson, kind, words, drawn, drag = nothing) {
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" class=${kind} role="img" aria-label=${words} @pointerdown=${drag} @pointermove=${drag}>
    ${[0, 25, 50, 75, 100].map((share) => gridline(LEFT, WIDTH - 4, height(share), spokenValue(lesson, valueOf(lesson, share))))}
    ${lesson.handles.map((each, n) => svg`<text x=${column(lesson, n)} y=${FLOOR + 18} text-anchor="middle">${lesson.connected ? each : letter(n)}</text>`)}
    ${drawn}</svg>`;
}

/** @param {Lesson} lesson @param {number[]} shares @param {"guess" | "truth"} kind */
function marks(lesson, shares, kind) {
  const zero = height(hundredthsOf(lesson, 0));
  const wide = Math.min(40, (WIDTH - LEFT) / shares.length / 2);
  const at = shares.map((share, n) => ({ x: column(lesson, n), y: height(share) }));
  const bar = (/** @type {{x: number, y: number}} */ { x, y }) => (kind === "guess"
    ? svg`<rect class=${kind} x=${x - wide / 2} width=${wide} y=${Math.min(y, zero)} height=${Math.max(Math.abs(zero - y), 1)}/>`
    : svg`<path class=${kind} d="M${x - wide * 0.75} ${y}h${wide * 1.5}"/>`);
  return [lesson.connected ? svg`<polyline class=${kind} points=${at.map(({ x, y }) => `${x},${y}`).join(" ")}/>` : at.map(bar),
    at.map(({ x, y }) => svg`<circle class=${kind} cx=${x} cy=${y} r="5"/>`)];
}

/** @param {number} n */
const letter = (n) => String.fromCharCode(65 + n);

/** @param {Lesson} lesson @param {number} n */
const lettered = ({ connected, handles }, n) => connected ? handles[n] : `${letter(n)}: ${handles[n]}`;

/** @param {Lesson} lesson @param {number} n */
const column = ({ handles }, n) => LEFT + ((n + 0.5) * (WIDTH - LEFT)) / handles.length;
