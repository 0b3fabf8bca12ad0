import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createClient } from '../../../main/webapp/js/sdk/client.js';
import { StreamReading } from '../../../main/webapp/js/sdk/stream/reading.js';
import { newTurn } from '../../../main/webapp/js/sdk/store/turn.js';
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
/** @type {StreamReading[]} */
let readings = [];
const question = { messages: [/** @type {const} */ ({ role: 'user', content: 'Hi' })] };
const EVENTS = /streams/;

beforeAll(async () => {
  await server.listen();
  client = createClient({ contextRoot: server.url, accessToken: server.token });
});
afterAll(() => server.close());
beforeEach(async () => {
  clock = new ManualClock();
  const next = server.nextStream();
  await client.infer(question);
  log = await next;
  Object.assign(server.counts, { events: 0, states: 0, cancels: 0 });
});
afterEach(() => {
  for (const reading of readings) reading.detach();
  readings = [];
  server.cuts = [];
});

/** @param {Partial<Turn>} [known] @param {Partial<import('../../../main/webapp/js/sdk/stream/reading.js').ReadingOptions>} [options] */
function read(known = {}, options = {}) {
  const calls = { onTurn: vi.fn(), onConnected: vi.fn(), onPause: vi.fn() };
  const turn = { ...newTurn({ streamId: log.id }), ...known };
  const reading = new StreamReading({ client, turn, clock, random: () => 0, ...calls, ...options });
  readings.push(reading);
  /** @returns {Turn} */
  const shown = () => calls.onTurn.mock.lastCall?.[0] ?? turn;
  return { reading, shown, ...calls };
}

/** @param {() => void} assertion */
const eventually = (assertion) => vi.waitFor(assertion, { timeout: 20_000, interval: 2 });

/** Lets every pause pass at once. @param {{onPause: import('vitest').Mock}} calls */
const impatient = (calls) => calls.onPause.mockImplementation((retryAt) => queueMicrotask(() => clock.advance(retryAt - clock.now())));

it('stream_isReadToItsEnd', async () => {
  const { reading, onTurn, onConnected, onPause } = read();
  await eventually(() => expect(onConnected).toHaveBeenCalled());
  log.deltas('Hello', ' world');
  log.complete();
  expect(await reading.done).toMatchObject({ text: 'Hello world', outcome: 'completed', finishReason: 'stop', cursor: 4 });
  expect(onTurn).toHaveBeenCalled();
  expect(onPause).not.toHaveBeenCalled();
  expect(server.counts).toMatchObject({ events: 1, states: 0 });
  expect(clock.waiting).toEqual([]);
});

it('knownCursor_resumesBehindIt', async () => {
  log.deltas('a', 'b');
  const { reading } = read({ cursor: 2, text: 'a' });
  log.complete();
  expect(await reading.done).toMatchObject({ text: 'ab', outcome: 'completed' });
  expect(server.requests.at(-1)?.headers['last-event-id']).toBe('2');
});

it('brokenConnection_isTriedAnewAfterTheStreamsRetryTime', async () => {
  const { reading, shown, onPause } = read();
  log.deltas('a');
  await eventually(() => expect(shown().text).toBe('a'));
  server.cutAll();
  await eventually(() => expect(onPause).toHaveBeenCalled());
  expect(onPause.mock.lastCall).toEqual([clock.now() + 100]);
  expect(server.counts.events).toBe(1);
  log.deltas('b');
  clock.advance(100);
  await eventually(() => expect(shown().text).toBe('ab'));
  log.complete();
  expect((await reading.done).text).toBe('ab');
});

it('cutAtEveryByte_losesAndRepeatsNothing', async () => {
  log.deltas('Grüße ', '😀', ' end');
  log.complete();
  const response = await client.events(log.id, { cursor: 0, signal: AbortSignal.timeout(20_000) });
  const length = (await response.arrayBuffer()).byteLength;
  const wrong = [];
  for (let at = 0; at < length; at++) {
    server.cuts = [at];
    const calls = read();
    impatient(calls);
    const { text, outcome, cursor } = await calls.reading.done;
    if (text !== 'Grüße 😀 end' || outcome !== 'completed' || cursor !== 5) wrong.push({ at, text, outcome });
  }
  expect(length).toBeGreaterThan(400);
  expect(wrong).toEqual([]);
});

it('triesThatBringNothing_waitLongerEachTimeAndEndSomeday', async () => {
  for (let i = 0; i < 60; i++) server.fail('GET', EVENTS, 502, { code: 'http_502', message: 'Bad gateway' });
  const calls = read();
  impatient(calls);
  /** @type {number[]} */
  const pauses = [];
  let paused = clock.now();
  calls.onPause.mockImplementation((retryAt) => {
    pauses.push(retryAt - paused);
    paused = retryAt;
    queueMicrotask(() => clock.advance(retryAt - clock.now()));
  });
  const turn = await calls.reading.done;
  expect(pauses.slice(0, 6)).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
  expect(pauses).toHaveLength(59);
  expect(turn).toMatchObject({ outcome: null, error: { code: 'http_502', message: 'Bad gateway' } });
});

it('busyServer_isAskedAgainWhenItSays', async () => {
  server.fail('GET', EVENTS, 503, { code: 'overloaded' }, { 'retry-after': '7' });
  const { reading, onPause } = read();
  await eventually(() => expect(onPause).toHaveBeenCalledWith(clock.now() + 7000));
  log.complete();
  clock.advance(7000);
  expect((await reading.done).outcome).toBe('completed');
});

it('silence_isABrokenConnection', async () => {
  const { onConnected, onPause, shown } = read();
  await eventually(() => expect(onConnected).toHaveBeenCalledTimes(1));
  log.deltas('a');
  await eventually(() => expect(shown().text).toBe('a'));
  clock.advance(12_000);
  clock.advance(17_999);
  expect(log.listeners.size).toBe(1);
  clock.advance(1);
  await eventually(() => expect(onPause).toHaveBeenCalledTimes(1));
  await eventually(() => expect(log.listeners.size).toBe(0));
});

it('keepAlive_countsAsLife', async () => {
  const { shown, onPause } = read();
  log.deltas('a');
  await eventually(() => expect(shown().text).toBe('a'));
  for (let i = 0; i < 4; i++) {
    clock.advance(10_000);
    for (const listener of log.listeners) listener.write(': keep-alive\n\n');
    await eventually(() => expect(clock.waiting).toEqual([12_000]));
  }
  expect(onPause).not.toHaveBeenCalled();
});

it('wake_endsThePause', async () => {
  server.fail('GET', EVENTS, 502, { code: 'http_502' });
  const { reading, onPause } = read();
  await eventually(() => expect(onPause).toHaveBeenCalled());
  log.complete();
  reading.wake();
  expect((await reading.done).outcome).toBe('completed');
});

it('wakeAfterDoubtfulSilence_connectsAnew', async () => {
  const { reading, shown, onPause } = read();
  log.deltas('a');
  await eventually(() => expect(shown().text).toBe('a'));
  reading.wake();
  expect(onPause).not.toHaveBeenCalled();
  clock.advance(12_001);
  reading.wake();
  await eventually(() => expect(server.counts.events).toBe(2));
  expect(onPause).not.toHaveBeenCalled();
});

it('detach_leavesTheGenerationRunning', async () => {
  const { reading, shown, onTurn, onPause } = read();
  log.deltas('a');
  await eventually(() => expect(shown().text).toBe('a'));
  reading.detach();
  const calls = onTurn.mock.calls.length;
  expect(await reading.done).toMatchObject({ text: 'a', outcome: null, error: null });
  await eventually(() => expect(log.listeners.size).toBe(0));
  log.deltas('b');
  expect(log.running).toBe(true);
  expect(server.counts.cancels).toBe(0);
  expect(onTurn).toHaveBeenCalledTimes(calls);
  expect(onPause).not.toHaveBeenCalled();
});

it('detachDuringAPause_endsIt', async () => {
  server.fail('GET', EVENTS, 502, { code: 'http_502' });
  const { reading, onPause } = read();
  await eventually(() => expect(onPause).toHaveBeenCalled());
  reading.detach();
  expect((await reading.done).outcome).toBeNull();
  expect(clock.waiting).toEqual([]);
});

it('repeatedEntries_areIgnored', async () => {
  log.deltas('a', 'b');
  const { reading } = read();
  await eventually(() => expect(log.listeners.size).toBe(1));
  for (const listener of log.listeners) for (const entry of log.entries) listener.deliver(entry);
  log.complete();
  expect((await reading.done).text).toBe('ab');
});

it('missingEntries_areRepairedFromTheState', async () => {
  const { reading, shown } = read();
  log.deltas('a');
  await eventually(() => expect(shown().text).toBe('a'));
  const listeners = [...log.listeners];
  log.listeners.clear();
  log.deltas('lost ');
  listeners.forEach((listener) => log.listeners.add(listener));
  log.deltas('b');
  log.complete();
  expect(await reading.done).toMatchObject({ text: 'alost b', outcome: 'completed' });
  expect(server.counts).toMatchObject({ events: 1, states: 1 });
});

it('cursorNoLongerHeld_isRepairedByASnapshot', async () => {
  log.deltas('a', 'b', 'c');
  log.forget(3);
  const { reading, shown } = read({ cursor: 2, text: 'a' });
  await eventually(() => expect(shown().text).toBe('abc'));
  log.deltas('d');
  log.complete();
  expect((await reading.done).text).toBe('abcd');
});

it('nothingAfterTheLastCursor_isRepairedFromTheState', async () => {
  log.deltas('a');
  log.complete();
  const { reading } = read({ cursor: 3, text: 'a' });
  expect(await reading.done).toMatchObject({ text: 'a', outcome: 'completed', finishReason: 'stop' });
  expect(server.counts).toMatchObject({ events: 1, states: 1 });
});

it('streamNoLongerKept_failsAndKeepsTheText', async () => {
  server.streams.delete(log.id);
  const { reading, shown } = read({ cursor: 2, text: 'kept' });
  expect(await reading.done).toMatchObject({ text: 'kept', outcome: 'failed', error: { code: 'stream_not_found', requestId: 'req-mock' } });
  expect(shown().outcome).toBe('failed');
  expect(clock.waiting).toEqual([]);
});

it('signedOut_isGivenUpAndCanBeResumed', async () => {
  server.fail('GET', EVENTS, 401, { code: 'unauthenticated', hint: 'Sign in.' });
  const { reading } = read({ text: 'kept', cursor: 1 });
  expect(await reading.done).toMatchObject({ text: 'kept', outcome: null, error: { code: 'unauthenticated', hint: 'Sign in.' } });
});

it.each([
  ['notJson', 'id: 2\nevent: delta\ndata: {"stream_id"\n\n'],
  ['foreignStream', 'id: 2\nevent: delta\ndata: {"stream_id":"other","cursor":2,"content":"x"}\n\n'],
  ['noCursor', 'id: 2\nevent: delta\ndata: {}\n\n'],
])('%s_breaksTheConnectionAndShowsNothing', async (_, bytes) => {
  const { onPause, shown } = read();
  await eventually(() => expect(log.listeners.size).toBe(1));
  for (const listener of log.listeners) listener.write(bytes);
  await eventually(() => expect(onPause).toHaveBeenCalled());
  expect(shown().text).toBe('');
});

it('answersThatStayWrong_areGivenUpSoon', async () => {
  for (let i = 0; i < 3; i++) server.intercept('GET', EVENTS, (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'));
  const calls = read();
  impatient(calls);
  expect(await calls.reading.done).toMatchObject({ outcome: null, error: { code: 'protocol_error' } });
  expect(calls.onPause).toHaveBeenCalledTimes(2);
});

it('stateOlderThanWhatWasDelivered_isNotBelieved', async () => {
  log.deltas('a');
  log.complete();
  server.intercept('GET', EVENTS, (_, response) => response.writeHead(204).end());
  server.intercept('GET', EVENTS, (_, response) =>
    response.writeHead(200).end(JSON.stringify({ status: 'success', data: { ...log.state(), cursor: 1 } })));
  const { reading, onPause } = read({ cursor: 2, text: 'a' });
  await eventually(() => expect(onPause).toHaveBeenCalled());
  clock.advance(10_000);
  expect(await reading.done).toMatchObject({ text: 'a', outcome: 'completed' });
});

it('turnWithoutStream_cannotBeRead', async () => {
  await expect(read({ streamId: null }).reading.done).rejects.toThrow(TypeError);
});

it('streamThatEndsWhileTheServerIsAskedAboutIt_endsQuietly', async () => {
  const rejected = vi.fn();
  process.on('unhandledRejection', rejected);
  const { reading, shown } = read();
  log.deltas('a');
  await eventually(() => expect(shown().text).toBe('a'));
  server.silence('GET', EVENTS);
  const asked = server.requests.length;
  clock.advance(12_001);
  await eventually(() => expect(server.requests).toHaveLength(asked + 1));
  log.complete();
  expect(await reading.done).toMatchObject({ outcome: 'completed' });
  for (let round = 0; round < 5; round++) await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', rejected);
  expect(rejected).not.toHaveBeenCalled();
});
