import { expect, it } from 'vitest';
import { createClient } from '../../../main/webapp/js/sdk/client.js';
import { atom } from '../../../main/webapp/js/sdk/store/atom.js';
import { Generation } from '../../../main/webapp/js/sdk/store/generation.js';
import { chat, clock, eventually, open, openForEachTest, server, streamingAnswer, turn } from './chat-fixture.js';

openForEachTest();

it('stop_showsAtOnceAndClosesUpstream', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  const stopped = chat.stop();
  expect(chat.status.get()).toBe('cancelled');
  expect(turn()).toMatchObject({ text: 'Half', outcome: 'cancelled', cancelledBy: 'client' });
  await stopped;
  expect(stream.status).toBe('cancelled');
  expect(server.counts).toMatchObject({ cancels: 1, upstreamClosed: 1 });
  await chat.stop();
  expect(server.counts.cancels).toBe(1);
});

it('stopBeforeTheServerNamedTheStream_cancelsItThen', async () => {
  const next = server.nextStream();
  const sent = chat.send('Hi');
  await chat.stop();
  expect(chat.status.get()).toBe('cancelled');
  await sent;
  expect((await next).status).toBe('cancelled');
  expect(turn()).toMatchObject({ outcome: 'cancelled', streamId: (await next).id });
});

it('stopThatComesTooLate_showsWhatReallyHappened', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  stream.listeners.clear();
  stream.deltas(' and whole');
  stream.complete();
  await chat.stop();
  expect(turn()).toMatchObject({ text: 'Half and whole', outcome: 'completed' });
  expect(chat.status.get()).toBe('done');
});

it('stop_isDeliveredAnewWhenTheNetworkFails', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  server.intercept('DELETE', /streams/, (request) => void request.socket.destroy());
  const stopped = chat.stop();
  await eventually(() => expect(clock.waiting[0]).toBeLessThan(2000));
  clock.advance(2000);
  await stopped;
  expect(stream.status).toBe('cancelled');
  expect(turn().error).toBeNull();
});

it('stopThatCannotBeDelivered_saysSo', async () => {
  await streamingAnswer('Hi', 'Half');
  server.fail('DELETE', /streams/, 403, { code: 'forbidden', message: 'No.' });
  await chat.stop();
  expect(turn()).toMatchObject({ outcome: 'cancelled', error: { code: 'stop_not_delivered', message: 'No.' } });
});

it('stopOfAStreamThatIsGone_isFine', async () => {
  const { stream } = await streamingAnswer('Hi', 'Half');
  server.streams.delete(stream.id);
  await chat.stop();
  expect(turn()).toMatchObject({ outcome: 'cancelled', error: null });
});

it('stopWhileALostRequestIsRepeated_endsTheGeneration', async () => {
  server.disconnect('POST', /infer$/, { afterwards: true });
  const next = server.nextStream();
  const sent = chat.send('Hi');
  const stream = await next;
  await eventually(() => expect(chat.status.get()).toBe('reconnecting'));
  await chat.stop();
  expect(chat.status.get()).toBe('cancelled');
  await sent;
  expect(stream.status).toBe('cancelled');
  expect(turn()).toMatchObject({ outcome: 'cancelled', streamId: stream.id, error: null });
  expect(server.counts.infer).toBe(1);
});

it('stopOfARequestWhoseAnswerIsLostThen_endsTheGeneration', async () => {
  let lose = () => {};
  server.faults.intercept('POST', /infer$/, async (request, answer) => {
    await answer();
    await new Promise((resolve) => (lose = () => resolve(undefined)));
    throw new TypeError('Failed to fetch');
  });
  const next = server.nextStream();
  const sent = chat.send('Hi');
  const stream = await next;
  await chat.stop();
  lose();
  await sent;
  expect(stream.status).toBe('cancelled');
});

it('stopOfARequestThatWasNeverSent_asksTheServerNothing', async () => {
  const offline = atom(true);
  open({ client: { offline } });
  const sent = chat.send('Hi');
  await eventually(() => expect(chat.status.get()).toBe('offline'));
  await chat.stop();
  offline.set(false);
  await sent;
  expect(server.requests).toEqual([]);
});

it('stopOfARequestWithoutAKey_sendsNoOtherOne', async () => {
  const generation = new Generation({ client: createClient({ contextRoot: server.url, accessToken: server.token }), clock });
  let lose = () => {};
  server.intercept('POST', /infer/, (request) => (lose = () => void request.socket.destroy()));
  const started = generation.start({ messages: [{ role: 'user', content: 'Hi' }] });
  await eventually(() => expect(server.requests).toHaveLength(1));
  await generation.stop();
  lose();
  await started;
  expect(server.requests).toHaveLength(1);
  expect(generation.status.get()).toBe('cancelled');
});
