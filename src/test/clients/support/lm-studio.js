import http from 'node:http';
import { once } from 'node:events';

/** The address and the keys of the server under test, as a client gets them. */
export const SERVER = process.env.CLIENTS_SERVER_URL ?? '';
export const BASE_URL = `${SERVER}/v1`;

/**
 * Plays LM Studio for the server under test. A test scripts the next answer of a path; every other request is answered
 * by the simulator of LM Studio that the server itself contains.
 */
export class LmStudio {
  /** What the server sent here, the oldest first.
   * @type {{method: string, path: string, body: any}[]} */
  requests = [];
  /** @type {{path: string, play: (answer: Answer) => void, begun: (answer: Answer) => void}[]} */
  #scripts = [];

  /** @param {string} version the version that the simulator plays */
  constructor(version = '0.4.x') {
    this.version = version;
    this.server = http.createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  /** Starts to listen where the server under test expects LM Studio. @param {string} [version] such as `0.2.21` */
  static async open(version) {
    const lmStudio = new LmStudio(version);
    lmStudio.server.listen(Number(process.env.CLIENTS_LM_STUDIO_PORT), '127.0.0.1');
    await once(lmStudio.server, 'listening');
    return lmStudio;
  }

  async close() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /**
   * Scripts the next answer to a request to this path.
   *
   * @param {string} path such as `/v1/chat/completions`
   * @param {(answer: Answer) => void} play sends the answer, or a part of it
   * @returns {Promise<Answer>} the answer, as soon as `play` was called
   */
  script(path, play) {
    return new Promise((begun) => this.#scripts.push({ path, play, begun }));
  }

  /** Scripts the answer to the next chat. @param {(answer: Answer) => void} play */
  scriptChat(play) {
    return this.script('/v1/chat/completions', play);
  }

  /** The bodies of the requests to this path, the oldest first. @param {string} path @returns {any[]} */
  bodiesOf(path) {
    return this.requests.filter((request) => request.path === path).map(({ body }) => body);
  }

  /** @param {http.IncomingMessage} request @param {http.ServerResponse} response */
  async #handle(request, response) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const bytes = Buffer.concat(parts);
    const { method = 'GET', url: path = '/' } = request;
    const isJson = request.headers['content-type']?.startsWith('application/json');
    this.requests.push({ method, path, body: isJson ? JSON.parse(bytes.toString()) : bytes });
    const index = this.#scripts.findIndex((script) => script.path === path);
    if (index >= 0) {
      const [{ play, begun }] = this.#scripts.splice(index, 1);
      const answer = new Answer(response);
      play(answer);
      begun(answer);
    } else {
      this.#simulate(request, response, bytes);
    }
  }

  /** @param {http.IncomingMessage} request @param {http.ServerResponse} response @param {Buffer} body */
  #simulate(request, response, body) {
    const simulated = http.request(`${SERVER}/simulator${request.url}`, {
      method: request.method,
      headers: {
        'content-type': request.headers['content-type'] ?? 'application/json',
        'x-simulator-version': this.version, 'x-simulator-tokens-per-second': '0', 'x-simulator-first-token-ms': '0',
      },
    }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? 'application/json' });
      answer.pipe(response);
    });
    simulated.on('error', () => response.destroy());
    response.on('close', () => simulated.destroy());
    simulated.end(body);
  }
}

/** One answer of LM Studio, which a test sends piece by piece. */
export class Answer {
  /** Resolves when the server has closed the connection before the answer was complete.
   * @type {Promise<void>} */
  closed;

  /** @param {http.ServerResponse} response */
  constructor(response) {
    this.response = response;
    this.closed = new Promise((resolve) => response.on('close', () => {
      if (!response.writableFinished) resolve();
    }));
  }

  /** Sends a whole answer. @param {object} body @param {number} [status] @param {Record<string, string>} [headers] */
  json(body, status = 200, headers = {}) {
    this.response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  }

  /** Sends the beginning of a body. @param {string} type @param {Buffer} bytes */
  part(type, bytes) {
    this.response.writeHead(200, { 'content-type': type }).write(bytes);
  }

  /** Sends chunks of an event stream. @param {object[]} chunks */
  chunks(...chunks) {
    if (!this.response.headersSent) this.response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const chunk of chunks) this.response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    return this;
  }

  /** Sends events with names. @param {any[][]} events each with its name and its data */
  events(...events) {
    if (!this.response.headersSent) this.response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const [name, data] of events) this.response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    return this;
  }

  /** Ends a stream whose last event says that it is complete. */
  end() {
    this.response.end();
  }

  /** Ends an event stream as LM Studio does. */
  done() {
    this.response.end('data: [DONE]\n\n');
  }

  /** Closes the connection although the answer is not complete, as a crash does. */
  cut() {
    this.response.socket?.end();
  }
}

/** @param {object} delta @param {string|null} [finishReason] @returns {object} a chunk of a chat */
export const chunk = (delta, finishReason = null) => ({
  id: 'chatcmpl-scripted', object: 'chat.completion.chunk', created: 1_760_000_000, model: 'scripted',
  choices: [{ index: 0, delta, finish_reason: finishReason }],
});

/** @param {string} content */
export const text = (content) => chunk({ role: 'assistant', content });

/** @param {object} fields of the first tool call, or a fragment of them */
export const toolCall = (fields) => chunk({ tool_calls: [{ index: 0, ...fields }] });

/** The end of a tool call or of a text. @param {string} reason */
export const finish = (reason) => chunk({}, reason);
