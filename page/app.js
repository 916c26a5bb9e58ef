// The shell: reads what every view needs, shows the view of the address, and keeps both in step.

import { read, write } from "./address.js";
import { h, put } from "./dom.js";
import { fetched } from "./engine/files.js";
import { speak, t } from "./strings.js";
import { explain } from "./tips.js";
import { Pool } from "./workers.js";
import { learn, world } from "./world.js";

const VIEWS = ["start", "explore", "history", "play", "lessons", "class"];

/**
 * @typedef {object} Context What a view gets.
 * @property {any} controls controls.json
 * @property {Pool} pool
 * @property {(hash: string) => import("./address.js").State} read what an address says
 * @property {(changes: Record<string, any>, how?: {view?: string, replace?: boolean}) => void} go to another address
 * @property {(view: string, changes?: Record<string, any>) => string} link the address with changes, for an href
 * @property {(said: string) => void} announce to screen readers
 * @property {(done: number | null) => void} progress from 0 to 1, null when done
 *
 * @typedef {object} View
 * @property {string} title
 * @property {(state: import("./address.js").State) => void} show called with every new state
 *
 * @typedef {(root: HTMLElement, context: Context) => View} Open builds a view
 */

/** @type {any} */
const at = { view: "", state: {}, shown: null };

/** @param {string} id */
const spot = (id) => /** @type {any} */ (document.getElementById(id));

async function begin() {
  const given = await fetch("world.json").then((found) => found.json()).catch(() => { throw new Error("world.json is missing or damaged"); });
  const json = (/** @type {string} */ file) => fetched(given, file).then((found) => found.json());
  const bytes = (/** @type {string} */ file) => fetched(given, file).then((found) => found.arrayBuffer());
  const modules = Object.keys(given.files ?? {}).filter((file) => file.endsWith(".js"));
  const [sets, months, [facts, controls, words, glossary]] = await Promise.all([
    given.sets && bytes(given.sets.file), bytes("engine/months.wasm").then((code) => WebAssembly.compile(code)),
    Promise.all(["facts.json", "controls.json", "strings/en.json", "glossary.json"].map(json)), ...modules.map(bytes),
  ]);
  speak(words);
  learn(given, facts);
  const pool = new Pool({ world, facts, sets, months });
  const views = Object.fromEntries(await Promise.all(VIEWS.map(async (name) => [name, await import(`./views/${name}.js`)])));
  /** @type {Context} */
  const context = {
    controls, pool,
    go(changes, { view = at.view, replace = false } = {}) {
      const to = write(view, { ...at.state, ...changes });
      const held = document.activeElement !== document.body;
      if (to !== location.hash) history[replace ? "replaceState" : "pushState"](null, "", to);
      follow();
      const now = document.activeElement;
      if (held && (now === document.body || !now?.getClientRects().length)) spot("main").focus(); // what had the focus is gone
    },
    read: (hash) => read(hash, VIEWS).state,
    link: (view, changes = {}) => write(view, { ...at.state, ...changes }),
    announce(said) { spot("announce").textContent = said; },
    progress(done) {
      spot("progress").hidden = done === null;
      spot("progress").value = done ?? 0;
      document.body.dataset.settled = done === null ? location.hash || "#/" : ""; // what all pictures show
    },
  };
  for (const view of Object.values(views)) view.declare?.(context);

  function follow() {
    hash = location.hash;
    const place = read(location.hash, VIEWS);
    put(spot("problems"), problems(place.problems));
    const other = place.view !== at.view;
    Object.assign(at, { view: place.view, state: place.state });
    navigate(context);
    if (other) {
      Object.keys(pool.newest).forEach((channel) => pool.end(channel)); // what the view before has asked for
      context.progress(null);
      spot("main").replaceChildren();
      at.shown = views[place.view].open(spot("main"), context);
      document.body.dataset.view = place.view;
    }
    at.shown.show(place.state);
    document.title = `${at.shown.title} · Driftback`;
    return other;
  }

  let hash = "";
  for (const event of ["popstate", "hashchange"])
    addEventListener(event, () => {
      if (location.hash === hash) return;
      if (!follow()) return;
      scrollTo({ top: 0, behavior: "instant" });
      spot("main").focus({ preventScroll: true });
    });
  addEventListener("unhandledrejection", ({ reason }) => put(spot("problems"), h("p", {}, reason.message)));
  spot("skip").addEventListener("click", (/** @type {Event} */ event) => {
    event.preventDefault();
    spot("main").focus();
  });
  spot("skip").textContent = t("shell.skip");
  spot("progress").setAttribute("aria-label", t("shell.progress"));
  // an address of the first edition, whose state stood before the #, leads to where it belongs now
  if (location.search) history.replaceState(null, "", `${location.pathname}#/explore${location.search}`);
  explain(spot("main"), spot("tip"), glossary);
  follow();
  if ("serviceWorker" in navigator && isSecureContext) navigator.serviceWorker.register("service-worker.js").catch(() => {});
}

/** @param {string[]} said */
function problems(said) {
  return said.length ? [h("p", {}, t("shell.problems")), h("ul", {}, said.map((each) => h("li", {}, each)))] : [];
}

/** @param {Context} context */
function navigate({ link }) {
  put(spot("nav"), h("ul", {}, VIEWS.filter((view) => view !== "class" || at.view === view).map((view) =>
    h("li", {}, h("a", { id: `to-${view}`, href: link(view), "aria-current": view === at.view && "page" }, t(`${view}.name`))))));
  put(spot("footer"), h("p", {}, t("shell.footer", { release: world.driftback })));
  spot("nav").setAttribute("aria-label", t("shell.views"));
  spot("brand").setAttribute("href", link("start"));
}

begin().catch((error) => {
  spot("problems").textContent = `This page could not be loaded: ${error.message}. Load it again.`;
  throw error;
});
