// What a term means, where it first stands in a view: asked by pointer, keyboard or touch. A tip can be pointed at, stays
// until it is left, and goes with Escape.

import { button } from "./dom.js";

const PROSE = "p, dd, figcaption, li, caption";
const ELSEWHERE = "a, button, label, select, textarea, summary, output, svg, q, pre, [role=alert], [role=status]";

/**
 * Explain the terms in an element, whatever comes into it.
 * @param {any} main @param {any} tip where what is asked is told @param {Record<string, string>} glossary
 */
export function explain(main, tip, glossary) {
  const named = Object.keys(glossary).sort((one, other) => other.length - one.length).map((term) => term.replace(/s$/, ""));
  const any = new RegExp(`(?<![\\w-])(${named.join("|")})s?(?![\\w-])`, "gi");
  /** @type {any} the term whose tip is shown */
  let shown = null;
  /** @type {WeakMap<any, any[]>} the term and the rest that were cut off a text */
  const cut = new WeakMap();

  /** @param {Node} changed */
  function mark(changed) {
    const there = document.createTreeWalker(changed, NodeFilter.SHOW_TEXT);
    /** @type {Text[]} */
    const texts = [];
    while (there.nextNode()) texts.push(/** @type {Text} */ (there.currentNode));
    for (const text of texts.filter(({ parentElement }) => parentElement?.closest(PROSE) && !parentElement.closest(ELSEWHERE))) replace(text);
  }

  /** @param {Text} text */
  function replace(text) {
    for (const { 0: word, 1: name, index } of text.data.matchAll(any)) {
      const id = `term-${name.toLowerCase().replaceAll(" ", "-")}`;
      if (document.getElementById(id)) continue;
      const rest = text.splitText(index);
      rest.data = rest.data.slice(word.length);
      const term = button(id, word, ({ currentTarget }) => show(currentTarget), { class: "term", "data-term": name.toLowerCase() });
      rest.before(term);
      cut.set(text, [term, rest]);
      return replace(rest);
    }
  }

  /** Take away what was cut off a text that is another one now. @param {any} text */
  function mend(text) {
    for (const each of cut.get(text) ?? []) {
      mend(each);
      each.remove();
    }
    cut.delete(text);
  }

  /** @param {any} term */
  function show(term) {
    hide();
    shown = term;
    tip.textContent = glossary[term.dataset.term] ?? glossary[`${term.dataset.term}s`];
    tip.hidden = false;
    term.setAttribute("aria-describedby", "tip");
    const at = term.getBoundingClientRect();
    const below = at.bottom + tip.offsetHeight < innerHeight || at.top < tip.offsetHeight;
    tip.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - tip.offsetWidth - 8)) + scrollX}px`;
    tip.style.top = `${(below ? at.bottom : at.top - tip.offsetHeight) + scrollY}px`;
  }

  function hide() {
    shown?.removeAttribute("aria-describedby");
    shown = null;
    tip.hidden = true;
  }

  const looking = new MutationObserver((changes) => {
    if (shown && !shown.isConnected) hide();
    changes.filter(({ type }) => type === "characterData").forEach(({ target }) => mend(target));
    new Set(changes.map(({ target, type }) => (type === "characterData" ? target.parentNode ?? target : target))).forEach(mark);
    looking.takeRecords(); // of what was marked just now
  });
  looking.observe(main, { childList: true, characterData: true, subtree: true });
  for (const event of ["pointerover", "pointerdown", "focusin"])
    document.addEventListener(event, ({ target }) => {
      const term = /** @type {any} */ (target).closest(".term");
      if (term && term !== shown) show(term);
      else if (!term && !tip.contains(/** @type {any} */ (target)) && (event !== "pointerover" || document.activeElement !== shown)) hide();
    });
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape") hide(); });
}
