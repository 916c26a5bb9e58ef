// The shell: reads what every view needs, shows the view of the address, and keeps both in step.

import { keys, read, write } from "./address.js";
import { begin } from "./controls.js";
import { h } from "./dom.js";
import { fetched, unpacked } from "./engine/files.js";
import { keysOfViews } from "./keys.js";
import { speak, t } from "./strings.js";
import { explain } from "./tips.js";
import { html, nothing, render } from "./vendor/lit-html.js";
import * as explore from "./views/explore.js";
import * as first from "./views/start.js";
import { Pool } from "./workers.js";
import { learn, world } from "./world.js";

const VIEWS = ["start", "explore", "history", "play", "lessons", "class"];

/** @type {any} */
const at = { view: "", state: {}, shown: null };

/** @param {string} id */
const spot = (id) => /** @type {any} */ (document.getElementById(id));

/** Fetch what every view and every worker needs: the modules are those whose links `sim site` wrote into index.html. */
async function gather() {
  const given = await fetch("world.json").then((found) => found.json()).catch(() => {
    throw new Error("world.json is missing or damaged");
  });
  const json = (/** @type {string} */ file) => fetched(given, file).then((found) => found.json());
  const bytes = (/** @type {string} */ file) => fetched(given, file).then((found) => found.arrayBuffer());
  const needed = [...document.querySelectorAll("link[rel=modulepreload]")].map((link) => String(link.getAttribute("href")));
  const modules = (/** @type {string[]} */ files) => Promise.all(files.map((file) => preloaded(given, file)));
  const compiled = (/** @type {ArrayBuffer} */ code) => WebAssembly.compile(code).catch(() => words.then(() => {
    throw new Error(t("shell.wasm"));
  }));
  const words = json("strings/en.json").then(speak);
  const [sets, months, facts, controls, glossary] = await Promise.all([
    given.sets && bytes(given.sets.file).then(unpacked), bytes("engine/months.wasm").then(compiled),
    json("facts.json"), json("controls.json"), json("glossary.json"), words, modules(needed),
  ]);
  learn(given, facts);
  return {
    files: { world, facts, sets, months }, controls, glossary,
    rest: async () => { for (const wave of given.later) await modules(wave); },
  };
}

async function start() {
  const gathered = gather();
  const pool = new Pool(gathered); // its workers load their code meanwhile
  const { controls, glossary, rest } = await gathered;
  /** @type {Record<string, {open: OpenView}>} */
  const views = { start: first, explore };
  /** @type {Promise<any> | undefined} */
  let later;
  /** @type {ViewContext} */
  const context = {
    pool,
    go(changes, { view = at.view, replace = false, focus = "" } = {}) {
      const to = write(view, { ...at.state, ...changes });
      const held = document.activeElement !== document.body;
      if (to !== location.hash) history[replace ? "replaceState" : "pushState"](null, "", to);
      follow();
      document.getElementById(focus)?.focus();
      const now = document.activeElement;
      // what had the focus is gone
      if (held && (now === document.body || !now?.getClientRects().length)) spot("main").focus();
    },
    read: (hash) => read(hash, VIEWS).state,
    link: (view, changes = {}) => write(view, { ...at.state, ...changes }),
    announce(said) { spot("announce").textContent = said; },
    progress(done) {
      spot("progress").hidden = done === null;
      spot("progress").value = done ?? 0;
      document.body.dataset.settled = done === null ? location.hash || "#/" : ""; // what all pictures show
      if (done === null && at.shown) others();
    },
  };
  Object.assign(keys, begin(controls), keysOfViews());

  /** Fetch what other views need, once what was asked for is there. */
  function others() {
    return (later ??= rest().finally(() => {
      if ("serviceWorker" in navigator && isSecureContext)
        navigator.serviceWorker.register("service-worker.js").catch(() => {}); // it finds all in the browser's cache
    }));
  }

  /** @param {string} view */
  async function load(view) {
    await others();
    views[view] = await import(`./views/${view}.js`);
    follow();
  }

  function follow() {
    hash = location.hash;
    const place = read(location.hash, VIEWS);
    if (!views[place.view]) return void load(place.view);
    const before = at.shown;
    render(!place.problems.length ? nothing : html`<p>${t("shell.problems")}</p>
      <ul>${place.problems.map((each) => html`<li>${each}</li>`)}</ul>`, spot("problems"));
    const other = place.view !== at.view;
    Object.assign(at, { view: place.view, state: place.state });
    navigate(context);
    if (other) {
      Object.keys(pool.newest).forEach((channel) => pool.end(channel)); // what the view before has asked for
      context.progress(null);
      if (before || place.view !== "start") spot("main").replaceChildren(); // the first view is there already
      const board = h("div", { id: place.view });
      spot("main").append(board);
      at.shown = views[place.view].open(board, context);
      document.body.dataset.view = place.view;
    }
    at.shown.show(place.state);
    document.title = `${at.shown.title} · Driftback`;
    if (!other || !before) return;
    scrollTo({ top: 0, behavior: "instant" });
    spot("main").focus({ preventScroll: true });
  }

  let hash = "";
  for (const event of ["popstate", "hashchange"])
    addEventListener(event, () => {
      if (location.hash !== hash) follow();
    });
  addEventListener("unhandledrejection", ({ reason }) => render(html`<p>${reason.message}</p>`, spot("problems")));
  spot("skip").addEventListener("click", (/** @type {Event} */ event) => {
    event.preventDefault();
    spot("main").focus();
  });
  // an address of the first edition, whose state stood before the #, leads to where it belongs now
  if (location.search) history.replaceState(null, "", `${location.pathname}#/explore${location.search}`);
  explain(spot("main"), spot("tip"), glossary);
  follow();
}

/**
 * Have a module fetched, once for all that import it; what is not as world.json knows it is refused in words.
 * @param {FileList} known @param {string} file @returns {Promise<any>}
 */
function preloaded(known, file) {
  if (!known.files?.[file]) return fetched(known, file);
  return new Promise((resolve, reject) => {
    const link = h("link", {
      rel: "modulepreload", href: file, integrity: `sha256-${known.files[file].sha256}`, onload: resolve,
      onerror: () => fetched(known, file).then(() => reject(new Error(t("shell.again", { file }))), reject),
    });
    document.head.append(link);
  });
}

/** @param {ViewContext} context */
function navigate({ link }) {
  for (const each of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("header a"))) {
    const view = each.hash.slice(2).split("?")[0];
    each.href = link(view, { bet: null });
    each.ariaCurrent = view === at.view ? "page" : null;
  }
}

start().catch((error) => {
  spot("problems").textContent = `This page could not be loaded: ${error.message}. Load it again.`;
  throw error;
});
