// Relays many streams at once through the WAR and, beside it in the same run, through nginx: the floor.
//   mvn -q package -DskipTests && node src/test/bench/streams.mjs [--streams 200,800] [--tokens 100] [--java PATH] [--out FILE]
// Each round: every token of every stream is checked, and each client request must be exactly one upstream request.
// Needs Node 20 and a JDK 21 or later (JAVA_HOME, or --java). Without nginx installed that column is left out, with a message.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const here = fileURLToPath(new URL('.', import.meta.url));
const bundle = resolve(here, '../../../target/lmstudio-ee-microbundle.jar');
const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';
const { values: o } = parseArgs({ options: {
  streams: { type: 'string', default: '200,800' }, tokens: { type: 'string', default: '100' }, ramp: { type: 'string', default: '2000' },
  warmup: { type: 'string', default: '4' }, java: { type: 'string', default: java }, out: { type: 'string' }, port: { type: 'string', default: '18080' } } });
const UPSTREAM = 'http://127.0.0.1:9999';
const run = promisify(execFile);
const children = [];
const start = (command, args, env) => {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
  children.push(child);
  return child;
};
const get = async (url, headers) => (await fetch(url, { headers })).json();
const until = async (what, check) => {
  for (const end = Date.now() + 120_000; Date.now() < end; await new Promise(r => setTimeout(r, 250))) {
    if (await check().catch(() => false)) return;
  }
  throw new Error(`${what} did not come up in 120 s`);
};

const nginx = async () => {
  const prefix = mkdtempSync(join(tmpdir(), 'lmstudio-nginx-'));
  // It becomes a daemon that keeps its outputs, so they must not be pipes that somebody waits for.
  const launcher = spawn('nginx', ['-c', join(here, 'nginx.conf'), '-p', prefix], { stdio: 'ignore' });
  const failed = await Promise.race([once(launcher, 'exit').then(([code]) => code && `exit code ${code}`), once(launcher, 'error').then(([e]) => e.message)]);
  if (failed) {
    console.error(`nginx is left out: ${failed}`);
    return null;
  }
  const master = Number(readFileSync(join(prefix, 'nginx-bench.pid'), 'utf8'));
  let workers = [];
  await until('nginx', async () => (workers = readFileSync(`/proc/${master}/task/${master}/children`, 'utf8').trim().split(' ').filter(Boolean)).length === 2);
  return { name: 'nginx', url: 'http://127.0.0.1:8282/v1/chat/completions', pid: workers.join(','), stop: () => process.kill(master) };
};

const war = async () => {
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing: run mvn -q package -DskipTests`);
  const token = 'bench-token';
  const child = start(o.java, ['-Xmx1g', '-jar', bundle, '--port', o.port], {
    APP_ENV: 'local', LM_STUDIO_BASE_URL: UPSTREAM, LM_STUDIO_ACCESS_TOKENS: `bench:${token}`, LM_STUDIO_MAX_STREAMS: '0', LM_STUDIO_MAX_STREAMS_PER_CALLER: '0' });
  const root = `http://127.0.0.1:${o.port}/api/v1/ai/lmstudio`;
  await until('the WAR', async () => (await get(`${root}/models`, { authorization: `Bearer ${token}` })).status === 'success');
  return { name: 'WAR', url: `${root}/infer`, pid: String(child.pid), header: `authorization: Bearer ${token}`, stop: () => child.kill() };
};

const round = async (server, streams) => {
  const before = (await get(`${UPSTREAM}/stats`)).total;
  const args = ['--url', server.url, '--streams', streams, '--tokens', o.tokens, '--ramp', o.ramp, '--pid', server.pid, ...(server.header ? ['--header', server.header] : [])];
  const { stdout } = await run('node', [join(here, 'load.mjs'), ...args], { maxBuffer: 1 << 26 });
  const posted = (await get(`${UPSTREAM}/stats`)).total - before;
  return { server: server.name, ...JSON.parse(stdout), posted };
};

const results = [];
let wrong = false;
try {
  start('node', [join(here, 'upstream.mjs')], { TOKENS: o.tokens });
  await until('the stand-in for LM Studio', () => get(`${UPSTREAM}/stats`));
  const servers = [await nginx(), await war()].filter(Boolean);
  for (let i = 0; i < Number(o.warmup); i++) await round(servers.at(-1), '200');
  for (const streams of o.streams.split(',')) {
    for (const server of servers) {
      const result = await round(server, streams);
      const exact = result.ok === result.streams && result.posted === result.streams && !(result.lost || result.repeated || result.disordered || result.errors);
      wrong ||= !exact && server.name === 'WAR';
      results.push({ ...result, exact });
      console.log(JSON.stringify({ ...result, exact }));
    }
  }
  for (const server of servers) server.stop();
} finally {
  for (const child of children) child.kill();
}

const columns = ['server', 'streams', 'exact', 'posted', 'cpu_us_per_token', 'ttft_p50', 'ttft_p99', 'relay_p50', 'relay_p99'];
console.log(`\n| ${columns.join(' | ')} |\n|${'---|'.repeat(columns.length)}`);
for (const r of results) console.log(`| ${columns.map(c => r[c]).join(' | ')} |`);
const machine = `${cpus().length} × ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
if (o.out) writeFileSync(o.out, JSON.stringify({ machine, command: process.argv.slice(2), results }, null, 1) + '\n');
console.log(`\n${machine}`);
if (wrong) { console.error('A token was lost, repeated or disordered, or a request was not posted exactly once.'); process.exit(1); }
process.exit(0);
