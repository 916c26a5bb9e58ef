// The months in WebAssembly: runs go in, series come out. Nothing here touches a page, so it runs in a worker too.
// What is done around the months, sim/engine/blocks.py does for the other engines.

const NEVER = 1_000_000; // the month of peace in a run whose war does not end

/**
 * @typedef {object} Plan A scenario month by month; see plan.js.
 * @property {number} months
 * @property {Float64Array} given months * drivers
 * @property {Int8Array} script months * levers: places of scripted options, -1 where the capital is free
 * @property {Float64Array} limits months * bundles * 2: floor and ceiling of each bundle's score
 * @property {Uint8Array} scriptedDeal whether any part of the arms deal is scripted in a month
 * @property {number} warStart
 * @property {[number, number] | null} warEnd first and last month that the first month of peace is drawn from
 * @property {boolean} unilateral
 * @property {boolean} linearEconomy
 *
 * @typedef {Record<string, number | Float64Array>} Values every number of the equations: one for all runs, or one a run
 *
 * @typedef {object} State All that the rules remember after some months.
 * @property {number} month the next one to simulate
 * @property {number[]} runs
 * @property {Float64Array} rows a remembered row after the other, a number a run
 *
 * @typedef {object} Asked
 * @property {Plan} plan
 * @property {Values} values
 * @property {number | bigint} seed
 * @property {number[]} runs
 * @property {string[]} [keep] names of series
 * @property {[number, number]} [months] first, and the one after the last
 * @property {State | null} [from] to go on from
 * @property {Block | null} [past] months that stand, of the same runs and series, with the state after them: to go on from, and to keep
 * @property {number[]} [store] months before which a state is stored, ascending
 * @property {boolean} [endless] whether the war goes on for ever
 *
 * @typedef {object} Block
 * @property {number[]} runs
 * @property {number} first
 * @property {number} months how many
 * @property {Record<string, Float64Array>} series a run's months one after the other
 * @property {Int8Array} played runs * months * levers: places of the options taken
 * @property {Int32Array} warEnd
 * @property {State[]} states
 */
/**
 * @typedef {object} Job What is asked, and where it lies in the memory of the module.
 * @property {Asked} asked
 * @property {State | null | undefined} from
 * @property {number} first
 * @property {number} last
 * @property {number[]} store
 * @property {number[]} rows the places of the rows to keep
 * @property {Int32Array} ends
 * @property {Float64Array[]} delays after how many months each capital notices the end, a number a run
 * @property {Record<string, number>} at
 */

/**
 * Return an engine.
 * @param {BufferSource | WebAssembly.Module} code months.wasm or reasons.wasm
 */
export async function load(code) {
  const module = code instanceof WebAssembly.Module ? code : await WebAssembly.compile(code);
  return new Engine((await WebAssembly.instantiate(module, {})).exports);
}

export class Engine {
  /** @param {any} wasm what the module exports */
  constructor(wasm) {
    this.wasm = wasm;
    this.layout = JSON.parse(this.#text(wasm.says()));
    this.fingerprint = this.#text(wasm.fingerprint());
  }

  /** Return the names of all that goes in and comes out, in order. */
  describe() {
    const { parameters, drivers, series, levers, capitals, bundles, remembered, lanes } = this.layout;
    return { fingerprint: this.fingerprint, parameters, drivers, series, levers, capitals, bundles, remembered, lanes };
  }

  /**
   * Simulate runs.
   * @param {Asked} asked
   * @returns {Block}
   */
  simulate(asked) {
    return this.#simulate(asked, this.#series(asked.keep ?? []), [Boolean(asked.endless)])[0];
  }

  /**
   * Simulate runs, and the same runs in a world whose war does not end: until it ends both are one, and simulated once.
   * @param {Asked} asked
   * @returns {{one: Block, control: Block}}
   */
  pairs(asked) {
    const [one, control] = this.#simulate(asked, this.#series(asked.keep ?? []), [false, true]);
    return { one, control };
  }

  /**
   * Return the first month of peace of each run.
   * @param {Plan} plan
   * @param {number | bigint} seed
   * @param {number[]} runs
   */
  ends(plan, seed, runs) {
    return this.#ends(plan, this.draws(seed, runs, 0));
  }

  /**
   * Simulate runs and keep any rows of the workspace, by their names there.
   * @param {Asked} asked
   * @param {string[]} names
   * @returns {Block}
   */
  rows(asked, names) {
    return this.#simulate(asked, new Map(names.map((name) => [name, this.#place(name)])), [Boolean(asked.endless)])[0];
  }

  /**
   * Return the uniform draws of a month (row 1 + month) or of a run (row 0), a run's after another's.
   * @param {number | bigint} seed
   * @param {number[]} runs
   * @param {number} row
   */
  draws(seed, runs, row) {
    const { lanes, chance, draws } = this.layout;
    const drawn = new Float64Array(runs.length * draws.places);
    const room = new Room(this.wasm);
    const [low, high] = [room.of(4 * lanes), room.of(4 * lanes)];
    for (let start = 0; start < runs.length; start += lanes) {
      const side = beside(start, lanes, runs.length);
      room.putWords(low, high, side.map((run) => runs[run]));
      this.wasm.roll(row, ...words(seed), low, high);
      for (let slot = 0; slot < draws.places; slot++) {
        const row = this.#lanes(chance + slot);
        side.forEach((run, lane) => (drawn[run * draws.places + slot] = row[lane]));
      }
    }
    return drawn;
  }

  /**
   * @param {Asked} asked
   * @param {Map<string, number>} wanted the places of rows, by the names of the series
   * @param {boolean[]} branches whether the war goes on for ever, one a branch
   * @returns {Block[]}
   */
  #simulate(asked, wanted, branches) {
    const job = this.#job(asked, [...wanted.values()]);
    const { first, last, ends } = job;
    const { runs } = asked;
    const together = branches.length > 1;
    if (together && job.from && ends.some((end) => end < first))
      throw new Error("a control parts where the war ends: go on from a state before that");
    const blocks = branches.map((endless) => this.#empty(job, [...wanted.keys()], endless));
    for (let start = 0; start < runs.length; start += this.layout.lanes) {
      const side = beside(start, this.layout.lanes, runs.length);
      this.#begin(job, side);
      this.#endWar(job, side, branches[0]);
      const parted = together ? Math.min(last, ...side.map((run) => Math.max(ends[run], first))) : first;
      this.#live(job, side, blocks, first, parted);
      const memory = this.#remembered();
      blocks.forEach((block, branch) => {
        if (branch > 0) this.#recall(memory);
        this.#endWar(job, side, branches[branch]);
        this.#live(job, side, [block], parted, last);
      });
    }
    return blocks;
  }

  /**
   * Return what is asked, checked and written where the module reads it.
   * @param {Asked} asked
   * @param {number[]} rows
   * @returns {Job}
   */
  #job(asked, rows) {
    const { plan, values, runs, seed, past, from = past?.states.at(-1), store = [] } = asked;
    const { parameters, levers, lanes, first: moves } = this.layout;
    const [first, last] = asked.months ?? [from ? from.month : 0, plan.months];
    const missing = parameters.find((/** @type {string} */ name) => !(name in values));
    if (missing) throw new Error(`no value for the parameter ${missing}`);
    if (!(first >= 0 && first <= last && last <= plan.months))
      throw new Error(`months ${first} to ${last} are not within the ${plan.months} of the plan`);
    if (from ? from.month !== first || `${from.runs}` !== `${runs}` : first > 0)
      throw new Error(`to begin with month ${first}, give the state of these runs before it`);
    if (store.some((month, place) => !(month > (store[place - 1] ?? first) && month <= last)))
      throw new Error(`the months to store are to rise, from ${first + 1} to ${last} at most`);
    const once = this.draws(seed, runs, 0);
    const room = new Room(this.wasm);
    const at = {
      given: room.put(plan.given), script: room.put(plan.script), limits: room.put(plan.limits),
      deal: room.put(plan.scriptedDeal), moves: room.put(Float64Array.from(moves)),
      low: room.of(4 * lanes), high: room.of(4 * lanes), record: room.put(Int32Array.of(rows.length, 0, ...rows)),
      series: room.of(8 * rows.length * lanes * (last - first)), played: room.of(lanes * (last - first) * levers.length),
    };
    return { asked, from, first, last, store, rows, ends: this.#ends(plan, once), delays: this.#delays(values, once), at };
  }

  /**
   * @param {Job} job
   * @param {string[]} names
   * @param {boolean} endless
   * @returns {Block}
   */
  #empty({ asked: { runs, past }, first, last, store, ends }, names, endless) {
    const begun = past ? past.first : first;
    const [months, levers] = [last - begun, this.layout.levers.length];
    return {
      runs: [...runs], first: begun, months,
      series: Object.fromEntries(names.map((name) => [name, after(past?.series[name] ?? new Float64Array(0), runs.length, months)])),
      played: after(past?.played ?? new Int8Array(0), runs.length, months * levers),
      warEnd: endless ? ends.map(() => NEVER) : ends,
      states: store.map((month) => (
        { month, runs: [...runs], rows: new Float64Array(this.layout.remembered.length * runs.length) }
      )),
    };
  }

  /**
   * Set the runs of a set of lanes to January 2019, or to what they are to go on from.
   * @param {Job} job
   * @param {number[]} side
   */
  #begin({ asked, from, at }, side) {
    const { plan, values, runs } = asked;
    this.#lanes(0, this.layout.size).fill(0);
    new Room(this.wasm).putWords(at.low, at.high, side.map((run) => runs[run]));
    for (const name of this.layout.parameters) {
      const [row, value] = [this.#lanes(this.#place(`params.${name}`)), values[name]];
      if (typeof value === "number") row.fill(value);
      else row.set(side.map((run) => value[run]));
    }
    this.#lanes(this.#place("war_start")).fill(plan.warStart);
    this.#lanes(this.#place("linear_economy")).fill(Number(plan.linearEconomy));
    this.wasm.begin(at.moves);
    if (from) {
      const all = runs.length;
      this.#recall(this.layout.remembered.map((/** @type {string} */ _, /** @type {number} */ row) =>
        side.map((run) => from.rows[row * all + run])));
    }
  }

  /**
   * @param {Job} job
   * @param {number[]} side
   * @param {boolean} never
   */
  #endWar({ ends, delays }, side, never) {
    const months = side.map((run) => (never ? NEVER : ends[run]));
    this.#lanes(this.#place("war_end")).set(months);
    this.layout.capitals.forEach((/** @type {string} */ capital, /** @type {number} */ place) => {
      this.#lanes(this.#place(`seen.${capital}`)).set(side.map((run, lane) => months[lane] + delays[place][run]));
    });
  }

  /**
   * Simulate the months from first to before last, and put them into blocks.
   * @param {Job} job
   * @param {number[]} side
   * @param {Block[]} blocks
   * @param {number} first
   * @param {number} last
   */
  #live(job, side, blocks, first, last) {
    const { asked: { plan, values, seed }, at } = job;
    const averse = [values.loss_aversion].flat().some((value) => value !== 1);
    for (const stop of [...job.store.filter((month) => month > first && month < last), last]) {
      if (stop === first) return;
      new Int32Array(this.wasm.memory.buffer, at.record, 2)[1] = stop - first;
      this.wasm.simulate(
        first, stop, at.given, at.script, at.limits, at.deal, ...words(seed), at.low, at.high,
        Number(plan.unilateral), Number(averse), at.record, at.series, at.played,
      );
      for (const block of blocks) {
        this.#put(job, side, block, first, stop);
        block.states.filter(({ month }) => month === stop).forEach(({ rows }) =>
          this.#remembered().forEach((/** @type {Float64Array} */ row, /** @type {number} */ place) =>
            side.forEach((run, lane) => (rows[place * job.asked.runs.length + run] = row[lane]))));
      }
      first = stop;
    }
  }

  /**
   * @param {Job} job
   * @param {number[]} side
   * @param {Block} block
   * @param {number} first
   * @param {number} last
   */
  #put({ rows, at }, side, block, first, last) {
    const { lanes, levers } = this.layout;
    const months = last - first;
    const series = new Float64Array(this.wasm.memory.buffer, at.series, rows.length * lanes * months);
    const played = new Int8Array(this.wasm.memory.buffer, at.played, lanes * months * levers.length);
    side.forEach((run, lane) => {
      const to = run * block.months + first - block.first;
      Object.values(block.series).forEach((all, row) => {
        const from = (row * lanes + lane) * months;
        all.set(series.subarray(from, from + months), to);
      });
      const own = played.subarray(lane * months * levers.length, (lane + 1) * months * levers.length);
      block.played.set(own, to * levers.length);
    });
  }

  /** Return a copy of all that the rules remember, a row after the other. */
  #remembered() {
    return this.layout.remembered.map((/** @type {string} */ name) => this.#lanes(this.#place(name)).slice());
  }

  /** @param {ArrayLike<number>[]} rows */
  #recall(rows) {
    rows.forEach((row, place) => this.#lanes(this.#place(this.layout.remembered[place])).set(row));
  }

  /**
   * @param {Plan} plan
   * @param {Float64Array} once
   */
  #ends(plan, once) {
    const { run, places } = this.layout.draws;
    const [low, high] = plan.warEnd ?? [NEVER, NEVER];
    const slot = run.indexOf("war_end");
    return Int32Array.from({ length: once.length / places }, (_, n) => whole(once[n * places + slot], low, high));
  }

  /**
   * @param {Values} values
   * @param {Float64Array} once
   */
  #delays({ notice_months: most }, once) {
    const { capitals, draws: { run, places } } = this.layout;
    return capitals.map((/** @type {string} */ capital) => {
      const slot = run.indexOf(`notice_${capital.toLowerCase()}`);
      return Float64Array.from({ length: once.length / places }, (_, n) => {
        const latest = Math.trunc(typeof most === "number" ? most : most[n]);
        return capital === "Moscow" ? 0 : whole(once[n * places + slot], 0, latest); // who ends a war knows it
      });
    });
  }

  /** @param {string[]} names */
  #series(names) {
    const strange = names.find((name) => !this.layout.series.includes(name));
    if (strange) throw new Error(`no series ${strange}; there are ${this.layout.series.join(", ")}`);
    const { rows } = this.layout;
    return new Map(names.map((name) => [name, rows[`world.${name}`] ?? rows[`measure.${name}`]]));
  }

  /** @param {string} row */
  #place(row) {
    const place = this.layout.rows[row];
    if (place === undefined) throw new Error(`no row ${row} in this module`);
    return place;
  }

  /**
   * Return the lanes of a row, or of several.
   * @param {number} place
   * @param {number} rows
   */
  #lanes(place, rows = 1) {
    const { lanes } = this.layout;
    return new Float64Array(this.wasm.memory.buffer, this.wasm.workspace() + 8 * lanes * place, lanes * rows);
  }

  /** @param {number} from */
  #text(from) {
    const bytes = new Uint8Array(this.wasm.memory.buffer);
    return new TextDecoder().decode(bytes.subarray(from, bytes.indexOf(0, from)));
  }
}

/** Memory of a module beyond what it uses itself, given out from its beginning. */
class Room {
  /** @param {any} wasm */
  constructor(wasm) {
    this.memory = wasm.memory;
    this.next = wasm.__heap_base.value;
  }

  /**
   * Return where so many bytes are free.
   * @param {number} bytes
   */
  of(bytes) {
    const found = Math.ceil(this.next / 16) * 16;
    this.next = found + bytes;
    const lacking = this.next - this.memory.buffer.byteLength;
    if (lacking > 0) this.memory.grow(Math.ceil(lacking / 65536));
    return found;
  }

  /**
   * Copy an array into free memory and return where it lies.
   * @param {Float64Array | Int32Array | Int8Array | Uint8Array} array
   */
  put(array) {
    const found = this.of(array.byteLength);
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    new Uint8Array(this.memory.buffer).set(bytes, found);
    return found;
  }

  /**
   * Write the low and the high words of whole numbers.
   * @param {number} low
   * @param {number} high
   * @param {(number | bigint)[]} numbers
   */
  putWords(low, high, numbers) {
    const pairs = numbers.map(words);
    [low, high].forEach((place, part) =>
      new Uint32Array(this.memory.buffer, place, pairs.length).set(pairs.map((pair) => pair[part])));
  }
}

/**
 * Return room for what is known of each run and more, a run's after another's.
 * @template {Float64Array | Int8Array} Numbers
 * @param {Numbers} known
 * @param {number} runs
 * @param {number} length of a run's
 * @returns {Numbers}
 */
function after(known, runs, length) {
  const all = new /** @type {any} */ (known.constructor)(runs * length);
  const each = known.length / runs;
  for (let run = 0; run < runs; run++) all.set(known.subarray(run * each, (run + 1) * each), run * length);
  return all;
}

/**
 * Return the places of the runs in a set of lanes; lanes that are left over repeat the last run.
 * @param {number} start
 * @param {number} lanes
 * @param {number} runs
 */
function beside(start, lanes, runs) {
  return Array.from({ length: lanes }, (_, lane) => Math.min(start + lane, runs - 1));
}

/**
 * Return the low and the high 32 bits of a whole number.
 * @param {number | bigint} number
 * @returns {[number, number]}
 */
function words(number) {
  if (typeof number === "bigint") return [Number(number & 0xffffffffn), Number(number >> 32n)];
  return [number % 2 ** 32, Math.floor(number / 2 ** 32)];
}

/**
 * Return the whole number between low and high, both included, that a uniform draw falls on.
 * @param {number} draw
 * @param {number} low
 * @param {number} high
 */
function whole(draw, low, high) {
  return low + Math.min(Math.trunc(draw * (high - low + 1)), high - low);
}
