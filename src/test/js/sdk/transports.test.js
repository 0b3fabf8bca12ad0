import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventSource } from 'eventsource';
import { createClient } from '../../../main/webapp/js/sdk/client.js';
import { newTurn } from '../../../main/webapp/js/sdk/store/turn.js';
import { StreamReading } from '../../../main/webapp/js/sdk/stream/reading.js';
import { sharedSlots } from '../../../main/webapp/js/sdk/stream/slots.js';
import { createTransports } from '../../../main/webapp/js/sdk/stream/transports.js';
import { ManualClock } from '../mock/manual-clock.js';
import { MockServer } from '../mock/mock-server.js';

/** @import { Turn } from '../../../main/webapp/js/sdk/store/turn.js' */

const server = new MockServer();
/** @type {import('../../../main/webapp/js/sdk/client.js').Client} */
let client;
/** @type {import('../../../main/webapp/js/sdk/mocks/stream-log.js').StreamLog} */
let log;
/** @type {ManualClock} */
let clock;
/** @type {StreamReading|null} */
let reading = null;

/** An `EventSource` that is signed in, as a browser's is by its cookie. */
class SignedInEventSource extends EventSource {
  /** @param {string} url */
  constructor(url) {
    super(url, { fetch: (address, init) => fetch(address, { ...init, headers: { ...init?.headers, authorization: `Bearer ${server.token}` } }) });
  }
}

beforeAll(() => server.listen());
afterAll(() => server.close());
beforeEach(async () => {
  clock = new ManualClock();
  client = createClient({ contextRoot: server.url, accessToken: server.token });
  const next = server.nextStream();
  await client.infer({ messages: [{ role: 'user', content: 'Hi' }] });
  log = await next;
});
afterEach(() => {
  reading?.detach();
  reading = null;
});

/** @param {() => void} assertion */
const eventually = (assertion) => vi.waitFor(assertion, { timeout: 20_000, interval: 2 });

/** @param {Partial<import('../../../main/webapp/js/sdk/stream/reading.js').ReadingOptions>} options @param {Partial<Turn>} [known] */
function read(options, known = {}) {
  const onTurn = vi.fn();
  const turn = { ...newTurn({ streamId: log.id }), ...known };
  const opened = new StreamReading({ client, clock, turn, onTurn, random: () => 0, ...options });
  reading = opened;
  return { done: opened.done, shown: () => /** @type {Turn} */ (onTurn.mock.lastCall?.[0] ?? turn) };
}

it('eventSource_isClosedWhenReadingEnds', async () => {
  const close = vi.spyOn(SignedInEventSource.prototype, 'close');
  const { shown } = read({ transports: createTransports(client, { clock, prefer: 'event-source', EventSource: /** @type {any} */ (SignedInEventSource) }) });
  log.deltas('Hello');
  await eventually(() => expect(shown().text).toBe('Hello'));
  expect(close).not.toHaveBeenCalled();
  reading?.detach();
  await eventually(() => expect(close).toHaveBeenCalled());
});

describe.each(/** @type {const} */ (['fetch', 'event-source', 'polling']))('%s', (prefer) => {
  const transports = () => createTransports(client, { clock, prefer, EventSource: /** @type {any} */ (SignedInEventSource) });

  it('stream_isReadToItsEnd', async () => {
    const { done, shown } = read({ transports: transports() });
    log.deltas('Hello');
    await vi.waitFor(() => {
      clock.advance(500);
      expect(shown().text).toBe('Hello');
    }, { timeout: 20_000, interval: 5 });
    log.deltas(' world');
    log.complete();
    clock.advance(500);
    expect(await done).toMatchObject({ text: 'Hello world', outcome: 'completed', finishReason: 'stop' });
  });

  it('knownCursor_isContinued', async () => {
    log.deltas('a', 'b');
    log.complete();
    const { done } = read({ transports: transports() }, { cursor: 2, text: 'a' });
    expect(await done).toMatchObject({ text: 'ab', outcome: 'completed' });
  });

  it('streamNoLongerKept_fails', async () => {
    server.streams.delete(log.id);
    const { done } = read({ transports: transports() });
    expect(await done).toMatchObject({ outcome: 'failed', error: { code: 'stream_not_found' } });
  });

  it('signedOut_isGivenUpAndCanBeResumed', async () => {
    server.fail('GET', /streams/, 401, { code: 'unauthenticated' });
    if (prefer === 'event-source') server.fail('GET', /streams/, 401, { code: 'unauthenticated' });
    const { done } = read({ transports: transports() });
    expect(await done).toMatchObject({ outcome: null, error: { code: 'unauthenticated' } });
  });
});

it('proxyThatHoldsTheStreamBack_isNoticedAndTheStreamIsPolled', async () => {
  // The response never begins, as behind a proxy that collects the whole answer first.
  server.intercept('GET', /streams/, () => {});
  const transports = createTransports(client, { clock });
  const { done, shown } = read({ transports });
  log.deltas('Hello');
  await eventually(() => expect(server.requests.at(-1)?.url).toContain(log.id));
  clock.advance(5000);
  await eventually(() => expect(clock.waiting).toContain(2000));
  expect(transports.heldBack).toBe(false);
  clock.advance(2000);
  await eventually(() => expect(shown().text).toBe('Hello'));
  expect(transports.heldBack).toBe(true);
  log.complete();
  clock.advance(500);
  expect((await done).outcome).toBe('completed');
});

it('proxyThatHoldsBackInMidStream_isNoticed', async () => {
  const transports = createTransports(client, { clock });
  const { shown } = read({ transports });
  log.deltas('Hello');
  await eventually(() => expect(shown().text).toBe('Hello'));
  log.listeners.clear();
  log.deltas(' world');
  clock.advance(12_000);
  await eventually(() => expect(clock.waiting).toContain(2000));
  clock.advance(2000);
  await eventually(() => expect(shown().text).toBe('Hello world'));
  expect(transports.heldBack).toBe(true);
});

it('modelThatThinksForLong_isNotTakenForAProxy', async () => {
  const transports = createTransports(client, { clock });
  const { shown } = read({ transports });
  log.deltas('Hello');
  await eventually(() => expect(shown().text).toBe('Hello'));
  const asked = server.counts.states;
  clock.advance(12_000);
  await eventually(() => expect(server.counts.states).toBe(asked + 1));
  clock.advance(2000);
  expect(transports.heldBack).toBe(false);
});

it('noFreeSlot_isPolledUntilThereIsOne', async () => {
  const slots = sharedSlots(undefined, { count: 1 });
  const release = await slots();
  const { done, shown } = read({ slots });
  log.deltas('Hello');
  await vi.waitFor(() => {
    clock.advance(3000);
    expect(shown().text).toBe('Hello');
  }, { timeout: 20_000, interval: 5 });
  expect(log.listeners.size).toBe(0);
  release?.();
  await vi.waitFor(() => {
    clock.advance(3000);
    expect(log.listeners.size).toBe(1);
  }, { timeout: 20_000, interval: 5 });
  expect(await slots()).toBeNull();
  log.complete();
  expect((await done).text).toBe('Hello');
  expect(await slots()).not.toBeNull();
});

it('slots_areSharedThroughTheLocksOfTheBrowser', async () => {
  /** @type {Map<string, Promise<unknown>>} */
  const held = new Map();
  /** @type {any} */
  const locks = {
    async request(/** @type {string} */ name, /** @type {object} */ _, /** @type {(lock: object|null) => Promise<void>} */ work) {
      if (held.has(name)) return work(null);
      held.set(name, Promise.resolve());
      await work({ name });
      held.delete(name);
    },
  };
  const [mine, theirs] = [sharedSlots(locks, { count: 2 }), sharedSlots(locks, { count: 2 })];
  const first = await mine();
  expect(await theirs()).not.toBeNull();
  expect(await mine()).toBeNull();
  first?.();
  await eventually(() => expect(held.size).toBe(1));
  expect(await theirs()).not.toBeNull();
  expect(await sharedSlots({ ...locks, request: () => Promise.reject(new DOMException('left', 'InvalidStateError')) })()).toBeNull();
});
