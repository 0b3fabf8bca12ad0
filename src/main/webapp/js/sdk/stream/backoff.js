/**
 * Returns how long to wait before the next attempt. This is the time that the server asked for. Without it, the first
 * pause is doubled for each attempt up to a limit. Up to a quarter of random jitter is added, so that many pages do not
 * reconnect at the same moment.
 *
 * @param {object} options
 * @param {number} options.attempt 1 for the first pause after a working connection
 * @param {number} [options.baseMs] the first pause; default 1 s (the stream's `retry:`)
 * @param {number} [options.maxMs] the longest pause; default 10 s, well below the minute after which a stream without a
 *   listener is cancelled
 * @param {number|null} [options.retryAfterMs] the time that the server asked for; at most a minute is waited
 * @param {() => number} [options.random] returns a number from 0 to 1
 * @returns {number} milliseconds
 */
export function backoff({ attempt, baseMs = 1000, maxMs = 10_000, retryAfterMs = null, random = Math.random }) {
  if (retryAfterMs !== null) return Math.min(retryAfterMs, 60_000);
  return Math.max(baseMs, Math.min(maxMs, baseMs * 2 ** (attempt - 1))) * (1 + random() / 4);
}
