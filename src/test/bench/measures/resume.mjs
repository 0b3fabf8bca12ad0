// From a request with Last-Event-ID, on a new connection, to the first replayed event, which must be the next one.
import { now, quantile } from '../base/clock.mjs';
import { randomFrom } from '../base/script.mjs';
import { inferBody, listen } from '../base/sse.mjs';
import { startWar } from '../servers/war.mjs';

export const name = 'resume';
export const files = 1_000;
const HELD = 1_000;

export const run = async ({ upstream, ports, quick, log, fail }) => {
  const settings = quick ? { tries: 20, warm_up: 20, held: HELD } : { tries: 1000, warm_up: 1000, held: HELD };
  const war = await startWar({ port: ports.war, upstream: upstream.url, env: { LM_STUDIO_IDLE_TIMEOUT: '1h' } });
  const stream = await held(war);
  const random = randomFrom(1);
  const delays = [];
  let wrong = 0;
  for (let i = 0; i < settings.warm_up + settings.tries; i++) {
    const after = 1 + Math.floor(random() * (HELD - 1));
    const { ms, id } = await first(stream.location, war, after);
    if (id !== after + 1) wrong++;
    if (i >= settings.warm_up) delays.push(ms);
  }
  stream.leave();
  const result = { server: 'WAR', tries: settings.tries, wrong, p50_ms: quantile(delays, 0.5), p99_ms: quantile(delays, 0.99), max_ms: quantile(delays, 1) };
  if (wrong) fail(`resume: ${wrong} of ${settings.tries + settings.warm_up} did not begin with the next event`);
  log(result);
  return { settings, results: [result] };
};

/** A stream that goes on, whose log has that many tokens. */
const held = (war) => new Promise((resolve, reject) => {
  let location, tokens = 0;
  const { ended, leave } = listen(war.url, { headers: war.headers, body: inferBody({ tokens: HELD + 1, gap: 0, fault: `stall:${HELD}` }),
    onResponse: (response) => { location = new URL(response.headers.location, war.url); },
    onEvent: (event) => { if (event?.event === 'delta' && ++tokens === HELD) resolve({ location, leave }); } });
  ended.then(({ status, broken }) => reject(new Error(`The stream to resume ended: status ${status}, ${broken}, ${tokens} tokens`)));
});

const first = (location, war, after) => new Promise((resolve, reject) => {
  const asked = now();
  const { ended, leave } = listen(location, { headers: { ...war.headers, 'last-event-id': String(after) }, onEvent: (event) => {
    if (event === null) return;
    resolve({ ms: now() - asked, id: event.id });
    leave();
  } });
  ended.then(({ status, broken }) => reject(new Error(`A resumed stream brought nothing: status ${status}, ${broken}`)));
});
