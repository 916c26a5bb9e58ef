// What stands of runs whatever is moved later: their numbers, and their months until then with the state after them.

import { planned, resolve, setsOf } from "./plan.js";

const WORLDS = 2; // that are remembered: of a thousand runs some 7 MB each

export class Pasts {
  /** @type {{key: string, parts: Map<string, Past>}[]} the one asked for last at the end */
  worlds = [];
  /** @type {Record<string, {key: string, made: any}>} */
  last = {};

  /**
   * Return what the engine is to be asked for some runs; what is not remembered of them is simulated.
   * @param {any} world @param {JobContext} context
   * @param {{scenario: string, moved: Changes, seed: number, runs: number[], keep: string[]}} asked
   * @param {number} until the month that their past lasts until, if the war does not end before
   */
  of(world, { sets, engine }, { scenario: stem, moved, seed, runs, keep }, until) {
    const scenario = world.scenarios[stem];
    const plan = this.#same("plan", [stem, moved], () => planned(world, scenario, moved));
    const month = plan.months > until && !(plan.warEnd && plan.warEnd[0] < until) ? until : 0;
    const { parts } = this.#world(JSON.stringify([stem, seed, keep, month, early(moved, month)]));
    const part = `${runs}`;
    if (!parts.has(part)) {
      const { owners, own } = setsOf(world, sets, runs, scenario, moved);
      const values = resolve(world, scenario, moved, own);
      const past = month ? engine.simulate({ plan, values, seed, runs, keep, months: [0, month] }) : null;
      parts.set(part, { values, owners, past });
    }
    return { plan, .../** @type {Past} */ (parts.get(part)) };
  }

  /**
   * Return runs in the order of their war's end: those that stand together share more months with their controls.
   * @param {any} world @param {JobContext} context @param {string} stem @param {number} seed
   * @param {[number, number]} among the first, and the one after the last @returns {number[]}
   */
  byEnd(world, { engine }, stem, seed, [first, last]) {
    return this.#same("order", [stem, seed, first, last], () => {
      const runs = Array.from({ length: last - first }, (_, n) => first + n);
      const ends = engine.ends(planned(world, world.scenarios[stem]), seed, runs);
      return runs.sort((one, other) => ends[one - first] - ends[other - first]);
    });
  }

  /** @param {string} key */
  #world(key) {
    const found = this.worlds.find((each) => each.key === key) ?? { key, parts: new Map() };
    this.worlds = [...this.worlds.filter((each) => each !== found), found].slice(-WORLDS);
    return found;
  }

  /**
   * Return what was made last, if it was of the same: one part of a job follows the other.
   * @param {string} name @param {any} of @param {() => any} make
   */
  #same(name, of, make) {
    const key = JSON.stringify(of);
    if (this.last[name]?.key !== key) this.last[name] = { key, made: make() };
    return this.last[name].made;
  }
}

/** Return what is felt before a month; the end of the war comes later. @param {Changes} moved @param {number} month */
function early({ ends: _, drivers = {}, moves = [], ...all }, month) {
  const before = (/** @type {{from?: number}} */ { from = 0 }) => from < month;
  const driven = Object.entries(drivers).flatMap(([name, spans]) => spans.filter(before).map((span) => [name, span]));
  return [all, driven, moves.filter(before)];
}
