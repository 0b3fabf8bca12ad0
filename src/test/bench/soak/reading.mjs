// What one client reads of one stream, over as many connections as it takes; every event is checked when it comes.
import { now } from '../base/clock.mjs';
import { expectedText, withoutTimes } from '../base/script.mjs';

/** Something that must never be. */
export class Wrong extends Error {}
/** @param {boolean} holds @param {string} what */
export const must = (holds, what) => { if (!holds) throw new Wrong(what); };

const TERMINAL = ['completed', 'failed', 'cancelled'];

/** @typedef {import('../base/sse.mjs').ServerEvent} ServerEvent */

export class Reading {
  /** @param {import('../base/script.mjs').Script} script @param {(ms: number) => void} [onDelay] gets the delay of each token that came live */
  constructor(script, onDelay = () => {}) {
    this.expected = expectedText(script);
    this.onDelay = onDelay;
    this.live = true; // what is replayed was not late
    this.last = 0;
    this.shown = 0;
    this.tokens = 0;
    /** @type {Record<string, number>} */
    this.seen = {};
    /** @type {any} the last event and its fields */
    this.terminal = null;
    /** @type {unknown} the first thing that was wrong */
    this.fault = null;
    this.comments = 0;
  }

  /** Takes an event, null for a comment. Keeps what is wrong: an exception would be lost in the connection. @param {ServerEvent | null} event */
  take(event) {
    if (event === null) { this.comments++; return; }
    try {
      this.check(event);
    } catch (fault) {
      this.fault ??= fault;
    }
  }

  /** @param {ServerEvent} event */
  check({ event, id, data }) {
    must(this.terminal === null, `${event} after ${this.terminal?.event}`);
    if (event === 'snapshot') must(id >= this.last, `a snapshot of ${id} after event ${this.last}`);
    else must(id === this.last + 1, `event ${id} after ${this.last}`);
    must(data.cursor === id, `cursor ${data.cursor} in event ${id}`);
    this.last = id;
    this.seen[event] = (this.seen[event] ?? 0) + 1;
    if (event === 'delta') this.delta(data.content);
    else if (event === 'reset') this.shown = 0;
    else if (event === 'snapshot') this.whole(data.content);
    else if (TERMINAL.includes(event)) this.terminal = { event, ...data };
    if (event === 'completed') must(this.shown === this.expected.length, `completed with ${this.shown} of ${this.expected.length} characters`);
  }

  /** @param {string} content */
  delta(content) {
    const text = withoutTimes(content);
    must(this.expected.startsWith(text, this.shown), `at character ${this.shown}: ${JSON.stringify(text)} instead of ${JSON.stringify(this.expected.substr(this.shown, text.length))}`);
    this.shown += text.length;
    const sent = [...content.matchAll(/ t\d+@(\d+\.\d+)/g)];
    this.tokens += sent.length;
    if (this.live) for (const [, at] of sent) this.onDelay(now() - Number(at));
  }

  /** A text that was given whole: a snapshot, or a stream's state. @param {string} content */
  whole(content) {
    this.shown = 0;
    this.live = false;
    this.delta(content);
  }

  /** Throws what was wrong, or that it did not end so. @param {string} event @param {Record<string, number>} [more] how many of which */
  endedAs(event, more = {}) {
    if (this.fault) throw this.fault;
    must(this.terminal?.event === event, `ended by ${JSON.stringify(this.terminal)} instead of ${event}`);
    for (const [name, count] of Object.entries(more)) must((this.seen[name] ?? 0) === count, `${this.seen[name] ?? 0} × ${name} instead of ${count}`);
  }
}
