import { expect, it } from 'vitest';
import { atom } from '../../../main/webapp/js/sdk/store/atom.js';
import { branchesOf, textOf } from '../../../main/webapp/js/sdk/store/conversation.js';
import { chat, clock, eventually, leaf, open, openForEachTest, questions, server, streamingAnswer, turn } from './chat-fixture.js';

/** @import { Answer } from '../../../main/webapp/js/sdk/store/conversation.js' */

openForEachTest();

it('offlineSwitch_sendsNothingAndGoesOnAfterwards', async () => {
  const offline = atom(true);
  open({ client: { offline } });
  const sent = chat.send('Hi');
  await eventually(() => expect(chat.status.get()).toBe('offline'));
  expect(chat.retryAt.get()).toBeNull();
  chat.wake();
  expect(server.requests).toEqual([]);
  const next = server.nextStream();
  offline.set(false);
  const stream = await next;
  stream.deltas('Half');
  await eventually(() => expect(turn().text).toBe('Half'));
  offline.set(true);
  await eventually(() => expect(stream.listeners.size).toBe(0));
  expect(chat.status.get()).toBe('offline');
  const { length } = server.requests;
  stream.deltas(' and whole');
  stream.complete();
  expect(server.requests).toHaveLength(length);
  offline.set(false);
  await sent;
  expect(turn()).toMatchObject({ text: 'Half and whole', outcome: 'completed' });
});

it('stopWhileOffline_isDeliveredWhenTheSwitchIsTurnedBack', async () => {
  const offline = atom(false);
  open({ client: { offline } });
  const { stream } = await streamingAnswer('Hi', 'Half');
  offline.set(true);
  const stopped = chat.stop();
  expect(chat.status.get()).toBe('cancelled');
  expect(server.counts.cancels).toBe(0);
  offline.set(false);
  await stopped;
  expect(stream.status).toBe('cancelled');
});

it('regenerate_keepsTheOldAnswerAsABranch', async () => {
  const first = await streamingAnswer('Hi', 'One');
  first.stream.complete();
  await first.sent;
  const old = leaf().id;
  const next = server.nextStream();
  const again = chat.regenerate();
  expect((await next).request.messages).toEqual([{ role: 'user', content: 'Hi' }]);
  (await next).deltas('Two');
  (await next).complete();
  await again;
  expect(turn().text).toBe('Two');
  expect(branchesOf(chat.conversation.get(), leaf().id)).toEqual([old, leaf().id]);
  chat.select(old);
  expect(turn().text).toBe('One');
  expect(chat.status.get()).toBe('done');
});

it('edit_asksAnotherVersionOfTheQuestion', async () => {
  const first = await streamingAnswer('Hi', 'One');
  first.stream.complete();
  await first.sent;
  const [question] = questions();
  const next = server.nextStream();
  void chat.edit(question.id, 'Hello');
  expect((await next).request.messages).toEqual([{ role: 'user', content: 'Hello' }]);
  expect(questions()).toMatchObject([{ text: 'Hello' }]);
  expect(branchesOf(chat.conversation.get(), questions()[0].id)).toHaveLength(2);
  await chat.stop();
  chat.select(question.id);
  expect(turn().text).toBe('One');
});

it('continueAnswer_sendsThePrefixAndKeepsIt', async () => {
  await streamingAnswer('Hi', 'Half');
  await chat.stop();
  const next = server.nextStream();
  const continued = chat.continueAnswer();
  expect((await next).request.messages).toEqual([{ role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Half' }]);
  (await next).deltas(' and whole');
  (await next).complete();
  await continued;
  expect(textOf(leaf())).toBe('Half and whole');
  expect(turn().text).toBe(' and whole');
});

it('twoModels_answerSideBySideAndStopTogether', async () => {
  const [one, two] = [server.nextStream(), server.nextStream()];
  void chat.send('Hi', { models: ['a', 'b'] });
  expect([(await one).request.model, (await two).request.model]).toEqual(['a', 'b']);
  (await one).deltas('A');
  (await two).deltas('B');
  const texts = () => branchesOf(chat.conversation.get(), leaf().id).map((id) => /** @type {Answer} */ (chat.conversation.get().nodes[id]).turn.text);
  await eventually(() => expect(texts()).toEqual(expect.arrayContaining(['A', 'B'])));
  expect(leaf().settings.model).toBe('a');
  await chat.send('not while both run');
  expect(questions()).toHaveLength(1);
  await chat.stop();
  expect([(await one).status, (await two).status]).toEqual(['cancelled', 'cancelled']);
  expect(chat.running).toBe(false);
});

/** Two answers side by side, of which the second failed. @param {string} text of the second */
async function secondFailed(text = '') {
  const [one, two] = [server.nextStream(), server.nextStream()];
  const sent = chat.send('Hi', { models: ['a', 'b'] });
  (await one).deltas('A');
  (await one).complete();
  if (text !== '') (await two).deltas(text);
  (await two).fail({ code: 'upstream_error', message: 'm' });
  await sent;
  const [question] = questions();
  return { first: leaf().id, second: /** @type {any} */ (question).sideBySide[1], beside: () => /** @type {any} */ (chat.conversation.get().nodes[question.id]).sideBySide };
}

it('retryOfTheSecondAnswer_asksItsModelAgainInItsPlace', async () => {
  const { first, second, beside } = await secondFailed();
  const next = server.nextStream();
  const retried = chat.retry(second);
  expect((await next).request.model).toBe('b');
  (await next).deltas('B');
  (await next).complete();
  await retried;
  expect(leaf().id).toBe(first);
  expect(beside()).toEqual([first, expect.not.stringMatching(second)]);
  expect(chat.answer(beside()[1])?.turn).toMatchObject({ text: 'B', outcome: 'completed' });
});

it('continuedSecondAnswer_isAskedOfItsModel', async () => {
  const { second } = await secondFailed('Half');
  const next = server.nextStream();
  void chat.continueAnswer(second);
  expect((await next).request).toMatchObject({ model: 'b', messages: [{ content: 'Hi' }, { role: 'assistant', content: 'Half' }] });
  await chat.stop();
  expect(chat.answer(second)?.turn.text).toBe('Half');
});

it('settings_areSentWithTheRequestAndKeptWithTheAnswer', async () => {
  const settings = { model: 'mock-chat', system: 'Be brief.', parameters: { temperature: 0.2, reasoning_effort: 'low' } };
  chat.change({ settings });
  const { stream } = await streamingAnswer('Hi', 'Hello');
  expect(stream.request).toEqual({
    model: 'mock-chat', temperature: 0.2, reasoning_effort: 'low', stream: true,
    messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Hi' }],
  });
  expect(leaf().settings).toEqual(settings);
});

it('pictures_areSentAsPartsOfTheMessage', async () => {
  const next = server.nextStream();
  const pictures = [{ name: 'a.png', url: 'data:image/png;base64,AA==', width: 1, height: 1 }];
  void chat.send('What is this?', { pictures });
  expect((await next).request.messages).toEqual([{ role: 'user', content: [
    { type: 'text', text: 'What is this?' }, { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
  ] }]);
});

it('wire_holdsTheRequestAndEveryEvent', async () => {
  const { stream, sent } = await streamingAnswer('Hi', 'Hello');
  clock.advance(70);
  stream.complete();
  await sent;
  const wire = chat.wireOf(leaf().id);
  expect(wire?.request?.messages).toEqual([{ role: 'user', content: 'Hi' }]);
  expect(wire?.events.map(({ type }) => type)).toEqual(['started', 'delta', 'completed']);
  expect(wire?.events.at(-1)?.offsetMs).toBe(70);
});

it('answerThatHasEndedInAnotherTab_isNotReadAnyMore', async () => {
  const { stream, sent } = await streamingAnswer('Hi', 'Half');
  const merged = structuredClone(chat.conversation.get());
  Object.assign(/** @type {Answer} */ (merged.nodes[leaf().id]).turn, { cursor: 99, text: 'Whole', outcome: 'completed' });
  await chat.takeOver(merged, { read: true });
  await sent;
  expect(chat.status.get()).toBe('done');
  await eventually(() => expect(stream.listeners.size).toBe(0));
  expect(turn().text).toBe('Whole');
  expect(server.counts.cancels).toBe(0);
});
