// Runs under Node: plays games as the page does, for benchmarks/play.py, and prints one line of JSON for each.

import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const JUDGED = 40; // games of a seat whose cards are compared with what they brought
const [folder, kind, until] = process.argv.slice(2);
const root = pathToFileURL(`${folder}/`);
globalThis.fetch = async (/** @type {URL} */ address) => new Response(await readFile(address));
const take = (/** @type {string} */ name) => import(new URL(name, root).href);
const json = async (/** @type {string} */ name) => JSON.parse(await readFile(new URL(name, root), "utf8"));

const { load } = await take("engine/engine.js");
const { unpacked } = await take("engine/files.js");
const { learn, leverOf } = await take("world.js");
const { sum } = await take("statistics.js");
const { hand, turn } = await take("jobs/play.js");
const { setting } = await take("views/play-game.js");
const world = await json("world.json");
learn(world, await json("facts.json"));
const bytes = async (/** @type {string} */ name) => new Uint8Array(await readFile(new URL(name, root))).buffer;
const context = { sets: new Float64Array(await unpacked(await bytes("sets.bin"))), engine: await load(await bytes("engine/months.wasm")) };

/** Return numbers from 0 to 1 that a seed fixes (mulberry32). @param {number} seed */
function chances(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Return the place of the highest. @param {number[]} values */
const best = (values) => values.indexOf(Math.max(...values));

/** @type {Record<string, (cards: any[], chance: () => number) => number>} */
const STRATEGIES = {
  random: (cards, chance) => Math.floor(chance() * cards.length),
  hope: (cards) => best(cards.map(({ gain }) => gain)),
  model: (cards) => best(cards.map(({ goals }) => sum(goals))), // what the model's capital itself expects most of
};

/** Return the points of a seat at the end, if nothing more is ordered. @param {any} game @param {string} seat @param {any[]} turns */
async function score(game, seat, turns) {
  return (await turn(context, { game: { ...game, turns: game.starts.map((/** @type {number} */ _, /** @type {number} */ n) => turns[n] ?? {}) } })).points[seat];
}

/**
 * Return a whole game, and what each card that was played said, and brought: both until the end of the game, against leaving
 * its matter as it stood.
 * @param {any} game @param {string} seat @param {(cards: any[], chance: () => number) => number} choose @param {() => number} chance
 */
async function played(game, seat, choose, chance, brought = false) {
  const turns = [];
  const cards = [];
  for (const _ of game.starts) {
    /** @type {Record<string, string>} */
    const orders = {};
    let matters = null;
    const so = { ...game, turns: [...turns] };
    let points = brought ? await score(game, seat, turns) : 0;
    for (let matter = 0; !matters || matter < matters.length; matter++) {
      const held = await hand(context, { game: so, seat, orders, matters });
      matters = held.matters;
      const field = matters[matter];
      const place = choose(held.cards[field], chance);
      orders[field] = leverOf(field).options[place].name;
      if (!brought || place === held.stands[field]) continue;
      const now = await score(game, seat, [...turns, orders]);
      cards.push([held.cards[field][place].gain, now - points]);
      points = now;
    }
    turns.push(orders);
  }
  return { turns, cards };
}

for (let number = 1; number <= +until; number++)
  for (const seat of world.capitals) {
    const { game } = setting({ game: kind, seats: seat, moves: "", draft: "", watch: 0, future: "war-ends-any-time", luck: number, seed: 1 });
    const found = { seat, number, scores: { nothing: await score(game, seat, []) }, cards: [] };
    for (const [name, choose] of Object.entries(STRATEGIES)) {
      const { turns, cards } = await played(game, seat, choose, chances(number), name === "random" && number <= JUDGED);
      found.scores[name] = await score(game, seat, turns);
      found.cards.push(...cards);
    }
    console.log(JSON.stringify(found));
  }
