import net from 'node:net';
import { once } from 'node:events';

/**
 * Stands between the browser and the server and breaks connections when a test says so. It knows nothing of HTTP, so the
 * same tests run against the mock and against the real server.
 */
export class CuttingProxy {
  /** @type {Set<net.Socket>} */
  #sockets = new Set();
  #refusing = false;
  /** Where browsers find it. */
  origin = '';

  /** @param {number} port of the server behind it */
  constructor(port) {
    this.server = net.createServer((browser) => {
      if (this.#refusing) {
        browser.destroy();
        return;
      }
      const upstream = net.connect(port, '127.0.0.1');
      for (const [socket, other] of [[browser, upstream], [upstream, browser]]) {
        this.#sockets.add(socket);
        socket.pipe(other);
        // A reset on one side is a reset on the other; which of them it was does not matter here.
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
      }
    });
  }

  async listen() {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const { port } = /** @type {net.AddressInfo} */ (this.server.address());
    this.origin = `http://127.0.0.1:${port}`;
    return this;
  }

  /** Resets every connection in the middle of whatever it carries. */
  cut() {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** No connection any more, and no new one. */
  goDown() {
    this.#refusing = true;
    this.cut();
  }

  comeBack() {
    this.#refusing = false;
  }

  async close() {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }
}
