// What a reader takes along: pictures, numbers, Python lines, the scenario as a file, the address.

import { base, changesOf } from "./controls.js";
import { button, h, s } from "./dom.js";
import { RUNS } from "./ensembles.js";
import { t } from "./strings.js";
import { facts, world } from "./world.js";

const INLINE = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap",
  "stroke-opacity", "opacity", "font-size", "font-family", "font-weight"];

/**
 * Return a button that gives a file. @param {string} id @param {string} words @param {string} file
 * @param {() => string | Blob | Promise<Blob>} made what it holds
 */
export function keeper(id, words, file, made) {
  return button(id, words, async () => {
    const link = h("a", { href: URL.createObjectURL(new Blob([await made()])), download: file });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}

/**
 * Return a picture as a file of its own, with its title, what is measured in which unit, its legend, and where it comes from.
 * @param {SVGSVGElement} svg @param {CardContent} shown
 */
export function pictureOf(svg, { title, key = [], series }) {
  const { width, height } = svg.viewBox.baseVal;
  const { title: measure, unit } = world.series[series];
  let y = 8;
  const written = (/** @type {string} */ text, /** @type {string} */ look, /** @type {number} */ size) => rowsOf(text, (width - 16) / (0.6 * size))
    .map((row) => s("text", { class: look, x: 8, y: (y += 1.35 * size) }, row));
  const head = [...written(title, "kepttitle", 17), ...written(`${measure} (${unit})`, "", 12)];
  const drawn = s("g", { transform: `translate(0 ${(y += 8)})` }, ...svg.cloneNode(true).childNodes);
  y += height;
  const legend = key.flatMap(([kind, words]) => {
    const at = (y += 17) - 4;
    return [kind === "band" ? s("rect", { class: "band", x: 8, y: at - 6, width: 24, height: 12 }) : s("line", { class: `middle ${kind}`, x1: 8, x2: 32, y1: at, y2: at }),
      s("text", { x: 38, y }, words)];
  });
  const from = written(t("keep.source", { release: world.driftback, rules: world.fingerprint.slice(0, 12) }), "", 12);
  const whole = s("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${y + 10}`, width, height: y + 10 }, s("desc", {}, location.href),
    s("rect", { class: "keptpaper", width: "100%", height: "100%" }), head, drawn, legend, from);
  svg.after(whole); // so that the stylesheet says how each part looks, which is then written into it
  whole.querySelectorAll(".cursor").forEach((/** @type {Element} */ each) => each.remove());
  const looks = [...whole.querySelectorAll("*")].map((each) =>
    ({ each, look: INLINE.map((name) => [name, getComputedStyle(each).getPropertyValue(name)]) }));
  whole.remove();
  for (const { each, look } of looks) {
    for (const [name, value] of look) each.setAttribute(name, value);
    each.removeAttribute("class");
  }
  return { text: new XMLSerializer().serializeToString(whole).replace(/<!--.*?-->/g, ""), width, height: y + 10 };
}

/** Return a text in rows of so many signs at most. @param {string} text @param {number} most */
function rowsOf(text, most) {
  return text.split(" ").reduce((/** @type {string[]} */ rows, word) => {
    const longer = `${rows.at(-1) ?? ""} ${word}`.trim();
    return rows.length && longer.length > most ? [...rows, word] : [...rows.slice(0, -1), longer];
  }, []);
}

/** Return a picture as a PNG of twice its size. @param {ReturnType<typeof pictureOf>} picture @returns {Promise<Blob>} */
export async function pngOf({ text, width, height }) {
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  const image = new Image();
  image.src = address;
  await image.decode();
  URL.revokeObjectURL(address);
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 2 * width, height: 2 * height });
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).drawImage(image, 0, 0, 2 * width, 2 * height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no PNG")))));
}

/** Return what the numbers of a picture are. @param {string} title @param {string} series @param {string[]} columns */
export function metadata(title, series, columns) {
  const { title: measure, measured, unit } = world.series[series];
  const source = { driftback: world.driftback, registers: world.registers, rules: world.fingerprint, address: location.href };
  return JSON.stringify({ title, columns, measure, definition: measured, unit, source, observed: t("keep.observed") }, null, 2) + "\n";
}

const ADDRESS = "# on the page: ";

/** Return a state's file for `sim run`, and for this page. @param {AddressState} state @param {string} hash */
export function scenarioFile(state, hash) {
  const changes = Object.entries(changesOf(state)).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return [ADDRESS + hash, `name: ${JSON.stringify(t("keep.name"))}`, `extends: ${base()}`, ...changes].join("\n") + "\n";
}

/** Return the address in a file that the page wrote; null where there is none. @param {string} text */
export const addressIn = (text) =>
  text.split("\n").find((line) => line.startsWith(ADDRESS))?.slice(ADDRESS.length).trim() ?? null;

/** Return Python lines that make the numbers again. @param {AddressState} state @param {"fan" | "difference"} which */
export function pythonLines(state, which) {
  const changes = Object.entries(changesOf(state)).map(([key, value]) => `    ${key}=${JSON.stringify(value).replace(/\btrue\b/g, "True").replace(/\bnull\b/g, "None")},\n`).join("");
  const start = `import warnings

import sim
from sim.engine.web.modules import shipped_fingerprint

release, rules = "${world.driftback}", "${world.fingerprint}"
if (sim.__version__, shipped_fingerprint()) != (release, rules):
    warnings.warn(f"this is driftback {sim.__version__}; the page is of {release}, and other rules give other numbers")

runs, seed = ${RUNS}, ${state.seed}
scenario = sim.load("${base()}")${changes && `.with_(\n${changes})`}
many = sim.ensemble(scenario, runs=runs, seed=seed)
control = many.control
`;
  if (which === "fan") return `${start}
levels = [0.1, 0.25, 0.5, 0.75, 0.9]
one = many.series("${state.series}").quantile(levels).T
other = control.series("${state.series}").quantile(levels).T
data = one.add_suffix(" with the end").join(other.add_suffix(" without"))
`;
  const counted = state.series === "reengagement" ? `each >= ${facts.rules.points}` : "each > 0";
  return `${start}
data = (many.series("${state.series}") - control.series("${state.series}")).to_numpy()
ends, later = many.war_end, ${facts.rules.within}
effect = sorted(row[end + later] for row, end in zip(data, ends) if end + later < len(row))
typical = (effect[len(effect) // 2] + effect[(len(effect) - 1) // 2]) / 2
mean = sum(effect) / len(effect)
share = sum(${counted} for each in effect) / len(effect)
print("${world.series[state.series].title} (${world.series[state.series].unit}):", typical, mean, share)
`;
}
