// The game: whom to play, the turns, the end.

import { declare as declareKeys } from "../address.js";
import { button, h, put } from "../dom.js";
import { called, named, spoken, t } from "../strings.js";
import { cards } from "./play-cards.js";
import { debrief } from "./play-debrief.js";
import { drafted, headline, keys, setting } from "./play-game.js";
import { lobby } from "./play-lobby.js";
import { map } from "./play-map.js";
import { changes, event, telegram } from "./play-telegram.js";

export function declare() {
  declareKeys(keys());
}

/** @type {import("../app.js").Open} */
export function open(root, context) {
  /** @type {Map<string, any>} */
  const known = new Map(); // what turns brought, so that taking one back shows at once
  /** @type {{state: any, setting: any, shown: string, ready: string}} */
  const at = { state: {}, setting: null, shown: "", ready: "" };
  const spot = (/** @type {string} */ id, /** @type {Record<string, any>} */ more = {}) => h("section", { id, ...more });
  const [place, board, report, hand, end] = [spot("play-place"), spot("play-board"), spot("play-report", { class: "card" }), spot("play-hand"), spot("play-end")];
  const turnButton = button("play-turn", "", play, { class: "main" });
  const backButton = button("play-back", t("play.back"), () => {
    at.ready = ""; // whose cards they are has to be asked again
    context.go({ moves: at.setting.entries.slice(0, -1).join("."), draft: "" });
  });
  const buttons = h("div", { class: "buttons", id: "play-buttons" }, turnButton, backButton,
    button("play-leave", t("play.leave-game"), () => context.go({ game: null, moves: "", draft: "" })));
  root.append(h("h1", { id: "play-title" }, t("play.name")), place, h("div", { class: "play" }, board, report), hand, buttons, end);

  /** @param {MouseEvent} click a second click of a double one plays no second turn */
  function play({ detail }) {
    const { setting: now, state } = at;
    if (detail > 1 || now.over) return;
    context.go({ moves: [...now.entries, drafted(now.seat, state.draft)].join("."), draft: "" });
    if (!at.setting.over) document.getElementById("play-now")?.focus();
  }

  /** @param {any} state */
  function show(state) {
    at.state = state;
    for (const each of [board, report, hand, buttons, end]) each.hidden = !state.game;
    if (!state.game) {
      at.shown = "";
      context.pool.end("play");
      put(place, lobby(context, state));
      return;
    }
    const now = setting(state);
    const shown = JSON.stringify([now.game, now.seats, now.entries, now.mission]);
    if (shown === at.shown) return; // only a draft has changed, and its card shows that
    Object.assign(at, { setting: now, shown });
    stage(now);
    live(now, shown).catch(stumbled);
  }

  /** @param {Error} error */
  function stumbled(error) {
    board.removeAttribute("aria-busy");
    report.hidden = false;
    put(report, h("p", { role: "alert" }, t("play.stumbled", { why: error.message })));
  }

  /** @param {import("./play-game.js").Setting} now */
  function stage(now) {
    const { game, seats, entries, seat, over } = now;
    const turn = game.turns.length;
    const last = (game.starts[turn + 1] ?? game.end) - 1;
    put(place,
      h("ol", { class: "turns", "aria-label": t("play.turns") }, game.starts.map((month, n) =>
        h("li", { "aria-current": n === turn && "step", class: n < turn && "past" }, named(month)))),
      h("h2", { id: "play-now", tabindex: -1 }, over ? t("play.over") : t("play.now", { from: spoken(game.starts[turn]), to: spoken(last), seat: called(seat) })),
      !over && now.history && h("ul", { class: "record" }, event(headline(turn))),
      !over && h("p", { class: "muted" }, t("play.stands", { to: spoken(last) }),
        seats.length > 1 && ` ${t("play.seat-of", { many: (entries.length % seats.length) + 1, seats: seats.length })}`));
    turnButton.textContent = seats.length > 1 ? t("play.give-orders", { seat: called(seat) }) : t("play.turn");
    turnButton.hidden = over;
    backButton.disabled = !entries.length;
    const waiting = seats.length > 1 && at.ready !== entries.join(".") + seat;
    if (over) put(hand);
    else if (waiting) pass(seat, entries);
    else deal(now);
    turnButton.hidden ||= waiting && !over;
    put(end);
  }

  /** Hide the cards until the device has changed hands. @param {string} seat @param {string[]} entries */
  function pass(seat, entries) {
    put(hand, h("div", { class: "card" }, h("p", { class: "lead" }, t("play.pass", { seat: called(seat) })), button("play-ready", t("play.ready", { seat: called(seat) }), () => {
      at.ready = entries.join(".") + seat;
      stage(at.setting);
      live(at.setting, at.shown).catch(stumbled);
      document.getElementById("play-now")?.focus();
    }, { class: "main" })));
  }

  /** @type {(found: any) => void} */
  let fill = () => {};

  /** @param {import("./play-game.js").Setting} now */
  function deal(now) {
    const made = cards(now.seat, drafted(now.seat, at.state.draft), (next) => context.go({ draft: next }, { replace: true }));
    fill = made.fill;
    put(hand, made.form);
  }

  /**
   * Simulate up to the turn, and show what it brought.
   * @param {import("./play-game.js").Setting} now @param {string} shown
   */
  async function live(now, shown) {
    const { game, seats, over } = now;
    const key = JSON.stringify([game, seats]);
    if (!known.has(key)) {
      board.setAttribute("aria-busy", "true");
      if (!board.firstChild) put(board, map(null, 0, [], seats));
      if (game.turns.length) put(report, h("p", { role: "status" }, t("play.simulating")));
      report.hidden = !game.turns.length;
      const found = await context.pool.one("play", { job: "turn", game, seats });
      if (!found) return; // a newer turn is being simulated
      known.set(key, found);
    }
    if (at.shown !== shown || !at.state.game) return;
    const found = known.get(key);
    const turn = game.turns.length;
    const made = turn ? changes(found, game.starts[turn - 1]) : [];
    const moved = [...new Set(made.flatMap(({ capital }) => (capital === "deal" ? ["Moscow", "Pyongyang"] : [capital])))];
    put(board, map(found.series, Math.max(found.month - 1, 0), moved, seats));
    board.removeAttribute("aria-busy");
    report.hidden = !turn;
    put(report, turn ? telegram(now, found) : []);
    fill(found.cards);
    if (turn) context.announce(t("play.arrived", { changed: moved.map(called).join(", ") || t("play.nobody") }));
    if (over) await debrief(context, end, now, found.foresight);
  }

  return { get title() { return t("play.name"); }, show };
}
