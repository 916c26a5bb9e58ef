// A class together, on the big screen: the room's code, the tables, one history turn by turn, bets. The engine is here; phones vote.

import { html, nothing, render, svg } from "../vendor/lit-html.js";
import { connect } from "../class/link.js";
import { makeSetter } from "../dom.js";
import { called, named, sentence, signed, spoken, t } from "../strings.js";
import { facts, leverOf, world } from "../world.js";
import { changes, entry, headline, setting } from "./play-game.js";
import { difference, ranked } from "./play-debrief.js";
import { moved } from "./play.js";
import { map } from "./play-map.js";

/** @type {OpenView} */
export function open(root, context) {
  /** @type {ClassState} */
  const at = /** @type {any} */ ({ linked: "lost", room: "", tables: {}, bets: [], hands: {}, ends: {}, shown: "" });
  const set = makeSetter(at, draw);
  addEventListener("keydown", keyed);

  /** @param {KeyboardEvent} event */
  function keyed(event) {
    if (!root.isConnected) return removeEventListener("keydown", keyed);
    if (event.key === "r" && at.betting && !(event.target instanceof HTMLInputElement)) reveal();
  }

  /** @param {AddressState} state */
  function show(state) {
    if (state.key && !at.link)
      at.link = connect("class/teacher", () => ({ key: state.key }), hear, (linked) => set({ linked }));
    Object.assign(at, { state, now: state.game ? setting({ ...state, seats: world.capitals.join(".") }) : null });
    const shown = JSON.stringify([state.game, state.future, state.moves, state.luck]);
    if (at.now && shown !== at.shown) {
      at.shown = shown;
      live().catch((error) => render(html`<p role="alert">${t("play.stumbled", { why: error.message })}</p>`, root));
    }
    draw();
  }

  /** @param {any} message the room and its address, or the tables and their bets */
  function hear({ type, ...known }) {
    Object.assign(at, known);
    if (type === "room" && at.ready === at.shown && at.now) ask();
    draw();
  }

  /** Simulate up to the turn, tell what it brought, and ask the tables. */
  async function live() {
    const { shown, now: { game, over } } = at;
    set({ found: undefined, ends: {} });
    const found = await context.pool.one("play", { job: "turn", game });
    if (!found || at.shown !== shown) return;
    at.found = found;
    if (game.turns.length) tell();
    draw();
    const kept = over ? at.ends : at.hands;
    const asked = over ? { job: "ending", game } : { job: "hand", game, orders: {}, matters: null };
    const parts = game.seats.map((seat) => ({ ...asked, seat }));
    const all = await context.pool.ask("play-hand", parts, (each, place) => { kept[game.seats[place]] = each; });
    if (!all || at.shown !== shown) return;
    at.ready = shown;
    if (!game.turns.length) ask();
    draw();
  }

  function ask() {
    const { now: { game, over }, hands } = at;
    if (over) return;
    /** @type {(seat: string, field: string) => object} */
    const matter = (seat, field) => ({
      title: sentence(leverOf(field).title),
      options: leverOf(field).options.map(({ label }, n) =>
        ({ label: sentence(label), promise: promise(hands[seat], field, n) })),
    });
    const tables = game.seats.map((seat) => [seat, hands[seat].matters.map((field) => matter(seat, field))]);
    at.asking = true;
    at.link?.send({ type: "ask", turn: game.turns.length, tables: Object.fromEntries(tables) });
  }

  /** @param {Hand} hand @param {string} field @param {number} n */
  function promise({ stands, cards }, field, n) {
    if (n === stands[field]) return t("play.as-now");
    const { gain, low, high } = cards[field][n];
    return `${signed(gain, 0)} ${t("play.points")}, ${t("play.likely", { low: signed(low, 0), high: signed(high, 0) })}`;
  }

  /** Tell every table what the turn brought: its own place first, then what the others did. */
  function tell() {
    const { now: { game }, found: { points, month: next } } = at;
    const from = game.starts[game.turns.length - 1];
    const made = changes(at.found, from);
    const title = t("class.brought", { from: spoken(from), to: spoken(next - 1) });
    const tables = game.seats.map((seat) => [seat, [t("class.your-points", { points: signed(points[seat], 0) }),
      ...made.filter(({ capital }) => capital !== seat).map(({ capital, label, month }) =>
        `${called(capital)}: ${t("play.wire", { label, month: spoken(month) })}`)]]);
    at.asking = false;
    at.link?.send({ type: "tell", turn: game.turns.length, title, tables: Object.fromEntries(tables) });
  }

  /** Play the turn as the tables voted; what a table leaves open stands as it stood. */
  function play() {
    const { now: { game, entries }, hands, tables } = at;
    const made = game.seats.map((seat) => entry(seat, Object.fromEntries(hands[seat].matters.flatMap((field, n) => {
      const votes = Object.entries(tables[seat]?.votes?.[n] ?? {});
      if (!votes.length) return [];
      const [option] = votes.reduce((best, each) => (each[1] > best[1] ? each : best));
      return [[field, leverOf(field).options[+option].name]];
    }))));
    context.go({ moves: [...entries, ...made].join(".") });
  }

  function bet() {
    at.link?.send({ type: "bet", question: t("class.bet-question"), low: 0, high: 100 });
    set({ betting: true, revealed: false });
  }

  function reveal() {
    at.link?.send({ type: "reveal" });
    set({ revealed: true });
  }

  function end() {
    at.link?.send({ type: "end" });
    Object.assign(at, { betting: false, asking: false, found: null, hands: {}, shown: "" });
    context.go({ game: null, moves: "" });
  }

  function draw() {
    const { state, linked, betting, now } = at;
    const lost = html`<p role="status">${t(linked === "lost" ? "class.lost" : "class.refused")}</p>`;
    render(html`<link rel="stylesheet" href="class/class.css">${!state.key ? alone()
      : html`${linked === "open" ? nothing : lost}${betting ? bets() : now ? game() : lobby()}`}`, root);
  }

  function alone() {
    return html`<h1>${t("class.name")}</h1><p class="lead">${t("class.how")}</p><pre>sim app --class</pre>
      <p>${t("class.alone")} <a href=${context.link("play")}>${t("play.name")}</a></p>`;
  }

  function lobby() {
    const begin = (/** @type {string} */ game, kind = "") => html`<button class=${kind} id="class-${game}"
      @click=${() => context.go({ game, moves: "" })}>${t(`class.begin-${game}`)}</button>`;
    return html`<h1>${t("class.lead")}</h1>
      <div class="class-room"><img src="class/code.svg" alt=${t("class.code-picture", { room: at.room })}>
      <div><p class="class-code">${at.room}</p><p>${t("class.open", { address: `${at.address}/phone.html` })}</p>
        ${tables()}</div></div>
      <div class="buttons">${begin("now", "main")} ${begin("history")}
      <button id="class-bet" @click=${bet}>${t("class.ask-bet")}</button></div>`;
  }

  function game() {
    const { now: { game: { turns, starts, seats, end: after }, over, history }, found, asking, ends } = at;
    const turn = turns.length;
    const made = found && turn ? changes(found, starts[turn - 1]) : [];
    const opening = history && !over && headline(turn);
    const ready = at.ready === at.shown;
    const title = over ? t("class.over") : asking ? t("class.deciding", { from: spoken(starts[turn]) })
      : turn ? t("class.brought", { from: spoken(starts[turn - 1]), to: spoken((starts[turn] ?? after) - 1) })
        : t("play.simulating");
    return html`<ol class="turns" aria-label=${t("play.turns")}>${starts.map((month, n) =>
        html`<li class=${n < turn ? "past" : ""} aria-current=${n === turn ? "step" : nothing}>${named(month)}</li>`)}</ol>
      <h1 id="class-turn" tabindex="-1">${title}</h1>${opening ? html`<p class="lead">${opening.event}</p>` : nothing}
      <div class="class-board"><div>${map(made, [])}
        <ol class="wire">${made.map(moved)}</ol></div>
      <div>${tables()}
        <div class="buttons">${!ready || over ? nothing
          : asking ? html`<button class="main" id="class-play" @click=${play}>${t("class.play")}</button>`
            : html`<button class="main" id="class-ask" @click=${() => { ask(); draw(); }}>${t("class.next-turn")}</button>`}
        <button id="class-end" @click=${end}>${t("class.end")}</button></div>
        <p class="muted">${t("class.points-told")}</p></div></div>
      ${over && ready ? html`<h2>${t("play.differently")}</h2>${seats.map((seat) => {
        const [most] = ranked(ends[seat].differences, seat);
        return html`<p class="class-end"><span class="sign-of ${seat}"><b>${called(seat)}</b></span></p>
          <p>${most ? difference(most, seat) : t("play.same")}</p>`;
      })}<p class="muted">${t("play.apart")}</p>` : nothing}`;
  }

  function tables() {
    const { found, now, asking, hands } = at;
    const pointsOf = (/** @type {string} */ capital) => found?.points[capital] ?? 0;
    const order = [...world.capitals].sort((one, other) => pointsOf(other) - pointsOf(one));
    return html`<ul class="class-tables">${order.map((capital) => {
      const { here = 0, votes = [] } = at.tables[capital] ?? {};
      const decided = votes.filter((each) => Object.keys(each).length).length;
      const many = hands[capital]?.matters.length ?? 0;
      const voted = asking ? ` · ${t("class.decided", { decided, many })}` : "";
      return html`<li class="seat-${capital}"><span class="sign" aria-hidden="true">${capital[0]}</span>
        <b>${called(capital)}</b>
        <span class="points">${now?.game.turns.length && found ? signed(pointsOf(capital), 0) : ""}</span>
        <span class="mine">${t("class.here", { here })}${voted}</span></li>`;
    })}</ul>`;
  }

  function bets() {
    const truth = facts.verdict.share;
    return html`<h1>${t("class.bet-question")}</h1><p class="class-code" id="class-bets">${at.bets.length}</p><p>${t("class.bets-in")}</p>
      ${!at.revealed ? nothing : html`<figure>${picture(at.bets, truth)}
        <figcaption class="lead">${t("class.truth", { truth })}</figcaption></figure>`}
      <div class="buttons"><button class="main" id="class-reveal" ?disabled=${at.revealed}
        @click=${reveal}>${t("class.reveal")}</button>
      <button id="class-bets-end" @click=${() => set({ betting: false })}>${t("class.back")}</button></div>`;
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
