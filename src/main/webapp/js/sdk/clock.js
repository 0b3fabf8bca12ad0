/**
 * The clock of the SDK. Tests replace it.
 *
 * @typedef {object} Clock
 * @property {() => number} now epoch milliseconds
 * @property {(ms: number, run: () => void) => () => void} after calls `run` once after `ms`; returns a function that
 *   cancels the call
 */

/** @type {Clock} */
export const systemClock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Waits, but ends with the signal's reason as soon as it is aborted.
 *
 * @param {Clock} clock @param {number} ms @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function pause(clock, ms, signal) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const aborted = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', aborted);
      resolve();
    });
    signal.addEventListener('abort', aborted);
  });
}
