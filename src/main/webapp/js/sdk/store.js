/**
 * Small observable values, and the state machine of a conversation.
 */

/**
 * @template T
 * @typedef {object} ReadableAtom
 * @property {() => T} get
 * @property {(listener: (value: T) => void) => () => void} subscribe calls the listener at once and after every change;
 *   returns a function that unsubscribes. An exception of one listener is reported and does not affect the others.
 */

/**
 * @template T
 * @typedef {ReadableAtom<T> & {set: (value: T) => void}} Atom
 */

/**
 * @template T
 * @param {T} value
 * @returns {Atom<T>}
 */
export function atom(value) {
  /** @type {Set<(value: T) => void>} */
  const listeners = new Set();
  /** @param {(value: T) => void} listener */
  const tell = (listener) => {
    try {
      listener(value);
    } catch (error) {
      reportError(error);
    }
  };
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      [...listeners].forEach(tell);
    },
    subscribe(listener) {
      listeners.add(listener);
      tell(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * @typedef {'idle'|'connecting'|'waiting'|'streaming'|'reconnecting'|'offline'|'done'|'failed'|'cancelled'} Status
 */

/** @type {Status[]} */
const ENDS = ['done', 'failed', 'cancelled'];
/** @type {Status[]} */
const READING = ['waiting', 'streaming', 'reconnecting', 'offline'];

/** The statuses that may follow each status. A stop may come after the end, so `cancelled` can be corrected.
 * @type {Record<Status, Status[]>} */
export const TRANSITIONS = {
  idle: ['connecting'],
  connecting: [...READING, ...ENDS],
  waiting: [...READING, ...ENDS],
  streaming: [...READING, ...ENDS],
  reconnecting: [...READING, ...ENDS],
  offline: [...READING, ...ENDS],
  done: ['idle', 'connecting'],
  failed: ['idle', 'connecting'],
  cancelled: ['idle', 'connecting', 'done', 'failed'],
};

/**
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
  return status !== 'idle' && !ENDS.includes(status);
}
