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
  #startedAt;
  /** The request as it was sent; null if this page only reads the stream. @type {InferRequest|null} */
  request = null;
  /** @type {WireEvent[]} */
  events = [];
  /** The number of characters of the events. */
  length = 0;
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
    this.length += data.length;
    if (this.length <= LONGEST) return;
    // Half of them at once, so that this is not repeated with every event.
    const half = Math.ceil(this.events.length / 2);
    for (const { data: old } of this.events.splice(0, half)) this.length -= old.length;
    this.dropped += half;
  };
}

/** The logs of the newest answers of all conversations. */
export class WireLogs {
  #clock;
  /** @type {Map<string, WireLog>} by the id of the answer, oldest first */
  #logs = new Map();

  /** @param {Clock} [clock] */
  constructor(clock) {
    this.#clock = clock;
  }

  /** @param {string} id of an answer @returns {WireLog|null} */
  get(id) {
    return this.#logs.get(id) ?? null;
  }

  /** Returns the log of an answer, a new one if there is none, and drops old ones. @param {string} id of the answer @returns {WireLog} */
  open(id) {
    const log = this.#logs.get(id) ?? new WireLog(this.#clock);
    this.#logs.delete(id);
    this.#logs.set(id, log);
    let length = 0;
    for (const [index, [other, { length: more }]] of [...this.#logs].reverse().entries()) {
      length += more;
      if (other !== id && (index >= ANSWERS || length > LONGEST)) this.#logs.delete(other);
    }
    return log;
  }
}
