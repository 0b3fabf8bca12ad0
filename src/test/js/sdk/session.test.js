import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createClient } from '../../../main/webapp/js/sdk/client.js';
import { Session } from '../../../main/webapp/js/sdk/session.js';
import { ManualClock } from '../mock/manual-clock.js';
import { MockServer } from '../mock/mock-server.js';

/** @import { Exchange } from '../../../main/webapp/js/sdk/session.js' */

const server = new MockServer();
/** @type {import('../../../main/webapp/js/sdk/client.js').Client} */
let client;
/** @type {ManualClock} */
let clock;
/** @type {Session} */
let session;
/** @type {string[]} */
let statuses;
let online = true;

beforeAll(async () => {
  await server.listen();
  client = createClient({ contextRoot: server.url, accessToken: server.token });
});
afterAll(() => server.close());
beforeEach(() => {
  online = true;
  Object.assign(server.counts, { infer: 0, cancels: 0, upstreamClosed: 0, events: 0 });
  server.requests = [];
  clock = new ManualClock();
  session = open();
});
afterEach(() => session.detach());

/** @param {Exchange[]} [exchanges] */
function open(exchanges) {
  let ids = 0;
  const opened = new Session({ client, clock, exchanges, isOnline: () => online, newId: () => `x${ids++}` });
  statuses = [];
  opened.status.subscribe((status) => statuses.push(status));
  return opened;
}

/** @param {() => void} assertion */
const eventually = (assertion) => vi.waitFor(assertion, { timeout: 20_000, interval: 2 });

const turn = () => /** @type {Exchange} */ (session.last).turn;

/** Sends and waits until the answer's first text is shown. @param {string} prompt @param {string} first @param {{model?: string}} [options] */
async function streamingAnswer(prompt, first, options) {
  const next = server.nextStream();
  const sent = session.send(prompt, options);
  const stream = await next;
  stream.deltas(first);
  await eventually(() => expect(turn().text).toBe(first));
  return { stream, sent };
}

/** As a page does it that is loaded again. */
const reload = () => {
  session.detach();
  session = open(JSON.parse(JSON.stringify(session.exchanges.get())));
};

it('send_goesThroughTheMachineToDone', async () => {
  const { stream, sent } = await streamingAnswer('Hi', 'Hello', { model: 'mock-chat' });
  stream.complete();
  await sent;
  expect(statuses).toEqual(['idle', 'connecting', 'waiting', 'streaming', 'done']);
  expect(turn()).toMatchObject({ text: 'Hello', outcome: 'completed', modelId: 'mock-chat', sentAt: clock.now() });
  expect(server.requests[0].body).toEqual({ model: 'mock-chat', messages: [{ role: 'user', content: 'Hi' }], stream: true });
});

it('emptyMessage_isNotSent', async () => {
  await session.send('  \n');
  expect(session.exchanges.get()).toEqual([]);
  expect(server.counts.infer).toBe(0);
});

it('sendWhileBusy_doesNothing', async () => {
  await streamingAnswer('Hi', 'Hello');
  await session.send('again');
  expect(session.exchanges.get()).toHaveLength(1);
  expect(server.counts.infer).toBe(1);
});

it('conversation_isSentWithItsAnswers', async () => {
  const first = await streamingAnswer('One', 'First');
  first.stream.complete();
  await first.sent;
  server.fail('POST', /infer/, 502, { code: 'upstream_unreachable' });
  await session.send('Lost');
  const third = await streamingAnswer('Two', 'Second');
  expect(third.stream.request.messages).toEqual([
    { role: 'user', content: 'One' }, { role: 'assistant', content: 'First' }, { role: 'user', content: 'Two' },
  ]);
});

it('refusedRequest_failsAndRetryMakesNoSecondMessage', async () => {
  server.fail('POST', /infer/, 429, { code: 'rate_limited', message: 'Too many.', hint: 'Wait.' }, { 'retry-after': '3' });
  await session.send('Hi');
  expect(session.status.get()).toBe('failed');
  expect(turn().error).toMatchObject({ code: 'rate_limited', hint: 'Wait.', requestId: 'req-mock', retryAt: clock.now() + 3000 });
  const next = server.nextStream();
  const retried = session.retry();
  (await next).deltas('Hello');
  await eventually(() => expect(turn().text).toBe('Hello'));
  server.streams.get(turn().streamId ?? '')?.complete();
  await retried;
  expect(session.exchanges.get()).toHaveLength(1);
  expect(turn()).toMatchObject({ outcome: 'completed', error: null });
});

it('lostRequest_isNeverPostedTwiceByItself', async () => {
  server.intercept('POST', /infer/, (request) => void request.socket.destroy());
  await session.send('Hi');
  expect(turn().error).toMatchObject({ code: 'network_error', retryAt: null });
  expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
});

it('stop_showsAtOnceAndClosesUpstream', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  const stopped = session.stop();
  expect(session.status.get()).toBe('cancelled');
  expect(turn()).toMatchObject({ text: 'Half', outcome: 'cancelled', cancelledBy: 'client' });
  await stopped;
  expect(stream.status).toBe('cancelled');
  expect(server.counts).toMatchObject({ cancels: 1, upstreamClosed: 1 });
  await session.stop();
  expect(server.counts.cancels).toBe(1);
});

it('stopBeforeTheServerNamedTheStream_cancelsItThen', async () => {
  const next = server.nextStream();
  const sent = session.send('Hi');
  await session.stop();
  expect(session.status.get()).toBe('cancelled');
  await sent;
  expect((await next).status).toBe('cancelled');
  expect(turn()).toMatchObject({ outcome: 'cancelled', streamId: (await next).id });
});

it('stopThatComesTooLate_showsWhatReallyHappened', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  stream.listeners.clear();
  stream.deltas(' and whole');
  stream.complete();
  await session.stop();
  expect(turn()).toMatchObject({ text: 'Half and whole', outcome: 'completed' });
  expect(session.status.get()).toBe('done');
});

it('stop_isDeliveredAnewWhenTheNetworkFails', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  server.intercept('DELETE', /streams/, (request) => void request.socket.destroy());
  const stopped = session.stop();
  await eventually(() => expect(clock.waiting[0]).toBeLessThan(2000));
  clock.advance(2000);
  await stopped;
  expect(stream.status).toBe('cancelled');
  expect(turn().error).toBeNull();
});

it('stopThatCannotBeDelivered_saysSo', async () => {
  await streamingAnswer('Hi', 'Half');
  server.fail('DELETE', /streams/, 403, { code: 'forbidden', message: 'No.' });
  await session.stop();
  expect(turn()).toMatchObject({ outcome: 'cancelled', error: { code: 'stop_not_delivered', message: 'No.' } });
});

it('stopOfAStreamThatIsGone_isFine', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  server.streams.delete(stream.id);
  await session.stop();
  expect(turn()).toMatchObject({ outcome: 'cancelled', error: null });
});

it('retryAfterStop_keepsTheMessageAndLeavesTheOldStreamAlone', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  const stopped = session.stop();
  const next = server.nextStream();
  const retried = session.retry();
  await stopped;
  expect((await next).id).not.toBe(stream.id);
  (await next).deltas('New');
  (await next).complete();
  await retried;
  expect(session.exchanges.get()).toHaveLength(1);
  expect(turn()).toMatchObject({ text: 'New', outcome: 'completed' });
});

it('lostConnection_isReconnectingWithTheTimeOfTheNextTry', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  server.cutAll();
  await eventually(() => expect(session.status.get()).toBe('reconnecting'));
  expect(session.retryAt.get()).toBeGreaterThan(clock.now());
  stream.deltas(' whole');
  session.wake();
  await eventually(() => expect(turn().text).toBe('Half whole'));
  expect(session.status.get()).toBe('streaming');
  expect(session.retryAt.get()).toBeNull();
});

it('lostConnectionWithoutNetwork_isOffline', async () => {
  await streamingAnswer('Hi', 'Half');
  online = false;
  server.cutAll();
  await eventually(() => expect(session.status.get()).toBe('offline'));
});

it('reloadInMidStream_goesOnWhereItWas', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  reload();
  stream.deltas(' and');
  const resumed = session.resume();
  await eventually(() => expect(turn().text).toBe('Half and'));
  stream.deltas(' whole');
  stream.complete();
  await resumed;
  expect(turn()).toMatchObject({ text: 'Half and whole', outcome: 'completed' });
  expect(server.counts).toMatchObject({ infer: 1, cancels: 0 });
});

it('reloadAfterTheEnd_showsTheEnd', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  reload();
  stream.complete();
  await session.resume();
  expect(session.status.get()).toBe('done');
});

it('reloadBeforeTheServerNamedTheStream_offersARetry', async () => {
  server.intercept('POST', /infer/, () => {});
  void session.send('Hi');
  reload();
  await session.resume();
  expect(turn()).toMatchObject({ outcome: 'failed', error: { code: 'start_unknown' } });
  const next = server.nextStream();
  void session.retry();
  expect((await next).request.messages).toEqual([{ role: 'user', content: 'Hi' }]);
});

it('restartOfTheServer_keepsTheTextAndOffersARetry', async () => {
  await streamingAnswer('Hi', 'Half');
  server.restart();
  await eventually(() => expect(session.status.get()).toBe('reconnecting'));
  session.wake();
  await eventually(() => expect(session.status.get()).toBe('failed'));
  expect(turn()).toMatchObject({ text: 'Half', outcome: 'failed', error: { code: 'stream_not_found' } });
  const next = server.nextStream();
  void session.retry();
  (await next).deltas('Whole');
  await eventually(() => expect(turn().text).toBe('Whole'));
});

it('givenUpReading_isResumedByRetryWithoutAskingAgain', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  server.cutAll();
  await eventually(() => expect(session.status.get()).toBe('reconnecting'));
  server.fail('GET', /streams/, 401, { code: 'unauthenticated' });
  session.wake();
  await eventually(() => expect(session.status.get()).toBe('failed'));
  expect(turn()).toMatchObject({ outcome: null, error: { code: 'unauthenticated' } });
  const retried = session.retry();
  stream.complete();
  await retried;
  expect(turn()).toMatchObject({ text: 'Half', outcome: 'completed', error: null });
  expect(server.counts.infer).toBe(1);
});

it('follow_readsAnAnswerFromItsBeginning', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  const first = session;
  session = open();
  void session.follow(stream.id);
  await eventually(() => expect(turn().text).toBe('Half'));
  await session.follow(stream.id);
  expect(session.exchanges.get()).toHaveLength(1);
  stream.complete();
  await eventually(() => expect(session.status.get()).toBe('done'));
  await session.retry();
  expect(server.counts.infer).toBe(1);
  first.detach();
});

it('followedAnswerThatFailed_cannotBeAskedAgain', async () => {
  await session.follow('00');
  expect(turn().error?.code).toBe('stream_not_found');
  await session.retry();
  expect(server.counts.infer).toBe(0);
});

it('clear_endsTheAnswerAndForgets', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  await session.clear();
  expect(session.exchanges.get()).toEqual([]);
  expect(session.status.get()).toBe('idle');
  expect(stream.status).toBe('cancelled');
  await session.clear();
  await session.retry();
  await session.resume();
  expect(session.status.get()).toBe('idle');
});

it('clearBeforeTheServerNamedTheStream_stillCancelsIt', async () => {
  const next = server.nextStream();
  const sent = session.send('Hi');
  await session.clear();
  await sent;
  expect((await next).status).toBe('cancelled');
  expect(session.exchanges.get()).toEqual([]);
});
