// The lessons: guess first, then see, then read why.

import { makeSetter, table, whole } from "../dom.js";
import { fetched } from "../engine/files.js";
import { LESSONS } from "../keys.js";
import { average } from "../statistics.js";
import { t } from "../strings.js";
import { html, nothing, render } from "../vendor/lit-html.js";
import { world } from "../world.js";
import { points, read, readClass, write, writeClass } from "./lessons-bets.js";
import { asker, lessons } from "./lessons-list.js";
import { answered, compared, guessing, hundredthsOf } from "./lessons-picture.js";

/** @type {OpenView} */
export function open(root, context) {
  const all = lessons();
  const handles = all.map((each) => each.handles.length);
  const counted = fetched(world, "lessons.json").then((found) => found.json());
  /** @type {Map<string, any>} */
  const answers = new Map(); // by lesson and seed
  /** @type {LessonsState} */
  const at = /** @type {any} */ ({});
  const set = makeSetter(at, draw);
  const to = (/** @type {any} */ changes) => context.link("lessons", changes);
  const titleOf = (/** @type {Lesson} */ { id }) => t(`lessons.${id}.title`);

  /** @param {AddressState} state */
  function show(state) {
    const shown = JSON.stringify([state.lesson, state.bets, state.class, state.seed]);
    if (shown === at.shown) return;
    const number = +state.lesson;
    const lesson = all[number - 1];
    const bets = read(state.bets, handles);
    const bet = bets[number];
    set({ state, shown, number, lesson, bets, bet, found: null, guess: lesson?.handles.map(() => 50) });
    find().catch((error) => error).then((found) => {
      if (at.shown !== shown) return;
      set({ found });
      if (bet && !(found instanceof Error)) context.announce(pointsOf());
    });
  }

  /** Find what the view needs: an answer, what is known before a guess, or the scores of all. */
  async function find() {
    const { lesson, bet, bets, state: { seed } } = at;
    if (lesson) return bet ? answer(lesson) : lesson.before?.(asker(context, seed));
    if (Object.keys(bets).length < LESSONS) return null;
    const scores = [];
    for (const [n, each] of all.entries()) scores.push(score(each, bets[n + 1], await answer(each)));
    return scores;
  }

  /** Return the answer of a lesson, simulated where it has to be. @param {Lesson} lesson */
  async function answer(lesson) {
    const key = `${lesson.id} ${at.state.seed}`;
    if (!answers.has(key)) answers.set(key, await lesson.answer(asker(context, at.state.seed), await counted));
    return answers.get(key);
  }

  /** @param {Lesson} lesson @param {number[]} guess @param {any} found */
  const score = (lesson, guess, { values }) =>
    points(guess, values.map((/** @type {number} */ each) => hundredthsOf(lesson, each)));

  const pointsOf = () => t("lessons.points", { points: score(at.lesson, at.bet, at.found) });

  function draw() {
    const { number, lesson, bet } = at;
    const title = lesson && t("lessons.heading", { number, count: LESSONS, title: titleOf(lesson) });
    render(!lesson ? overview() : html`<h1 id="lesson-title" tabindex="-1">${title}</h1>
      ${bet ? reveal() : ask()}${steps()}`, root);
  }

  function ask() {
    const { number, lesson, lesson: { id, unit, before }, bets, guess, found } = at;
    const bet = () => context.go({ bets: write({ ...bets, [number]: at.guess }) }, { focus: "lesson-title" });
    return html`<p class="lead">${t(`lessons.${id}.told`)}</p>
      ${before ? html`<p id="before">${!found || found instanceof Error ? t("lessons.simulating") : t(`lessons.${id}.before`, found)}</p>` : nothing}
      <section class="card"><h2>${t(`lessons.${id}.question`)}</h2><p class="muted">${t("lessons.how")} ${t(`lessons.unit.${unit}`)}</p>
        ${guessing(lesson, guess, (next) => set({ guess: next }))}
        <div class="buttons"><button type="button" id="bet" class="main" @click=${bet}>${t("lessons.bet")}</button></div></section>`;
  }

  function reveal() {
    const { lesson: { id }, found } = at;
    const simulated = found && !(found instanceof Error);
    return html`<p class="lead">${t(`lessons.${id}.question`)}</p>
      <section class="card" id="answer" ?data-done=${simulated}>${simulated ? told()
        : found ? html`<p role="alert">${t("lessons.stumbled", { why: found.message })}</p>` : waiting()}</section>`;
  }

  const waiting = () => html`<p role="status">${t("lessons.simulating")}</p>`;

  function told() {
    const { state, number, lesson, bet, found } = at;
    const others = readClass(state.class, handles).flatMap((each) => (each[number] ? [each[number]] : []));
    const theirs = Math.round(average(others.map((each) => score(lesson, each, found))));
    return html`<h2 id="points">${pointsOf()}</h2>
      ${others.length ? html`<p>${t("lessons.class-points", { points: theirs, count: others.length })}</p>` : nothing}
      <p class="muted">${t(`lessons.unit.${lesson.unit}`)}</p>
      <div class="answered">${answered(lesson, bet, found.values, others)}
        <div><p class="lead">${t(`lessons.${lesson.id}.answer`, found.given)}</p>
          <p>${t(`lessons.${lesson.id}.why`, found.given)}</p>
          <p><b>${t("lessons.try")} </b>${t(`lessons.${lesson.id}.try`)}</p>
          ${compared(lesson, bet, found.values, others)}</div></div>`;
  }

  function steps() {
    const { number } = at;
    const before = html`<a class="button" href=${to({ lesson: number - 1 })}>${t("lessons.before")}</a>`;
    const [next, words] = number < LESSONS ? [number + 1, t("lessons.next")] : [null, t("lessons.end")];
    return html`<p class="buttons">${number > 1 ? before : nothing}
      <a class="button" href=${to({ lesson: null })}>${t("lessons.all")}</a>
      <a class="button main" id="next" href=${to({ lesson: next })}>${words}</a></p>`;
  }

  function overview() {
    return html`<h1 id="lesson-title" tabindex="-1">${t("lessons.title")}</h1><p class="lead">${t("lessons.lead")}</p>
      <ol class="lessons-list">${all.map((each, n) => html`<li><a href=${to({ lesson: n + 1 })}>${titleOf(each)}</a>
        <span class="muted">${at.bets[n + 1] ? t("lessons.bet-placed") : ""}</span></li>`)}</ol>
      ${Object.keys(at.bets).length === LESSONS ? ending() : nothing}${classroom()}
      <p><label for="lesson-seed">${t("lessons.seed")}</label>
        ${whole("lesson-seed", 2 ** 32 - 1, at.state.seed, (seed) => context.go({ seed }))}
        <span class="muted">${t("lessons.seed-told")}</span></p>`;
  }

  function ending() {
    const { found: scores } = at;
    if (!Array.isArray(scores)) return html`<section class="card" id="ending">${waiting()}</section>`;
    return html`<section class="card" id="ending" aria-labelledby="ending-title" data-done>
      <h2 id="ending-title">${t("lessons.ending", { mean: Math.round(average(scores)) })}</h2>
      ${table(t("lessons.scores"), [t("lessons.lesson"), t("lessons.of-100")], all.map((each, n) => [titleOf(each), scores[n]]))}
      ${["one", "two", "three", "four"].map((each) => html`<p>${t(`lessons.ending.${each}`)}</p>`)}
      <div class="buttons"><a class="button main" href=${context.link("play")}>${t("lessons.to-play")}</a>
        <a class="button" href=${to({ bets: "", lesson: null })}>${t("lessons.again")}</a></div></section>`;
  }

  function classroom() {
    const there = readClass(at.state.class, handles);
    const paste = () => /** @type {HTMLTextAreaElement} */ (document.getElementById("paste")).value;
    const add = () => context.go({ class: writeClass([...there, ...readClass(paste(), handles)]) });
    const rows = all.map((each, n) => [titleOf(each), there.filter((bets) => bets[n + 1]).length]);
    return html`<details class="card" ?open=${there.length > 0} id="classroom"><summary>${t("lessons.class-title")}</summary>
      <p id="class-told">${t("lessons.class-told")}</p>
      <p><label for="code">${t("lessons.code")}</label> <input type="text" id="code" readonly .value=${write(at.bets)}></p>
      <p><label for="paste">${t("lessons.paste")}</label></p><textarea id="paste" rows="4" aria-describedby="class-told"></textarea>
      <div class="buttons"><button type="button" id="class-show" @click=${add}>${t("lessons.class-show")}</button>
        ${there.length ? html`<button type="button" id="class-clear" @click=${() => context.go({ class: "" })}>${t("lessons.class-clear")}</button>` : nothing}</div>
      ${there.length ? html`<p id="class-there" role="status">${t("lessons.class-there", { count: there.length })}</p>
        ${table(t("lessons.class-table"), [t("lessons.lesson"), t("lessons.bets-placed")], rows)}
        <p><label for="class-code">${t("lessons.class-code")}</label> <input type="text" id="class-code" readonly .value=${writeClass(there)}></p>` : nothing}</details>`;
  }

  return { get title() { return t("lessons.title"); }, show };
}
