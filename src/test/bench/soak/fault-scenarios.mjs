// What clients see when LM Studio fails, as faults.md has it: the outcome, the text, and how often LM Studio was asked.
import { inferBody, listen } from '../base/sse.mjs';
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

/** Fails for good. Before the first token that is an HTTP error, later the last event. */
const failing = (fault, status, error) => async (client) => {
  const at = client.between(0, 10);
  const script = client.script({ fault: `${fault}:${at}` });
  script.tokens += 10;
  const { reading, ended } = await client.begin(script);
  const answer = await ended;
  if (answer.status === 200) {
    reading.endedAs('failed', { reset: 0, downgraded: 0 });
    must(reading.terminal.error.code === error, `failed with ${reading.terminal.error.code} instead of ${error}`);
    must(reading.tokens === at, `failed with ${reading.tokens} tokens instead of ${at}`);
  } else {
    must(at === 0 && answer.status === status, `HTTP ${answer.status}, with ${at} tokens to come`);
  }
  await client.postedExactly(script, 1);
};

export const stalled = failing('stall', 504, 'upstream_timeout');
export const broken = failing('error', 502, 'upstream_error');

/** LM Studio refuses the request: an HTTP error, no stream. */
export const refused = async (client) => {
  const script = client.script({ fault: 'status:400' });
  const { ended } = listen(client.war.url, { headers: client.war.headers, body: inferBody(script, { stream: true }) });
  const { status } = await ended;
  must(status === 422, `what LM Studio refuses: HTTP ${status}`);
  await client.postedExactly(script, 1);
};
