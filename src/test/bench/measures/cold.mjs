// A server that has just become ready: its very first stream, and then, after another start, the first bursts. nginx is the floor, in the same run.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, target } from '../base/paths.mjs';
import { now } from '../base/clock.mjs';
import { startNginx } from '../servers/nginx.mjs';
import { startWar } from '../servers/war.mjs';
import { relay } from './relay.mjs';

export const name = 'cold';
export const files = 2_000;

const serve = join(root, 'bin/serve');

export const run = async (bench) => {
  const settings = bench.quick ? { starts: 1, streams: 50, tokens: 20, gap_ms: 50, ramp: 2000, rounds: 2 } : { starts: 5, streams: 800, tokens: 100, gap_ms: 50, ramp: 2000, rounds: 5 };
  const cache = join(target, 'serve');
  rmSync(cache, { recursive: true, force: true });
  execFileSync(serve, ['--train'], { env: { ...process.env, SERVE_CACHE: cache }, stdio: 'ignore' });
  const trained = { command: [serve], env: { SERVE_CACHE: cache, SERVE_JAVA_OPTIONS: '-Xmx1g' } };
  const variants = {
    'packaged server, no warm-up': { env: { LM_STUDIO_WARM_UP: '0s' } },
    'packaged server': { env: {} },
    'bin/serve, trained, no warm-up': { ...trained, env: { ...trained.env, LM_STUDIO_WARM_UP: '0s' } },
    'bin/serve, trained': trained,
  };
  const results = [];
  const record = (result) => { bench.log(result); results.push(result); };
  const nginx = await startNginx({ port: bench.ports.nginx, upstream: bench.upstream.url });
  for (let start = 1; start <= settings.starts; start++) {
    if (nginx) {
      for (let round = 1; round <= settings.rounds; round++) results.push({ start, round, variant: 'nginx', ...await relay(bench, nginx, settings) });
    }
    for (const [variant, how] of Object.entries(variants)) {
      const begun = now();
      const first = await startWar({ port: bench.ports.war, upstream: bench.upstream.url, ...how });
      const ready_ms = Math.round(now() - begun);
      const { ttft_p50 } = await relay({ ...bench, log: () => {} }, first, { ...settings, streams: 1, tokens: 20 });
      await first.stop();
      record({ start, variant, ready_ms, first_ms: ttft_p50 });
      const server = await startWar({ port: bench.ports.war, upstream: bench.upstream.url, ...how });
      for (let round = 1; round <= settings.rounds; round++) results.push({ start, round, variant, ...await relay(bench, server, settings) });
      await server.stop();
    }
  }
  return { settings, results };
};
