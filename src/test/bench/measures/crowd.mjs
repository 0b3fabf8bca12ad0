// 5,000 streams open at once, 5 tokens a second each, in a heap of 1 GiB, beside nginx.
import { relay } from './relay.mjs';
import { startNginx } from '../servers/nginx.mjs';
import { startWar } from '../servers/war.mjs';

export const name = 'crowd';
export const files = 12_000;

export const run = async (bench) => {
  const settings = bench.quick ? { streams: 300, tokens: 10, gap_ms: 200, ramp: 1000, rounds: 1, warm_up: 1 }
    : { streams: 5000, tokens: 100, gap_ms: 200, ramp: 1000, rounds: 2, warm_up: 6 };
  const at = { upstream: bench.upstream.url };
  const servers = [await startNginx({ port: bench.ports.nginx, ...at }), await startWar({ port: bench.ports.war, ...at })].filter(Boolean);
  const results = [];
  for (let i = 0; i < settings.warm_up; i++) await relay(bench, servers.at(-1), { ...settings, streams: Math.min(200, settings.streams), tokens: Math.min(50, settings.tokens), gap_ms: 50 });
  for (let round = 1; round <= settings.rounds; round++) for (const server of servers) results.push({ round, ...await relay(bench, server, settings) });
  return { settings, results };
};
