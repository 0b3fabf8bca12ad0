/**
 * The errors of this SDK:
 *
 * - {@link ApiError}: the server responded with an error.
 * - {@link NetworkError}: there was no response, or the connection broke.
 * - {@link ProtocolError}: the response does not follow the HTTP API.
 * - {@link OfflineError}: the offline switch is on, so nothing was sent.
 */

/** The root of all errors of this SDK. */
export class LmStudioError extends Error {
  /**
   * @param {string} code machine-readable, stable
   * @param {string} message what failed
   * @param {string} [hint] what to do next; may be empty
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

/** The response does not follow the HTTP API: a proxy or another server sent it, or the stream is damaged. */
export class ProtocolError extends LmStudioError {
  /** @param {string} message @param {ErrorOptions} [options] */
  constructor(message, options) {
    super('protocol_error', message, 'Check whether a proxy between this page and the server changes the answer, then reload the page.', options);
  }
}

/** The offline switch is on, so nothing was sent. */
export class OfflineError extends LmStudioError {
  /** @param {string} message */
  constructor(message) {
    super('offline', message, 'Switch offline mode off, then try again.');
  }
}

/**
 * @typedef {object} ApiErrorFields
 * @property {number} status HTTP status
 * @property {string} code
 * @property {string} message
 * @property {boolean} [foreign] true if the response has no envelope, because a proxy or another server sent it and not the WAR
 * @property {string} [hint]
 * @property {{field: string, message: string}[]} [details] every wrong field, for `validation_failed`
 * @property {string|null} [requestId] identifies the request in the server's log
 * @property {number|null} [retryAfterMs] how long the server asks the client to wait; null if it does not ask
 */

/** The server responded with an error. */
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
 * Returns whether the same call may succeed later without a change. This is also true for every error response that does
 * not come from the WAR, whatever its status: a proxy sent it, or a server on which the WAR is not deployed yet.
 *
 * @param {unknown} error
 */
export function isRetryable(error) {
  if (error instanceof ApiError) {
    return error.foreign || (RETRYABLE_STATUSES.has(error.status) && !PERMANENT_CODES.has(error.code));
  }
  return error instanceof NetworkError || error instanceof ProtocolError;
}
