/** One listener's connection: writes entries as the contract says, and breaks where the test wants it. */
export class SseConnection {
  #response;
  #written = 0;

  /**
   * @param {import('node:http').ServerResponse} response
   * @param {number} cutAt bytes of the event stream after which the socket is destroyed; Infinity for never
   */
  constructor(response, cutAt) {
    this.#response = response;
    this.cutAt = cutAt;
    response.writeHead(200, {
      'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no',
    });
    response.flushHeaders();
  }

  /** @param {string} text */
  write(text) {
    if (this.#response.destroyed) return;
    const bytes = Buffer.from(text);
    const rest = this.cutAt - this.#written;
    this.#written += bytes.length;
    if (bytes.length < rest) this.#response.write(bytes);
    else this.#response.write(bytes.subarray(0, rest), () => this.cut());
  }

  /** @param {{cursor: number, type: string, payload: object}} entry */
  deliver({ cursor, type, payload }) {
    this.write(`id: ${cursor}\nevent: ${type}\ndata: ${JSON.stringify(payload)}\n\n`);
    if (['completed', 'failed', 'cancelled'].includes(type)) this.end();
  }

  end() {
    if (this.#written < this.cutAt) this.#response.end();
  }

  /** Breaks the connection in the middle of whatever it says. */
  cut() {
    this.#response.socket?.destroy();
  }
}
