/**
 * Time, so that tests can hold it still.
 *
 * @typedef {object} Clock
 * @property {() => number} now epoch milliseconds
 * @property {(ms: number, run: () => void) => () => void} after runs once after so many milliseconds; answers what takes it back
 */

/** @type {Clock} */
export const systemClock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
