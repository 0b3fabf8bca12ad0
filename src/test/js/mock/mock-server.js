import http from 'node:http';
import { once } from 'node:events';
import { SseConnection } from './sse-connection.js';
import { StreamLog } from './stream-log.js';

const API = '/api/v1/ai/lmstudio';
const TOKEN = 'mock-token';

export const MODELS = [
  { id: 'mock-chat', object: 'model', owned_by: 'mock', type: 'llm', state: 'loaded' },
  { id: 'mock-loading', object: 'model', owned_by: 'mock', type: 'vlm', state: 'loading' },
  { id: 'mock-asleep', object: 'model', owned_by: 'mock', type: 'llm', state: 'not-loaded' },
  { id: 'mock-embed', object: 'model', owned_by: 'mock', type: 'embeddings', state: 'loaded' },
];

/**
 * The HTTP contract of the WAR as far as the page needs it, over real sockets, with faults on demand.
 * What the mock answers to a prompt is `answer`'s business; by default nothing, so that a test appends by hand.
 */
export class MockServer {
  token = TOKEN;
  models = MODELS;
  modelsMeta = { request_id: 'req-mock', stale: false };
  retryMs = 5;
  /** @type {Map<string, StreamLog>} */
  streams = new Map();
  counts = { infer: 0, events: 0, states: 0, cancels: 0, upstreamClosed: 0 };
  /** @type {{method: string, url: string, headers: import('node:http').IncomingHttpHeaders, body: any}[]} */
  requests = [];
  /** The last form that was posted. */
  lastBody = '';
  /** Bytes after which each of the next event connections breaks. @type {number[]} */
  cuts = [];
  /** Answers for the next matching requests, instead of the real one.
   * @type {{method: string, path: RegExp, answer: (request: http.IncomingMessage, response: http.ServerResponse) => void}[]} */
  #interceptions = [];
  #waiting = /** @type {((stream: StreamLog) => void)[]} */ ([]);

  /**
   * @param {object} [options]
   * @param {(stream: StreamLog) => void} [options.answer]
   * @param {(request: http.IncomingMessage, response: http.ServerResponse, server: MockServer) => Promise<boolean>|boolean} [options.pages]
   *   serves what is not API; answers whether it did
   * @param {string} [options.contextRoot]
   */
  constructor({ answer = () => {}, pages = () => false, contextRoot = '' } = {}) {
    this.answer = answer;
    this.pages = pages;
    this.contextRoot = contextRoot;
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

  /** The next stream that is started. @returns {Promise<StreamLog>} */
  nextStream() {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Breaks all connections that listen to streams. */
  cutAll() {
    for (const stream of this.streams.values()) for (const listener of stream.listeners) listener.cut();
  }

  /** Forgets all streams, as a server that was started anew has. */
  restart() {
    this.cutAll();
    this.streams.clear();
  }

  /** Answers the next request of this kind in another way.
   * @param {string} method @param {RegExp} path @param {(request: http.IncomingMessage, response: http.ServerResponse) => void} answer */
  intercept(method, path, answer) {
    this.#interceptions.push({ method, path, answer });
  }

  /** Answers the next request of this kind with an error.
   * @param {string} method @param {RegExp} path @param {number} status @param {{code: string, message?: string, hint?: string, details?: object[]}} error
   * @param {Record<string, string>} [headers] */
  fail(method, path, status, error, headers = {}) {
    this.intercept(method, path, (_, response) => sendError(response, status, error, headers));
  }

  /** @param {http.IncomingMessage} request @param {http.ServerResponse} response */
  async #handle(request, response) {
    const body = await bodyOf(request);
    this.lastBody = typeof body === 'string' ? body : '';
    const url = new URL(request.url ?? '/', this.origin);
    const method = request.method ?? 'GET';
    this.requests.push({ method, url: url.pathname, headers: request.headers, body });
    const index = this.#interceptions.findIndex((rule) => rule.method === method && rule.path.test(url.pathname));
    if (index >= 0) return this.#interceptions.splice(index, 1)[0].answer(request, response);
    if (!url.pathname.startsWith(this.contextRoot + API)) {
      if (!(await this.pages(request, response, this))) sendError(response, 404, { code: 'not_found' });
      return;
    }
    if (!this.signedIn(request)) return sendError(response, 401, { code: 'unauthenticated', message: 'Not signed in.', hint: 'Sign in.' });
    this.#route(method, url.pathname.slice((this.contextRoot + API).length), request, response, body);
  }

  /** @param {http.IncomingMessage} request */
  signedIn({ headers }) {
    return headers.authorization === `Bearer ${this.token}` || (headers.cookie ?? '').includes('session=mock');
  }

  /** @param {string} method @param {string} path @param {http.IncomingMessage} request @param {http.ServerResponse} response @param {any} body */
  #route(method, path, request, response, body) {
    if (method === 'GET' && path === '/models') return sendJson(response, 200, { status: 'success', data: this.models, meta: this.modelsMeta });
    if (method === 'POST' && path === '/infer') return this.#infer(body, response);
    const stream = this.streams.get(path.replace('/streams/', ''));
    if (!stream) return sendError(response, 404, { code: 'stream_not_found', message: 'No such stream.', hint: 'It may have ended long ago.' });
    if (method === 'DELETE') {
      this.counts.cancels++;
      stream.cancel();
      return sendSuccess(response, 200, stream.state());
    }
    if (request.headers.accept === 'text/event-stream') return this.#events(stream, request, response);
    this.counts.states++;
    return sendSuccess(response, 200, stream.state());
  }

  /** @param {any} body @param {http.ServerResponse} response */
  #infer(body, response) {
    this.counts.infer++;
    const stream = new StreamLog(body);
    stream.onCancel = () => this.counts.upstreamClosed++;
    this.streams.set(stream.id, stream);
    stream.append('started', { created: stream.startedAt.toISOString(), model_requested: body.model ?? null });
    const eventsUrl = `${this.contextRoot}${API}/streams/${stream.id}`;
    const data = { stream_id: stream.id, model_id: body.model ?? null, prompt_hash: 'sha256:00', status: 'running', events_url: eventsUrl };
    sendSuccess(response, 202, data, { location: eventsUrl });
    this.answer(stream);
    this.#waiting.shift()?.(stream);
  }

  /** @param {StreamLog} stream @param {http.IncomingMessage} request @param {http.ServerResponse} response */
  #events(stream, request, response) {
    this.counts.events++;
    const asked = Number(request.headers['last-event-id'] ?? 0);
    const cursor = Number.isSafeInteger(asked) && asked > 0 && asked <= stream.cursor ? asked : 0;
    if (!stream.running && cursor === stream.cursor) {
      response.writeHead(204).end();
      return;
    }
    const connection = new SseConnection(response, this.cuts.shift() ?? Infinity);
    connection.write(`retry: ${this.retryMs}\n\n`);
    const held = stream.entries[0]?.cursor ?? stream.cursor + 1;
    if (cursor + 1 < held) {
      const { cursor: covered, ...state } = { ...stream.state(), status: 'running' };
      connection.deliver({ cursor: covered, type: 'snapshot', payload: { ...state, cursor: covered } });
    } else {
      stream.entries.filter((entry) => entry.cursor > cursor).forEach((entry) => connection.deliver(entry));
    }
    if (!stream.running) return;
    stream.listeners.add(connection);
    response.on('close', () => stream.listeners.delete(connection));
  }
}

/** @param {http.IncomingMessage} request */
async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return (request.headers['content-type'] ?? '').startsWith('application/json') ? JSON.parse(text) : text;
}

/** @param {http.ServerResponse} response @param {number} status @param {object} body @param {Record<string, string>} [headers] */
export function sendJson(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** @param {http.ServerResponse} response @param {number} status @param {object} data @param {Record<string, string>} [headers] */
function sendSuccess(response, status, data, headers) {
  sendJson(response, status, { status: 'success', data, meta: { request_id: 'req-mock' } }, headers);
}

/** @param {http.ServerResponse} response @param {number} status @param {{code: string, message?: string, hint?: string, details?: object[]}} error @param {Record<string, string>} [headers] */
function sendError(response, status, error, headers) {
  sendJson(response, status, { status: 'error', error: { message: error.code, hint: '', ...error }, meta: { request_id: 'req-mock' } }, headers);
}
