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
