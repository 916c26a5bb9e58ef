// Whom to play, and which years.

import { h } from "../dom.js";
import { t } from "../strings.js";
import { FUTURES, MISSIONS } from "./play-game.js";

/**
 * @param {import("../app.js").Context} context
 * @param {any} state
 */
export function lobby({ world, go }, state) {
  const seats = state.seats.split(".");
  const begin = (/** @type {string} */ game) => () => go({ game, moves: "", draft: "" });
  const keep = (/** @type {any} */ changes) => go(changes, { replace: true });
  return [
    h("p", { class: "lead" }, t("play.lead")),
    h("p", {}, t("play.rules")),
    h("fieldset", { class: "card" }, h("legend", {}, t("play.who")),
      h("div", { class: "buttons" }, world.capitals.map((/** @type {string} */ capital) => h("label", { class: "seat" },
        h("input", { type: "checkbox", id: `seat-${capital}`, checked: seats.includes(capital), onchange: () => {
          const next = world.capitals.filter((/** @type {string} */ each) => (each === capital) !== seats.includes(each));
          keep({ seats: (next.length ? next : [capital]).join("."), mission: null });
        } }), ` ${capital}`))),
      h("p", { class: "muted" }, seats.length > 1 ? t("play.hot-seat", { seats: seats.length }) : t("play.one-seat"))),
    h("div", { class: "doors" },
      h("div", { class: "card" }, h("h2", {}, t("play.history")), h("p", {}, t("play.history-told")),
        h("button", { type: "button", class: "main", id: "play-history", onclick: begin("history") }, t("play.begin-history"))),
      h("div", { class: "card" }, h("h2", {}, t("play.future")), h("p", {}, t("play.future-told")),
        h("p", {}, h("label", { for: "future" }, t("play.war")), " ",
          h("select", { id: "future", onchange: (/** @type {any} */ { target }) => keep({ future: target.value }) }, FUTURES.map((stem) =>
            h("option", { value: stem, selected: stem === state.future }, t(`play.war.${stem}`))))),
        h("button", { type: "button", class: "main", id: "play-now-game", onclick: begin("now") }, t("play.begin-now")))),
    h("fieldset", { class: "card" }, h("legend", {}, t("play.more")),
      seats.length === 1 && h("p", {}, h("label", { for: "mission" }, t("play.mission")), " ",
        h("select", { id: "mission", onchange: (/** @type {any} */ { target }) => keep({ mission: target.value || null }) },
          h("option", { value: "" }, t("play.no-mission")),
          /** @type {any} */ (MISSIONS)[seats[0]].map((/** @type {any} */ mission, /** @type {number} */ n) =>
            h("option", { value: n + 1, selected: state.mission === String(n + 1) }, missionWords(world, mission))))),
      h("p", {}, h("label", { for: "luck" }, t("play.luck")), " ",
        h("input", { type: "number", id: "luck", min: 0, max: 999, value: state.luck, onchange: (/** @type {any} */ { target }) =>
          keep({ luck: Math.min(Math.max(Math.trunc(+target.value) || 0, 0), 999) }) }), " ", h("span", { class: "muted" }, t("play.luck-told")))),
  ];
}

/**
 * @param {any} world
 * @param {[string, number]} mission
 */
export function missionWords(world, [name, sign]) {
  return t(sign > 0 ? "play.mission-up" : "play.mission-down", { series: world.series[name].title.replace(/^./, (first) => first.toLowerCase()) });
}
