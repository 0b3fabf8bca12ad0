import { Refusal, accepts } from './envelope.js';
import { noAnswer } from './faults.js';

/**
 * @import { StreamLog } from './stream-log.js'
 *
 * @typedef {object} MockRequest
 * @property {string} method
 * @property {URL} url
 * @property {string} path the path of the address
 * @property {Headers} headers
 * @property {string} text the body
 * @property {AbortSignal|null} signal
 * @property {string} requestId
 */

/** The address that relative addresses are resolved against. */
const BASE = 'http://mock.invalid';

/** @param {RequestInfo|URL} input @param {RequestInit} init @param {() => string} newRequestId @returns {Promise<MockRequest>} */
export async function requestOf(input, init, newRequestId) {
  const given = typeof input === 'object' && 'method' in input ? input : null;
  const url = new URL(given ? given.url : String(input), BASE);
  const headers = new Headers(init.headers ?? given?.headers);
  const body = init.body ?? (given && given.method !== 'GET' ? await given.text() : '');
  const asked = headers.get('x-request-id') ?? '';
  return {
    url, headers,
    method: (init.method ?? given?.method ?? 'GET').toUpperCase(),
    path: url.pathname,
    text: typeof body === 'string' ? body : await new Response(body).text(),
    signal: init.signal ?? given?.signal ?? null,
    requestId: /^[A-Za-z0-9._-]{1,64}$/.test(asked) ? asked : newRequestId(),
  };
}

/** @param {Promise<Response>} answer @param {AbortSignal|null} signal @returns {Promise<Response>} */
export function untilAborted(answer, signal) {
  if (!signal) return answer;
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason ?? noAnswer());
    signal.addEventListener('abort', aborted);
    answer.finally(() => signal.removeEventListener('abort', aborted)).then(resolve, reject);
  });
}

/** @param {MockRequest} request */
export function needsJson({ headers }) {
  if (accepts(headers.get('accept'), 'application/json')) return;
  throw new Refusal(406, { code: 'not_acceptable', message: 'The Accept header allows none of the media types that this path can answer with.', hint: 'Accept application/json.' });
}

/** @param {MockRequest} request @returns {any} */
export function bodyOf({ headers, text }) {
  const type = headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) throw new Refusal(415, { code: 'unsupported_media_type', message: `The Content-Type is ${type || 'missing'}.`, hint: 'Send application/json.' });
  const body = parsed(text);
  if (body === undefined) throw new Refusal(400, { code: 'malformed_json', message: 'The request body is not valid JSON.', hint: 'Send one JSON object in UTF-8.' });
  return body;
}

/** @param {string} text @returns {any} undefined if it is not JSON */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same text for equal values, whatever the order of their fields. @param {unknown} value @returns {string} */
export function canonicalJson(value) {
  return JSON.stringify(value, (_, part) => (part !== null && typeof part === 'object' && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part));
}

/** @param {MockRequest} request @param {StreamLog} stream @returns {number} 0 for none */
export function cursorOf({ headers, url }, stream) {
  const cursor = Number(headers.get('last-event-id') ?? url.searchParams.get('cursor') ?? 0);
  return Number.isSafeInteger(cursor) && cursor > 0 && cursor <= stream.cursor ? cursor : 0;
}
