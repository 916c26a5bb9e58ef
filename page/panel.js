// The controls as a reader sees them: what each means, what history leaves of it, its own reset.

import { axisLabel, bullet, scale } from "./charts.js";
import { begin, groups, said } from "./controls.js";
import { button, choice, h, s } from "./dom.js";
import { named, percent, t } from "./strings.js";
import { facts, leverOf, saysOf, world } from "./world.js";

const MOST = 5; // controls that are shown without a click
const FIRST = 6; // rules that come first

/** @typedef {import("./controls.js").Control} Control */

/**
 * Build the panel.
 * @param {import("./app.js").Context} context @returns {{root: any, show: (state: import("./address.js").State) => void}}
 */
export function panel(context) {
  begin(context);
  const reach = (/** @type {Control} */ { name }) => {
    const shares = (facts.matters.controls[name] ?? []).map((/** @type {any} */ { share }) => share);
    return Math.max(...shares) - Math.min(...shares);
  };
  const most = new Set(groups.flatMap((group) => group.controls).filter(({ name }) => facts.matters.controls[name]?.length)
    .sort((one, other) => reach(other) - reach(one)).slice(0, MOST));
  const parts = new Map(groups.flatMap((group) => group.controls).map((control) => [control, part(context, control)]));
  const roots = (/** @type {Iterable<Control>} */ some) => Array.from(some, (control) => parts.get(control)?.root);
  const switches = rules(context);
  const root = h("form", { class: "panel", "aria-label": t("panel.label"), onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
    h("h2", {}, t("panel.most")), legend(), roots(most),
    h("details", { class: "others", id: "others" }, h("summary", { class: "button" }, t("panel.others")),
      groups.map(({ name, controls }) => [h("h2", {}, t(`group.${name}`)), h("p", { class: "muted" }, t(`group.${name}.more`)), roots(controls.filter((each) => !most.has(each)))]),
      h("h2", {}, t("group.rules")), h("p", { class: "muted" }, t("group.rules.more")), switches.root));
  return {
    root,
    show(state) {
      parts.forEach((each) => each.show(state));
      switches.show(state);
    },
  };
}

/** Say what a band means, by a sentence and a picture. */
function legend() {
  return h("p", { class: "legend muted" }, band([0, 100], [8, 20, 36, 50, 64, 80, 92]), t("panel.bands"));
}

/** Draw what history leaves of a number: all sets, nine in ten, half. @param {[number, number]} ends @param {number[]} quantiles */
function band(ends, [least, q05, q25, , q75, q95, most]) {
  const x = scale(ends, [0, 100]);
  const bar = (/** @type {string} */ kind, /** @type {number} */ from, /** @type {number} */ to) =>
    s("rect", { class: kind, x: x(from), width: Math.max(0.8, x(to) - x(from)), y: 0, height: 8 });
  return s("svg", { class: "bandsvg", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
    s("rect", { class: "b0", x: 0, width: 100, y: 3, height: 2 }), bar("b1", least, most), bar("b2", q05, q95), bar("b3", q25, q75));
}

/** @param {import("./app.js").Context} context @param {Control} control */
function part(context, control) {
  const { name, kind, options } = control;
  const id = `c-${name}`;
  const value = h("span", { class: "value", id: `${id}-value` });
  const reset = button(`${id}-reset`, t("panel.reset"), back, { class: "reset", "aria-label": t("panel.reset.of", { name: t(`control.${name}`) }) });
  const fit = h("p", { class: "fit", id: `${id}-fit` });
  const field = options.length ? chosen(context, control, id) : slider(context, control, id);
  const root = h("div", { class: `control ${control.is}`, id: `${id}-control` },
    h("div", { class: "controlhead" }, h("label", { for: id, class: kind === "lever" && `sign-of ${leverOf(name).capital}` }, t(`control.${name}`)), reset),
    h("p", { class: "muted", id: `${id}-more` }, h("span", { class: "kind" }, t(`panel.${control.is}`)), ` · ${t(`control.${name}.more`)}`),
    field.root, spark(name), value, fit);

  function back() {
    context.go({ [name]: null });
    document.getElementById(id)?.focus();
  }

  return {
    root,
    /** @param {import("./address.js").State} state */
    show(state) {
      const at = state[name];
      root.classList.toggle("moved", at !== null);
      reset.hidden = at === null;
      root.hidden = kind === "talks" && state.end === null;
      value.textContent = options.length ? "" : at === null ? unset(control) : said(control, at);
      const fits = at === null || kind !== "parameter" ? "" : fitOf(control, at);
      fit.textContent = fits && t(`fit.${fits}`);
      fit.className = `fit ${fits}`;
      field.show(at);
    },
  };
}

/**
 * Return how far the share can be moved along a control, all else left as it is: a curve, and words.
 * @param {string} name
 */
function spark(name) {
  const rows = facts.matters.controls[name] ?? [];
  if (!rows.length) return null;
  const shares = rows.map((/** @type {any} */ each) => each.share);
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  const [x, y] = [scale([0, rows.length - 1], [2, 58]), scale([0, 1], [20, 2])];
  const d = shares.map((/** @type {number} */ share, /** @type {number} */ n) => `${n ? "L" : "M"}${x(n)} ${y(share)}`).join("");
  return h("p", { class: "spark" }, s("svg", { viewBox: "0 0 60 22", width: 60, height: 22, "aria-hidden": "true" },
    s("line", { class: "grid", x1: 2, x2: 58, y1: 20, y2: 20 }), s("line", { class: "grid", x1: 2, x2: 58, y1: 2, y2: 2 }), s("path", { class: "middle", d })),
    t("panel.matters", { low: Math.round(100 * low), high: Math.round(100 * high) }));
}

/** @param {Control} control */
function unset(control) {
  const [least, low, , middle, , high, most] = control.band;
  if (control.kind === "end") return t("panel.unset.end", { first: named(least), last: named(most) });
  if (control.kind === "driver") return t("panel.unset.driver", { value: axisLabel(+middle.toFixed(2)) });
  return t("panel.unset", { low: axisLabel(+low.toFixed(2)), high: axisLabel(+high.toFixed(2)) });
}

/**
 * Return how a value stands to what history leaves: within the middle 90% of the sets, among the others, or outside all.
 * @param {Control} control @param {number} value
 */
function fitOf({ band: [least, low, , , , high, most] }, value) {
  const [from, inner, outer, to] = [least, low, high, most].map((each) => +each.toFixed(2)); // as a reader sees them: an end is inside
  if (value >= inner && value <= outer) return "within";
  return value >= from && value <= to ? "edge" : "outside";
}

/** @param {import("./app.js").Context} context @param {Control} control @param {string} id */
function slider(context, control, id) {
  const { name, low, high, step, band: left } = control;
  let moving = false; // keys pressed one after the other are one move, and so is a drag: back undoes it as a whole
  const input = h("input", {
    type: "range", id, min: low, max: high, step, "aria-describedby": `${id}-more ${id}-value`,
    oninput: () => { context.go({ [name]: Number(input.value) }, { replace: moving }); moving = true; },
    onpointerdown: () => { moving = false; }, onblur: () => { moving = false; },
  });
  return {
    root: h("div", { class: "slide" }, band([low, high], left), input, h("div", { class: "ends", "aria-hidden": "true" }, h("span", {}, t(`control.${name}.low`)), h("span", {}, t(`control.${name}.high`)))),
    /** @param {number | null} value */
    show(value) {
      input.value = value ?? left[3];
      input.classList.toggle("unset", value === null);
      input.setAttribute("aria-valuetext", value === null ? unset(control) : said(control, value));
    },
  };
}

/** @param {import("./app.js").Context} context @param {Control} control @param {string} id */
function chosen(context, control, id) {
  const none = t(control.kind === "lever" ? "panel.free" : "panel.none");
  const root = choice(id, [["", none], ...control.options.map((option) => /** @type {[string, string]} */ ([option, said(control, option)]))],
    (value) => context.go({ [control.name]: value || null }), { "aria-describedby": `${id}-more` });
  return {
    root,
    /** @param {string | null} value */
    show(value) { root.value = value ?? ""; },
  };
}

/**
 * Return the switches of claims and assumptions: the six that matter first, the others folded.
 * @param {import("./app.js").Context} context
 */
function rules(context) {
  const { matters } = facts;
  const left = (/** @type {string} */ id) => matters.without[id].mean / matters.whole.mean;
  const ids = Object.keys(world.switches).sort((one, other) => Math.abs(1 - left(other)) - Math.abs(1 - left(one)));
  const same = (/** @type {string} */ one, /** @type {string} */ other) => left(one) === left(other); // they switch the same off
  const first = ids.filter((id, place) => !ids.slice(0, place).some((other) => same(id, other))).slice(0, FIRST);
  /** @type {Record<string, any>} */
  const boxes = {};
  let off = "";
  const row = (/** @type {string} */ id) => {
    boxes[id] = h("input", { type: "checkbox", id: `off-${id}`, onchange: () => {
      const others = off.split(",").filter((each) => each && each !== id);
      context.go({ off: [...others, ...(boxes[id].checked ? [] : [id])].join(",") });
    } });
    const words = t(left(id) < 0 ? "panel.turned" : "panel.left", { left: percent(left(id)), id });
    const drawn = bullet(Math.min(Math.max(left(id) / 2, 0), 1), 0.5, 120, words);
    drawn.setAttribute("aria-hidden", "true"); // the words stand beside it
    return h("label", { class: "check", for: `off-${id}` }, boxes[id], h("span", {}, h("b", {}, id), " ", saysOf(id),
      h("span", { class: "left" }, drawn, words)));
  };
  return {
    root: h("div", {}, first.map(row), h("details", {}, h("summary", {}, t("panel.rules.others")), ids.filter((id) => !first.includes(id)).map(row))),
    /** @param {import("./address.js").State} state */
    show(state) {
      off = state.off;
      for (const [id, box] of Object.entries(boxes)) box.checked = !off.split(",").includes(id);
    },
  };
}
