// A crowd of clients, each doing one scenario after the other, chosen by chance from a seed.
import { pause } from '../base/clock.mjs';
import { randomFrom } from '../base/script.mjs';
import { Client } from './client.mjs';
import * as faults from './fault-scenarios.mjs';
import * as scenarios from './scenarios.mjs';

const LIMIT_MS = 180_000;
const OFTEN = { steady: 6, reconnecting: 5 };
const CHOICES = Object.entries({ ...scenarios, ...faults }).flatMap(([name, run]) => Array.from({ length: OFTEN[name] ?? 1 }, () => ({ name, run })));

export class Actors {
  /** @param world war, upstream; onWrong gets what must never be */
  constructor({ war, upstream, seed, onWrong }) {
    Object.assign(this, { war, upstream, seed, onWrong });
    this.counts = { tokens: 0, reconnects: 0, snapshots: 0 };
    this.scenarios = {};
    this.delays = [];
    this.stopping = false;
  }

  count = (name, by) => { this.counts[name] += by; };
  onDelay = (ms) => { this.delays.push(ms); };

  begin(number) {
    this.all = Array.from({ length: number }, (_, i) => this.act(randomFrom(this.seed * 10_000 + i)));
  }

  async act(random) {
    const client = new Client({ war: this.war, upstream: this.upstream, random, onDelay: this.onDelay, count: this.count });
    await pause(random() * 3000);
    while (!this.stopping) {
      const { name, run } = CHOICES[Math.floor(random() * CHOICES.length)];
      const limit = new AbortController();
      try {
        await Promise.race([run(client), pauseUnless(LIMIT_MS, limit.signal)]);
      } catch (error) {
        this.onWrong({ scenario: name, what: error.message });
      } finally {
        limit.abort();
      }
      this.scenarios[name] = (this.scenarios[name] ?? 0) + 1;
    }
  }

  /** Lets each finish what it does. */
  async end() {
    this.stopping = true;
    await Promise.all(this.all);
  }

  /** The delays since it was asked last. */
  takeDelays() {
    const taken = this.delays;
    this.delays = [];
    return taken;
  }
}

const pauseUnless = (ms, signal) => new Promise((_, reject) => {
  const timer = setTimeout(() => reject(new Error(`not over after ${ms} ms`)), ms);
  signal.addEventListener('abort', () => clearTimeout(timer));
});
