/** A clock that only moves when the test says so. */
export class ManualClock {
  time = 1_000_000;
  /** @type {Set<{at: number, run: () => void}>} */
  #timers = new Set();

  now = () => this.time;

  /** @param {number} ms @param {() => void} run */
  after = (ms, run) => {
    const timer = { at: this.time + ms, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  /** Due times of what waits, soonest first, as milliseconds from now. */
  get waiting() {
    return [...this.#timers].map(({ at }) => at - this.time).sort((a, b) => a - b);
  }

  /** Calls what becomes due, in the order of time, timers that a call sets included. @param {number} ms */
  advance(ms) {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due);
      this.time = Math.max(this.time, due.at);
      due.run();
    }
    this.time = end;
  }
}
