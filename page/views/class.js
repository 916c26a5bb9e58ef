// A class together, on the big screen: the room's code, the tables, one history turn by turn, bets. The engine is here; phones vote.

import { html, nothing, render, svg } from "../vendor/lit-html.js";
import { connect } from "../class/link.js";
import { called, named, sentence, signed, spoken, t } from "../strings.js";
import { facts, leverOf, world } from "../world.js";
import { changes, entry, headline, setting } from "./play-game.js";
import { difference, ranked } from "./play-debrief.js";
import { moved } from "./play.js";
import { map } from "./play-map.js";

/** @type {OpenView} */
export function open(root, context) {
  /** @type {any} */
  const at = { state: {}, link: null, linked: "lost", room: "", tables: {}, bets: [], now: null, found: null, hands: {}, ends: {}, shown: "", betting: false, revealed: false };
  addEventListener("keydown", keyed);

  /** @param {KeyboardEvent} event */
  function keyed(event) {
    if (!root.isConnected) return removeEventListener("keydown", keyed);
    if (event.key === "r" && at.betting && !(event.target instanceof HTMLInputElement)) reveal();
  }

  /** @param {any} state */
  function show(state) {
    at.state = state;
    if (state.key && !at.link) at.link = connect("class/teacher", () => ({ key: state.key }), hear, (linked) => { at.linked = linked; draw(); });
    at.now = state.game ? setting({ ...state, seats: world.capitals.join(".") }) : null;
    const shown = JSON.stringify([state.game, state.future, state.moves, state.luck]);
    if (at.now && shown !== at.shown) {
      at.shown = shown;
      live().catch((error) => render(html`<p role="alert">${t("play.stumbled", { why: error.message })}</p>`, root));
    }
    draw();
  }

  /** @param {any} message */
  function hear(message) {
    if (message.type === "room") {
      Object.assign(at, { room: message.room, address: message.address });
      if (at.ready === at.shown && at.now) ask();
    } else if (message.type === "tables") Object.assign(at, { tables: message.tables, bets: message.bets });
    draw();
  }

  /** Simulate up to the turn, tell what it brought, and ask the tables. */
  async function live() {
    const { shown, now: { game, over } } = at;
    Object.assign(at, { found: null, ends: {} });
    draw();
    const found = await context.pool.one("play", { job: "turn", game });
    if (!found || at.shown !== shown) return;
    at.found = found;
    if (game.turns.length) tell();
    draw();
    const kept = over ? at.ends : at.hands;
    const parts = game.seats.map((/** @type {string} */ seat) => (over ? { job: "ending", game, seat } : { job: "hand", game, seat, orders: {}, matters: null }));
    if (!await context.pool.ask("play-hand", parts, (each, place) => { kept[game.seats[place]] = each; }) || at.shown !== shown) return;
    at.ready = shown;
    if (!over && !game.turns.length) ask();
    draw();
  }

  function ask() {
    if (at.now.over) return;
    const tables = Object.fromEntries(at.now.game.seats.map((/** @type {string} */ seat) => [seat, at.hands[seat].matters.map((/** @type {string} */ field) => ({
      title: sentence(leverOf(field).title),
      options: leverOf(field).options.map(({ label }, n) => ({ label: sentence(label), promise: promise(at.hands[seat], field, n) })),
    }))]));
    at.asking = true;
    at.link?.send({ type: "ask", turn: at.now.game.turns.length, tables });
  }

  /** @param {Hand} hand @param {string} field @param {number} n */
  function promise({ stands, cards }, field, n) {
    if (n === stands[field]) return t("play.as-now");
    const { gain, low, high } = cards[field][n];
    return `${signed(gain, 0)} ${t("play.points")}, ${t("play.likely", { low: signed(low, 0), high: signed(high, 0) })}`;
  }

  /** Tell every table what the turn brought: its own place first, then what the others did. */
  function tell() {
    const { game } = at.now;
    const from = game.starts[game.turns.length - 1];
    const made = changes(at.found, from);
    const line = (/** @type {any} */ { capital, label, month }) => `${called(capital)}: ${t("play.wire", { label, month: spoken(month) })}`;
    const title = t("class.brought", { from: spoken(from), to: spoken(at.found.month - 1) });
    const tables = Object.fromEntries(game.seats.map((/** @type {string} */ capital) => [capital,
      [t("class.your-points", { points: signed(at.found.points[capital], 0) }), ...made.filter((each) => each.capital !== capital).map(line)]]));
    at.asking = false;
    at.link?.send({ type: "tell", turn: game.turns.length, title, tables });
  }

  /** Play the turn as the tables voted; what a table leaves open stands as it stood. */
  function play() {
    const { game, entries } = at.now;
    const made = game.seats.map((/** @type {string} */ seat) => entry(seat, Object.fromEntries(at.hands[seat].matters.flatMap((/** @type {string} */ field, /** @type {number} */ n) => {
      const votes = Object.entries(at.tables[seat]?.votes?.[n] ?? {});
      if (!votes.length) return [];
      const [option] = votes.reduce((best, each) => (each[1] > best[1] ? each : best));
      return [[field, leverOf(field).options[+option].name]];
    }))));
    context.go({ moves: [...entries, ...made].join(".") });
  }

  function bet() {
    Object.assign(at, { betting: true, revealed: false });
    at.link?.send({ type: "bet", question: t("class.bet-question"), low: 0, high: 100 });
    draw();
  }

  function reveal() {
    at.revealed = true;
    at.link?.send({ type: "reveal" });
    draw();
  }

  function end() {
    at.link?.send({ type: "end" });
    Object.assign(at, { betting: false, asking: false, found: null, hands: {}, shown: "" });
    context.go({ game: null, moves: "" });
  }

  function draw() {
    render(html`<link rel="stylesheet" href="class/class.css">${at.state.key ? whole() : alone()}`, root);
  }

  function alone() {
    return html`<h1>${t("class.name")}</h1><p class="lead">${t("class.how")}</p><pre>sim app --class</pre>
      <p>${t("class.alone")} <a href=${context.link("play")}>${t("play.name")}</a></p>`;
  }

  function whole() {
    const lost = at.linked === "open" ? nothing : html`<p role="status">${t(at.linked === "refused" ? "class.refused" : "class.lost")}</p>`;
    if (at.betting) return html`${lost}${bets()}`;
    return html`${lost}${at.now ? game() : lobby()}`;
  }

  function lobby() {
    return html`<h1>${t("class.lead")}</h1>
      <div class="class-room"><img src="class/code.svg" alt=${t("class.code-picture", { room: at.room })}>
      <div><p class="class-code">${at.room}</p><p>${t("class.open", { address: `${at.address}/phone.html` })}</p>${tables()}</div></div>
      <div class="buttons"><button class="main" id="class-now" @click=${() => context.go({ game: "now", moves: "" })}>${t("class.begin-now")}</button>
      <button id="class-history" @click=${() => context.go({ game: "history", moves: "" })}>${t("class.begin-history")}</button>
      <button id="class-bet" @click=${bet}>${t("class.ask-bet")}</button></div>`;
  }

  function game() {
    const { game: played, over, history } = at.now;
    const turn = played.turns.length;
    const made = at.found && turn ? changes(at.found, played.starts[turn - 1]) : [];
    const opening = history && !over && headline(turn);
    return html`<ol class="turns" aria-label=${t("play.turns")}>${played.starts.map((/** @type {number} */ month, /** @type {number} */ n) =>
        html`<li class=${n < turn ? "past" : ""} aria-current=${n === turn ? "step" : nothing}>${named(month)}</li>`)}</ol>
      <h1 id="class-turn" tabindex="-1">${over ? t("class.over") : at.asking ? t("class.deciding", { from: spoken(played.starts[turn]) })
        : turn ? t("class.brought", { from: spoken(played.starts[turn - 1]), to: spoken((played.starts[turn] ?? played.end) - 1) }) : t("play.simulating")}</h1>
      ${opening ? html`<p class="lead">${opening.event}</p>` : nothing}
      <div class="class-board"><div>${map(made, [])}
        <ol class="wire">${made.map(moved)}</ol></div>
      <div>${tables()}
        <div class="buttons">${at.ready !== at.shown || over ? nothing
          : at.asking ? html`<button class="main" id="class-play" @click=${play}>${t("class.play")}</button>`
            : html`<button class="main" id="class-ask" @click=${() => { ask(); draw(); }}>${t("class.next-turn")}</button>`}
        <button id="class-end" @click=${end}>${t("class.end")}</button></div>
        <p class="muted">${t("class.points-told")}</p></div></div>
      ${over && at.ready === at.shown ? html`<h2>${t("play.differently")}</h2>${played.seats.map((/** @type {string} */ seat) => {
        const [most] = ranked(at.ends[seat].differences, seat);
        return html`<p class="class-end"><span class="sign-of ${seat}"><b>${called(seat)}</b></span></p>${most ? html`<p>${difference(most, seat)}</p>` : html`<p>${t("play.same")}</p>`}`;
      })}<p class="muted">${t("play.apart")}</p>` : nothing}`;
  }

  function tables() {
    const order = [...world.capitals].sort((one, other) => (at.found?.points[other] ?? 0) - (at.found?.points[one] ?? 0));
    return html`<ul class="class-tables">${order.map((capital) => {
      const { here = 0, votes = [] } = at.tables[capital] ?? {};
      const decided = votes.filter((/** @type {any} */ each) => Object.keys(each).length).length;
      return html`<li class="seat-${capital}"><span class="sign" aria-hidden="true">${capital[0]}</span><b>${called(capital)}</b>
        <span class="points">${at.now?.game.turns.length && at.found ? signed(at.found.points[capital], 0) : ""}</span>
        <span class="mine">${t("class.here", { here })}${at.asking ? ` · ${t("class.decided", { decided, many: at.hands[capital]?.matters.length ?? 0 })}` : ""}</span></li>`;
    })}</ul>`;
  }

  function bets() {
    const truth = facts.verdict.share;
    return html`<h1>${t("class.bet-question")}</h1><p class="class-code" id="class-bets">${at.bets.length}</p><p>${t("class.bets-in")}</p>
      ${at.revealed ? html`<figure>${picture(at.bets, truth)}<figcaption class="lead">${t("class.truth", { truth })}</figcaption></figure>` : nothing}
      <div class="buttons"><button class="main" id="class-reveal" ?disabled=${at.revealed} @click=${reveal}>${t("class.reveal")}</button>
      <button id="class-bets-end" @click=${() => { at.betting = false; draw(); }}>${t("class.back")}</button></div>`;
  }

  return { get title() { return t("class.name"); }, show };
}

/** Draw every bet as a dot from 0 to 100, and where the answer lies. @param {number[]} all @param {number} truth */
function picture(all, truth) {
  const x = (/** @type {number} */ value) => 20 + 9.6 * value;
  const pile = (/** @type {number} */ n) => all.slice(0, n + 1).filter((each) => Math.round(each / 2) === Math.round(all[n] / 2)).length;
  return html`<svg viewBox="0 0 1000 240" class="class-bets" role="img" aria-label=${t("class.bets-picture", { many: all.length, truth })}>
    <path class="axis" d="M20 205H980"/>${[0, 25, 50, 75, 100].map((each) => svg`<text x=${x(each)} y="232" text-anchor="middle">${each}</text>`)}
    ${all.map((value, n) => svg`<circle cx=${x(value)} cy=${205 - 17 * pile(n)} r="8"/>`)}<path class="truth" d="M${x(truth)} 10V205"/></svg>`;
}
