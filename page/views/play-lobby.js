// Whom to play, and which years.

import { button, choice, h, whole } from "../dom.js";
import { called, t } from "../strings.js";
import { facts, world } from "../world.js";

/** @param {import("../app.js").Context} context @param {any} state */
export function lobby({ go }, state) {
  const seats = state.seats.split(".");
  const begin = (/** @type {string} */ id, /** @type {string} */ game) => button(id, t(`play.begin-${game}`), () => {
    go({ game, moves: "", draft: "" });
    document.getElementById("play-now")?.focus();
  }, { class: "main" });
  const keep = (/** @type {any} */ changes) => go(changes, { replace: true });
  const { futures, missions } = facts.play;
  const future = choice("future", futures.map((/** @type {string} */ stem) => [stem, t(`play.war.${stem}`)]), (future) => keep({ future }));
  const mission = choice("mission", [["", t("play.no-mission")], ...missions[seats[0]].map((/** @type {[string, number]} */ each, /** @type {number} */ n) => [`${n + 1}`, missionWords(each)])],
    (mission) => keep({ mission: mission || null }));
  const luck = whole("luck", 999, (luck) => keep({ luck }));
  future.value = state.future;
  mission.value = state.mission ?? "";
  luck.value = state.luck;
  return [
    h("p", { class: "lead" }, t("play.lead")),
    h("p", {}, t("play.rules")),
    h("fieldset", { class: "card" }, h("legend", {}, t("play.who")),
      h("div", { class: "buttons" }, world.capitals.map((capital) => h("label", { class: "seat" },
        h("input", { type: "checkbox", id: `seat-${capital}`, checked: seats.includes(capital), onchange: () => {
          const next = world.capitals.filter((each) => (each === capital) !== seats.includes(each));
          keep({ seats: (next.length ? next : [capital]).join("."), mission: null });
        } }), ` ${called(capital)}`))),
      h("p", { class: "muted" }, seats.length > 1 ? t("play.hot-seat", { seats: seats.length }) : t("play.one-seat"))),
    h("div", { class: "doors" },
      h("div", { class: "card" }, h("h2", {}, t("play.history")), h("p", {}, t("play.history-told")), begin("play-history", "history")),
      h("div", { class: "card" }, h("h2", {}, t("play.future")), h("p", {}, t("play.future-told")),
        h("p", {}, h("label", { for: "future" }, t("play.war")), " ", future), begin("play-now-game", "now"))),
    h("fieldset", { class: "card" }, h("legend", {}, t("play.more")),
      seats.length === 1 && h("p", {}, h("label", { for: "mission" }, t("play.mission")), " ", mission),
      h("p", {}, h("label", { for: "luck" }, t("play.luck")), " ", luck, " ", h("span", { class: "muted" }, t("play.luck-told")))),
  ];
}

/** @param {[string, number]} mission */
export function missionWords([name, sign]) {
  return t(sign > 0 ? "play.mission-up" : "play.mission-down", { series: world.series[name].title.replace(/^./, (/** @type {string} */ first) => first.toLowerCase()) });
}
