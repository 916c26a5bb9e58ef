// As many workers as the device has cores. A job is cut into parts that idle workers take, first those in the places that
// they had before: they may remember some of it. The latest job of a channel wins: what is left of an older one is not begun.

import { t } from "./strings.js";

export const PART = 32; // runs of a part: as many as the engine takes side by side

export class Pool {
  /** @param {Promise<{files: WorkerFiles}>} gathered may come later than the workers begin @param {number} count */
  constructor(gathered, count = Math.min(Math.max(navigator.hardwareConcurrency || 2, 1), 16)) {
    /** @type {JobPart[]} */
    this.waiting = [];
    /** @type {Error | null} */
    this.broken = null;
    /** @type {Record<string, number>} */
    this.newest = {};
    this.workers = Array.from({ length: count }, () => this.#worker(gathered));
  }

  /** @param {Promise<{files: WorkerFiles}>} gathered */
  #worker(gathered) {
    const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    /** @type {{worker: Worker, part: JobPart | null}} */
    const made = { worker, part: null };
    gathered.then(({ files }) => worker.postMessage({ files }), () => {}); // who gathers them tells what is wrong with them
    worker.onmessage = ({ data }) => {
      const { part } = made;
      made.part = null;
      this.#next();
      if (data.problem) part?.reject(new Error(data.problem));
      else part?.resolve(data.found);
    };
    worker.onerror = ({ message }) => gathered.then(() => this.#refuse(new Error(message || t("shell.worker"))), () => {});
    return made;
  }

  /** Let nobody wait for what will not come. @param {Error} error */
  #refuse(error) {
    this.broken = error;
    for (const part of [...this.waiting.splice(0), ...this.workers.map(({ part }) => part)]) part?.reject(error);
  }

  /**
   * Do a job in parts, and give each as it comes. Resolves, when all that was begun with them is done, to true, or to false
   * where a newer job has taken its place.
   * @param {string} channel @param {any[]} parts @param {(found: any, place: number) => any} each
   */
  async ask(channel, parts, each) {
    if (this.broken) throw this.broken;
    const ours = this.end(channel);
    const done = parts.map((asked, place) => new Promise((resolve, reject) => {
      this.waiting.push({ channel, asked, place, resolve, reject });
    }).then((found) => found !== null && this.newest[channel] === ours && each(found, place)));
    this.#next();
    await Promise.all(done);
    return this.newest[channel] === ours;
  }

  /** Ask for one thing; null where a newer job has taken its place. @param {string} channel @param {any} asked */
  async one(channel, asked) {
    let found = null;
    return (await this.ask(channel, [asked], (given) => { found = given; })) ? found : null;
  }

  /** Begin nothing more of a channel. @param {string} channel */
  end(channel) {
    const old = this.waiting.filter((part) => part.channel === channel);
    this.waiting = this.waiting.filter((part) => part.channel !== channel);
    old.forEach((part) => part.resolve(null));
    return (this.newest[channel] = (this.newest[channel] ?? 0) + 1);
  }

  #next() {
    this.workers.forEach((each, own) => {
      if (each.part || !this.waiting.length) return;
      const first = this.waiting.findIndex(({ place }) => place % this.workers.length === own);
      [each.part] = this.waiting.splice(Math.max(first, 0), 1);
      each.worker.postMessage({ asked: each.part.asked });
    });
  }
}
