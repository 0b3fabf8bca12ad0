import { ApiError } from '../errors.js';

/**
 * One answer of the assistant as a value: the sum of all events up to a cursor. It is plain JSON, so a page can store it
 * and continue after its cursor after a reload.
 *
 * @import { Failure, StreamState, Usage } from '../client.js'
 * @import { LmStudioError } from '../errors.js'
 *
 * @typedef {object} Turn
 * @property {string|null} streamId null until the server has accepted the request
 * @property {string|null} modelId the requested model, later the one that answers
 * @property {number} cursor the last entry that this value includes
 * @property {string} text
 * @property {string} reasoning
 * @property {ToolCall[]} toolCalls what the model asked for. It is shown, and never run
 * @property {'completed'|'failed'|'cancelled'|null} outcome null while the answer is running
 * @property {TurnFailure|null} error why the answer failed; while outcome is null, the reason why reading failed
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
 * @property {number|null} reasoningAt when the reasoning began, in epoch milliseconds
 * @property {number|null} reasoningMs how long the model reasoned; null until the answer itself began
 * @property {number} tokens number of deltas with text or reasoning since the last reset
 *
 * @typedef {{id: string, name: string, arguments: string}} ToolCall arguments is JSON text, and may be incomplete while the
 *   answer is running
 *
 * @typedef {Failure & {requestId?: string|null, retryAt?: number|null, details?: {field: string, message: string}[]}} TurnFailure
 *
 * @typedef {Record<string, any> & {cursor: number}} EventPayload
 */

/** The fields that a reset clears. @satisfies {Partial<Turn>} */
const EMPTY = { text: '', reasoning: '', toolCalls: [], tokens: 0, firstTokenAt: null, reasoningAt: null, reasoningMs: null };

/**
 * Returns the turn of an answer of which nothing has been received.
 *
 * @param {{modelId?: string|null, sentAt?: number|null, streamId?: string|null}} [start]
 * @returns {Turn}
 */
export function newTurn({ modelId = null, sentAt = null, streamId = null } = {}) {
  return {
    streamId, modelId, sentAt,
    cursor: 0, ...EMPTY,
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
 * Replaces the turn by the server's complete state. Used after a gap, for a snapshot, and after a cancel. The state does
 * not tell when tokens came and how many: this page measures when it sees them, and takes the entries for tokens.
 *
 * @param {Turn} turn
 * @param {StreamState} state
 * @param {number} now epoch milliseconds
 * @returns {Turn}
 */
export function applyState(turn, state, now) {
  const next = {
    ...turn,
    text: state.content ?? '',
    reasoning: state.reasoning ?? '',
    toolCalls: withFragments([], state.tool_calls?.map((call, index) => ({ ...call, index }))),
  };
  const answered = next.text !== '' || next.toolCalls.length > 0;
  const grew = next.text.length + next.reasoning.length > turn.text.length + turn.reasoning.length;
  return {
    ...next,
    cursor: state.cursor,
    modelId: state.model_id ?? turn.modelId,
    tokens: turn.tokens + (grew ? state.cursor - turn.cursor : 0),
    firstTokenAt: turn.firstTokenAt ?? (isEmptyTurn(next) ? null : now),
    // How long the model reasoned is unknown if the answer itself has begun, too.
    reasoningAt: turn.reasoningAt ?? (next.reasoning !== '' && !answered ? now : null),
    ...(answered ? reasoned(turn, now) : {}),
    finishReason: state.finish_reason ?? null,
    usage: state.usage ?? null,
    error: state.error ?? null,
    outcome: isRunning(state) ? null : /** @type {Turn['outcome']} */ (state.status),
    progress: state.status === 'queued' ? { phase: 'queued' } : null,
  };
}

/** Returns whether the model has said nothing. @param {Turn} turn */
export function isEmptyTurn({ text, reasoning, toolCalls }) {
  return text === '' && reasoning === '' && toolCalls.length === 0;
}

/** Returns whether the stream has not ended. @param {StreamState} state */
export function isRunning({ status }) {
  return status === 'running' || status === 'queued';
}

/** Returns why an answer failed, as a turn keeps it. @param {LmStudioError} error @returns {TurnFailure} */
export function failureOf(error) {
  const { details = [], requestId = null } = error instanceof ApiError ? error : {};
  return { code: error.code, message: error.message, hint: error.hint, details, requestId };
}

/** @type {Record<string, (turn: Turn, payload: EventPayload, now: number) => Partial<Turn>>} */
const APPLY = {
  progress: (_, { phase, progress, position }) => ({ progress: { phase, progress, position } }),
  delta: (turn, { content, reasoning, tool_calls }, now) => ({
    text: turn.text + (content ?? ''),
    reasoning: turn.reasoning + (reasoning ?? ''),
    toolCalls: withFragments(turn.toolCalls, tool_calls),
    tokens: turn.tokens + (content || reasoning ? 1 : 0),
    firstTokenAt: turn.firstTokenAt ?? now,
    reasoningAt: turn.reasoningAt ?? (reasoning ? now : null),
    ...(content || tool_calls ? reasoned(turn, now) : {}),
    progress: null,
  }),
  reset: (_, { reason }) => ({ ...EMPTY, reset: { reason }, progress: null }),
  downgraded: (_, { reason, attempts }) => ({ downgraded: { reason, attempts } }),
  completed: (turn, { finish_reason, usage, stats, warnings }, now) => ({
    ...reasoned(turn, now),
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

/** @param {Turn} turn @param {number} now @returns {Partial<Turn>} */
function reasoned({ reasoningAt, reasoningMs }, now) {
  return { reasoningMs: reasoningMs ?? (reasoningAt === null ? null : now - reasoningAt) };
}

/**
 * @param {ToolCall[]} calls
 * @param {unknown} fragments the pieces of one delta, each with the index of its call
 * @returns {ToolCall[]}
 */
function withFragments(calls, fragments) {
  if (!Array.isArray(fragments)) return calls;
  const next = [...calls];
  for (const fragment of fragments.filter((one) => typeof one === 'object' && one !== null)) {
    const index = Number.isInteger(fragment.index) ? fragment.index : 0;
    // An index far beyond the end would create an endless list of empty calls.
    const at = Math.min(Math.max(index, 0), next.length);
    const known = next[at] ?? { id: '', name: '', arguments: '' };
    const [id, name, given] = [fragment.id, fragment.function?.name, fragment.function?.arguments].map((value) => (typeof value === 'string' ? value : ''));
    next[at] = { id: known.id || id, name: name === known.name ? known.name : known.name + name, arguments: known.arguments + given };
  }
  return next;
}
