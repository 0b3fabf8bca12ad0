import { expect, it, vi } from 'vitest';
import { createClient } from '../../../main/webapp/js/sdk/client.js';
import { Chat } from '../../../main/webapp/js/sdk/store/chat.js';
import { branchesOf } from '../../../main/webapp/js/sdk/store/conversation.js';
import { Generation } from '../../../main/webapp/js/sdk/store/generation.js';
import { chat, clock, device, eventually, leaf, open, openForEachTest, path, questions, server, statuses, streamingAnswer, turn } from './chat-fixture.js';

openForEachTest();

/** As a page does it that is loaded again. */
const reload = () => {
  chat.detach();
  open({ conversation: JSON.parse(JSON.stringify(chat.conversation.get())) });
};

it('send_goesThroughTheMachineToDone', async () => {
  chat.change({ settings: { model: 'mock-chat', system: '', parameters: {} } });
  const { stream, sent } = await streamingAnswer('Hi', 'Hello');
  stream.complete();
  await sent;
  expect(statuses).toEqual(['idle', 'connecting', 'waiting', 'streaming', 'done']);
  expect(turn()).toMatchObject({ text: 'Hello', outcome: 'completed', modelId: 'mock-chat', sentAt: clock.now() });
  expect(server.requests[0].body).toEqual({ model: 'mock-chat', messages: [{ role: 'user', content: 'Hi' }], stream: true });
});

it('settings_canBeChangedOneByOne', async () => {
  chat.change({ settings: { system: 'Be brief.' } });
  chat.change({ settings: { model: 'mock-chat' } });
  expect(chat.conversation.get().settings).toEqual({ model: 'mock-chat', system: 'Be brief.', parameters: {} });
});

it('emptyMessage_isNotSent', async () => {
  await chat.send('  \n');
  expect(path()).toEqual([]);
  expect(server.counts.infer).toBe(0);
});

it('sendWhileBusy_doesNothing', async () => {
  await streamingAnswer('Hi', 'Hello');
  await chat.send('again');
  expect(questions()).toHaveLength(1);
  expect(server.counts.infer).toBe(1);
});

it('conversation_isSentWithItsAnswers', async () => {
  const first = await streamingAnswer('One', 'First');
  first.stream.complete();
  await first.sent;
  server.fail('POST', /infer/, 502, { code: 'upstream_unreachable' });
  await chat.send('Lost');
  const third = await streamingAnswer('Two', 'Second');
  expect(third.stream.request.messages).toEqual([
    { role: 'user', content: 'One' }, { role: 'assistant', content: 'First' }, { role: 'user', content: 'Two' },
  ]);
});

it('refusedRequest_failsAndRetryMakesNoSecondMessage', async () => {
  server.fail('POST', /infer/, 429, { code: 'rate_limited', message: 'Too many.', hint: 'Wait.' }, { 'retry-after': '3' });
  await chat.send('Hi');
  expect(chat.status.get()).toBe('failed');
  expect(turn().error).toMatchObject({ code: 'rate_limited', hint: 'Wait.', requestId: 'req-mock', retryAt: clock.now() + 3000 });
  const next = server.nextStream();
  const retried = chat.retry();
  (await next).deltas('Hello');
  await eventually(() => expect(turn().text).toBe('Hello'));
  server.streams.get(turn().streamId ?? '')?.complete();
  await retried;
  expect(questions()).toHaveLength(1);
  expect(turn()).toMatchObject({ outcome: 'completed', error: null });
});

it('requestWithoutAnAnswer_isSentAgainWithItsKeyAndGeneratesOnce', async () => {
  server.intercept('POST', /infer/, (request) => void request.socket.destroy());
  const sent = chat.send('Hi');
  await eventually(() => expect(chat.status.get()).toBe('reconnecting'));
  expect(chat.retryAt.get()).toBe(clock.now() + 1000);
  const next = server.nextStream();
  clock.advance(1000);
  (await next).complete();
  await sent;
  const keys = server.requests.filter(({ method }) => method === 'POST').map(({ headers }) => headers['idempotency-key']);
  expect(keys).toEqual([leaf().id, leaf().id]);
  expect(turn().outcome).toBe('completed');
  expect(server.counts.infer).toBe(1);
});

it('answerThatGotLost_isFoundByTheKey', async () => {
  const fetched = vi.fn(globalThis.fetch);
  open({ client: { fetch: fetched } });
  fetched.mockImplementationOnce(async (...args) => {
    await fetch(...args);
    throw new TypeError('Load failed');
  });
  const next = server.nextStream();
  const sent = chat.send('Hi');
  const stream = await next;
  await eventually(() => expect(chat.status.get()).toBe('reconnecting'));
  chat.wake();
  stream.deltas('Hello');
  stream.complete();
  await sent;
  expect(turn()).toMatchObject({ text: 'Hello', outcome: 'completed', streamId: stream.id });
  expect(server.counts.infer).toBe(1);
});

it('serverThatStaysAway_isGivenUpAndRetryAsksAgain', async () => {
  for (let i = 0; i < 5; i++) server.intercept('POST', /infer/, (request) => void request.socket.destroy());
  const sent = chat.send('Hi');
  for (let i = 1; i < 5; i++) {
    // The status is still that of the attempt before until the next request is sent.
    await eventually(() => expect(server.requests).toHaveLength(i));
    await eventually(() => expect(chat.status.get()).toBe('reconnecting'));
    clock.advance(20_000);
  }
  await sent;
  expect(turn().error).toMatchObject({ code: 'network_error', retryAt: null });
  const next = server.nextStream();
  void chat.retry();
  (await next).deltas('Hello');
  await eventually(() => expect(turn().text).toBe('Hello'));
  expect(questions()).toHaveLength(1);
});

it('answerWithOnlyToolCalls_isKeptByRetry', async () => {
  const next = server.nextStream();
  const sent = chat.send('Hi');
  const stream = await next;
  stream.append('delta', { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }] });
  stream.fail({ code: 'upstream_error', message: 'm' });
  await sent;
  const { id } = leaf();
  const again = server.nextStream();
  void chat.retry();
  await again;
  expect(chat.answer(id)?.turn.toolCalls).toHaveLength(1);
  expect(branchesOf(chat.conversation.get(), leaf().id)).toEqual([id, leaf().id]);
});

it('answerWithNothing_isReplacedByRetry', async () => {
  server.fail('POST', /infer/, 502, { code: 'upstream_unreachable' });
  await chat.send('Hi');
  const { id } = leaf();
  const again = server.nextStream();
  void chat.retry();
  await again;
  expect(chat.answer(id)).toBeNull();
  expect(Object.keys(chat.conversation.get().nodes)).toHaveLength(2);
});

it('defectWhileReading_leavesTheChatUsable', async () => {
  const broken = createClient({ contextRoot: server.url, accessToken: server.token });
  const defect = new Chat({ client: { ...broken, infer: async () => { throw new TypeError('a defect'); } }, clock, conversation: chat.conversation.get() });
  await expect(defect.send('Hi')).rejects.toThrow('a defect');
  expect(defect.busy).toBe(false);
});

it('retryAfterStop_keepsTheMessageAndLeavesTheOldStreamAlone', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  const stopped = chat.stop();
  const next = server.nextStream();
  const retried = chat.retry();
  await stopped;
  expect((await next).id).not.toBe(stream.id);
  (await next).deltas('New');
  (await next).complete();
  await retried;
  expect(questions()).toHaveLength(1);
  expect(turn()).toMatchObject({ text: 'New', outcome: 'completed' });
});

it('lostConnection_isReconnectingWithTheTimeOfTheNextTry', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  server.cutAll();
  await eventually(() => expect(chat.status.get()).toBe('reconnecting'));
  expect(chat.retryAt.get()).toBeGreaterThan(clock.now());
  stream.deltas(' whole');
  chat.wake();
  await eventually(() => expect(turn().text).toBe('Half whole'));
  expect(chat.status.get()).toBe('streaming');
  expect(chat.retryAt.get()).toBeNull();
});

it('lostConnectionWithoutNetwork_isOffline', async () => {
  await streamingAnswer('Hi', 'Half');
  device.online = false;
  server.cutAll();
  await eventually(() => expect(chat.status.get()).toBe('offline'));
});

it('reloadInMidStream_goesOnWhereItWas', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  reload();
  stream.deltas(' and');
  const resumed = chat.resume();
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
  await chat.resume();
  expect(chat.status.get()).toBe('done');
});

it('reloadBeforeTheServerNamedTheStream_findsTheAnswerByItsKey', async () => {
  const next = server.nextStream();
  void chat.send('Hi');
  reload();
  const stream = await next;
  const resumed = chat.resume();
  stream.deltas('Hello');
  stream.complete();
  await resumed;
  expect(turn()).toMatchObject({ text: 'Hello', outcome: 'completed', streamId: stream.id });
  expect(server.counts.infer).toBe(1);
});

it('reloadLongAfterARequestOfUnknownFate_asksNothingAndOffersARetry', async () => {
  server.intercept('POST', /infer/, () => {});
  void chat.send('Hi');
  reload();
  clock.advance(10 * 60_000);
  await chat.resume();
  expect(turn()).toMatchObject({ outcome: 'failed', error: { code: 'start_unknown' } });
  const next = server.nextStream();
  void chat.retry();
  expect((await next).request.messages).toEqual([{ role: 'user', content: 'Hi' }]);
});

it('restartOfTheServer_keepsTheTextAndOffersARetry', async () => {
  await streamingAnswer('Hi', 'Half');
  server.restart();
  await eventually(() => expect(chat.status.get()).toBe('reconnecting'));
  chat.wake();
  await eventually(() => expect(chat.status.get()).toBe('failed'));
  expect(turn()).toMatchObject({ text: 'Half', outcome: 'failed', error: { code: 'stream_not_found' } });
  const next = server.nextStream();
  void chat.retry();
  (await next).deltas('Whole');
  await eventually(() => expect(turn().text).toBe('Whole'));
});

it('givenUpReading_isResumedByRetryWithoutAskingAgain', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  server.cutAll();
  await eventually(() => expect(chat.status.get()).toBe('reconnecting'));
  server.fail('GET', /streams/, 401, { code: 'unauthenticated' });
  chat.wake();
  await eventually(() => expect(chat.status.get()).toBe('failed'));
  expect(turn()).toMatchObject({ outcome: null, error: { code: 'unauthenticated' } });
  const retried = chat.retry();
  stream.complete();
  await retried;
  expect(turn()).toMatchObject({ text: 'Half', outcome: 'completed', error: null });
  expect(server.counts.infer).toBe(1);
});

it('detachedGeneration_isIdleAndCanBeResumedButNotStarted', async () => {
  const generation = new Generation({ client: createClient({ contextRoot: server.url, accessToken: server.token }), clock });
  const next = server.nextStream();
  const started = generation.start({ messages: [{ role: 'user', content: 'Hi' }] });
  const stream = await next;
  stream.deltas('One ');
  await eventually(() => expect(generation.turn.get().text).toBe('One '));
  generation.detach();
  await started;
  expect(generation.status.get()).toBe('idle');
  await generation.start({ messages: [{ role: 'user', content: 'Hi' }] });
  expect(server.counts.infer).toBe(1);
  stream.deltas('two');
  stream.complete();
  await generation.resume();
  expect(generation.turn.get()).toMatchObject({ text: 'One two', outcome: 'completed' });
  expect(generation.status.get()).toBe('done');
});

it('follow_readsAnAnswerFromItsBeginning', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  const first = chat;
  open();
  void chat.follow(stream.id);
  await eventually(() => expect(turn().text).toBe('Half'));
  await chat.follow(stream.id);
  expect(path()).toHaveLength(1);
  stream.complete();
  await eventually(() => expect(chat.status.get()).toBe('done'));
  await chat.retry();
  expect(server.counts.infer).toBe(1);
  first.detach();
});

it('followedAnswerThatFailed_cannotBeAskedAgain', async () => {
  await chat.follow('00');
  expect(turn().error?.code).toBe('stream_not_found');
  await chat.retry();
  expect(server.counts.infer).toBe(0);
});

it('clear_endsTheAnswerAndForgets', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  await chat.clear();
  expect(path()).toEqual([]);
  expect(chat.status.get()).toBe('idle');
  expect(stream.status).toBe('cancelled');
  await chat.clear();
  await chat.retry();
  await chat.resume();
  expect(chat.status.get()).toBe('idle');
});

it('clearBeforeTheServerNamedTheStream_stillCancelsIt', async () => {
  const next = server.nextStream();
  const sent = chat.send('Hi');
  await chat.clear();
  await sent;
  expect((await next).status).toBe('cancelled');
  expect(path()).toEqual([]);
});
