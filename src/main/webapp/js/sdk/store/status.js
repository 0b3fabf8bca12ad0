import { atom } from './atom.js';
import { isEmptyTurn } from './turn.js';

/**
 * The state machine of one answer.
 *
 * @import { Atom } from './atom.js'
 * @import { Turn } from './turn.js'
 *
 * @typedef {'idle'|'connecting'|'waiting'|'streaming'|'reconnecting'|'offline'|'done'|'failed'|'cancelled'} Status
 *   `waiting` is the time before the first token, with progress. `offline`: the offline switch is on, or the device has no
 *   network and the last attempt failed.
 */

/** @type {Status[]} */
const ENDS = ['done', 'failed', 'cancelled'];
/** @type {Status[]} */
const RUNNING = ['connecting', 'waiting', 'streaming', 'reconnecting', 'offline'];
/** What may follow while a request or a stream is running. `idle` follows if its reader detaches. @type {Status[]} */
const NEXT = [...RUNNING, ...ENDS, 'idle'];

/**
 * The statuses that may follow each status. The server may have finished before a stop arrives, so `cancelled` may become
 * `done` or `failed`. An answer whose reading failed can be resumed.
 *
 * @type {Record<Status, Status[]>}
 */
export const TRANSITIONS = {
  idle: ['connecting', 'offline'],
  connecting: NEXT,
  waiting: NEXT,
  streaming: NEXT,
  reconnecting: NEXT,
  offline: NEXT,
  done: [],
  failed: ['connecting', 'offline'],
  cancelled: ['done', 'failed'],
};

/**
 * Returns an atom that allows only the transitions of {@link TRANSITIONS}.
 *
 * @param {Status} [initial]
 * @returns {Atom<Status>} its `set` throws if the transition is not allowed
 */
export function statusAtom(initial = 'idle') {
  const status = atom(initial);
  return {
    ...status,
    set(next) {
      const current = status.get();
      if (next !== current && !TRANSITIONS[current].includes(next)) throw new Error(`The status cannot change from ${current} to ${next}.`);
      status.set(next);
    },
  };
}

/** Returns whether a request or a stream is running. @param {Status} status */
export function isBusy(status) {
  return RUNNING.includes(status);
}

/** Returns the status of an answer that no request or stream is updating: `idle` if it can be resumed. @param {Turn} turn @returns {Status} */
export function statusAtRest(turn) {
  return turn.outcome === null && turn.error === null ? 'idle' : statusOf(turn);
}

/** Returns the status of an answer that has ended, or whose stream is connected. @param {Turn} turn @returns {Status} */
export function statusOf(turn) {
  const { outcome, error } = turn;
  if (outcome === 'completed') return 'done';
  if (outcome === 'cancelled') return 'cancelled';
  if (outcome === 'failed' || error !== null) return 'failed';
  return isEmptyTurn(turn) ? 'waiting' : 'streaming';
}
