/**
 * @import { Clock } from '../clock.js'
 * @import { Entry } from './stream-log.js'
 */

const KEEP_ALIVE_MS = 10_000;
const ENDS = ['completed', 'failed', 'cancelled'];

/** The body of one event stream. It breaks where a test wants it, and can be held back as by a proxy. */
export class Connection {
  #encoder = new TextEncoder();
  /** Bytes that were written and not read yet. @type {Uint8Array[]} */
  #queue = [];
  #written = 0;
  #cutAt;
  #clock;
  #held = false;
  /** @type {'open'|'ended'|'broken'|'closed'} */
  #state = 'open';
  #wake = () => {};
  #cancelKeepAlive = () => {};

  /** Called once when nobody reads any more, for any reason. */
  onClose = () => {};

  /** @param {{cutAt?: number, held?: boolean, clock: Clock, signal?: AbortSignal|null}} options cutAt is the number of bytes after which the connection breaks */
  constructor({ cutAt = Infinity, held = false, clock, signal }) {
    this.#cutAt = cutAt;
    this.#held = held;
    this.#clock = clock;
    /** @type {ReadableStream<Uint8Array>} */
    this.body = new ReadableStream({
      pull: (controller) => this.#pull(controller, signal),
      cancel: () => this.#close('closed'),
    }, { highWaterMark: 0 });
    signal?.addEventListener('abort', () => {
      this.#queue = [];
      this.#close('broken');
    });
    this.#keepAlive();
  }

  /** @param {string} text */
  write(text) {
    if (this.#state !== 'open') return;
    const bytes = this.#encoder.encode(text);
    const rest = this.#cutAt - this.#written;
    this.#written += bytes.length;
    this.#queue.push(bytes.subarray(0, rest));
    if (bytes.length >= rest) return this.#close('broken');
    this.#keepAlive();
    this.#wake();
  }

  /** @param {Entry} entry */
  deliver({ cursor, type, payload }) {
    this.write(`id: ${cursor}\nevent: ${type}\ndata: ${JSON.stringify(payload)}\n\n`);
    if (ENDS.includes(type)) this.#close('ended');
  }

  /** Breaks the connection after what was written. */
  cut() {
    if (this.#held) this.#queue = [];
    this.#close('broken');
  }

  /** Keeps back everything that was not read yet, until {@link Connection#release}. */
  hold() {
    this.#held = true;
  }

  release() {
    this.#held = false;
    this.#wake();
  }

  /** @param {'ended'|'broken'|'closed'} state */
  #close(state) {
    if (this.#state !== 'open') return;
    this.#state = state;
    this.#cancelKeepAlive();
    this.onClose();
    this.#wake();
  }

  /** @param {ReadableStreamDefaultController<Uint8Array>} controller @param {AbortSignal|null|undefined} signal */
  async #pull(controller, signal) {
    for (;;) {
      if (signal?.aborted) return controller.error(signal.reason);
      const held = this.#held && (this.#state === 'open' || this.#state === 'ended');
      const bytes = held ? undefined : this.#queue.shift();
      if (bytes && bytes.length > 0) return controller.enqueue(bytes);
      if (bytes) continue;
      if (!held && this.#state === 'broken') return controller.error(new TypeError('The connection broke.'));
      if (!held && this.#state === 'ended') return controller.close();
      if (this.#state === 'closed') return;
      await new Promise((resolve) => (this.#wake = () => resolve(undefined)));
    }
  }

  #keepAlive() {
    this.#cancelKeepAlive();
    this.#cancelKeepAlive = this.#clock.after(KEEP_ALIVE_MS, () => this.write(': keep-alive\n\n'));
  }
}
