// A long run of mixed load and faults against the WAR: every token checked, the server looked at every minute, losses, leaks and drift at the end.
//   mvn -q package -DskipTests && node src/test/bench/soak.mjs [--minutes 30] [--clients 100] [--seed 1] [--out docs/performance] [--port 18080]
// Writes soak.jsonl to --out (default target/bench): the run, its samples, whatever was wrong, the end. node src/test/bench/run.mjs --render
// makes the documents of it. Ends with 1 if anything was wrong or is left over. Needs Linux, Node 20 and a JDK 21 or later with jcmd (JAVA_HOME).
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pause, quantile, until } from './base/clock.mjs';
import { provenance } from './base/machine.mjs';
import { target } from './base/paths.mjs';
import { openFiles, stopAll } from './base/process.mjs';
import { leftOver, readSoak, soakTable } from './report/soak-table.mjs';
import { startUpstream } from './servers/upstream.mjs';
import { startWar } from './servers/war.mjs';
import { Actors } from './soak/actors.mjs';
import { sample } from './soak/sample.mjs';

const { values: o } = parseArgs({ options: { minutes: { type: 'string', default: '30' }, clients: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' },
  out: { type: 'string', default: target }, port: { type: 'string', default: '18080' } } });
const [minutes, clients, seed, port] = [o.minutes, o.clients, o.seed, o.port].map(Number);
// Short, so that faults, orphans and what is kept come to their end many times in the run.
const LIMITS = { LM_STUDIO_IDLE_TIMEOUT: '8s', LM_STUDIO_FIRST_TOKEN_TIMEOUT: '30s', LM_STUDIO_ORPHAN_GRACE: '10s', LM_STUDIO_STREAM_RETENTION: '20s' };
const EVERY_MS = minutes >= 10 ? 60_000 : 20_000;
const WARM_UP_MS = Math.min(120_000, minutes * 20_000);
const WRONG_KEPT = 100;

openFiles();
mkdirSync(o.out, { recursive: true });
const file = join(o.out, 'soak.jsonl');
const write = (line) => { appendFileSync(file, JSON.stringify(line) + '\n'); console.log(JSON.stringify(line)); };
writeFileSync(file, '');
write({ kind: 'run', measure: 'soak', ...provenance(), settings: { minutes, clients, seed, ...LIMITS } });

const upstream = await startUpstream({ port: port + 3 });
const war = await startWar({ port, upstream: upstream.url, env: LIMITS });
let wrong = 0;
const onWrong = (what) => { if (++wrong <= WRONG_KEPT) write({ kind: 'wrong', ...what }); };
const load = (begin) => { const actors = new Actors({ war, upstream, seed: begin, onWrong }); actors.begin(clients); return actors; };

/** What the server holds once nothing runs and nothing is kept any more; after a while, what it holds all the same. */
const quiet = async (like) => {
  await until('No stream is kept', async () => (await sample(war)).kept === 0, { seconds: 90, every: 2000 }).catch(() => {});
  await until('Connections are closed', async () => !like || leftOver(like, await sample(war)).length === 0, { seconds: 120, every: 5000 }).catch(() => {});
  return sample(war);
};

// Pools fill and classes load in the first minutes: the comparison begins behind them.
const warmUp = load(seed + 1000);
await pause(WARM_UP_MS);
await warmUp.end();
await pause(35_000); // idle connections are closed after 30 s
const start = await quiet();
write({ kind: 'start', ...start });

const actors = load(seed);
const begun = Date.now();
let before = { cpu_ms: start.cpu_ms, tokens: 0, at: begun };
while (Date.now() - begun < minutes * 60_000 - 1000) {
  await pause(Math.min(EVERY_MS - (Date.now() - begun) % EVERY_MS, minutes * 60_000 - (Date.now() - begun)));
  const delays = actors.takeDelays(), { tokens } = actors.counts;
  const { cpu_ms, ...now } = await sample(war), at = Date.now();
  write({ kind: 'sample', minute: Math.round((at - begun) / 6_000) / 10, ...now, tokens: tokens - before.tokens, relay_p50: quantile(delays, 0.5), relay_p99: quantile(delays, 0.99),
    cpu_percent: Math.round((cpu_ms - before.cpu_ms) / (at - before.at) * 100), wrong });
  before = { cpu_ms, tokens, at };
}
await actors.end();
const end = await quiet(start);
const left = leftOver(start, end);
write({ kind: 'end', ...end, ...actors.counts, wrong, left, scenarios: actors.scenarios });
await stopAll();
console.log(`\n${soakTable(readSoak(readFileSync(file, 'utf8')))}`);
process.exit(wrong || left.length ? 1 : 0);
