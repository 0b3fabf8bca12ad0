import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createClient } from '../../../main/webapp/js/sdk/client.js';
import { createMockServer } from '../../../main/webapp/js/sdk/mocks/index.js';
import { atom } from '../../../main/webapp/js/sdk/store/atom.js';
import { Chat } from '../../../main/webapp/js/sdk/store/chat.js';
import { newConversation } from '../../../main/webapp/js/sdk/store/conversation.js';
import { TRANSITIONS, isBusy } from '../../../main/webapp/js/sdk/store/status.js';
import { ManualClock } from '../mock/manual-clock.js';

/**
 * @import { Status } from '../../../main/webapp/js/sdk/store/status.js'
 * @import { StreamLog } from '../../../main/webapp/js/sdk/mocks/index.js'
 */

/** Exceptions of listeners, which the atoms report. @type {unknown[]} */
let reported;
/** @type {unknown[]} */
let rejected;
const onRejection = (/** @type {unknown} */ reason) => void rejected.push(reason);

beforeEach(() => {
  reported = [];
  rejected = [];
  vi.stubGlobal('reportError', (/** @type {unknown} */ error) => reported.push(error));
  process.on('unhandledRejection', onRejection);
});
afterEach(() => void process.off('unhandledRejection', onRejection));

/** Lets everything happen that waits for nothing but promises. */
async function settle() {
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** A page in front of a server, and what is to be observed of both. */
class World {
  clock = new ManualClock();
  offline = atom(false);
  mock = createMockServer({ clock: this.clock, retryMs: 100 });
  restarts = 0;
  ids = 0;
  /** @type {string[]} */
  wrong = [];
  /** @type {Map<string, number>} how many generations each key has started */
  started = new Map();
  /** The actions that have not ended. @type {Set<string>} */
  pending = new Set();
  count = 0;

  constructor() {
    const client = createClient({
      accessToken: this.mock.token, offline: this.offline,
      fetch: async (address, init) => {
        if (this.offline.get()) this.wrong.push(`${init?.method} ${address} was sent while offline.`);
        return this.mock.fetch(address, init);
      },
    });
    this.mock.answer = () => {
      const key = this.mock.requests.at(-1)?.headers['idempotency-key'] ?? '';
      this.started.set(key, (this.started.get(key) ?? 0) + 1);
    };
    this.chat = new Chat({
      client, clock: this.clock, random: () => 0, newId: () => `x${this.ids++}`,
      conversation: newConversation({ id: 'c', at: this.clock.now() }),
    });
    this.watch();
  }

  /** Checks that what has ended stays as it is. Only a stop can be corrected, by what the server had finished before. */
  watch() {
    /** @type {Map<string, Status>} */
    const last = new Map();
    this.chat.conversation.subscribe(({ nodes }) => {
      for (const { id, role } of Object.values(nodes)) {
        if (role !== 'assistant') continue;
        const [before, now] = [last.get(id) ?? 'idle', this.chat.statusOf(id)];
        last.set(id, now);
        if (now !== before && ['done', 'cancelled'].includes(before) && !TRANSITIONS[before].includes(now)) this.wrong.push(`${id}: ${before} was followed by ${now}.`);
      }
    });
  }

  /** @param {string} name @param {Promise<unknown>} action */
  act(name, action) {
    const id = `${name} ${this.count++}`;
    this.pending.add(id);
    action.catch((error) => void this.wrong.push(`${id} threw ${error?.stack ?? error}`)).finally(() => this.pending.delete(id));
  }

  get running() {
    return [...this.mock.streams.values()].filter((stream) => stream.running);
  }

  get nodes() {
    return Object.values(this.chat.conversation.get().nodes);
  }

  /** Brings everything to its end. */
  async finish() {
    this.mock.heal();
    this.offline.set(false);
    this.act('resume', this.chat.resume());
    // Long enough to repeat what was not delivered, and too short for the server to cancel a stream by itself.
    for (let i = 0; i < 4; i++) {
      await settle();
      this.clock.advance(12_000);
    }
    await settle();
    for (const { id, ...node } of this.nodes) {
      if (node.role !== 'assistant' || node.turn.outcome !== 'cancelled' || node.turn.error !== null) continue;
      if (this.mock.streams.get(node.turn.streamId ?? '')?.running) this.wrong.push(`${id} was stopped, but the server goes on.`);
    }
    for (let i = 0; i < 80 && (i < 3 || this.pending.size > 0); i++) {
      await settle();
      for (const stream of this.running) stream.complete();
      this.clock.advance(15_000);
    }
    await settle();
  }
}

/** @type {Record<string, (world: World, pick: number) => void>} */
const STEPS = {
  send: (world, pick) => world.act('send', world.chat.send(`Question ${pick}`, pick % 4 === 0 ? { models: ['a', 'b'] } : {})),
  stop: (world) => world.act('stop', world.chat.stop()),
  stopAll: (world) => world.act('stopAll', world.chat.stopAll()),
  retry: (world) => world.act('retry', world.chat.retry()),
  regenerate: (world) => world.act('regenerate', world.chat.regenerate()),
  continueAnswer: (world) => world.act('continueAnswer', world.chat.continueAnswer()),
  resume: (world) => world.act('resume', world.chat.resume()),
  edit: (world, pick) => world.act('edit', world.chat.edit(world.nodes[pick % (world.nodes.length || 1)]?.id ?? '', `Edited ${pick}`)),
  select: (world, pick) => world.chat.select(world.nodes[pick % (world.nodes.length || 1)]?.id ?? ''),
  clear: (world) => world.act('clear', world.chat.clear()),
  detach: (world) => world.chat.detach(),
  wake: (world) => world.chat.wake(),
  offline: (world) => world.offline.set(true),
  online: (world) => world.offline.set(false),
  delta: (world, pick) => deliver(world, pick, (stream) => stream.deltas('text ')),
  reasoning: (world, pick) => deliver(world, pick, (stream) => stream.append('delta', { reasoning: 'Hm. ' })),
  progress: (world, pick) => deliver(world, pick, (stream) => stream.append('progress', { phase: 'queued', position: 1 })),
  reset: (world, pick) => deliver(world, pick, (stream) => stream.append('reset', { reason: 'break' })),
  complete: (world, pick) => deliver(world, pick, (stream) => stream.complete()),
  fail: (world, pick) => deliver(world, pick, (stream) => stream.fail({ code: 'upstream_error' })),
  cancelElsewhere: (world, pick) => deliver(world, pick, (stream) => stream.cancel()),
  forget: (world, pick) => deliver(world, pick, (stream) => stream.forget(stream.cursor)),
  cut: (world) => world.mock.cutAll(),
  cutNext: (world, pick) => void world.mock.cuts.push(pick),
  loseAnswer: (world, pick) => world.mock.disconnect(['POST', 'GET', 'DELETE'][pick % 3], /./, { afterwards: pick % 2 === 0 }),
  refuse: (world, pick) => world.mock.fail(['POST', 'GET', 'DELETE'][pick % 3], /./, [429, 502, 403, 422][pick % 4], { code: 'refused' }, pick % 4 === 0 ? { 'retry-after': '2' } : {}),
  down: (world) => world.mock.goDown(),
  up: (world) => world.mock.comeBack(),
  hold: (world) => world.mock.hold(),
  release: (world) => world.mock.release(),
  restart: (world) => {
    world.restarts++;
    world.mock.restart();
  },
  pass: (world, pick) => world.clock.advance(pick * 50),
};

/** @param {World} world @param {number} pick @param {(stream: StreamLog) => void} write */
function deliver({ running }, pick, write) {
  if (running.length > 0) write(running[pick % running.length]);
}

/** Each step, and whether everything happens that it causes before the next one. */
const step = fc.tuple(
  fc.oneof({ weight: 1, arbitrary: fc.constantFrom(...Object.keys(STEPS)) }, { weight: 1, arbitrary: fc.constantFrom('send', 'delta', 'complete', 'stop', 'retry', 'pass') }),
  fc.nat(200), fc.boolean(),
);

it('anyOrderOfActionsEventsAndFaults_endsInALegalState', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
    reported = [];
    rejected = [];
    const world = new World();
    for (const [name, pick, waits] of steps) {
      STEPS[name](world, pick);
      if (waits) await settle();
    }
    await world.finish();
    const { wrong, pending } = world;
    expect({ reported, rejected, wrong, pending: [...pending] }).toEqual({ reported: [], rejected: [], wrong: [], pending: [] });
    expect(isBusy(world.chat.status.get())).toBe(false);
    expect(world.chat.running).toBe(false);
    expect(world.chat.retryAt.get()).toBeNull();
    for (const { id, role } of world.nodes) {
      if (role === 'assistant') expect(['done', 'failed', 'cancelled']).toContain(world.chat.statusOf(id));
    }
    // A server that was restarted does not know the keys from before.
    for (const count of world.started.values()) expect(count).toBeLessThanOrEqual(1 + world.restarts);
    world.chat.detach();
  }), { numRuns: 150 });
});
