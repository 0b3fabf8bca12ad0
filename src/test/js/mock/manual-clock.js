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

  /** @param {number} ms */
  advance(ms) {
    this.time += ms;
    for (const timer of [...this.#timers].filter(({ at }) => at <= this.time)) {
      this.#timers.delete(timer);
      timer.run();
    }
  }
}
