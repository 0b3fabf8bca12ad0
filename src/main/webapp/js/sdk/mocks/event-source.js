import { SseParser } from '../stream/sse-parser.js';

/**
 * @import { Clock } from '../clock.js'
 */

/**
 * Returns an `EventSource` class that reads from a mock server, as the HTML standard defines it: it reconnects with
 * `Last-Event-ID` until it is closed or the server answers 204 or an error.
 *
 * @param {{fetch: (address: string, init: RequestInit) => Promise<Response>, clock: Clock}} options fetch is signed in, as a
 *   browser's is by its cookie
 * @returns {typeof globalThis.EventSource}
 */
export function createEventSource({ fetch, clock }) {
  class MockEventSource extends EventTarget {
    static CONNECTING = 0;
    static OPEN = 1;
    static CLOSED = 2;
    CONNECTING = 0;
    OPEN = 1;
    CLOSED = 2;
    readyState = 0;
    /** @type {((event: Event) => void)|null} */
    onopen = null;
    /** @type {((event: MessageEvent) => void)|null} */
    onmessage = null;
    /** @type {((event: Event) => void)|null} */
    onerror = null;
    #closed = new AbortController();
    #cancelReconnect = () => {};
    #lastEventId = '';
    #retryMs = 3000;

    /** @param {string|URL} url @param {{withCredentials?: boolean}} [options] */
    constructor(url, { withCredentials = false } = {}) {
      super();
      this.url = String(url);
      this.withCredentials = withCredentials;
      this.addEventListener('open', (event) => this.onopen?.(event));
      this.addEventListener('message', (event) => this.onmessage?.(/** @type {MessageEvent} */ (event)));
      this.addEventListener('error', (event) => this.onerror?.(event));
      // A page sets its listeners after the constructor has returned.
      queueMicrotask(() => void this.#connect());
    }

    close() {
      this.readyState = 2;
      this.#cancelReconnect();
      this.#closed.abort();
    }

    async #connect() {
      if (this.readyState === 2) return;
      try {
        /** @type {Record<string, string>} */
        const headers = { accept: 'text/event-stream' };
        if (this.#lastEventId !== '') headers['last-event-id'] = this.#lastEventId;
        const response = await fetch(this.url, { headers, signal: this.#closed.signal });
        const isStream = (response.headers.get('content-type') ?? '').startsWith('text/event-stream');
        if (response.status !== 200 || !isStream || !response.body) return this.#fail(2);
        this.readyState = 1;
        this.dispatchEvent(new Event('open'));
        await this.#read(response.body.getReader());
      } catch {
        // A broken connection is not an error of the page: the next attempt follows.
      }
      this.#fail(0);
    }

    /** @param {ReadableStreamDefaultReader<Uint8Array>} reader */
    async #read(reader) {
      const parser = new SseParser();
      for (;;) {
        const { done, value } = await reader.read();
        if (done || this.readyState === 2) return;
        for (const { type, data, id } of parser.push(value)) {
          if (this.#closed.signal.aborted) return;
          this.dispatchEvent(new MessageEvent(type, { data, lastEventId: id }));
        }
        this.#lastEventId = parser.lastEventId || this.#lastEventId;
        this.#retryMs = parser.retryMs ?? this.#retryMs;
      }
    }

    /** @param {0|2} readyState */
    #fail(readyState) {
      if (this.readyState === 2) return;
      this.readyState = readyState;
      if (readyState === 0) this.#cancelReconnect = clock.after(this.#retryMs, () => void this.#connect());
      this.dispatchEvent(new Event('error'));
    }
  }
  return /** @type {any} */ (MockEventSource);
}
