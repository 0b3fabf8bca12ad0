// Many streams at once through the WAR and, beside it, through nginx and Portkey: every token checked, each request posted exactly once.
import { relay, relays } from './relay.mjs';

export const name = 'streams';
export const files = 2_000;

export const run = async (bench) => {
  const settings = bench.quick ? { streams: [50], tokens: 20, gap_ms: 50, ramp: 2000, rounds: 1, warm_up: 1 }
    : { streams: [200, 800], tokens: 100, gap_ms: 50, ramp: 2000, rounds: 3, warm_up: 6 };
  const servers = await relays(bench);
  const results = [];
  for (let i = 0; i < settings.warm_up; i++) for (const server of servers) await relay(bench, server, { ...settings, streams: Math.min(200, ...settings.streams) });
  for (const streams of settings.streams) {
    for (let round = 1; round <= settings.rounds; round++) {
      for (const server of servers) results.push({ round, ...await relay(bench, server, { ...settings, streams }) });
    }
  }
  return { settings, results };
};
