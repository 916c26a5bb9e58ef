// What a reader takes along: pictures, numbers, Python lines, the scenario as a file, the address.

import { base, changesOf } from "./controls.js";
import { button, h } from "./dom.js";
import { RUNS } from "./ensembles.js";
import { t } from "./strings.js";
import { world } from "./world.js";

const INLINE = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-opacity", "opacity", "font-size", "font-family", "font-weight"];

/**
 * Return a button that gives a file.
 * @param {string} id @param {string} words @param {string} file
 * @param {() => string | Blob | Promise<Blob>} made what it holds
 */
export function keeper(id, words, file, made) {
  return button(id, words, async () => {
    const link = h("a", { href: URL.createObjectURL(new Blob([await made()])), download: file });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}

/** Return a picture as a file of its own: what the stylesheet says is written into it. @param {SVGSVGElement} svg */
export function svgText(svg) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const [from, to] = [svg.querySelectorAll("*"), copy.querySelectorAll("*")];
  from.forEach((each, place) => {
    const style = getComputedStyle(each);
    for (const name of INLINE) to[place].setAttribute(name, style.getPropertyValue(name));
    to[place].removeAttribute("class");
  });
  copy.querySelector(".cursor")?.remove();
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ width: "100%", height: "100%", fill: getComputedStyle(document.body).backgroundColor })) paper.setAttribute(name, value);
  copy.prepend(paper);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return new XMLSerializer().serializeToString(copy);
}

/** Return a picture as a PNG of twice its size. @param {SVGSVGElement} svg @returns {Promise<Blob>} */
export async function pngOf(svg) {
  const address = URL.createObjectURL(new Blob([svgText(svg)], { type: "image/svg+xml" }));
  const image = new Image();
  image.src = address;
  await image.decode();
  URL.revokeObjectURL(address);
  const { width, height } = svg.viewBox.baseVal;
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

/**
 * Return the scenario of a state as a file for `sim run`, with the address by which the page takes it back.
 * @param {import("./address.js").State} state @param {string} hash
 */
export function scenarioFile(state, hash) {
  const changes = Object.entries(changesOf(state)).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return [ADDRESS + hash, `name: ${JSON.stringify(t("keep.name"))}`, `extends: ${base()}`, ...changes].join("\n") + "\n";
}

/** Return the address in a file that the page wrote; null where there is none. @param {string} text */
export function addressIn(text) {
  return text.split("\n").find((line) => line.startsWith(ADDRESS))?.slice(ADDRESS.length).trim() ?? null;
}

/**
 * Return Python lines that make the numbers of the difference, or of the fan, again.
 * @param {import("./address.js").State} state @param {"fan" | "difference"} which
 */
export function pythonLines(state, which) {
  const changes = Object.entries(changesOf(state)).map(([key, value]) => `    ${key}=${JSON.stringify(value).replace(/\btrue\b/g, "True").replace(/\bnull\b/g, "None")},\n`).join("");
  const start = `import sim

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
  return `${start}
data = (many.series("${state.series}") - control.series("${state.series}")).to_numpy()
ends, two_years = many.war_end, 24
effect = [row[end + two_years] for row, end in zip(data, ends) if end + two_years < len(row)]
print(sum(effect) / len(effect), sum(each >= 5 for each in effect) / len(effect))
`;
}
