/**
 * Small observable values, and the state machine of a conversation.
 */

/**
 * @template T
 * @typedef {object} ReadableAtom
 * @property {() => T} get
 * @property {(listener: (value: T) => void) => () => void} subscribe calls at once and after every change; answers what
 *   ends it. A listener that throws is reported and harms nobody else.
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

/** From each status, what may come next. Stopping may lose the race against the end, so `cancelled` can be corrected.
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
 * @returns {Atom<Status>} whose `set` throws on a step that the machine does not know
 */
export function statusAtom(initial = 'idle') {
  const status = atom(initial);
  return {
    ...status,
    set(next) {
      const current = status.get();
      if (next !== current && !TRANSITIONS[current].includes(next)) throw new Error(`No step from ${current} to ${next}.`);
      status.set(next);
    },
  };
}

/** @param {Status} status whether a request or a stream is under way */
export function isBusy(status) {
  return status !== 'idle' && !ENDS.includes(status);
}
