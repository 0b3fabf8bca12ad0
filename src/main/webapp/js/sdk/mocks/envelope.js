/**
 * The envelopes of the HTTP API.
 *
 * @typedef {{code: string, message?: string, hint?: string, details?: object[]}} ErrorBody
 */

/** An error answer, thrown by the parts of the mock server. */
export class Refusal extends Error {
  /** @param {number} status @param {ErrorBody} error @param {Record<string, string>} [headers] */
  constructor(status, error, headers = {}) {
    super(error.message ?? error.code);
    this.status = status;
    this.error = error;
    this.headers = headers;
  }
}

/** @param {number} status @param {object} body @param {Record<string, string>} [headers] */
export function json(status, body, headers = {}) {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers } });
}

/** @param {number} status @param {string} requestId @param {any} data @param {{headers?: Record<string, string>, meta?: object}} [more] */
export function success(status, requestId, data, { headers = {}, meta = {} } = {}) {
  return json(status, { status: 'success', data, meta: { request_id: requestId, ...meta } }, { 'x-request-id': requestId, ...headers });
}

/** @param {Refusal} refusal @param {string} requestId */
export function failure({ status, error, headers }, requestId) {
  const body = { status: 'error', error: { message: error.code, hint: '', ...error }, meta: { request_id: requestId } };
  return json(status, body, { 'x-request-id': requestId, ...headers });
}

/** @param {import('./validation.js').Detail[]} details @returns {Refusal} */
export function wrongFields(details) {
  const [{ field, message }] = details;
  const what = field === '' ? `The body ${message}` : `${field}: ${message}`;
  return details.length === 1
    ? new Refusal(422, { code: 'validation_failed', message: what, hint: 'Correct this field, and send the request again.', details })
    : new Refusal(422, {
      code: 'validation_failed',
      message: `${details.length} fields are wrong; the first is ${field}: ${message}`,
      hint: 'Correct the fields that details lists, and send the request again.',
      details,
    });
}

/** Returns whether an Accept header allows a media type. @param {string|null} accept @param {string} type */
export function accepts(accept, type) {
  if (accept === null || accept.trim() === '') return true;
  const [group] = type.split('/');
  return accept.split(',').map((range) => range.split(';')[0].trim().toLowerCase()).some((range) => ['*/*', `${group}/*`, type].includes(range));
}
