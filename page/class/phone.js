// A phone at a table: choose a capital, then one matter at a time. It simulates nothing; the big screen does.

import { html, render } from "../vendor/lit-html.js";
import { called, speak, t } from "../strings.js";
import { connect } from "./link.js";

/** @type {any} what the server has said so far */
const at = { state: "lost", capitals: [], table: "", choices: {}, votes: [], matter: 0 };
const root = /** @type {HTMLElement} */ (document.getElementById("main"));
const TOKEN = "driftback-table"; // where a table is remembered until the browser's tab closes
/** @type {Link | null} */
let link = null;

function enter(/** @type {string} */ room) {
  link?.close();
  const asked = () => ({ room, token: sessionStorage.getItem(TOKEN) ?? "" });
  link = connect("class/table", asked, hear, (state) => show({ state }));
  show({ room, state: "lost", end: null });
}

/** @param {any} message about the table, or what the teacher says to all: one thing at a time, until the end */
function hear({ type, token, ...said }) {
  if (token) sessionStorage.setItem(TOKEN, token);
  if (type === "welcome" || type === "table") return show(said);
  if (type === "reveal") return show({ tell: null });
  if (type === "ask" && said.turn !== at.ask?.turn) at.matter = 0;
  show({ ask: null, tell: null, bet: null, placed: null, [type]: said });
}

/** @param {any} changes */
function show(changes) {
  Object.assign(at, changes);
  document.body.dataset.table = at.table;
  render(page(), root);
}

function page() {
  if (at.end) return html`<h1>${t("class.ended")}</h1><p>${t("class.ended-told")}</p>`;
  if (!at.room || at.state === "refused") return door();
  const lost = at.state === "lost" ? html`<p class="lost" role="status">${t("class.lost")}</p>` : "";
  if (!at.table) return html`${lost}<h1>${t("class.choose-table")}</h1><div class="seats">${at.capitals.map(seat)}</div>`;
  const head = html`${lost}<header class="own"><span class="sign" aria-hidden="true">${at.table[0]}</span>
    ${t("class.you-are", { capital: called(at.table) })}
    <button class="plain" @click=${() => show({ table: "" })}>${t("class.other-table")}</button></header>`;
  if (at.bet) return html`${head}${bet()}`;
  if (at.ask?.table) return html`${head}${matters(at.ask.table)}`;
  if (at.tell?.table) return html`${head}<h1>${at.tell.title}</h1><ul class="told">${at.tell.table.map((/** @type {string} */ line) => html`<li>${line}</li>`)}</ul>`;
  return html`${head}<p class="lead">${t("class.look-up")}</p>`;
}

function door() {
  return html`<h1>${t("class.name")}</h1>
    ${at.state === "refused" ? html`<p role="alert">${t("class.refused")}</p>` : ""}
    <form @submit=${(/** @type {any} */ event) => { event.preventDefault(); enter(event.target.elements.room.value.trim().toUpperCase()); }}>
      <label for="room">${t("class.room-code")}</label>
      <input id="room" name="room" autocomplete="off" autocapitalize="characters" maxlength="5" required>
      <button class="main">${t("class.enter")}</button></form>`;
}

/** @param {string} table */
const seat = (table) => html`<button class="seat-${table}" @click=${() => link?.send({ type: "join", table })}>
    <span class="sign" aria-hidden="true">${table[0]}</span>${called(table)}</button>`;

/** @param {any[]} asked up to three matters, each with its options */
function matters(asked) {
  const now = asked[Math.min(at.matter, asked.length - 1)];
  const place = asked.indexOf(now);
  const votes = at.votes[place] ?? {};
  const choose = (/** @type {number} */ option) => {
    link?.send({ type: "choose", matter: place, option });
    show({ choices: { ...at.choices, [place]: option } });
  };
  return html`<p class="step">${t("class.matter-of", { place: place + 1, many: asked.length })}</p>
    <h1>${now.title}</h1>
    <div class="options" role="radiogroup" aria-label=${now.title}>${now.options.map((/** @type {any} */ option, /** @type {number} */ n) => html`
      <button role="radio" aria-checked=${at.choices[place] === n} @click=${() => choose(n)}>
        <b>${option.label}</b><span class="hope">${option.promise}</span>
        <span class="votes">${votes[n] ? t("class.votes", { votes: votes[n] }) : ""}</span></button>`)}</div>
    <nav class="buttons" aria-label=${t("class.matters")}>
      <button ?disabled=${place === 0} @click=${() => show({ matter: place - 1 })}>${t("class.before")}</button>
      <button class="main" ?disabled=${place === asked.length - 1} @click=${() => show({ matter: place + 1 })}>${t("class.next")}</button></nav>`;
}


function bet() {
  const { question, low, high } = at.bet;
  const value = at.placed ?? Math.round((low + high) / 2);
  const slide = (/** @type {any} */ { target }) => show({ placed: +target.value });
  const place = () => {
    link?.send({ type: "bet", value });
    show({ placed: value, sent: true });
  };
  return html`<h1>${question}</h1>
    <output class="bet">${value}</output>
    <input type="range" aria-label=${question} min=${low} max=${high} .value=${String(value)} @input=${slide}>
    <button class="main" @click=${place}>${t("class.place-bet")}</button>
    <p role="status">${at.sent ? t("class.bet-placed") : ""}</p>`;
}

fetch("strings/en.json").then((found) => found.json()).then((words) => {
  speak(words);
  const room = new URLSearchParams(location.search).get("room");
  if (room) enter(room.slice(0, 5).toUpperCase());
  else show({});
});
