// What clients see when LM Studio fails, as faults.md has it: the outcome, the text, and how often LM Studio was asked.
import { must } from './reading.mjs';

/** A fault that hits the first posts, and after which the text is whole all the same. */
const recovering = (fault, times, { posted, downgraded = 0 }) => async (client) => {
  const script = client.script({ fault: fault.includes(':') ? fault : `${fault}:${client.between(0, 10)}`, times });
  script.tokens += 10;
  const { reading, ended } = await client.begin(script);
  await ended;
  reading.endedAs('completed', { downgraded });
  await client.postedExactly(script, posted);
};

export const cutOnce = recovering('cut', 1, { posted: 2 });
export const resetOnce = recovering('reset', 1, { posted: 2 });
export const corruptOnce = recovering('corrupt', 1, { posted: 2 });
export const cutTwice = recovering('cut', 2, { posted: 3, downgraded: 1 });
export const busyOnce = recovering('status:500', 1, { posted: 2 });

/** Fails for good: an HTTP error while no event went out (for a second at most), then the last event. */
const failing = (fault, at, { status, error, tokens = at }) => async (client) => {
  const script = client.script({ fault: `${fault}:${at}` });
  script.tokens += 10;
  const { reading, ended } = await client.begin(script);
  const answer = await ended;
  if (answer.status === 200) {
    reading.endedAs('failed', { reset: 0, downgraded: 0 });
    must(reading.terminal.error.code === error, `failed with ${reading.terminal.error.code} instead of ${error}`);
    must(reading.tokens === tokens, `failed with ${reading.tokens} tokens instead of ${tokens}`);
  } else {
    must(tokens === 0 && answer.status === status, `HTTP ${answer.status}, with ${tokens} tokens to come`);
  }
  await client.postedExactly(script, 1);
};

const after = (fault, answer) => (client) => failing(fault, client.between(0, 10), answer)(client);

export const stalled = after('stall', { status: 504, error: 'upstream_timeout' });
export const broken = after('error', { status: 502, error: 'upstream_error' });
export const refused = failing('status', 400, { status: 422, error: 'validation_failed', tokens: 0 });
