/** Milliseconds since the epoch, finer than a millisecond: comparable between the processes of one machine. */
export const now = () => performance.timeOrigin + performance.now();

/** @param {number} ms */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The q-th quantile to a tenth, null of nothing. @param {number[]} values @param {number} q */
export const quantile = (values, q) => {
  const sorted = Float64Array.from(values).sort();
  return sorted.length ? Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] * 10) / 10 : null;
};

/** Tries until the answer is truthy; an exception counts as no. @template T @param {string} what @param {() => Promise<T>|T} check @returns {Promise<T>} */
export const until = async (what, check, { seconds = 120, every = 100 } = {}) => {
  let last;
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(every)) {
    try {
      const answer = await check();
      if (answer) return answer;
    } catch (error) {
      if (error instanceof Gone) throw error;
      last = error;
    }
  }
  throw new Error(`${what}: not so after ${seconds} s`, { cause: last });
};

/** What is waited for can never come any more. */
export class Gone extends Error {}
