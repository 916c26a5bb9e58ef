// Bets as the address writes them: 1.40.55_3.20 are the guesses of lessons 1 and 3, in hundredths of their axes; a class is
// many of these, joined by *.

import { average } from "../statistics.js";

const MOST = 60; // pupils of a class

/**
 * Return the bets that are written; whatever is none is left out.
 * @param {string} written @param {number[]} handles how many numbers the guess of each lesson has @returns {Bets}
 */
export function read(written, handles) {
  const found = written.split("_").map((bet) => bet.split(".").map(Number))
    .filter(([lesson, ...guess]) => guess.length === handles[lesson - 1] && guess.every((each) => each >= 0 && each <= 100));
  return Object.fromEntries(found.map(([lesson, ...guess]) => [lesson, guess]));
}

/** @param {Bets} bets */
export const write = (bets) => Object.entries(bets).map(([lesson, guess]) => [lesson, ...guess].join(".")).join("_");

/**
 * Return the bets of a class: from links, codes, or the code of a whole class, however they are set apart.
 * @param {string} pasted @param {number[]} handles @returns {Bets[]}
 */
export function readClass(pasted, handles) {
  const codes = pasted.split(/[\s*]+/).map((each) => /[?&]bets=([\d._]*)/.exec(each)?.[1] ?? each);
  return codes.map((each) => read(each, handles)).filter((bets) => Object.keys(bets).length).slice(0, MOST);
}

/** @param {Bets[]} all */
export const writeClass = (all) => all.map(write).join("*");

/** @type {(guess: number[], truth: number[]) => number} of 100 points each hundredth off, on average, costs two */
export const points = (guess, truth) =>
  Math.round(Math.max(0, 100 - 2 * average(guess.map((each, n) => Math.abs(each - truth[n])))));
