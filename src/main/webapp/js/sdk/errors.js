/**
 * What can go wrong, as types: {@link ApiError} is an answer of the server, {@link NetworkError} is no answer,
 * {@link ProtocolError} is an answer that the contract does not know.
 */

/** The root of all errors of this SDK. */
export class LmStudioError extends Error {
  /**
   * @param {string} code machine-readable, stable
   * @param {string} message what failed
   * @param {string} [hint] what to do next; empty if there is nothing to say
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, hint = '', options) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
  }
}

/** The server could not be reached, or the connection broke. */
export class NetworkError extends LmStudioError {
  /** @param {string} message @param {ErrorOptions} [options] */
  constructor(message, options) {
    super('network_error', message, 'Check that the server is running and that this device can reach it.', options);
  }
}

/** The answer is not what the HTTP contract says: a proxy, another server, or a damaged stream. */
export class ProtocolError extends LmStudioError {
  /** @param {string} message @param {ErrorOptions} [options] */
  constructor(message, options) {
    super('protocol_error', message, 'Something between this page and the server may have changed the answer.', options);
  }
}

/**
 * @typedef {object} ApiErrorFields
 * @property {number} status HTTP status
 * @property {string} code
 * @property {string} message
 * @property {boolean} [foreign] the answer has no envelope, so it is not the WAR's
 * @property {string} [hint]
 * @property {{field: string, message: string}[]} [details] every wrong field, for `validation_failed`
 * @property {string|null} [requestId] names the request in the server's log
 * @property {number|null} [retryAfterMs] how long the server asks to wait; null if it does not say
 */

/** The server answered with an error. */
export class ApiError extends LmStudioError {
  /** @param {ApiErrorFields} fields */
  constructor({ status, code, message, foreign = false, hint, details = [], requestId = null, retryAfterMs = null }) {
    super(code, message, hint);
    this.status = status;
    this.foreign = foreign;
    this.details = details;
    this.requestId = requestId;
    this.retryAfterMs = retryAfterMs;
  }
}

const RETRYABLE_STATUSES = new Set([408, 429, 500, 502, 503, 504]);
const PERMANENT_CODES = new Set(['feature_disabled', 'not_configured']);

/**
 * Whether the same call may work a little later without anybody changing anything. What did not come from the WAR at all
 * counts as such, whatever its status: a proxy, or a server whose application is not deployed yet, which answers 404.
 *
 * @param {unknown} error
 */
export function isRetryable(error) {
  if (error instanceof ApiError) {
    return error.foreign || (RETRYABLE_STATUSES.has(error.status) && !PERMANENT_CODES.has(error.code));
  }
  return error instanceof NetworkError || error instanceof ProtocolError;
}
