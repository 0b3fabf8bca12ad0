import { ApiError, NetworkError, ProtocolError } from './errors.js';

/**
 * @typedef {object} Model
 * @property {string} id
 * @property {string} [type] llm, vlm, embeddings …; absent if unknown
 * @property {string} [state] loaded, loading or not-loaded
 * @property {string} [owned_by]
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
 * @property {string|null} [finish_reason]
 * @property {Usage|null} [usage]
 * @property {Failure|null} [error]
 *
 * @typedef {{role: 'system'|'user'|'assistant', content: string}} Message
 *
 * @typedef {object} InferRequest
 * @property {string} [model] if absent, the server chooses
 * @property {Message[]} messages
 *
 * @typedef {{signal?: AbortSignal}} CallOptions
 */

/** @typedef {ReturnType<typeof createClient>} Client */

/**
 * Creates a typed client of the WAR's HTTP API. Every call answers within `timeoutMs` or throws: {@link ApiError} if the
 * server answers with an error, {@link NetworkError} if there is no answer, {@link ProtocolError} if the answer does not
 * follow the contract, and the signal's own reason if the caller aborted.
 *
 * @param {object} [options]
 * @param {string} [options.contextRoot] the context root of the WAR, without a trailing slash; empty for the root
 * @param {string} [options.accessToken] for programs; a page uses its session cookie instead
 * @param {number} [options.timeoutMs] the limit of one call; default 30 s. It does not apply to the reading of events
 * @param {typeof globalThis.fetch} [options.fetch]
 */
export function createClient({ contextRoot = '', accessToken, timeoutMs = 30_000, fetch = globalThis.fetch.bind(globalThis) } = {}) {
  const api = `${contextRoot}/api/v1/ai/lmstudio`;
  /** @type {Record<string, string>} */
  const authorization = accessToken ? { authorization: `Bearer ${accessToken}` } : {};

  /**
   * @param {string} path @param {RequestInit & {headers?: Record<string, string>}} init
   * @returns {Promise<Response>} an answer that is not an error
   */
  async function send(path, init) {
    let response;
    try {
      response = await fetch(api + path, { ...init, cache: 'no-store', headers: { ...authorization, ...init.headers } });
    } catch (cause) {
      throw failureOf(cause, init.signal, `${init.method ?? 'GET'} ${path}: no answer.`);
    }
    if (!response.ok) throw await apiError(response);
    return response;
  }

  /** @param {string} path @param {{method?: string, body?: unknown, signal?: AbortSignal}} options */
  async function call(path, { method = 'GET', body, signal }) {
    const limit = AbortSignal.timeout(timeoutMs);
    const both = signal ? AbortSignal.any([signal, limit]) : limit;
    const headers = { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const response = await send(path, { method, headers, signal: both, body: body === undefined ? undefined : JSON.stringify(body) });
    const envelope = await readJson(response, both, `${method} ${path}`);
    if (envelope?.status !== 'success') throw new ProtocolError(`${method} ${path}: the answer is not an envelope.`);
    return envelope;
  }

  /** @param {string} id */
  const stream = (id) => `/streams/${encodeURIComponent(id)}`;

  return {
    /**
     * @param {CallOptions} [options]
     * @returns {Promise<ModelList>}
     */
    async models(options = {}) {
      const { data, meta } = await call('/models', options);
      return { models: data, meta: meta ?? {} };
    },

    /**
     * Starts a generation and returns at once with its id, so that nothing is lost if a connection breaks later. This
     * client never sends it twice.
     *
     * @param {InferRequest} request
     * @param {CallOptions} [options]
     * @returns {Promise<{stream_id: string, model_id: string|null, status: string, events_url: string}>}
     */
    async infer(request, options = {}) {
      const { data } = await call('/infer', { ...options, method: 'POST', body: { ...request, stream: true } });
      if (typeof data?.stream_id !== 'string') throw new ProtocolError('POST /infer: the answer has no stream_id.');
      return data;
    },

    /**
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

/** @param {Response} response an error with an envelope, or an error of something else (a proxy) without one */
async function apiError(response) {
  const envelope = await response.json().catch(() => null);
  const foreign = typeof envelope?.error?.code !== 'string';
  const error = foreign ? {} : envelope.error;
  return new ApiError({
    status: response.status,
    foreign,
    code: error.code ?? `http_${response.status}`,
    message: error.message ?? `The server answered ${response.status} ${response.statusText}.`.replace(' .', '.'),
    hint: error.hint ?? '',
    details: error.details ?? [],
    requestId: envelope?.meta?.request_id ?? response.headers.get('x-request-id'),
    retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
  });
}

/** @param {string|null} value seconds or an HTTP date */
function retryAfterMs(value) {
  if (!value) return null;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}
