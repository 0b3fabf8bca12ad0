// Many streams at once through the WAR, by its own API and by the OpenAI door, and, beside it, through nginx and Portkey: every token checked, each request posted exactly once.
import { relay, relays } from './relay.mjs';
import { door } from '../servers/war.mjs';

export const name = 'streams';
export const files = 2_000;

export const run = async (bench) => {
  const settings = bench.quick ? { streams: [50], tokens: 20, gap_ms: 50, ramp: 2000, rounds: 1, warm_up: 1, warm_up_others: 1 }
    : { streams: [200, 800], tokens: 100, gap_ms: 50, ramp: 2000, rounds: 5, warm_up: 30, warm_up_others: 3 };
  const others = await relays(bench);
  const servers = others.flatMap((server) => (server.name === 'WAR' ? [server, door(server)] : [server]));
  const results = [];
  // The JVM compiles for many rounds; the others are as fast as they will be after a few.
  for (const server of servers) {
    const warmUp = server.name.startsWith('WAR') ? settings.warm_up : settings.warm_up_others;
    for (let i = 0; i < warmUp; i++) await relay(bench, server, { ...settings, streams: Math.max(...settings.streams) });
  }
  for (const streams of settings.streams) {
    for (let round = 1; round <= settings.rounds; round++) {
      for (const server of servers) results.push({ round, ...await relay(bench, server, { ...settings, streams }) });
    }
  }
  return { settings, results };
};
