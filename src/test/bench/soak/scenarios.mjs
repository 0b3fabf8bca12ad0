// What clients do when LM Studio is well. Each scenario throws when anything is not as it must be.
import { pause } from '../base/clock.mjs';
import { expectedText, withoutTimes } from '../base/script.mjs';
import { inferBody } from '../base/sse.mjs';
import { must, Reading } from './reading.mjs';

export const steady = async (client) => {
  const script = client.script();
  const { reading, ended } = await client.begin(script);
  await ended;
  reading.endedAs('completed', { started: 1 });
  await client.postedExactly(script, 1);
};

/** Loses its connection again and again, and resumes each time where it was. */
export const reconnecting = async (client) => {
  const script = client.script();
  let stream = await client.tokens(script, client.between(1, 20));
  const { reading, location } = stream;
  for (let i = client.between(1, 5); i > 0 && !reading.terminal; i--) {
    stream.leave();
    await stream.ended;
    client.count('reconnects', 1);
    await pause(client.between(0, 800));
    stream = await client.join(location, reading);
    await Promise.race([stream.ended, pause(client.between(50, 1500))]);
  }
  await stream.ended;
  reading.endedAs('completed', { started: 1 });
  const again = await (await client.join(location, reading)).ended;
  must(again.status === 204, `a reconnect after the last event: HTTP ${again.status}`);
  await client.postedExactly(script, 1);
};

/** A second tab reads the same from the beginning. */
export const together = async (client) => {
  const script = client.script();
  const first = await client.tokens(script, client.between(1, 50));
  const second = await client.join(first.location, new Reading(script));
  await Promise.all([first.ended, second.ended]);
  first.reading.endedAs('completed');
  second.reading.endedAs('completed', { started: 1 });
};

/** Reads much, and slowly, so that it falls far behind: it may be given snapshots. */
export const slow = async (client) => {
  const script = client.script({ tokens: 1000, gap: 1, fill: 4000 });
  let wait = 4000;
  const { reading, ended } = await client.begin(script, { live: false, onResponse: (response) => response.on('data', () => {
    response.pause();
    setTimeout(() => response.resume(), wait);
    wait = client.between(5, 30);
  }) });
  await ended;
  reading.endedAs('completed');
  client.count('snapshots', reading.seen.snapshot ?? 0);
};

/** Leaves and never comes back: after the grace, nobody generates for nobody. */
export const vanishing = async (client) => {
  const script = client.script({ tokens: 2000, gap: 50 });
  const stream = await client.tokens(script, client.between(1, 20));
  stream.leave();
  await stream.ended;
  await client.closedUpstream(script);
  const state = await client.state(stream.location);
  must(state.status === 'cancelled', `a stream without listeners is ${state.status}`);
  new Reading(script).whole(state.content);
};

export const cancelling = async (client) => {
  const script = client.script({ tokens: 2000 });
  const stream = await client.tokens(script, client.between(0, 20));
  const [first, again] = [await client.cancel(stream.location), await client.cancel(stream.location)];
  must(first.status === 'cancelled' && JSON.stringify(first) === JSON.stringify(again), `cancelled twice: ${JSON.stringify([first.status, again.status])}`);
  await stream.ended;
  stream.reading.endedAs('cancelled');
  await client.closedUpstream(script);
};

/** Cancels while LM Studio has not even answered. */
export const cancellingEarly = async (client) => {
  const script = client.script({ fault: 'late:8000' });
  const { status, data } = await client.json(client.war.url, { method: 'POST', body: inferBody(script, { stream: true }) });
  must(status === 202, `begun without listening: HTTP ${status}`);
  await pause(client.between(0, 2000));
  const { status: after } = await client.cancel(new URL(data.events_url, client.war.url));
  must(after === 'cancelled', `cancelled early: ${after}`);
  if (await client.upstream.seen(script.key)) await client.closedUpstream(script);
};

/** Begins now, listens later. */
export const later = async (client) => {
  const script = client.script();
  const { status, data } = await client.json(client.war.url, { method: 'POST', body: inferBody(script, { stream: true }) });
  must(status === 202, `begun without listening: HTTP ${status}`);
  await pause(client.between(0, 1000));
  const { reading, ended } = await client.join(new URL(data.events_url, client.war.url), new Reading(script));
  await ended;
  reading.endedAs('completed', { started: 1 });
};

export const whole = async (client) => {
  const script = client.script();
  const { status, data } = await client.json(client.war.url, { method: 'POST', body: inferBody(script, { stream: false }) });
  must(status === 200 && withoutTimes(data.content) === expectedText(script), `a whole answer: HTTP ${status}, ${data?.content?.length} characters`);
  client.count('tokens', script.tokens);
  await client.postedExactly(script, 1);
};

export const listing = async (client) => {
  const { status, data } = await client.json(`${client.war.api}/streams?all=true`);
  must(status === 200 && data.every((stream) => /^[0-9a-f]{32}$/.test(stream.stream_id)), `the list: HTTP ${status}`);
  await pause(client.between(100, 2000));
};
