import http from 'node:http';
import { once } from 'node:events';
import { MockServer as Mock } from '../../../main/webapp/js/sdk/mocks/index.js';

export { MODELS } from '../../../main/webapp/js/sdk/mocks/index.js';

/**
 * @import { MockOptions } from '../../../main/webapp/js/sdk/mocks/mock-server.js'
 * @import { MockRequest } from '../../../main/webapp/js/sdk/mocks/requests.js'
 *
 * @typedef {(request: http.IncomingMessage, response: http.ServerResponse) => void} HttpAnswer
 */

const API = '/api/v1/ai/lmstudio';

/** The SDK's mock server over real sockets, with the pages of the WAR beside it. */
export class MockServer extends Mock {
  /** The last form that was posted. */
  lastBody = '';
  origin = '';
  url = '';
  newRequestId = () => 'req-mock';
  /** @type {{method: string, path: RegExp, answer: HttpAnswer}[]} */
  #interceptions = [];

  /**
   * @param {MockOptions & {pages?: (request: http.IncomingMessage, response: http.ServerResponse, server: MockServer) => Promise<boolean>|boolean}} [options]
   *   pages serves what is not API, and returns whether it did
   */
  constructor({ pages = () => false, ...options } = {}) {
    super({ retryMs: 5, ...options });
    this.pages = pages;
    this.server = http.createServer((request, response) => {
      this.#handle(request, response).catch((error) => {
        console.error(error);
        response.destroy();
      });
    });
  }

  /** @param {number} [port] 0 for any free one */
  async listen(port = 0) {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    const address = /** @type {import('node:net').AddressInfo} */ (this.server.address());
    this.origin = `http://127.0.0.1:${address.port}`;
    this.url = this.origin + this.contextRoot;
    return this;
  }

  async close() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** Answers the next request of this kind in another way. @param {string} method @param {RegExp} path @param {HttpAnswer} answer */
  intercept(method, path, answer) {
    this.#interceptions.push({ method, path, answer });
  }

  /** @param {http.IncomingMessage} request */
  signedIn({ headers }) {
    return this.callerOf(new Headers(/** @type {any} */ (headers))) !== null;
  }

  /** Pages sign in by a cookie. @param {Headers} headers */
  callerOf(headers) {
    return super.callerOf(headers) ?? ((headers.get('cookie') ?? '').includes('session=mock') ? this.callers[0] : null);
  }

  /** @param {http.IncomingMessage} request @param {http.ServerResponse} response */
  async #handle(request, response) {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { pathname: path } = new URL(request.url ?? '/', this.origin);
    const method = request.method ?? 'GET';
    const headers = new Headers(/** @type {any} */ (request.headers));
    const index = this.#interceptions.findIndex((rule) => rule.method === method && rule.path.test(path));
    const isApi = path.startsWith(this.contextRoot + API);
    if (index < 0 && isApi) return this.#call(request, response, { method, headers, text });
    this.record(/** @type {MockRequest} */ ({ method, path, headers, text }));
    this.lastBody = text;
    if (index >= 0) return this.#interceptions.splice(index, 1)[0].answer(request, response);
    if (!(await this.pages(request, response, this))) response.writeHead(404).end();
  }

  /** @param {http.IncomingMessage} request @param {http.ServerResponse} response @param {{method: string, headers: Headers, text: string}} call */
  async #call(request, response, { method, headers, text }) {
    const left = new AbortController();
    response.on('close', () => left.abort());
    try {
      const answer = await this.fetch(new URL(request.url ?? '/', this.origin), { method, headers, body: text, signal: left.signal });
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.flushHeaders();
      // Each part is sent before the next one is read, so that a connection breaks exactly where the mock says.
      for await (const part of answer.body ?? []) await new Promise((resolve) => response.write(part, resolve));
      response.end();
    } catch (error) {
      if (!(error instanceof TypeError) && !left.signal.aborted) throw error;
      response.destroy();
    }
  }
}
