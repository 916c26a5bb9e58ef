// Start: what `sim site` wrote into index.html (sim/web/start_page.py). A tap on a dot opens its history; a bet comes before the answer.

import { table } from "../dom.js";
import { signed, t } from "../strings.js";
import { html, nothing, render } from "../vendor/lit-html.js";

const written = /** @type {HTMLElement} */ (document.getElementById("first"));
const ASK = "ask";
/** @type {Pair[]} */
export const pairs = Array.from(written.querySelectorAll("circle"), ({ dataset: { run, points } }) =>
  ({ run: Number(run), value: Number(points) })).sort((one, other) => one.run - other.run); // before any is simulated

/** @type {OpenView} */
export function open(root, context) {
  const figure = /** @type {HTMLElement} */ (written.querySelector("#dots"));
  const svg = /** @type {any} */ (figure.querySelector("svg"));
  const dots = [...svg.querySelectorAll("circle")];
  const clear = Number(figure.dataset.clear);
  const bet = /** @type {any} */ (written.querySelector("#bet"));
  const numbers = /** @type {any} */ (figure.querySelector("details"));
  numbers.hidden = false;
  numbers.ontoggle = () => { if (numbers.open) render(listed(), numbers.lastElementChild); };
  if (!written.isConnected) root.append(written);
  svg.onclick = (/** @type {MouseEvent} */ tap) => context.go({ run: Number(nearest(tap).dataset.run) }, { view: "history" });

  /** @param {MouseEvent} tap what is meant: on a phone a dot is smaller than a finger */
  function nearest({ clientX, clientY }) {
    const away = dots.map((dot) => {
      const { left, top, width, height } = dot.getBoundingClientRect();
      return Math.hypot(left + width / 2 - clientX, top + height / 2 - clientY);
    });
    return dots[away.indexOf(Math.min(...away))];
  }

  function listed() {
    const link = (/** @type {string} */ run) => html`<a href=${context.link("history", { run: Number(run) })}>${run}</a>`;
    return table(t("start.dots"), [t("table.run"), t("table.effect")], dots.map(({ dataset }) => [link(dataset.run), signed(Number(dataset.points))]));
  }

  /** @param {string} said a bet, or nothing yet */
  function ask(said) {
    written.classList.toggle("covered", said === ASK);
    const place = (/** @type {any} */ event) => {
      event.preventDefault();
      context.go({ bet: event.target.elements.guess.value }, { focus: "to-bet" });
    };
    const show = (/** @type {any} */ { target }) => { target.form.elements.said.value = target.value; };
    const begin = () => context.go({ bet: ASK }, { focus: "guess" });
    const off = Math.abs(Number(said) - clear);
    render(said === ASK ? html`<form class="betting" @submit=${place}>
        <label for="guess">${t("start.bet.ask")}</label>
        <div class="slide"><input type="range" id="guess" name="guess" min="0" max="100" .value=${"50"} @input=${show}><output name="said" for="guess">50</output></div>
        <button class="main">${t("start.bet.place")}</button></form>`
      : html`${said === "" ? nothing
        : html`<p id="betted" role="status">${t(off ? "start.bet.off" : "start.bet.hit", { bet: said, clear, off })}</p>`}
        <button id="to-bet" class="quiet" @click=${begin}>${t("start.bet")}</button>`, bet);
  }

  return {
    title: t("start.name"),
    show(state) {
      for (const door of /** @type {NodeListOf<HTMLAnchorElement>} */ (written.querySelectorAll(".door")))
        door.href = context.link(door.hash.slice(2).split("?")[0], { bet: null });
      ask(state.bet);
      context.progress(null);
    },
  };
}
