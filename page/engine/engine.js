// The months in WebAssembly: runs go in, series come out. Nothing here touches a page, so it runs in a worker too.
// What is done around the months, sim/engine/blocks.py does for the other engines.

const NEVER = 1_000_000; // the month of peace in a run whose war does not end

/** Return an engine. @param {BufferSource | WebAssembly.Module} code months.wasm or reasons.wasm */
export async function load(code) {
  const module = code instanceof WebAssembly.Module ? code : await WebAssembly.compile(code);
  return new Engine((await WebAssembly.instantiate(module, {})).exports);
}

export class Engine {
  /** @param {any} wasm what the module exports */
  constructor(wasm) {
    this.wasm = wasm;
    /** @type {Layout} */
    this.layout = JSON.parse(this.#text(wasm.says()));
    this.fingerprint = this.#text(wasm.fingerprint());
  }

  /** Simulate runs. @param {RunRequest} asked @returns {Block} */
  simulate(asked) {
    return new Simulation(this, asked).run([Boolean(asked.endless)])[0];
  }

  /** Simulate runs with an end and without: until it comes both are simulated as one. @param {RunRequest} asked */
  pairs(asked) {
    const [one, control] = new Simulation(this, asked).run([false, true]);
    return { one, control };
  }

  /** Return when peace begins, run by run. @param {Plan} plan @param {number | bigint} seed @param {number[]} runs */
  ends(plan, seed, runs) {
    const [low, high] = plan.warEnd ?? [NEVER, NEVER];
    return Int32Array.from(this.drawsOf("war_end", seed, runs), (draw) => whole(draw, low, high));
  }

  /** Return a named draw of each run. @param {string} name @param {number | bigint} seed @param {number[]} runs */
  drawsOf(name, seed, runs) {
    const { run, places } = this.layout.draws;
    const slot = run.indexOf(name);
    return this.draws(seed, runs, 0).filter((_, n) => n % places === slot);
  }

  /**
   * Return the uniform draws of a month (row 1 + month) or of a run (row 0), a run's after another's.
   * @param {number | bigint} seed @param {number[]} runs @param {number} row
   */
  draws(seed, runs, row) {
    const { lanes, chance, draws } = this.layout;
    const drawn = new Float64Array(runs.length * draws.places);
    const [low, high] = new Room(this.wasm).words(runs, lanes);
    for (let start = 0; start < runs.length; start += lanes) {
      const side = beside(start, lanes, runs.length);
      this.wasm.roll(row, ...words(seed), low + 4 * start, high + 4 * start);
      for (let slot = 0; slot < draws.places; slot++) {
        const all = this.lanes(chance + slot);
        side.forEach((run, lane) => (drawn[run * draws.places + slot] = all[lane]));
      }
    }
    return drawn;
  }

  /** Return the place of a row: a state of the world, a measure, or any other of the workspace. @param {string} name */
  place(name) {
    const { rows, series } = this.layout;
    const place = rows[name] ?? rows[`world.${name}`] ?? rows[`measure.${name}`];
    if (place === undefined) throw new Error(`no series ${name}; there are ${series.join(", ")}`);
    return place;
  }

  /** Return the lanes of a row, or of several from it on. @param {number | string} row its place or name */
  lanes(row, rows = 1) {
    const place = typeof row === "number" ? row : this.place(row);
    const { lanes } = this.layout;
    return new Float64Array(this.wasm.memory.buffer, this.wasm.workspace() + 8 * lanes * place, lanes * rows);
  }

  /** @param {number} from */
  #text(from) {
    const bytes = new Uint8Array(this.wasm.memory.buffer);
    return new TextDecoder().decode(bytes.subarray(from, bytes.indexOf(0, from)));
  }
}

/** What is asked, checked and written where the module reads it. */
class Simulation {
  /** @param {Engine} engine @param {RunRequest} asked */
  constructor(engine, asked) {
    const { plan, values, runs, seed, keep = [], past, from = past?.state } = asked;
    const { parameters, capitals, levers, lanes, first: moves } = engine.layout;
    const [first, last] = asked.months ?? [from?.month ?? 0, plan.months];
    const missing = parameters.find((name) => !(name in values));
    if (missing) throw new Error(`no value for the parameter ${missing}`);
    if (!(first >= 0 && first <= last && last <= plan.months))
      throw new Error(`months ${first} to ${last} are not within the ${plan.months} of the plan`);
    if (from ? from.month !== first || `${from.runs}` !== `${runs}` : first > 0)
      throw new Error(`to begin with month ${first}, give the state of these runs before it`);
    this.engine = engine;
    this.asked = asked;
    this.from = from;
    this.first = first;
    this.last = last;
    this.keep = keep;
    this.ends = engine.ends(plan, seed, runs);
    this.delays = capitals.map((capital) => (capital === "Moscow" ? runs.map(() => 0) // who ends a war knows it
      : engine.drawsOf(`notice_${capital.toLowerCase()}`, seed, runs)
        .map((draw, run) => whole(draw, 0, Math.trunc(of(values.notice_months, run))))));
    const room = new Room(engine.wasm);
    const rows = keep.map((name) => engine.place(name));
    this.at = {
      given: room.put(plan.given), script: room.put(plan.script), limits: room.put(plan.limits),
      deal: room.put(plan.scriptedDeal), moves: room.put(Float64Array.from(moves)),
      runs: room.words(runs, lanes),
      record: room.put(Int32Array.of(rows.length, last - first, ...rows)),
      series: room.of(8 * lanes * rows.length * (last - first)),
      played: room.of(lanes * levers.length * (last - first)),
    };
  }

  /** Simulate all runs, branch by branch. @param {boolean[]} branches whether the war goes on for ever, one a branch */
  run(branches) {
    const { engine: { layout: { lanes } }, asked: { runs }, from, first, last, ends } = this;
    const together = branches.length > 1;
    if (together && from && ends.some((end) => end < first))
      throw new Error("a control parts where the war ends: go on from a state before that");
    const blocks = branches.map((endless) => this.#block(endless));
    for (let start = 0; start < runs.length; start += lanes) {
      const side = beside(start, lanes, runs.length);
      this.#begin(side);
      this.#endWar(side, branches[0]);
      const parted = together ? Math.min(last, ...side.map((run) => Math.max(ends[run], first))) : first;
      this.#live(start, first, parted);
      const memory = this.#remembered();
      blocks.forEach((block, branch) => {
        this.#recall(memory);
        this.#endWar(side, branches[branch]);
        this.#live(start, parted, last);
        this.#keep(side, block);
      });
    }
    return blocks;
  }

  /** Return room for what comes of a branch, with the months that stand. @param {boolean} endless @returns {Block} */
  #block(endless) {
    const { asked: { runs, past }, engine: { layout }, ends, keep, last } = this;
    const first = past?.first ?? this.first;
    const months = last - first;
    return {
      runs: [...runs], first, months,
      series: Object.fromEntries(keep.map((name) =>
        [name, after(past?.series[name] ?? new Float64Array(0), runs.length, months)])),
      played: after(past?.played ?? new Int8Array(0), runs.length, months * layout.levers.length),
      warEnd: endless ? ends.map(() => NEVER) : ends,
      state: { month: last, runs: [...runs], rows: new Float64Array(layout.remembered.length * runs.length) },
    };
  }

  /** Set runs to January 2019, or to what they are to go on from. @param {number[]} side */
  #begin(side) {
    const { engine, asked: { plan, values, runs }, from, at } = this;
    const { layout } = engine;
    engine.lanes(0, layout.size).fill(0);
    for (const name of layout.parameters) {
      const [row, value] = [engine.lanes(`params.${name}`), values[name]];
      if (typeof value === "number") row.fill(value);
      else row.set(side.map((run) => value[run]));
    }
    engine.lanes("war_start").fill(plan.warStart);
    engine.lanes("linear_economy").fill(Number(plan.linearEconomy));
    engine.wasm.begin(at.moves);
    if (from) this.#recall(layout.remembered.map((_, row) => side.map((run) => from.rows[row * runs.length + run])));
  }

  /** @param {number[]} side @param {boolean} never */
  #endWar(side, never) {
    const months = side.map((run) => (never ? NEVER : this.ends[run]));
    this.engine.lanes("war_end").set(months);
    this.engine.layout.capitals.forEach((capital, place) =>
      this.engine.lanes(`seen.${capital}`).set(side.map((run, lane) => months[lane] + this.delays[place][run])));
  }

  /** Simulate months into their place among all. @param {number} start of the runs @param {number} first @param {number} last */
  #live(start, first, last) {
    const { engine: { wasm, layout }, asked: { plan, values, seed }, at } = this;
    if (first === last) return;
    const averse = [values.loss_aversion].flat().some((value) => value !== 1);
    const before = first - this.first;
    const [low, high] = at.runs.map((place) => place + 4 * start);
    wasm.simulate(
      first, last, at.given, at.script, at.limits, at.deal, ...words(seed), low, high, Number(plan.unilateral),
      Number(averse), at.record, at.series + 8 * before, at.played + layout.levers.length * before,
    );
  }

  /** Put what was simulated into a block. @param {number[]} side @param {Block} block */
  #keep(side, block) {
    const { engine: { wasm: { memory }, layout: { lanes, levers } }, asked: { runs }, first, last, keep, at } = this;
    const months = last - first;
    const series = new Float64Array(memory.buffer, at.series, keep.length * lanes * months);
    const played = new Int8Array(memory.buffer, at.played, lanes * months * levers.length);
    /** @type {(all: any, n: number, each: number) => any} */
    const part = (all, n, each) => all.subarray(n * each, (n + 1) * each);
    const memories = this.#remembered();
    side.forEach((run, lane) => {
      const to = run * block.months + first - block.first;
      keep.forEach((name, row) => block.series[name].set(part(series, row * lanes + lane, months), to));
      block.played.set(part(played, lane, months * levers.length), to * levers.length);
      memories.forEach((row, place) => (block.state.rows[place * runs.length + run] = row[lane]));
    });
  }

  /** Return a copy of all that the rules remember, a row after the other. */
  #remembered() {
    return this.engine.layout.remembered.map((name) => this.engine.lanes(name).slice());
  }

  /** @param {ArrayLike<number>[]} rows */
  #recall(rows) {
    rows.forEach((row, place) => this.engine.lanes(this.engine.layout.remembered[place]).set(row));
  }
}

/** Memory of a module beyond what it uses itself, given out from its beginning. */
class Room {
  /** @param {any} wasm */
  constructor(wasm) {
    this.memory = wasm.memory;
    this.next = wasm.__heap_base.value;
  }

  /** Return where so many bytes are free. @param {number} bytes */
  of(bytes) {
    const found = Math.ceil(this.next / 16) * 16;
    this.next = found + bytes;
    const lacking = this.next - this.memory.buffer.byteLength;
    if (lacking > 0) this.memory.grow(Math.ceil(lacking / 65536));
    return found;
  }

  /** Copy an array into free memory and return where it lies. @param {ArrayBufferView} array */
  put(array) {
    const found = this.of(array.byteLength);
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    new Uint8Array(this.memory.buffer).set(bytes, found);
    return found;
  }

  /** Return where low and high words of runs lie, the last repeated. @param {number[]} runs @param {number} lanes */
  words(runs, lanes) {
    const pairs = beside(0, Math.ceil(runs.length / lanes) * lanes, runs.length).map((run) => words(runs[run]));
    return [0, 1].map((part) => this.put(Uint32Array.from(pairs, (pair) => pair[part])));
  }
}

/**
 * Return room for what is known of each run and more, a run's after another's.
 * @template {Float64Array | Int8Array} Numbers
 * @param {Numbers} known @param {number} runs @param {number} length of a run's @returns {Numbers}
 */
function after(known, runs, length) {
  const all = new /** @type {any} */ (known.constructor)(runs * length);
  const each = known.length / runs;
  for (let run = 0; run < runs; run++) all.set(known.subarray(run * each, (run + 1) * each), run * length);
  return all;
}

/** @type {(start: number, lanes: number, runs: number) => number[]} the places of runs in lanes, the last repeated */
const beside = (start, lanes, runs) => Array.from({ length: lanes }, (_, lane) => Math.min(start + lane, runs - 1));

/** Return the low and the high 32 bits of a number. @param {number | bigint} number @returns {[number, number]} */
function words(number) {
  if (typeof number === "bigint") return [Number(number & 0xffffffffn), Number(number >> 32n)];
  return [number % 2 ** 32, Math.floor(number / 2 ** 32)];
}

/** @type {(draw: number, low: number, high: number) => number} the whole number, low to high, that a draw falls on */
const whole = (draw, low, high) => low + Math.min(Math.trunc(draw * (high - low + 1)), high - low);

/** @param {number | Float64Array} value of all runs, or of each @param {number} run */
const of = (value, run) => typeof value === "number" ? value : value[run];
