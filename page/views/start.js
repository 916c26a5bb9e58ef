// Start: the question, the answer in a sentence, a thousand dots, the verdict, what it rests on, three doors.

import { card } from "../card.js";
import { begin } from "../controls.js";
import { dotStrip } from "../charts.js";
import { h, put } from "../dom.js";
import { effectOf, simulate } from "../ensembles.js";
import { percent, signed, t } from "../strings.js";
import { facts, saysOf, world } from "../world.js";

export const declare = begin;

/** @type {import("../app.js").Open} */
export function open(root, context) {
  const { verdict, rules } = facts;
  const word = verdict.word.replace(" ", "-");
  const answer = h("p", { class: "lead", id: "answer" }, t("start.waiting"));
  const dots = card("dots", { caption: t("start.dots.caption", { points: rules.points }) });
  const piles = h("ul", { class: "piles", id: "piles" });
  const three = h("dl", { class: "three", id: "three" });
  root.append(
    h("h1", {}, t("start.question")), answer, piles, dots.root, three,
    h("section", { class: "card verdict", "aria-labelledby": "verdict-title" },
      h("h2", { id: "verdict-title" }, t("start.verdict", { word: t(`verdict.${word}`) })),
      h("div", {}, h("p", {}, t("start.rule", { ...verdict, mean: signed(verdict.mean) })), verdict.depends && h("p", {}, verdict.depends), verdict.registers !== world.registers.slice(0, verdict.registers.length) && h("p", { class: "muted" }, t("start.older", verdict))),
      rests(context),
      h("p", { id: "since" }, h("strong", {}, t("start.since")), ` ${t("start.since.more", facts.since)}`)),
    h("p", { class: "forecast" }, h("strong", {}, t("start.forecast")), ` ${t("start.forecast.more")}`),
    h("ul", { class: "doors" }, ["lessons", "explore", "play"].map((view) =>
      h("li", {}, h("a", { class: "door", href: context.link(view) }, h("strong", {}, t(`start.door.${view}`)), h("span", {}, t(`start.door.${view}.more`)))))),
  );

  /** @param {import("../ensembles.js").Found} found */
  function picture(found) {
    const effect = effectOf(found, true);
    const of100 = Math.round(100 * effect.share.mean);
    answer.textContent = t(`start.answer.${word}`, { of100, others: 100 - of100 });
    put(three, [
      ["typical", signed(effect.typical)], ["mean", signed(effect.mean.mean)], ["share", percent(effect.share.mean)],
    ].map(([name, value]) => h("div", {}, h("dt", {}, t(`three.${name}`)), h("dd", {}, h("b", {}, value), ` ${t(`three.${name}.more`, { points: rules.points })}`))));
    const further = Math.round(100 * effect.below);
    put(piles, [["less", further], ["", 100 - further - of100], ["clear", of100]].map(([kind, share]) =>
      h("li", { class: kind }, h("b", {}, String(share)), ` ${t(`start.pile.${kind || "little"}`)}`)));
    dots.show({
      title: t("start.dots", { of100 }),
      draw: (width) => dotStrip(effect.values, rules.points, width, t("start.dots.words", {
        count: effect.count, of100, points: rules.points, typical: signed(effect.typical), below: percent(effect.below),
      }), (place) => context.go({ run: found.runs[effect.runs[place]] }, { view: "history" })),
      series: "reengagement", head: [t("table.run"), t("table.effect")],
      rows: effect.values.map((value, n) => [found.runs[effect.runs[n]], +value.toFixed(2)]),
    });
  }

  return { title: t("start.name"), show: ({ seed }) => { simulate(context, "start", { ...context.read("#/start"), seed }, {}, picture); } };
}

/** @param {import("../app.js").Context} context */
function rests({ link }) {
  const [first, ...others] = facts.verdict.left;
  if (!first) return null;
  /** @type {(key: string, one: {id: string, percent: number}, kind: string) => any[]} */
  const without = (key, { id, percent: left }, kind) => [t(key, { left: Math.abs(left) }), " ", h("q", {}, saysOf(id)), ` (${id}) `,
    h("a", { class: kind, href: link("explore", { off: id }) }, t("start.try"))];
  const key = first.percent < 0 ? "start.rests.turned" : first.percent < 50 ? "start.rests" : "start.rests.less";
  return h("div", {},
    h("p", {}, without(key, first, "button")),
    others.length > 0 && h("details", {}, h("summary", {}, t("start.rests.others")),
      h("ul", {}, others.map((/** @type {any} */ each) => h("li", {}, without(each.percent < 0 ? "start.rests.one.turned" : "start.rests.one", each, ""))))));
}
