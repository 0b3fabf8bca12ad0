/** @import { WireLog } from '../sdk/store/wire-log.js' */

/** How many points are drawn at most. More than that cannot be told apart. */
const POINTS = 2000;

/** The gaps between the tokens of one answer. Each event is read once, however often the gaps are drawn. */
export class Gaps {
  #wire;
  /** How many events were read, those included that were dropped from the log. */
  #read = 0;
  /** When the token before came; null if this is not known. @type {number|null} */
  #before = null;
  /** When each token came whose gap is known, and the gap. @type {{at: number, ms: number}[]} */
  #gaps = [];
  /** The first token of the answer; null if this page does not know when it was asked for, or did not see it. @type {{at: number, ms: number}|null} */
  first = null;

  /** @param {WireLog} wire */
  constructor(wire) {
    this.#wire = wire;
  }

  /** Reads the events that are new. */
  read() {
    const { events, dropped, request } = this.#wire;
    if (dropped > this.#read) {
      this.#before = null;
      this.#read = dropped;
    }
    for (const { type, offsetMs } of events.slice(this.#read - dropped)) {
      this.#read++;
      if (type !== 'delta') continue;
      if (this.#before !== null) this.#gaps.push({ at: offsetMs, ms: offsetMs - this.#before });
      // Offsets count from the request. A page that only reads an answer has not sent it.
      else if (request !== null && dropped === 0 && this.#gaps.length === 0) this.first = { at: offsetMs, ms: offsetMs };
      this.#before = offsetMs;
    }
  }

  /** The points of the plot. @returns {{at: number, ms: number}[]} */
  points() {
    const gaps = this.#gaps;
    const step = Math.ceil(gaps.length / POINTS);
    // Of each group of tokens, the longest gap is drawn: that is the one that people look for.
    const drawn = step <= 1 ? gaps : Array.from({ length: Math.ceil(gaps.length / step) }, (_, index) =>
      gaps.slice(index * step, (index + 1) * step).reduce((most, gap) => (gap.ms > most.ms ? gap : most)));
    return this.first ? [this.first, ...drawn] : drawn;
  }

  /** Returns the median and the longest gap in milliseconds, or null if there is none. */
  summary() {
    if (this.#gaps.length === 0) return null;
    const sorted = Float64Array.from(this.#gaps, ({ ms }) => ms).sort();
    return { median: sorted[Math.floor(sorted.length / 2)], longest: sorted[sorted.length - 1] };
  }
}
