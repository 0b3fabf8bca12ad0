import { ApiError, NetworkError, OfflineError, ProtocolError } from './errors.js';
import { atom } from './store/atom.js';

/**
 * @import { ReadableAtom } from './store/atom.js'
 *
 * @typedef {object} Model fields that LM Studio does not state are absent
 * @property {string} id
 * @property {string} [type] llm, vlm, embeddings …
 * @property {string} [state] loaded, loading or not-loaded
 * @property {string} [owned_by]
 * @property {string[]} [capabilities] such as `tool_use` and `vision`
 * @property {{format?: string, family?: string, parameter_size?: string, quantization_level?: string, context_length?: number}} [metadata]
 *
 * @typedef {object} ModelList
 * @property {Model[]} models
 * @property {{stale?: boolean, fetched_at?: string, lmstudio_version?: string, next_cursor?: string}} meta
 *
 * @typedef {object} Usage
 * @property {number} prompt_tokens
 * @property {number} completion_tokens
 * @property {number} total_tokens
 * @property {boolean} [synthesized] true if our server counted, because LM Studio sent no usage
 *
 * @typedef {{code: string, message: string, hint?: string}} Failure
 *
 * @typedef {object} StreamState the complete current state of a stream
 * @property {string} stream_id
 * @property {string|null} model_id
 * @property {number} cursor the last entry that this state covers
 * @property {'queued'|'running'|'completed'|'failed'|'cancelled'} status
 * @property {string|null} [content]
 * @property {string|null} [reasoning]
 * @property {{id?: string, function?: {name?: string, arguments?: string}}[]|null} [tool_calls]
 * @property {string|null} [finish_reason]
 * @property {Usage|null} [usage]
 * @property {Failure|null} [error]
 * @property {string} [started_at]
 * @property {string|null} [finished_at]
 *
 * @typedef {{type: 'text', text: string}|{type: 'image_url', image_url: {url: string}}} ContentPart
 *
 * @typedef {{role: 'system'|'user'|'assistant', content: string|ContentPart[]}} Message
 *
 * @typedef {object} Parameters every one of them is optional, and LM Studio's default applies where it is absent
 * @property {number} [temperature] 0 to 2
 * @property {number} [top_p] 0 to 1
 * @property {number} [top_k]
 * @property {number} [min_p]
 * @property {number} [max_tokens] at least 1, or -1 for no limit
 * @property {number} [presence_penalty] -2 to 2
 * @property {number} [frequency_penalty] -2 to 2
 * @property {number} [repeat_penalty]
 * @property {number} [seed]
 * @property {string|string[]} [stop] at most 4 texts
 * @property {string} [reasoning_effort] such as low, medium or high
 *
 * @typedef {object} ChatRequest
 * @property {string} [model] if absent, the server chooses
 * @property {Message[]} messages
 *
 * @typedef {ChatRequest & Parameters & Record<string, unknown>} InferRequest further fields are those of the HTTP API
 *
 * @typedef {object} Started
 * @property {string} stream_id
 * @property {string|null} model_id
 * @property {string} status
 * @property {string} events_url
 *
 * @typedef {object} Health
 * @property {string} status
 * @property {string} [lmstudio_version]
 * @property {string} version_detected_by what the version was read from
 * @property {string} [api_version]
 * @property {number} [models_loaded]
 * @property {number} [uptime_ms]
 * @property {Record<string, 'yes'|'no'|'unknown'>} [capabilities] what LM Studio can do, by name such as `model_load`
 *
 * @typedef {{signal?: AbortSignal}} CallOptions
 */

/** @typedef {ReturnType<typeof createClient>} Client */

/** The longest delay of a timer. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Creates a typed client of the WAR's HTTP API. Every call returns within `timeoutMs` or throws: {@link ApiError} if the
 * server responds with an error, {@link NetworkError} if there is no response, {@link ProtocolError} if the response does
 * not follow the HTTP API, {@link OfflineError} if the offline switch is on, and the signal's own reason if the caller
 * aborted.
 *
 * @param {object} [options]
 * @param {string} [options.contextRoot] the context root of the WAR, such as `/app`; empty for the root. Programs give the whole
 *   address, such as `http://127.0.0.1:8080`
 * @param {string} [options.accessToken] for programs; a page uses its session cookie instead
 * @param {number} [options.timeoutMs] the limit of one call; default 30 s. It does not apply to the reading of events
 * @param {ReadableAtom<boolean>} [options.offline] the offline switch: while it is true, no request is sent
 * @param {typeof globalThis.fetch} [options.fetch]
 */
export function createClient({
  contextRoot = '', accessToken, timeoutMs = 30_000, offline = atom(false), fetch: otherFetch,
} = {}) {
  const root = contextRoot.replace(/\/+$/, '');
  const fetch = otherFetch ?? globalThis.fetch.bind(globalThis);
  if (!otherFetch) requireAddress(root);
  if (accessToken !== undefined) requireVisible('accessToken', accessToken);
  if (!(timeoutMs > 0 && timeoutMs <= LONGEST_MS)) throw new TypeError(`timeoutMs is ${timeoutMs}. Allowed: up to ${LONGEST_MS}.`);
  const api = `${root}/api/v1/ai/lmstudio`;
  /** @type {Record<string, string>} */
  const authorization = accessToken ? { authorization: `Bearer ${accessToken}` } : {};

  /**
   * @param {string} path @param {RequestInit & {headers?: Record<string, string>}} init
   * @returns {Promise<Response>} a response that is not an error
   */
  async function send(path, init) {
    if (offline.get()) throw new OfflineError(`${init.method ?? 'GET'} ${path}: the offline switch is on, so nothing was sent.`);
    let response;
    try {
      response = await fetch(api + path, { ...init, cache: 'no-store', headers: { ...authorization, ...init.headers } });
    } catch (cause) {
      throw failureOf(cause, init.signal, `${init.method ?? 'GET'} ${path}: no response from ${root || 'the server'}.`);
    }
    if (!response.ok) throw await apiError(response);
    return response;
  }

  /** @param {string} path @param {{method?: string, body?: unknown, signal?: AbortSignal, headers?: Record<string, string>}} options */
  async function call(path, { method = 'GET', body, signal, headers: more = {} }) {
    // The timer of AbortSignal.timeout would be kept to its end, long after a short call.
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(new DOMException('', 'TimeoutError')), timeoutMs);
    const both = signal ? AbortSignal.any([signal, limit.signal]) : limit.signal;
    const headers = { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...more };
    try {
      const response = await send(path, { method, headers, signal: both, body: body === undefined ? undefined : JSON.stringify(body) });
      const envelope = await readJson(response, both, `${method} ${path}`);
      if (envelope?.status !== 'success' || typeof (envelope.data ?? 0) !== 'object') throw new ProtocolError(`${method} ${path}: the answer is not an envelope.`);
      return envelope;
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {string} path @param {CallOptions} options */
  async function list(path, options) {
    const { data, meta } = await call(path, options);
    if (!Array.isArray(data)) throw new ProtocolError(`GET ${path}: the answer is not a list.`);
    return { data, meta };
  }

  /** @param {string} id */
  const stream = (id) => {
    // These would lead to another resource.
    if (/^\.{0,2}$/.test(id)) throw new TypeError(`'${id}' is not the id of a stream.`);
    return `/streams/${encodeURIComponent(id)}`;
  };

  /** @param {string} path @param {unknown} body @param {CallOptions & {headers?: Record<string, string>}} options @returns {Promise<Started>} */
  async function start(path, body, options) {
    const { data } = await call(path, { ...options, method: 'POST', body });
    if (typeof data?.stream_id !== 'string') throw new ProtocolError(`POST ${path}: the answer has no stream_id.`);
    return data;
  }

  return {
    /** The offline switch. */
    offline,

    /**
     * Returns LM Studio's status and version.
     *
     * @param {CallOptions} [options]
     * @returns {Promise<Health>}
     */
    async health(options = {}) {
      return (await call('/health', options)).data;
    },

    /**
     * Returns the models that LM Studio can use, with their state.
     *
     * @param {CallOptions} [options]
     * @returns {Promise<ModelList>}
     */
    async models(options = {}) {
      const { data, meta } = await list('/models', options);
      return { models: data, meta: meta ?? {} };
    },

    /**
     * Starts a generation and returns its stream id immediately. The client never repeats this request. With a key, the
     * caller may repeat it: the server returns the stream of the first call, as long as it keeps that stream.
     *
     * @param {InferRequest} request
     * @param {CallOptions & {key?: string}} [options] key is sent as `Idempotency-Key`: 1 to 255 visible ASCII characters
     */
    async infer(request, { key, ...options } = {}) {
      if (key !== undefined) requireVisible('key', key);
      return start('/infer', { ...request, stream: true }, { ...options, headers: key === undefined ? {} : { 'idempotency-key': key } });
    },

    /**
     * Loads a model; only admins may. The stream reports the progress and the result. Callers who load the same model share one
     * stream.
     *
     * @param {{model: string, context_length?: number}} request
     * @param {CallOptions} [options]
     */
    loadModel(request, options = {}) {
      return start('/models/load', request, options);
    },

    /**
     * Unloads a model; only admins may. The stream reports the result.
     *
     * @param {{model: string}|{instance_id: string}} request
     * @param {CallOptions} [options]
     */
    unloadModel(request, options = {}) {
      return start('/models/unload', request, options);
    },

    /**
     * Returns the caller's streams, newest first, without their texts.
     *
     * @param {CallOptions} [options]
     * @returns {Promise<StreamState[]>}
     */
    async streams(options = {}) {
      return (await list('/streams', options)).data;
    },

    /**
     * Returns the complete current state of a stream, with its text so far.
     *
     * @param {string} id @param {CallOptions} [options]
     * @returns {Promise<StreamState>}
     */
    async streamState(id, options = {}) {
      return (await call(stream(id), options)).data;
    },

    /**
     * Cancels a generation. A repeated call, or one after the end, has no effect.
     *
     * @param {string} id @param {CallOptions} [options]
     * @returns {Promise<StreamState>} the state of the stream at its end
     */
    async cancel(id, options = {}) {
      return (await call(stream(id), { ...options, method: 'DELETE' })).data;
    },

    /**
     * Returns the address of an event stream after a cursor, for `EventSource`.
     *
     * @param {string} id @param {{cursor?: number}} [options]
     */
    eventsUrl(id, { cursor = 0 } = {}) {
      return `${api}${stream(id)}${cursor > 0 ? `?cursor=${cursor}` : ''}`;
    },

    /**
     * Opens the event stream after a cursor. The caller reads the body and limits how long it waits.
     *
     * @param {string} id
     * @param {{cursor: number, signal: AbortSignal}} options cursor 0 reads from the first event
     * @returns {Promise<Response>} 200 with an event stream, or 204: there is nothing after this cursor
     */
    async events(id, { cursor, signal }) {
      /** @type {Record<string, string>} */
      const headers = { accept: 'text/event-stream' };
      if (cursor > 0) headers['last-event-id'] = String(cursor);
      const response = await send(stream(id), { headers, signal });
      const type = response.headers.get('content-type') ?? '';
      if (response.status !== 204 && !type.startsWith('text/event-stream')) {
        await response.body?.cancel();
        throw new ProtocolError(`GET ${stream(id)}: expected an event stream, got "${type}".`);
      }
      return response;
    },
  };
}

/** A page has an address of its own, a program has not. @param {string} root */
function requireAddress(root) {
  const base = globalThis.location?.href;
  if (URL.canParse(root, base) && /^https?:$/.test(new URL(root, base).protocol)) return;
  throw new TypeError(`contextRoot is '${root}'. Give an address such as 'http://127.0.0.1:8080', or in a page a path such as '/app'.`);
}

/** @param {string} name @param {string} value becomes a header */
function requireVisible(name, value) {
  if (!/^[\x21-\x7e]+$/.test(value)) throw new TypeError(`${name} has a character that a header cannot have. Allowed: visible ASCII characters.`);
}

/** @param {unknown} cause @param {AbortSignal|null|undefined} signal @param {string} message */
function failureOf(cause, signal, message) {
  const timedOut = signal?.aborted && signal.reason?.name === 'TimeoutError';
  return signal?.aborted && !timedOut ? signal.reason : new NetworkError(message, { cause });
}

/** @param {Response} response @param {AbortSignal} signal @param {string} what */
async function readJson(response, signal, what) {
  try {
    return await response.json();
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new ProtocolError(`${what}: the answer is not JSON.`, { cause });
    throw failureOf(cause, signal, `${what}: the connection broke before the answer was complete.`);
  }
}

/** Returns the error of a response. Without an envelope, it comes from a proxy or another server. @param {Response} response */
async function apiError(response) {
  const envelope = await response.json().catch(() => null);
  const foreign = typeof envelope?.error?.code !== 'string';
  const error = foreign ? {} : envelope.error;
  return new ApiError({
    status: response.status,
    foreign,
    code: error.code ?? `http_${response.status}`,
    message: text(error.message) ?? `The server answered ${response.status} ${response.statusText}.`.replace(' .', '.'),
    hint: text(error.hint) ?? '',
    details: Array.isArray(error.details) ? error.details : [],
    requestId: envelope?.meta?.request_id ?? response.headers.get('x-request-id'),
    retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
  });
}

/** @param {unknown} value */
const text = (value) => (typeof value === 'string' ? value : undefined);

/** @param {string|null} value seconds or an HTTP date */
function retryAfterMs(value) {
  if (!value) return null;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}
