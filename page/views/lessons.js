// The lessons: guess first, then see, then read why.

import { coded, declare as keys, oneOf } from "../address.js";
import { button, h, put, table, whole } from "../dom.js";
import { fetched } from "../engine/files.js";
import { average } from "../statistics.js";
import { t } from "../strings.js";
import { world } from "../world.js";
import { points, read, readClass, write, writeClass } from "./lessons-bets.js";
import { asker, lessons } from "./lessons-list.js";
import { answered, guessing, hundredthsOf } from "./lessons-picture.js";

const COUNT = 8;

export function declare() {
  const signs = /^[\d._*]{0,9000}$/;
  keys({
    lesson: oneOf("lesson", Array.from({ length: COUNT }, (_, n) => String(n + 1)), null),
    bets: coded("bets", signs), class: coded("class", signs),
  });
}

/** @type {import("../app.js").Open} */
export function open(root, context) {
  const all = lessons();
  const handles = all.map((each) => each.handles.length);
  const counted = fetched(world, "lessons.json").then((found) => found.json());
  /** @type {Map<string, any>} */
  const answers = new Map(); // by lesson and seed
  /** @type {{state: any, shown: string}} */
  const at = { state: {}, shown: "" };
  const place = h("div", { id: "lessons" });
  root.append(place);

  /** @param {any} state */
  function show(state) {
    at.state = state;
    const shown = JSON.stringify([state.lesson, state.bets, state.class, state.seed]);
    if (shown === at.shown) return;
    at.shown = shown;
    const bets = read(state.bets, handles);
    const number = +state.lesson;
    if (!number) overview(bets);
    else if (bets[number]) reveal(number, bets);
    else ask(number, bets);
  }

  /** Return the answer of a lesson, simulated where it has to be. @param {number} number */
  async function answer(number) {
    const key = `${number} ${at.state.seed}`;
    if (!answers.has(key)) answers.set(key, await all[number - 1].answer(asker(context, at.state.seed), await counted));
    return answers.get(key);
  }

  /** @param {number} number @param {import("./lessons-bets.js").Bets} bets */
  async function ask(number, bets) {
    const lesson = all[number - 1];
    const { shown } = at;
    const guess = lesson.handles.map(() => 50);
    const before = h("p", { id: "before" });
    put(place, head(number), h("p", { class: "lead" }, t(`lessons.${lesson.id}.told`)), lesson.before && before,
      h("section", { class: "card" }, h("h2", {}, t(`lessons.${lesson.id}.question`)), h("p", { class: "muted" }, t("lessons.how"), " ", t(`lessons.unit.${lesson.unit}`)),
        guessing(lesson, guess),
        h("div", { class: "buttons" }, button("bet", t("lessons.bet"), () => {
          context.go({ bets: write({ ...bets, [number]: guess }) });
          document.getElementById("lesson-title")?.focus();
        }, { class: "main" }))),
      steps(number));
    if (!lesson.before) return;
    before.textContent = t("lessons.simulating");
    const given = await lesson.before(asker(context, at.state.seed)).catch(() => null);
    if (given && at.shown === shown) before.textContent = t(`lessons.${lesson.id}.before`, given);
  }

  /** @param {number} number @param {import("./lessons-bets.js").Bets} bets */
  async function reveal(number, bets) {
    const lesson = all[number - 1];
    const { shown } = at;
    const told = h("section", { class: "card", id: "answer" }, h("p", { role: "status" }, t("lessons.simulating")));
    put(place, head(number), h("p", { class: "lead" }, t(`lessons.${lesson.id}.question`)), told, steps(number));
    const found = await answer(number).catch((error) => ({ error }));
    if (at.shown !== shown) return;
    if (found.error) return put(told, h("p", { role: "alert" }, t("lessons.stumbled", { why: found.error.message })));
    const others = readClass(at.state.class, handles).flatMap((each) => (each[number] ? [each[number]] : []));
    const scored = (/** @type {number[]} */ guess) => points(guess, found.values.map((/** @type {number} */ each) => hundredthsOf(lesson, each)));
    const mine = scored(bets[number]);
    put(told, h("h2", { id: "points" }, t("lessons.points", { points: mine })),
      others.length > 0 && h("p", {}, t("lessons.class-points", { points: Math.round(average(others.map(scored))), count: others.length })),
      h("p", { class: "muted" }, t(`lessons.unit.${lesson.unit}`)),
      answered(lesson, bets[number], found.values, others),
      h("p", { class: "lead" }, t(`lessons.${lesson.id}.answer`, found.given)), h("p", {}, t(`lessons.${lesson.id}.why`, found.given)),
      h("p", {}, h("b", {}, t("lessons.try"), " "), t(`lessons.${lesson.id}.try`)));
    told.setAttribute("data-done", "");
    context.announce(t("lessons.points", { points: mine }));
  }

  /** @param {number} number */
  function head(number) {
    return h("h1", { id: "lesson-title", tabindex: -1 }, t("lessons.heading", { number, count: COUNT, title: t(`lessons.${all[number - 1].id}.title`) }));
  }

  /** @param {number} number */
  function steps(number) {
    const to = (/** @type {number | null} */ lesson) => context.link("lessons", { lesson });
    return h("p", { class: "buttons" }, number > 1 && h("a", { class: "button", href: to(number - 1) }, t("lessons.before")),
      h("a", { class: "button", href: to(null) }, t("lessons.all")),
      h("a", { class: "button main", id: "next", href: to(number < COUNT ? number + 1 : null) }, t(number < COUNT ? "lessons.next" : "lessons.end")));
  }

  /** @param {import("./lessons-bets.js").Bets} bets */
  async function overview(bets) {
    const { shown } = at;
    const done = Object.keys(bets).map(Number);
    const marks = all.map((_, n) => h("span", { class: "muted" }, bets[n + 1] ? t("lessons.bet-placed") : ""));
    const seed = whole("lesson-seed", 2 ** 32 - 1, (seed) => context.go({ seed }));
    seed.value = at.state.seed;
    const ending = h("section", { class: "card", id: "ending", "aria-labelledby": "ending-title" });
    put(place, h("h1", { id: "lesson-title", tabindex: -1 }, t("lessons.title")), h("p", { class: "lead" }, t("lessons.lead")),
      h("ol", { class: "lessons-list" }, all.map(({ id }, n) =>
        h("li", {}, h("a", { href: context.link("lessons", { lesson: String(n + 1) }) }, t(`lessons.${id}.title`)), " ", marks[n]))),
      done.length === COUNT && ending, classroom(bets),
      h("p", {}, h("label", { for: "lesson-seed" }, t("lessons.seed")), " ", seed, " ",
      h("span", { class: "muted" }, t("lessons.seed-told"))));
    if (done.length < COUNT) return;
    put(ending, h("p", { role: "status" }, t("lessons.simulating")));
    /** @type {number[]} */
    const scores = [];
    for (const [n, lesson] of all.entries()) {
      const found = await answer(n + 1).catch(() => null);
      if (!found || at.shown !== shown) return;
      scores.push(points(bets[n + 1], found.values.map((/** @type {number} */ each) => hundredthsOf(lesson, each))));
    }
    put(ending, h("h2", { id: "ending-title" }, t("lessons.ending", { mean: Math.round(average(scores)) })),
      table(t("lessons.scores"), [t("lessons.lesson"), t("lessons.of-100")], all.map(({ id }, n) => [t(`lessons.${id}.title`), scores[n]])),
      ["one", "two", "three", "four"].map((each) => h("p", {}, t(`lessons.ending.${each}`))),
      h("div", { class: "buttons" }, h("a", { class: "button main", href: context.link("play") }, t("lessons.to-play")),
        h("a", { class: "button", href: context.link("lessons", { bets: "", lesson: null }) }, t("lessons.again"))));
    ending.setAttribute("data-done", "");
  }

  /** @param {import("./lessons-bets.js").Bets} bets */
  function classroom(bets) {
    const there = readClass(at.state.class, handles);
    const paste = h("textarea", { id: "paste", rows: 4, "aria-describedby": "class-told" });
    return h("details", { class: "card", open: there.length > 0, id: "classroom" }, h("summary", {}, t("lessons.class-title")),
      h("p", { id: "class-told" }, t("lessons.class-told")),
      h("p", {}, h("label", { for: "code" }, t("lessons.code")), " ", h("input", { type: "text", id: "code", readonly: true, value: write(bets) })),
      h("p", {}, h("label", { for: "paste" }, t("lessons.paste"))), paste,
      h("div", { class: "buttons" },
        button("class-show", t("lessons.class-show"), () => context.go({ class: writeClass([...there, ...readClass(paste.value, handles)]) })),
        there.length > 0 && button("class-clear", t("lessons.class-clear"), () => context.go({ class: "" }))),
      there.length > 0 && [h("p", { id: "class-there", role: "status" }, t("lessons.class-there", { count: there.length })),
        table(t("lessons.class-table"), [t("lessons.lesson"), t("lessons.bets-placed")], all.map(({ id }, n) =>
          [t(`lessons.${id}.title`), String(there.filter((each) => each[n + 1]).length)])),
        h("p", {}, h("label", { for: "class-code" }, t("lessons.class-code")), " ", h("input", { type: "text", id: "class-code", readonly: true, value: writeClass(there) }))]);
  }

  return { get title() { return t("lessons.title"); }, show };
}
