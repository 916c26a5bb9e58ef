// The five capitals at their bearings from Pyongyang, their warmth as lines, and who has just changed a move.

import { h, s, table } from "../dom.js";
import { called, signed, t } from "../strings.js";
import { world } from "../world.js";

/** @type {Record<string, [number, number]>} */
const AT = { Pyongyang: [190, 128], Beijing: [66, 150], Seoul: [216, 196], Moscow: [72, 40], Washington: [300, 44] };

/**
 * @param {Record<string, Float64Array> | null} series of one run; no lines while there are none @param {number} month
 * @param {string[]} changed capitals that changed a move @param {string[]} seats
 */
export function map(series, month, changed, seats) {
  const ties = Object.keys(world.series).filter((name) => name.startsWith("warmth_")).map((name) => {
    const [one, other] = name.replace("warmth_", "").split("_").map((each) => each[0].toUpperCase() + each.slice(1));
    return { one, other, warmth: series ? series[name][month] : 0 };
  });
  const words = ties.map(({ one, other, warmth }) => [t("play.tie", { one: called(one), other: called(other) }), signed(warmth)]);
  return h("figure", { class: "play-map" },
    s("svg", { viewBox: "0 0 360 226", role: "img", "aria-label": t("play.map", { changed: changed.map(called).join(", ") || t("play.nobody") }) },
      ties.map(({ one, other, warmth }) => s("line", {
        x1: AT[one][0], y1: AT[one][1], x2: AT[other][0], y2: AT[other][1], class: warmth < 0 ? "tie cold" : "tie",
        "stroke-width": (0.6 + Math.abs(warmth)).toFixed(1),
      })),
      Object.entries(AT).map(([capital, [x, y]]) => s("g", { class: changed.includes(capital) ? "capital changed" : "capital" },
        s("circle", { cx: x, cy: y, r: 15, class: "ring" }), s("circle", { cx: x, cy: y, r: 10, class: `of-${capital}` }),
        s("text", { x, y: y + 27, "text-anchor": "middle" }, seats.includes(capital) ? t("play.you-are", { capital: called(capital) }) : called(capital)),
        changed.includes(capital) && s("text", { x, y: y - 18, "text-anchor": "middle", class: "says" }, t("play.moves"))))),
    h("figcaption", { class: "muted" }, t("play.map-key")),
    series && h("details", {}, h("summary", {}, t("play.in-numbers")), table(t("play.ties"), [t("play.between"), t("play.warmth")], words)));
}
