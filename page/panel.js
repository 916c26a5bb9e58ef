// The controls as a reader sees them: what each means, what history leaves of it, its own reset.

import { axisLabel, bullet, polyline, scale } from "./charts.js";
import { groups, said } from "./controls.js";
import { choice } from "./dom.js";
import { named, percent, t } from "./strings.js";
import { html, nothing, svg } from "./vendor/lit-html.js";
import { facts, leverOf, saysOf, world } from "./world.js";

const MOST = 5; // controls that are shown without a click
const FIRST = 6; // rules that come first

/** @param {ViewContext} context @returns {(state: AddressState) => any} what draws the panel of a state */
export function panel({ go }) {
  const all = groups.flatMap((group) => group.controls);
  const reach = (/** @type {Control} */ { name }) => Math.max(...sharesOf(name)) - Math.min(...sharesOf(name));
  const most = all.filter(({ name }) => sharesOf(name).length).sort((one, other) => reach(other) - reach(one)).slice(0, MOST);
  const [first, others] = rules();
  return (state) => {
    const parts = (/** @type {Control[]} */ some) => some.map((control) => part(control, state, go));
    const checks = (/** @type {string[]} */ ids) => ids.map((id) => check(id, state, go));
    return html`<form class="panel" aria-label=${t("panel.label")} @submit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <h2>${t("panel.most")}</h2>
      <p class="legend muted">${band([0, 100], [8, 20, 36, 50, 64, 80, 92])}${t("panel.bands")}</p>
      ${parts(most)}
      <details class="others" id="others"><summary class="button">${t("panel.others")}</summary>
        ${groups.map(({ name, controls }) => html`<h2>${t(`group.${name}`)}</h2><p class="muted">${t(`group.${name}.more`)}</p>
          ${parts(controls.filter((each) => !most.includes(each)))}`)}
        <h2>${t("group.rules")}</h2><p class="muted">${t("group.rules.more")}</p>
        ${checks(first)}<details><summary>${t("panel.rules.others")}</summary>${checks(others)}</details></details></form>`;
  };
}

/** Return the shares that a control was seen to bring, all else left as it is. @param {string} name @returns {number[]} */
const sharesOf = (name) => (facts.matters.controls[name] ?? []).map((/** @type {any} */ { share }) => share);

/** Draw what history leaves of a number: all sets, nine in ten, half. @param {[number, number]} ends @param {number[]} quantiles */
function band(ends, [least, q05, q25, , q75, q95, most]) {
  const x = scale(ends, [0, 100]);
  const bar = (/** @type {string} */ kind, /** @type {number} */ from, /** @type {number} */ to) =>
    svg`<rect class=${kind} x=${x(from)} width=${Math.max(0.8, x(to) - x(from))} y="0" height="8"/>`;
  return html`<svg class="bandsvg" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="b0" x="0" width="100" y="3" height="2"/>${bar("b1", least, most)}${bar("b2", q05, q95)}${bar("b3", q25, q75)}</svg>`;
}

/** @param {Control} control @param {AddressState} state @param {ViewContext["go"]} go */
function part(control, state, go) {
  const { name, kind, is, options } = control;
  const id = `c-${name}`;
  const at = state[name];
  const label = t(`control.${name}`);
  const fit = at === null || kind !== "parameter" ? "" : fitOf(control, at);
  const reset = () => go({ [name]: null }, { focus: id });
  return html`<div class="control ${is} ${at === null ? "" : "moved"}" id="${id}-control" ?hidden=${kind === "talks" && state.end === null}>
    <div class="controlhead">
      <label for=${id} class=${kind === "lever" ? `sign-of ${leverOf(name).capital}` : nothing}>${label}</label>
      <button type="button" id="${id}-reset" class="reset" ?hidden=${at === null} aria-label=${t("panel.reset.of", { name: label })}
        @click=${reset}>${t("panel.reset")}</button></div>
    <p class="muted" id="${id}-more"><span class="kind">${t(`panel.${is}`)}</span> · ${t(`control.${name}.more`)}</p>
    ${options.length ? chosen(control, at, go) : slider(control, at, go)}${spark(name)}
    <span class="value" id="${id}-value">${options.length ? "" : spokenOf(control, at)}</span>
    <p class="fit ${fit}" id="${id}-fit">${fit && t(`fit.${fit}`)}</p></div>`;
}

/** Draw how far the share can be moved along a control, all else left as it is, and say it. @param {string} name */
function spark(name) {
  const shares = sharesOf(name);
  if (!shares.length) return nothing;
  const [x, y] = [scale([0, shares.length - 1], [2, 58]), scale([0, 1], [20, 2])];
  const [low, high] = [Math.min(...shares), Math.max(...shares)].map((share) => Math.round(100 * share));
  return html`<p class="spark"><svg viewBox="0 0 60 22" width="60" height="22" aria-hidden="true">
    <path class="grid" d="M2 20H58M2 2H58"/><path class="middle" d=${polyline(shares, x, y)}/></svg>${t("panel.matters", { low, high })}</p>`;
}

/** Return a value as a reader says it; null is none of his own. @param {Control} control @param {number | null} value */
function spokenOf(control, value) {
  if (value !== null) return said(control, value);
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

let moving = ""; // keys pressed one after the other are one move, and so is a drag: back undoes it as a whole

/** @param {Control} control @param {number | null} value @param {ViewContext["go"]} go */
function slider(control, value, go) {
  const { name, low, high, step, band: left } = control;
  const move = (/** @type {any} */ { target }) => {
    go({ [name]: Number(target.value) }, { replace: moving === name });
    moving = name;
  };
  const rest = () => { moving = ""; };
  return html`<div class="slide">${band([low, high], left)}
    <input type="range" id="c-${name}" class=${value === null ? "unset" : ""} min=${low} max=${high} step=${step} .value=${String(value ?? left[3])}
      aria-describedby="c-${name}-more c-${name}-value" aria-valuetext=${spokenOf(control, value)} @input=${move} @pointerdown=${rest} @blur=${rest}>
    <div class="ends" aria-hidden="true"><span>${t(`control.${name}.low`)}</span><span>${t(`control.${name}.high`)}</span></div></div>`;
}

/** @param {Control} control @param {string | null} value @param {ViewContext["go"]} go */
function chosen(control, value, go) {
  const { name, kind, options } = control;
  const words = (/** @type {string} */ option) =>
    option ? said(control, option) : t(kind === "lever" ? "panel.free" : "panel.none");
  const choose = (/** @type {string} */ option) => go({ [name]: option || null });
  return choice(`c-${name}`, ["", ...options], words, value ?? "", choose, `c-${name}-more`);
}

/** Return how much of the effect is left without a claim or an assumption. @param {string} id */
const leftBy = (id) => facts.matters.without[id].mean / facts.matters.whole.mean;

/** Return the claims and assumptions that matter first, and the others. */
function rules() {
  const ids = Object.keys(world.switches).sort((one, other) => Math.abs(1 - leftBy(other)) - Math.abs(1 - leftBy(one)));
  const alike = (/** @type {string} */ id, /** @type {number} */ place) => ids.findIndex((other) => leftBy(other) === leftBy(id)) < place; // they switch the same off
  const first = ids.filter((id, place) => !alike(id, place)).slice(0, FIRST);
  return [first, ids.filter((id) => !first.includes(id))];
}

/** @param {string} id of a claim or an assumption @param {AddressState} state @param {ViewContext["go"]} go */
function check(id, state, go) {
  const off = state.off.split(",").filter(Boolean);
  const left = leftBy(id);
  const flip = () => go({ off: (off.includes(id) ? off.filter((/** @type {string} */ each) => each !== id) : [...off, id]).join(",") });
  return html`<label class="check" for="off-${id}"><input type="checkbox" id="off-${id}" .checked=${!off.includes(id)} @change=${flip}>
    <span><b>${id}</b> ${saysOf(id)}<span class="left">${bullet(Math.min(Math.max(left / 2, 0), 1), 0.5)}
      ${t(left < 0 ? "panel.turned" : "panel.left", { left: percent(left), id })}</span></span></label>`;
}
