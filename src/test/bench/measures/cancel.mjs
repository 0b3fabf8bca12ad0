// From the wish to the closed upstream connection, which is what makes LM Studio stop: by DELETE, and by a client that leaves a flowing stream.
import { now, quantile, until } from '../base/clock.mjs';
import { inferBody, listen } from '../base/sse.mjs';
import { relays } from './relay.mjs';

export const name = 'cancel';
export const files = 1_000;
const AFTER_TOKENS = 3;
const TOKENS = 400; // far more than are waited for, but a stream that nobody stops ends
const PATIENCE_S = 5;
const GIVEN_UP_AFTER = 3;

export const run = async (bench) => {
  const settings = bench.quick ? { tries: 10, warm_up: 5, gap_ms: 50 } : { tries: 200, warm_up: 200, gap_ms: 50 };
  const servers = await relays({ ...bench, env: { LM_STUDIO_ORPHAN_GRACE: '0s' } });
  const results = [];
  const ways = servers.flatMap((server) => server.name === 'WAR' ? [[server, 'DELETE'], [server, 'client gone']] : [[server, 'client gone']]);
  const delays = ways.map(() => []);
  const hopeless = ways.map(() => 0);
  for (let i = 0; i < settings.warm_up + settings.tries; i++) {
    for (const [w, [server, way]] of ways.entries()) {
      if (hopeless[w] === GIVEN_UP_AFTER) continue;
      const delay = await once(bench, server, way, `cancel-${w}-${i}`, settings);
      if (delay === null) hopeless[w]++;
      if (i >= settings.warm_up || delay === null) delays[w].push(delay);
    }
  }
  for (const [w, [server, way]] of ways.entries()) {
    const closed = delays[w].filter((delay) => delay !== null);
    const result = { server: server.name, way, tries: delays[w].length, closed: closed.length, p50_ms: quantile(closed, 0.5), p99_ms: quantile(closed, 0.99), max_ms: quantile(closed, 1) };
    if (result.closed !== result.tries && server.name === 'WAR') bench.fail(`cancel by ${way}: upstream was closed in ${result.closed} of ${result.tries} tries only`);
    bench.log(result);
    results.push(result);
  }
  return { settings, results };
};

/** Milliseconds until upstream was closed; null if it was not in time. */
const once = async ({ upstream }, server, way, key, { gap_ms }) => {
  const body = inferBody({ tokens: TOKENS, gap: gap_ms, key }, { stream: true });
  let tokens = 0, location;
  const flowing = new Promise((resolve) => {
    const stream = listen(server.url, { headers: server.headers, body, onResponse: (response) => {
      ({ location } = response.headers);
      response.on('data', () => { if (++tokens === AFTER_TOKENS) resolve(stream); });
    } });
    stream.ended.then(() => resolve(stream));
  });
  const stream = await flowing;
  const asked = now();
  if (way === 'DELETE') await fetch(new URL(location, server.url), { method: 'DELETE', headers: server.headers });
  else stream.leave();
  const closed = await until(key, async () => { const seen = await upstream.seen(key); return seen?.open === 0 && seen; }, { seconds: PATIENCE_S, every: 10 }).catch(() => null);
  stream.leave();
  return closed && closed.closedAt - asked;
};
