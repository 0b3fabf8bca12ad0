// What an open stream costs while nothing comes: live heap after a full collection with and without them. First streams of their own, each
// with its connection to LM Studio; then listeners of a few streams. All must stay, get keep-alives, and see the end; another stream must work.
import { pause, until } from '../base/clock.mjs';
import { liveHeapBytes } from '../base/jvm.mjs';
import { residentKiB } from '../base/process.mjs';
import { inferBody, listen } from '../base/sse.mjs';
import { startWar } from '../servers/war.mjs';
import { relay } from './relay.mjs';

export const name = 'quiet';
export const files = 12_000;
const WAYS = 10;
const KEEP_ALIVES = 2;

export const run = async (bench) => {
  const settings = bench.quick ? { streams: 50, listeners: 200, of_streams: 5 } : { streams: 5000, listeners: 10_000, of_streams: 10 };
  const results = [];
  for (const kind of ['streams', 'listeners']) results.push(await measure(bench, kind, settings));
  return { settings, results };
};

const measure = async (bench, kind, settings) => {
  const { upstream, ports, fail, log } = bench;
  const war = await startWar({ port: ports.war, upstream: upstream.url, env: { LM_STUDIO_IDLE_TIMEOUT: '1h', LM_STUDIO_GENERATION_TIMEOUT: '2h' } });
  const n = settings[kind];
  const other = { streams: 50, tokens: 40, gap_ms: 50, ramp: 1000 };
  const body = inferBody({ fault: 'stall:1' });
  const quiet = () => quietListener(`${war.api}/infer`, { headers: war.headers, body });
  await relay(bench, war, other); // what is loaded on first use belongs to no stream
  await openAll(50, quiet).then(closeAll(war));
  const streams = kind === 'listeners' ? await openAll(settings.of_streams, quiet) : [];
  const before = await liveHeapBytes(war.pid), residentBefore = residentKiB(war.pid);
  const at = streams.map((stream) => `http://127.0.0.1:${ports.war}${stream.location}`);
  const opened = await openAll(n, (i) => kind === 'streams' ? quiet() : quietListener(at[i % at.length], { headers: war.headers }));
  const with_n = await liveHeapBytes(war.pid), residentWith = residentKiB(war.pid);
  await until(`${n} quiet listeners get ${KEEP_ALIVES} keep-alives each`, () => opened.every((one) => one.comments >= KEEP_ALIVES || one.over), { seconds: 90 });
  const works = (await relay(bench, war, other)).exact;
  const stayed = opened.filter((one) => !one.over && one.comments >= KEEP_ALIVES).length;
  await closeAll(war)([...streams, ...(kind === 'streams' ? opened : [])]);
  await until('Cancelled streams end for all listeners', () => opened.every((one) => one.over), { seconds: 60 }).catch(() => {});
  const saw_end = opened.filter((one) => one.last === 'cancelled').length;
  await pause(1000);
  const after = await liveHeapBytes(war.pid);
  await war.stop();
  const result = { kind, n, kib_each: round((with_n - before) / n / 1024), resident_kib_each: round((residentWith - residentBefore) / n),
    heap_before_mib: round(before / 2 ** 20), heap_with_mib: round(with_n / 2 ** 20), heap_after_mib: round(after / 2 ** 20), stayed, saw_end, others_work: works };
  if (stayed !== n || saw_end !== n || !works) fail(`quiet ${kind}: of ${n}, ${stayed} stayed and got keep-alives, ${saw_end} saw the end; another stream worked: ${works}`);
  log(result);
  return result;
};

const round = (value) => Math.round(value * 10) / 10;

/** Resolves when its first token has come, or it has failed. */
const quietListener = (url, options) => new Promise((resolve) => {
  const one = { comments: 0, over: false, last: null, location: null };
  const { ended } = listen(url, { ...options, onResponse: (response) => { one.location = response.headers.location; }, onEvent: (event) => {
    if (event === null) one.comments++;
    else one.last = event.event;
    if (event?.event === 'delta') resolve(one);
  } });
  ended.then(() => { one.over = true; resolve(one); });
});

/** Opens n, a few at a time. */
const openAll = async (n, open) => {
  const all = [];
  let next = 0;
  await Promise.all(Array.from({ length: WAYS }, async () => { while (next < n) all.push(await open(next++)); }));
  return all;
};

const closeAll = (war) => async (listeners) => {
  let next = 0;
  await Promise.all(Array.from({ length: WAYS }, async () => {
    while (next < listeners.length) {
      const { location } = listeners[next++];
      if (location) await fetch(new URL(location, war.api), { method: 'DELETE', headers: war.headers });
    }
  }));
};
