// A picture to guess in: what is dragged in it moves the sliders beneath it, and the other way round.

import { h, put, s, table } from "../dom.js";
import { signed, t } from "../strings.js";

const [WIDTH, HEIGHT, LEFT, TOP, FLOOR] = [340, 210, 44, 10, 180];

/** @typedef {import("./lessons-list.js").Lesson} Lesson */

/** Return a value as the axis says it. @param {Lesson} lesson @param {number} value */
export function spokenValue({ unit }, value) {
  return unit === "points" ? signed(value, 0) : unit === "percent" ? `${Math.round(value)}%` : String(Math.round(value));
}

/** @param {Lesson} lesson @param {number} hundredths */
export function valueOf({ axis: [low, high] }, hundredths) {
  return low + ((high - low) * hundredths) / 100;
}

/** @param {Lesson} lesson @param {number} value */
export function hundredthsOf({ axis: [low, high] }, value) {
  return Math.min(Math.max((100 * (value - low)) / (high - low), 0), 100);
}

/** @param {Lesson} lesson @param {number[]} guess in hundredths; changed while something is moved */
export function guessing(lesson, guess) {
  const svg = blank(lesson, "picture", t("lessons.picture", { title: t(`lessons.${lesson.id}.title`) }));
  const drawn = s("g", {});
  svg.append(drawn);
  const sliders = lesson.handles.map((_, n) => {
    const said = h("output", { for: `guess-${n}` });
    const slider = h("input", { type: "range", id: `guess-${n}`, min: 0, max: 100, step: 1, value: guess[n], oninput: () => set(n, +slider.value) });
    return { slider, said, label: h("label", { for: `guess-${n}` }, h("span", {}, lettered(lesson, n)), slider, said) };
  });

  /** @param {number} n @param {number} value */
  function set(n, value) {
    guess[n] = Math.round(Math.min(Math.max(value, 0), 100));
    draw();
  }

  function draw() {
    put(drawn, marks(lesson, guess, "guess"));
    sliders.forEach(({ slider, said }, n) => {
      slider.value = guess[n];
      said.textContent = spokenValue(lesson, valueOf(lesson, guess[n]));
      slider.setAttribute("aria-valuetext", said.textContent);
    });
  }

  /** @param {PointerEvent} event */
  function drag(event) {
    if (event.type === "pointermove" && !event.buttons) return;
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) * WIDTH) / box.width;
    const y = ((event.clientY - box.top) * HEIGHT) / box.height;
    const n = Math.floor(((x - LEFT) * guess.length) / (WIDTH - LEFT));
    set(Math.min(Math.max(n, 0), guess.length - 1), (100 * (FLOOR - y)) / (FLOOR - TOP));
  }

  svg.addEventListener("pointerdown", drag);
  svg.addEventListener("pointermove", drag);
  draw();
  return h("div", { class: "guessing" }, svg, h("div", { class: "guesses" }, sliders.map(({ label }) => label)));
}

/**
 * Return the picture once the answer is known.
 * @param {Lesson} lesson @param {number[]} guess in hundredths @param {number[]} values
 * @param {number[][]} others guesses of a class
 */
export function answered(lesson, guess, values, others) {
  const truth = values.map((each) => hundredthsOf(lesson, each));
  const rows = lesson.handles.map((_, n) => [lettered(lesson, n), spokenValue(lesson, valueOf(lesson, guess[n])), spokenValue(lesson, values[n]),
    ...(others.length ? [others.map((each) => spokenValue(lesson, valueOf(lesson, each[n]))).join(", ")] : [])]);
  const svg = blank(lesson, "picture closed", t("lessons.answered", { title: t(`lessons.${lesson.id}.title`) }));
  svg.append(...others.flatMap((each, place) => each.map((value, n) =>
    s("circle", { class: "other", r: 2.6, cx: column(lesson, n) + ((place % 7) - 3) * 3, cy: height(value) }))),
  ...marks(lesson, guess, "guess"), ...marks(lesson, truth, "truth"));
  return h("figure", { class: "guessing" }, svg,
    h("p", { class: "key" }, h("span", { class: "guess-key" }, t("lessons.your-guess")), h("span", { class: "truth-key" }, t("lessons.truth")),
      others.length > 0 && h("span", { class: "other-key" }, t("lessons.others", { count: others.length }))),
    table(t("lessons.table"), [t("lessons.what"), t("lessons.your-guess"), t("lessons.truth"), ...(others.length ? [t("lessons.class")] : [])], rows));
}

/** @param {Lesson} lesson @param {string} kind @param {string} words */
function blank(lesson, kind, words) {
  const ticks = [0, 25, 50, 75, 100].map((share) => [
    s("line", { class: "grid", x1: LEFT, x2: WIDTH - 4, y1: height(share), y2: height(share) }),
    s("text", { x: LEFT - 5, y: height(share) + 4, "text-anchor": "end" }, spokenValue(lesson, valueOf(lesson, share)))]);
  const labels = lesson.handles.map((each, n) => s("text", { x: column(lesson, n), y: FLOOR + 18, "text-anchor": "middle" },
    lesson.connected ? each : letter(n)));
  return s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: kind, role: "img", "aria-label": words }, ticks.flat(), labels);
}

/** @param {Lesson} lesson @param {number[]} shares @param {"guess" | "truth"} kind */
function marks(lesson, shares, kind) {
  const at = shares.map((share, n) => [column(lesson, n), height(share)]);
  const zero = height(hundredthsOf(lesson, 0));
  const wide = Math.min(40, (WIDTH - LEFT) / shares.length / 2);
  return [
    lesson.connected && s("polyline", { class: kind, points: at.join(" ") }),
    ...at.map(([x, y]) => (lesson.connected ? null : kind === "guess"
      ? s("rect", { class: kind, x: x - wide / 2, width: wide, y: Math.min(y, zero), height: Math.max(Math.abs(zero - y), 1) })
      : s("line", { class: kind, x1: x - wide * 0.75, x2: x + wide * 0.75, y1: y, y2: y }))),
    ...at.map(([cx, cy]) => s("circle", { class: kind, cx, cy, r: 5 })),
  ].filter(Boolean);
}

/** @param {number} n */
function letter(n) {
  return String.fromCharCode(65 + n);
}

/** @param {Lesson} lesson @param {number} n */
function lettered({ connected, handles }, n) {
  return connected ? handles[n] : `${letter(n)}: ${handles[n]}`;
}

/** @param {Lesson} lesson @param {number} n */
function column({ handles }, n) {
  return LEFT + ((n + 0.5) * (WIDTH - LEFT)) / handles.length;
}

/** @param {number} share in hundredths */
function height(share) {
  return FLOOR - ((FLOOR - TOP) * share) / 100;
}
