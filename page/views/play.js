// The game: whom to play, three matters a turn, how the others answer, the end.

import { html, nothing, render } from "../vendor/lit-html.js";
import { scale } from "../charts.js";
import { makeSetter } from "../dom.js";
import { called, named, sentence, signed, spoken, t } from "../strings.js";
import { labelOf, world } from "../world.js";
import { matter } from "./play-cards.js";
import { debrief } from "./play-debrief.js";
import { changes, entry, happened, headline, setting } from "./play-game.js";
import { lobby } from "./play-lobby.js";
import { map, mover } from "./play-map.js";

/** @type {OpenView} */
export function open(root, context) {
  /** @type {Map<string, any>} */
  const known = new Map(); // what turns brought and matters promise, so that taking one back shows at once
  /** @type {PlayState} */
  const at = /** @type {any} */ ({ now: null, seen: -1, before: {} });
  const set = makeSetter(at, draw);

  /** Ask a job, once. @param {string} channel @param {any} asked */
  async function ask(channel, asked) {
    const found = had(asked) ?? await context.pool.one(channel, asked);
    if (found) known.set(JSON.stringify(asked), found);
    return found;
  }
  const turnOf = (/** @type {Setting} */ { game }) => ({ job: "turn", game });
  const endingOf = (/** @type {Setting} */ { game }, /** @type {string} */ seat) => ({ job: "ending", game, seat });
  const handOf = (/** @type {Setting} */ { game, seat }, /** @type {Orders} */ draft) => {
    const first = { job: "hand", game, seat, orders: {}, matters: null };
    const matters = had(first)?.matters ?? null;
    return Object.keys(draft).length && matters ? { ...first, orders: draft, matters } : first;
  };
  /** Return what was found already. @param {any} asked */
  const had = (asked) => known.get(JSON.stringify(asked));
  /** @type {(now: Setting) => Hand | undefined} */
  const dealt = (now) => [now.draft, at.before, {}].map((draft) => had(handOf(now, draft))).find(Boolean);

  /** @param {AddressState} state */
  function show(state) {
    const fresh = !at.now;
    Object.assign(at, { state, now: state.game ? setting(state) : null, problem: "" });
    if (!at.now) return draw();
    const { length } = at.now.game.turns;
    if (fresh || length !== at.seen + 1) at.seen = length; // only a turn that was just played has answers to show
    draw();
    live(at.now).catch((error) => set({ problem: t("play.stumbled", { why: error.message }) }));
  }

  /** Find all that the view needs. @param {Setting} now */
  async function live(now) {
    if (!await ask("play", turnOf(now)) || at.now !== now) return;
    draw();
    if (at.state.watch) return;
    if (now.over) {
      for (const seat of now.game.seats) if (!await ask("play-end", endingOf(now, seat))) return;
      context.announce(t("play.judged"));
    } else {
      // the first for its matters
      for (const draft of [{}, now.draft]) if (!await ask("play", handOf(now, draft))) return;
    }
    if (at.now === now) draw();
  }

  /** @param {string} field @param {string} option */
  function choose(field, option) {
    const { now } = at;
    at.before = now.draft;
    const draft = { ...now.draft, [field]: option };
    const written = entry(now.seat, draft);
    const last = dealt(now)?.matters.every((each) => each in draft);
    context.go(last ? { moves: [...now.entries, written].join("."), draft: "" } : { draft: written });
    lookAt(at.now.game.turns.length > now.game.turns.length ? "play-now" : "play-matter");
  }

  /** @param {string} id of what is next */
  function lookAt(id) {
    document.getElementById(id)?.focus({ preventScroll: true });
    root.scrollIntoView({ block: "start" });
  }

  function back() {
    const { seat, entries, draft } = at.now;
    at.ready = ""; // whose cards they are has to be asked again
    const left = Object.entries(draft).slice(0, -1);
    context.go({
      draft: left.length ? entry(seat, Object.fromEntries(left)) : "",
      ...(Object.keys(draft).length ? {} : { moves: entries.slice(0, -1).join(".") }),
    });
  }

  function draw() {
    render(at.now ? game() : lobby(context, at.state), root);
  }

  function game() {
    const { state, now } = at;
    const { game: { turns, starts, seats, end }, seat, over, entries, draft } = now;
    const found = had(turnOf(now));
    const watching = state.watch > 0;
    const answers = turns.length > 0 && (watching || turns.length > at.seen);
    const turn = answers ? turns.length - 1 : turns.length;
    const last = (starts[turn + 1] ?? end) - 1;
    const shown = turns.length ? turns.length - 1 : -1;
    const ended = over && !answers;
    const waiting = !answers && !over && seats.length > 1 && at.ready !== entries.join(".") + seat;
    const title = ended ? t("play.over") : t("play.now", { from: spoken(starts[turn]), to: spoken(last) });
    const first = !entries.length && !Object.keys(draft).length;
    return html`<h1 class="hidden">${t("play.name")}</h1>${bar(found, waiting || ended ? null : seat, turn)}
      <div class="table" data-phase=${answers ? "answers" : ended ? "ended" : "cards"}>
        <section class="deciding"><h2 id="play-now" tabindex="-1">${title}</h2>
          ${at.problem ? html`<p role="alert">${at.problem}</p>` : ended ? ending()
            : answers ? answered(found, turn, watching) : waiting ? pass() : deciding()}</section>
        ${ended ? nothing : html`<section class="world" aria-busy=${String(!found)}>${answersOf(found, shown)}</section>`}</div>
      <div class="buttons" id="play-buttons">${watching ? nothing
        : html`<button id="play-back" ?disabled=${first} @click=${back}>${t("play.back")}</button>`}
        <button id="play-leave" @click=${leave}>${t("play.leave-game")}</button></div>`;
  }

  const leave = () => context.go({ game: null, moves: "", draft: "", watch: 0 });

  /** The score and the goals, always in sight. @param {Turn} found @param {string | null} seat @param {number} turn */
  function bar(found, seat, turn) {
    const { now, now: { game: { seats, starts, turns } }, state: { beat } } = at;
    const whose = seat ?? seats[0];
    const ahead = seat && found && turn === turns.length ? dealt(now)?.ahead : undefined;
    const points = found?.points[whose] ?? 0;
    const gauges = found?.gauges[whose].map((each, n) => gauge(whose, world.goals[whose][n].name, each));
    const said = [t("play.points-so-far")];
    if (ahead !== undefined) said.push(t("play.heading", { points: signed(Math.round(points + ahead), 0) }));
    if (beat !== null) said.push(t("play.to-beat", { points: beat }));
    return html`<section id="play-bar" class=${whose} aria-label=${t("play.bar", { seat: called(whose) })}>
      <p class="standing"><span class="sign-of ${whose}"><b>${called(whose)}</b></span>
        <span class="turn">${t("play.turn", { turn: Math.min(turn + 1, starts.length), turns: starts.length })}</span>
        <b class="score" id="play-score">${signed(Math.round(points), 0)}</b>
        <span class="muted">${said.join(" · ")}</span></p>
      ${!found || (!seat && seats.length > 1) ? nothing
        : html`<ul class="gauges">${gauges}</ul>
        <p class="key"><span class="is-now">${t("play.key-now")}</span><span class="was">${t("play.key-before")}</span>
          <span class="without">${t("play.key-without")}</span></p>`}</section>`;
  }

  /** Three matters, one after the other. */
  function deciding() {
    const { now } = at;
    const hand = dealt(now);
    const opening = now.history && !Object.keys(now.draft).length && headline(now.game.turns.length);
    const next = hand?.matters.find((each) => !(each in now.draft));
    return html`${opening ? html`<p class="opening">${recorded(opening)}</p>` : nothing}
      ${hand && next ? matter(now.seat, hand, next, (option) => choose(next, option))
        : html`<p role="status">${t("play.looking")}</p>`}`;
  }

  /** Hide the cards until the device has changed hands. */
  function pass() {
    const { entries, seat } = at.now;
    const take = () => {
      set({ ready: entries.join(".") + seat });
      document.getElementById("play-now")?.focus();
    };
    return html`<p class="lead">${t("play.pass", { seat: called(seat) })}</p>
      <button class="main" id="play-ready" @click=${take}>${t("play.ready", { seat: called(seat) })}</button>`;
  }

  /** What a turn brought. @param {Turn} found @param {number} turn @param {boolean} watching */
  function answered(found, turn, watching) {
    const { now: { game: { seats, turns }, over }, state } = at;
    if (!found) return html`<p role="status">${t("play.simulating")}</p>`;
    const ordered = Object.entries(turns[turn]).map(([field, option]) => sentence(labelOf(field, option) ?? ""));
    const next = () => {
      at.seen = turns.length;
      if (!watching) draw();
      else context.go({ watch: over ? 0 : state.watch + 1 });
      lookAt("play-now");
    };
    const brought = (/** @type {string} */ seat) => signed(found.points[seat] - found.before[seat], 0);
    return html`${seats.map((seat) => html`<p class="brought"><b class="score">${brought(seat)}</b>
        ${t("play.this-turn", { seat: called(seat) })}</p>`)}
      <h3>${t("play.your-orders")}</h3>${ordered.length ? nothing : html`<p>${t("play.no-orders")}</p>`}
      <ul class="ordered">${ordered.map((each) => html`<li>${each}</li>`)}</ul>
      <button class="main next" id="play-next" @click=${next}>${t(over ? "play.to-end" : "play.next")}</button>`;
  }

  function ending() {
    const { now, state } = at;
    const found = Object.fromEntries(now.game.seats.map((seat) => [seat, had(endingOf(now, seat))]));
    if (!Object.values(found).every(Boolean)) return html`<p role="status">${t("play.judging")}</p>`;
    return debrief(context, state, now, found);
  }

  /** The others' answers on the map and in words. @param {Turn} found @param {number} turn the last that was played */
  function answersOf(found, turn) {
    const { game: { seats, starts }, history } = at.now;
    const moves = found && turn >= 0 ? changes(found, starts[turn]).filter((each) => !seats.includes(mover(each))) : [];
    const events = history && turn >= 0 ? happened(turn).map((each) => html`<li>${recorded(each)}</li>`) : [];
    return html`${map(moves, seats)}<div class="news">
      ${turn < 0 ? html`<p class="muted">${t("play.before-start")}</p>` : html`<h3 id="telegram">${t("play.answers")}</h3>
        ${moves.length ? html`<ol class="wire">${moves.map(moved)}</ol>` : html`<p>${t("play.unmoved")}</p>`}
        ${!history ? nothing : html`<details><summary>${t("play.really")}</summary>
          <ul class="record">${events.length ? events : html`<li>${t("play.no-record")}</li>`}</ul>
        </details>`}`}</div>`;
  }

  return { get title() { return t("play.name"); }, show };
}

/** @param {string} seat @param {string} goal @param {Gauge} values from 0 to 1 */
function gauge(seat, goal, { now, before, without }) {
  const name = t(`play.goal.${seat}.${goal}`);
  const [at, was, other] = [now, before, without].map((value) => Math.round(100 * value));
  const x = scale([0, 100], [0, 100]); // a goal can fall a little below 0
  return html`<li class=${at > other ? "up" : at < other ? "down" : ""}><span class="goal">${name}</span><b>${at}</b>
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img"
      aria-label=${t("play.gauge", { name, at, was, other })}>
      <rect class="rail" width="100" height="10" rx="1"/><rect class="now" width=${x(at)} height="10" rx="1"/>
      <rect class="was" x=${x(was) - 0.5} width="1" height="10"/>
      <path class="without" d="M${x(other)} 0V10"/></svg></li>`;
}

/** @param {Move} move */
export const moved = (move) =>
  html`<li class=${mover(move)}><b>${called(mover(move))}</b> <span>${move.label}</span>
    <small>${named(move.month)}</small></li>`;

/** Return a recorded event with its source. @param {RecordedEvent} event */
function recorded({ date, actor, event, source, address }) {
  const from = /^https?:\/\/[^\s;]+$/.exec(address)?.[0];
  const link = from ? html`<a href=${from} rel="noreferrer">${source}</a>` : source;
  return html`<time datetime=${date}>${date}</time> <b>${called(actor)}:</b> ${event}. <small>${link}</small>`;
}
