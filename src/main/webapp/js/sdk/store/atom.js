/**
 * Small observable values.
 *
 * @template T
 * @typedef {object} ReadableAtom
 * @property {() => T} get
 * @property {(listener: (value: T) => void) => () => void} subscribe calls the listener at once and after every change;
 *   returns a function that unsubscribes. An exception thrown by a listener is reported and does not affect the
 *   others.
 */

/**
 * @template T
 * @typedef {ReadableAtom<T> & {set: (value: T) => void}} Atom
 */

/** Browsers report an error without stopping. Node has no such function. @param {unknown} error */
const report = (error) => (typeof reportError === 'function' ? reportError(error) : console.error(error));

/**
 * Returns an observable value. Setting the current value again does not call the listeners.
 *
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
      report(error);
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
 * Waits until a value fulfils a condition.
 *
 * @template T
 * @param {ReadableAtom<T>} source
 * @param {(value: T) => boolean} condition
 * @param {AbortSignal} [signal] ends the waiting without an error
 * @returns {Promise<void>} resolves at once if the condition holds already
 */
export function until(source, condition, signal) {
  return new Promise((resolve) => {
    let stop = () => {};
    let over = false;
    const end = () => {
      over = true;
      stop();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    if (signal?.aborted) return end();
    signal?.addEventListener('abort', end);
    stop = source.subscribe((value) => {
      if (!over && condition(value)) end();
    });
    if (over) stop();
  });
}
