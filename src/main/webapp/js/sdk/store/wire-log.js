import { systemClock } from '../clock.js';

/**
 * @import { InferRequest } from '../client.js'
 * @import { Clock } from '../clock.js'
 * @import { RawEvent } from '../stream/transports.js'
 *
 * @typedef {{offsetMs: number, type: string, data: string}} WireEvent offsetMs counts from the request, or from the moment when
 *   this page began to read
 */

/** The maximum number of characters of events that are kept for an answer: enough for 20,000 tokens. */
const LONGEST = 8 * 1024 * 1024;
/** The number of answers whose events are kept. */
const ANSWERS = 10;

/** What was sent and received for one answer, for people who want to see it. It is never stored. */
export class WireLog {
  #clock;
  #length = 0;
  #startedAt;
  /** The request as it was sent; null if this page only reads the stream. @type {InferRequest|null} */
  request = null;
  /** @type {WireEvent[]} */
  events = [];
  /** How many events at the beginning were dropped, because there were too many. */
  dropped = 0;

  /** @param {Clock} [clock] */
  constructor(clock = systemClock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  onRequest = (/** @type {InferRequest} */ request) => {
    this.request = request;
    this.#startedAt = this.#clock.now();
  };

  onEvent = (/** @type {RawEvent} */ { type, data }) => {
    this.events.push({ offsetMs: this.#clock.now() - this.#startedAt, type, data });
    this.#length += data.length;
    if (this.#length <= LONGEST) return;
    // Half of them at once, so that this is not repeated with every event.
    const half = Math.ceil(this.events.length / 2);
    for (const { data: old } of this.events.splice(0, half)) this.#length -= old.length;
    this.dropped += half;
  };

  /** Drops the logs of all answers but the newest. @param {Map<string, WireLog>} logs in the order of their creation */
  static forgetOld(logs) {
    for (const id of [...logs.keys()].slice(0, -ANSWERS)) logs.delete(id);
  }
}
