import { systemClock } from '../clock.js';
import { Connection } from './connection.js';
import { Refusal, accepts, failure, success, wrongFields } from './envelope.js';
import { createEventSource } from './event-source.js';
import { Faults } from './faults.js';
import { MODELS, pageOf, playModelChange } from './models.js';
import { bodyOf, canonicalJson, cursorOf, needsJson, parsed, requestOf, untilAborted } from './requests.js';
import { StreamLog } from './stream-log.js';
import { inferDetails, modelDetails } from './validation.js';

/**
 * @import { Clock } from '../clock.js'
 * @import { Model } from '../client.js'
 * @import { ErrorBody } from './envelope.js'
 * @import { MockRequest } from './requests.js'
 *
 * @typedef {{name: string, token: string, admin?: boolean}} Caller
 *
 * @typedef {object} MockOptions
 * @property {Model[]} [models]
 * @property {(stream: StreamLog) => void} [answer] writes the answer of each new generation, at once or later; default
 *   nothing, so that a test writes it by hand
 * @property {Clock} [clock]
 * @property {Caller[]} [callers] the access tokens; default one admin with the token `mock-token`
 * @property {string} [contextRoot] the context root of the WAR, without a trailing slash; empty for the root
 * @property {number} [retryMs] the reconnection time that event streams ask for; default 1000
 * @property {number} [loadMs] how long a model takes to load; default 2000
 * @property {number} [orphanGraceMs] how long a running stream is kept without a listener; default one minute
 *
 * @typedef {{request: MockRequest, caller: Caller, match: string[]}} Call
 */

const API = '/api/v1/ai/lmstudio';
const RETENTION_MS = 10 * 60_000;
/** The statuses of failures that are not 502, for answers that are not streamed. @type {Record<string, number>} */
const STATUSES = { model_not_found: 404, model_not_loaded: 409, context_overflow: 422, rate_limited: 429, overloaded: 503, upstream_timeout: 504, internal_error: 500 };

/** Plays the HTTP API of the WAR in memory. */
export class MockServer {
  /** @type {Map<string, StreamLog>} by id */
  streams = new Map();
  /** How often each kind of call was answered; upstreamClosed is the number of generations that were cancelled. */
  counts = { infer: 0, events: 0, states: 0, cancels: 0, upstreamClosed: 0 };
  /** Every call, the oldest first. @type {{method: string, url: string, headers: Record<string, string|undefined>, body: any}[]} */
  requests = [];
  /** While true, every call answers 401, as after a sign-out in another tab. */
  signedOut = false;
  /** Further fields of the meta of the model list. */
  modelsMeta = { stale: false };
  /** Returns the id of a request that brings none. @type {() => string} */
  newRequestId = () => crypto.randomUUID();
  faults = new Faults();
  /** @type {Map<string, {stream: StreamLog, body: string}>} by caller and key */
  #keys = new Map();
  /** @type {((stream: StreamLog) => void)[]} */
  #waiting = [];
  /** @type {Set<Connection>} */
  #held = new Set();

  /** @param {MockOptions} [options] */
  constructor({
    models = MODELS, answer = () => {}, clock = systemClock, callers = [{ name: 'mock', token: 'mock-token', admin: true }],
    contextRoot = '', retryMs = 1000, loadMs = 2000, orphanGraceMs = 60_000,
  } = {}) {
    this.models = structuredClone(models);
    this.answer = answer;
    this.clock = clock;
    this.callers = callers;
    this.contextRoot = contextRoot;
    this.retryMs = retryMs;
    this.loadMs = loadMs;
    this.orphanGraceMs = orphanGraceMs;
    this.startedAt = clock.now();
    /** Reads event streams of this mock server. It is signed in as the first caller. */
    this.EventSource = createEventSource({
      clock,
      fetch: (address, init) => this.fetch(address, { ...init, headers: { ...init.headers, authorization: `Bearer ${this.token}` } }),
    });
  }

  /** The access token of the first caller. */
  get token() {
    return this.callers[0]?.token ?? '';
  }

  /** Bytes after which each of the next event streams breaks. */
  get cuts() {
    return this.faults.cuts;
  }

  set cuts(cuts) {
    this.faults.cuts = cuts;
  }

  /**
   * Answers a call as `fetch` does. It is bound, so that it can be handed on by itself.
   *
   * @type {typeof globalThis.fetch}
   */
  fetch = async (input, init = {}) => {
    const request = await requestOf(input, init, this.newRequestId);
    request.signal?.throwIfAborted();
    this.record(request);
    return untilAborted(this.faults.answer(request, () => this.#answer(request)), request.signal);
  };

  /** Resolves with the next generation or model change that is started. @returns {Promise<StreamLog>} */
  nextStream() {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Breaks all connections to event streams. */
  cutAll() {
    this.#connections().forEach((connection) => connection.cut());
  }

  /** Holds back everything that event streams send, as a proxy does that collects whole answers. */
  hold() {
    this.faults.holding = true;
    for (const connection of this.#connections()) {
      connection.hold();
      this.#held.add(connection);
    }
  }

  /** Ends {@link MockServer#hold}. */
  release() {
    this.faults.holding = false;
    // A stream may have ended meanwhile, and is not listened to any more.
    for (const connection of this.#held) connection.release();
    this.#held.clear();
  }

  /** Restarts the server: all connections break, and all streams are forgotten. */
  restart() {
    this.cutAll();
    for (const stream of this.streams.values()) stream.cancel('shutdown');
    this.streams.clear();
    this.#keys.clear();
    this.startedAt = this.clock.now();
  }

  /** Breaks all connections and answers nothing until {@link MockServer#comeBack}. */
  goDown() {
    this.faults.down = true;
    this.cutAll();
  }

  comeBack() {
    this.faults.down = false;
  }

  /** Ends all faults, also those that have not happened yet. */
  heal() {
    this.faults.clear();
    this.signedOut = false;
    this.release();
  }

  /** Answers the next call of this kind with an error. @param {string} method @param {RegExp} path @param {number} status @param {ErrorBody} error @param {Record<string, string>} [headers] */
  fail(method, path, status, error, headers) {
    this.faults.fail(method, path, status, error, headers);
  }

  /** Breaks the connection of the next call of this kind. @param {string} method @param {RegExp} path @param {{afterwards?: boolean}} [options] afterwards: the server carries out the call, and only its answer is lost */
  disconnect(method, path, options) {
    this.faults.disconnect(method, path, options);
  }

  /** Never answers the next call of this kind. @param {string} method @param {RegExp} path */
  silence(method, path) {
    this.faults.silence(method, path);
  }

  /** @param {Headers} headers @returns {Caller|null} */
  callerOf(headers) {
    const token = /^Bearer (.*)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? headers.get('x-api-key');
    return this.callers.find((caller) => caller.token === token) ?? null;
  }

  /** @param {MockRequest} request */
  record({ method, path, headers, text }) {
    const isJson = (headers.get('content-type') ?? '').startsWith('application/json');
    this.requests.push({ method, url: path, headers: Object.fromEntries(headers), body: (isJson ? parsed(text) : null) ?? text });
  }

  #connections() {
    return [...this.streams.values()].flatMap(({ listeners }) => [...listeners]);
  }

  /** @param {MockRequest} request @returns {Promise<Response>} */
  async #answer(request) {
    try {
      this.#forgetOld();
      return await this.#route(request);
    } catch (error) {
      if (error instanceof Refusal) return failure(error, request.requestId);
      throw error;
    }
  }

  #forgetOld() {
    for (const stream of this.streams.values()) {
      stream.cancelIfOrphaned();
      if (stream.finishedAt !== null && this.clock.now() - stream.finishedAt > RETENTION_MS) this.streams.delete(stream.id);
    }
  }

  /** @param {MockRequest} request @returns {Promise<Response>|Response} */
  #route(request) {
    const { method, path, headers } = request;
    const caller = this.signedOut ? null : this.callerOf(headers);
    if (!caller) throw new Refusal(401, { code: 'unauthenticated', message: 'You are not signed in.', hint: 'Send \'Authorization: Bearer <access token>\' or \'x-api-key: <access token>\', or sign in at /login.' });
    const place = path.startsWith(this.contextRoot + API) ? path.slice((this.contextRoot + API).length) : null;
    const route = place === null ? undefined : this.#routes.find(({ pattern }) => pattern.test(place));
    const match = route && place !== null ? /** @type {RegExpExecArray} */ (route.pattern.exec(place)) : [];
    const isChange = /^\/models\/(load|unload)$/.test(place ?? '');
    if (isChange && !caller.admin) throw new Refusal(403, { code: 'forbidden', message: 'Only admins may load, unload and download models.', hint: 'Use an access token whose entry in lm-studio.access-tokens ends with :admin.' });
    if (!route) throw new Refusal(404, { code: 'not_found', message: `There is no resource at ${path}.`, hint: 'Compare the path with the OpenAPI document at /openapi.' });
    const handle = route.methods[method];
    if (!handle) throw new Refusal(405, { code: 'method_not_allowed', message: `${method} ${path} is not allowed.`, hint: 'Use a method that the Allow header lists.' }, { allow: Object.keys(route.methods).join() });
    return handle({ request, caller, match: [...match] });
  }

  /** @type {{pattern: RegExp, methods: Record<string, (call: Call) => Promise<Response>|Response>}[]} */
  #routes = [
    { pattern: /^\/health$/, methods: { GET: (call) => this.#health(call) } },
    { pattern: /^\/models$/, methods: { GET: (call) => this.#listModels(call) } },
    { pattern: /^\/models\/(load|unload)$/, methods: { POST: (call) => this.#changeModel(call) } },
    { pattern: /^\/infer$/, methods: { POST: (call) => this.#infer(call) } },
    { pattern: /^\/streams$/, methods: { GET: (call) => this.#listStreams(call) } },
    { pattern: /^\/streams\/([^/]+)$/, methods: { GET: (call) => this.#readStream(call), DELETE: (call) => this.#cancelStream(call) } },
  ];

  /** @param {Call} call */
  #health({ request }) {
    needsJson(request);
    const loaded = this.models.filter(({ state }) => state === 'loaded').length;
    const capabilities = { chat: 'yes', completions: 'no', model_load: 'yes', streaming: 'yes' };
    const data = {
      status: 'ok', lmstudio_version: '0.4.0', models_loaded: loaded, version_detected_by: 'mock', uptime_ms: this.clock.now() - this.startedAt, capabilities,
    };
    return success(200, request.requestId, data);
  }

  /** @param {Call} call */
  #listModels({ request }) {
    needsJson(request);
    const { models, next } = pageOf(this.models, request.url.searchParams);
    const meta = { fetched_at: new Date(this.clock.now()).toISOString(), lmstudio_version: '0.4.0', next_cursor: next, ...this.modelsMeta };
    return success(200, request.requestId, models, { meta });
  }

  /** @param {Call} call */
  #changeModel({ request, caller, match }) {
    const action = /** @type {'load'|'unload'} */ (match[1]);
    const body = bodyOf(request);
    const details = modelDetails(body, action);
    if (details.length > 0) throw wrongFields(details);
    const id = body.model ?? body.instance_id;
    const model = this.models.find((one) => one.id === id);
    const known = [...this.streams.values()].find((stream) => stream.running && stream.request.action === action && stream.modelId === id);
    if (known) return this.#started(known, request, false);
    const stream = this.#newStream({ ...body, action }, caller, id);
    if (model) playModelChange(stream, model, action, { clock: this.clock, loadMs: this.loadMs });
    else stream.fail({ code: 'model_not_found', message: `LM Studio does not have the model '${id}'.`, hint: 'Use the id of a model that LM Studio lists.' });
    this.#waiting.shift()?.(stream);
    return this.#started(stream, request, false);
  }

  /** @param {Call} call */
  async #infer({ request, caller }) {
    const streamed = /"stream"\s*:\s*false/.test(request.text) ? parsed(request.text)?.stream !== false : true;
    const possible = streamed ? ['text/event-stream', 'application/json'] : ['application/json'];
    if (!possible.some((type) => accepts(request.headers.get('accept'), type))) {
      throw new Refusal(406, { code: 'not_acceptable', message: 'The Accept header allows none of the media types that this path can answer with.', hint: 'Accept application/json, or ask for a stream.' });
    }
    const body = bodyOf(request);
    const details = inferDetails(body);
    const key = request.headers.get('idempotency-key');
    if (key !== null && !/^[!-~]{1,255}$/.test(key)) details.push({ field: 'Idempotency-Key', message: 'must be one header with 1 to 255 visible ASCII characters' });
    if (details.length > 0) throw wrongFields(details);
    const { stream, replayed } = this.#startOrFind(body, key, caller);
    return streamed ? this.#started(stream, request, replayed) : this.#whole(stream, request, replayed);
  }

  /** @param {any} body @param {string|null} key @param {Caller} caller */
  #startOrFind(body, key, caller) {
    const name = `${caller.name} ${key}`;
    const canonical = canonicalJson(body);
    const known = key === null ? undefined : this.#keys.get(name);
    if (known && this.streams.has(known.stream.id)) {
      if (known.body === canonical) return { stream: known.stream, replayed: true };
      throw new Refusal(409, { code: 'idempotency_conflict', message: 'You have already used this Idempotency-Key for another request.', hint: 'Send the same request again, or use a new key for the new request.' });
    }
    this.counts.infer++;
    const stream = this.#newStream(body, caller, body.model ?? null);
    stream.onCancel = () => this.counts.upstreamClosed++;
    if (key !== null) this.#keys.set(name, { stream, body: canonical });
    this.answer(stream);
    this.#waiting.shift()?.(stream);
    return { stream, replayed: false };
  }

  /** @param {Record<string, any>} request @param {Caller} caller @param {string|null} modelId @returns {StreamLog} */
  #newStream(request, caller, modelId) {
    const id = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const stream = new StreamLog({ id, request, owner: caller.name, clock: this.clock, orphanGraceMs: this.orphanGraceMs, modelId });
    this.streams.set(id, stream);
    stream.append('started', { created: stream.startedAt.toISOString(), model_requested: modelId });
    // The server names the model as soon as one answers. A test may set another one.
    stream.modelId ??= this.models.find(({ state, type }) => state === 'loaded' && type === 'llm')?.id ?? null;
    return stream;
  }

  /** @param {StreamLog} stream @param {MockRequest} request @param {boolean} replayed */
  #started(stream, request, replayed) {
    const location = `${this.contextRoot}${API}/streams/${stream.id}`;
    /** @type {Record<string, string>} */
    const headers = { location, ...(replayed ? { 'idempotent-replay': 'true' } : {}) };
    if (accepts(request.headers.get('accept'), 'text/event-stream')) return this.#events(stream, request, 0, headers);
    const data = { stream_id: stream.id, model_id: stream.entries[0]?.payload.model_id ?? stream.modelId, prompt_hash: 'sha256:00', status: stream.status, events_url: location };
    return success(202, request.requestId, data, { headers });
  }

  /** Waits for the whole answer. @param {StreamLog} stream @param {MockRequest} request @param {boolean} replayed */
  async #whole(stream, request, replayed) {
    const connection = new Connection({ clock: this.clock, signal: request.signal });
    stream.attach(connection, 0);
    if (stream.running) {
      await new Promise((resolve) => {
        const { onClose } = connection;
        connection.onClose = () => resolve(onClose());
      });
    }
    // A client that leaves such a call cancels it.
    if (stream.running) stream.cancel();
    const { error = { code: 'upstream_error', message: 'The stream was cancelled.' }, finish_reason, usage, stats } = stream.end;
    if (stream.status !== 'completed') throw new Refusal(STATUSES[error.code] ?? 502, error);
    const { reasoning, toolCalls } = stream;
    return success(200, request.requestId, {
      stream_id: stream.id, model_id: stream.modelId, prompt_hash: 'sha256:00', content: stream.content,
      ...(reasoning === '' ? {} : { reasoning }), ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
      finish_reason, usage, stats, attempts: 1, downgraded: false,
    }, { headers: replayed ? { 'idempotent-replay': 'true' } : {} });
  }

  /** @param {Call} call */
  #listStreams({ request, caller }) {
    needsJson(request);
    const all = caller.admin && request.url.searchParams.get('all') === 'true';
    const mine = [...this.streams.values()].filter((stream) => all || stream.owner === caller.name);
    return success(200, request.requestId, mine.toReversed().map((stream) => stream.summary()));
  }

  /** @param {Call} call */
  #readStream(call) {
    const { request } = call;
    const stream = this.#streamOf(call);
    const accept = request.headers.get('accept');
    // A missing header or */* means JSON here.
    if (accept?.includes('text/event-stream')) return this.#events(stream, request, cursorOf(request, stream));
    needsJson(request);
    this.counts.states++;
    stream.heardAt = this.clock.now();
    return success(200, request.requestId, stream.state());
  }

  /** @param {Call} call */
  #cancelStream(call) {
    const stream = this.#streamOf(call);
    this.counts.cancels++;
    stream.cancel();
    return success(200, call.request.requestId, stream.state());
  }

  /** @param {Call} call @returns {StreamLog} */
  #streamOf({ caller, match }) {
    const stream = this.streams.get(decodeURIComponent(match[1]));
    if (stream && (stream.owner === caller.name || caller.admin)) return stream;
    throw new Refusal(404, { code: 'stream_not_found', message: 'You have no stream with this id.', hint: 'The stream may have expired, or the server was restarted. Start a new stream.' });
  }

  /** @param {StreamLog} stream @param {MockRequest} request @param {number} cursor @param {Record<string, string>} [headers] */
  #events(stream, request, cursor, headers = {}) {
    this.counts.events++;
    if (!stream.running && cursor === stream.cursor) return new Response(null, { status: 204, headers: { 'x-request-id': request.requestId } });
    const connection = new Connection({ clock: this.clock, signal: request.signal, held: this.faults.holding, cutAt: this.cuts.shift() });
    if (this.faults.holding) this.#held.add(connection);
    connection.write(`retry: ${this.retryMs}\n\n`);
    stream.attach(connection, cursor);
    return new Response(connection.body, {
      headers: {
        'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no',
        'x-request-id': request.requestId, 'x-stream-id': stream.id, ...headers,
      },
    });
  }
}
