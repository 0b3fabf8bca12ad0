/**
 * How long to wait before the next try: what the server asked for, else a first pause that doubles up to a limit (and is
 * never shortened by it), with up to a quarter of jitter on top so that many pages do not come back in the same moment.
 *
 * @param {object} options
 * @param {number} options.attempt 1 for the first pause after a connection that worked
 * @param {number} [options.baseMs] the first pause, 1 s by default (the stream's `retry:`)
 * @param {number} [options.maxMs] 10 s by default: well below the minute after which a stream without listener is cancelled
 * @param {number|null} [options.retryAfterMs] what the server asked for; obeyed up to a minute
 * @param {() => number} [options.random] 0 to 1
 * @returns {number} milliseconds
 */
export function backoff({ attempt, baseMs = 1000, maxMs = 10_000, retryAfterMs = null, random = Math.random }) {
  if (retryAfterMs !== null) return Math.min(retryAfterMs, 60_000);
  return Math.max(baseMs, Math.min(maxMs, baseMs * 2 ** (attempt - 1))) * (1 + random() / 4);
}
