// The moves of a seat as cards: what each may bring and what it may cost, by the goals of the capital.

import { h, put, table } from "../dom.js";
import { leversOf } from "../jobs/play.js";
import { percent, sentence, t } from "../strings.js";
import { world } from "../world.js";
import { LEFT } from "./play-game.js";

/**
 * Return a form of cards, and what fills in their hopes once they are known. The form itself stays as it is, so that nothing
 * that is clicked meanwhile is lost.
 * @param {string} seat @param {string} draft @param {(draft: string) => void} choose
 */
export function cards(seat, draft, choose) {
  const levers = leversOf(seat);
  let chosen = draft;
  /** @type {Record<string, any[]>} */
  const spots = {};
  const hint = h("div", {});
  const form = h("div", { class: "levers" }, levers.map((lever, place) => {
    spots[lever.field] = lever.options.map(() => h("span", { class: "promise" }));
    const card = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {any} */ told) => h("label", { class: "move" },
      h("input", { type: "radio", name: lever.field, id: `${lever.field}-${sign}`, value: sign, checked: chosen[place] === sign, onchange: () => {
        chosen = chosen.slice(0, place) + sign + chosen.slice(place + 1);
        choose(chosen);
      } }), h("span", { class: "label" }, label), told);
    return h("fieldset", {}, h("legend", {}, sentence(lever.title)), h("div", { class: "hand" },
      card(LEFT, t("play.leave"), h("span", { class: "promise" }, t("play.leave-told"))),
      lever.options.map(({ label }, n) => card(String(n), sentence(label), spots[lever.field][n]))));
  }), h("details", { id: "hint" }, h("summary", {}, t("play.hint")), hint));

  /** @param {Record<string, {last: number, cards: import("../jobs/play.js").Card[]}>} known */
  function fill(known) {
    const most = Math.max(...levers.flatMap(({ field }) => known[field]?.cards.flatMap(({ hope }) => hope.map(Math.abs)) ?? []), 1e-9);
    for (const { field } of levers)
      known[field]?.cards.forEach((card, n) => put(spots[field][n], n === known[field].last ? t("play.as-now") : promise(seat, card.hope, most)));
    const rows = levers.filter(({ field }) => known[field]).flatMap(({ field, title, options }) =>
      known[field].cards.map(({ chance }, n) => [sentence(title), options[n].label, percent(chance)]));
    put(hint, table(t("play.hint-told"), [t("play.lever"), t("play.option"), t("play.odds")], rows));
  }
  return { form, fill };
}

/** @param {string} seat @param {number[]} hope @param {number} most */
function promise(seat, hope, most) {
  const parts = [["hope", Math.max(...hope)], ["cost", Math.min(...hope)]].flatMap(([kind, value]) => {
    const size = Math.ceil((5 * Math.abs(+value)) / most);
    if (Math.abs(+value) < most / 100) return [];
    const goal = t(`play.goal.${seat}.${world.goals[seat][hope.indexOf(+value)].name}`);
    return [h("span", { class: kind }, `${t(`play.${kind}`, { goal })} `, h("span", { "aria-hidden": "true" }, "●".repeat(size)),
      h("span", { class: "hidden" }, t("play.of-five", { size })))];
  });
  return parts.length ? parts : t("play.little");
}
