/**
 * One answer of the assistant as a value: the sum of all events up to a cursor. It is plain JSON, so a page can store it
 * and continue after its cursor after a reload.
 *
 * @import { Failure, StreamState, Usage } from './client.js'
 *
 * @typedef {object} Turn
 * @property {string|null} streamId null until the server has accepted the request
 * @property {string|null} modelId the requested model, later the one that answers
 * @property {number} cursor the last entry that this value includes
 * @property {string} text
 * @property {string} reasoning
 * @property {'completed'|'failed'|'cancelled'|null} outcome null while the answer is running
 * @property {TurnFailure|null} error why the answer failed; if outcome is null: why reading failed
 * @property {string|null} finishReason
 * @property {Usage|null} usage
 * @property {{time_to_first_token_ms?: number, tokens_per_second?: number}|null} stats the server's figures
 * @property {string[]} warnings
 * @property {{reason: string, attempts?: number}|null} downgraded
 * @property {{reason: string}|null} reset
 * @property {{phase: string, progress?: number, position?: number}|null} progress what the stream waits for: its share
 *   (0 to 1) if the server knows it, and in the queue its position (1 is the next)
 * @property {string|null} cancelledBy client, listener_gone or shutdown
 * @property {number|null} sentAt epoch milliseconds; null if the request was sent elsewhere
 * @property {number|null} firstTokenAt epoch milliseconds
 * @property {number} tokens number of deltas with text since the last reset
 *
 * @typedef {Failure & {requestId?: string|null, retryAt?: number|null, details?: {field: string, message: string}[]}} TurnFailure
 *
 * @typedef {Record<string, any> & {cursor: number}} EventPayload
 */

/**
 * @param {{modelId?: string|null, sentAt?: number|null, streamId?: string|null}} [start]
 * @returns {Turn}
 */
export function newTurn({ modelId = null, sentAt = null, streamId = null } = {}) {
  return {
    streamId, modelId, sentAt,
    cursor: 0, text: '', reasoning: '', tokens: 0, firstTokenAt: null,
    outcome: null, error: null, finishReason: null, usage: null, stats: null, warnings: [],
    downgraded: null, reset: null, progress: null, cancelledBy: null,
  };
}

/**
 * Applies the entry that follows the turn's cursor. An event of an unknown name only moves the cursor.
 *
 * @param {Turn} turn
 * @param {string} type
 * @param {EventPayload} payload
 * @param {number} now epoch milliseconds
 * @returns {Turn}
 */
export function applyEvent(turn, type, payload, now) {
  const next = { ...turn, cursor: payload.cursor, modelId: payload.model_id ?? turn.modelId };
  const apply = APPLY[type];
  return apply ? { ...next, ...apply(next, payload, now) } : next;
}

/**
 * Replaces the turn by the server's whole state: after a gap, for a snapshot, and for the answer to a cancel.
 *
 * @param {Turn} turn
 * @param {StreamState} state
 * @returns {Turn}
 */
export function applyState(turn, state) {
  return {
    ...turn,
    cursor: state.cursor,
    modelId: state.model_id ?? turn.modelId,
    text: state.content ?? '',
    reasoning: state.reasoning ?? '',
    finishReason: state.finish_reason ?? null,
    usage: state.usage ?? null,
    error: state.error ?? null,
    outcome: state.status === 'running' || state.status === 'queued' ? null : state.status,
    progress: null,
  };
}

/** @type {Record<string, (turn: Turn, payload: EventPayload, now: number) => Partial<Turn>>} */
const APPLY = {
  progress: (_, { phase, progress, position }) => ({ progress: { phase, progress, position } }),
  delta: (turn, { content, reasoning }, now) => ({
    text: turn.text + (content ?? ''),
    reasoning: turn.reasoning + (reasoning ?? ''),
    tokens: turn.tokens + (content ? 1 : 0),
    firstTokenAt: turn.firstTokenAt ?? now,
    progress: null,
  }),
  reset: (_, { reason }) => ({ reset: { reason }, text: '', reasoning: '', tokens: 0, firstTokenAt: null, progress: null }),
  downgraded: (_, { reason, attempts }) => ({ downgraded: { reason, attempts } }),
  completed: (_, { finish_reason, usage, stats, warnings }) => ({
    outcome: 'completed',
    finishReason: finish_reason ?? null,
    usage: usage ?? null,
    stats: stats ?? null,
    warnings: warnings ?? [],
    progress: null,
  }),
  failed: (_, { error }) => ({ outcome: 'failed', error, progress: null }),
  cancelled: (_, { by }) => ({ outcome: 'cancelled', cancelledBy: by ?? null, progress: null }),
};
