// One round of streams through one server.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bench as folder } from '../base/paths.mjs';
import { startNginx } from '../servers/nginx.mjs';
import { startPortkey } from '../servers/portkey.mjs';
import { startWar } from '../servers/war.mjs';

const node = promisify(execFile);

/** The servers that only pass on, those that are there; the WAR last. */
export const relays = async ({ ports, upstream, portkey, env }) => (await Promise.all([
  startNginx({ port: ports.nginx, upstream: upstream.url }),
  startPortkey({ port: ports.portkey, upstream: upstream.url, folder: portkey }),
  startWar({ port: ports.war, upstream: upstream.url, env })])).filter(Boolean);

/** Loads a server and says whether every token came once, in order, and every request was posted once. */
export const relay = async ({ upstream, log, fail }, server, { streams, tokens, gap_ms, ramp }) => {
  await upstream.reset();
  const args = { url: server.url, streams, tokens, gap: gap_ms, ramp, pid: server.pids().join(',') };
  const { stdout } = await node(process.execPath, [join(folder, 'load.mjs'), ...Object.entries(args).flatMap(([key, value]) => [`--${key}`, String(value)]),
    ...Object.entries(server.headers).flatMap(([key, value]) => ['--header', `${key}: ${value}`])], { maxBuffer: 1 << 26 });
  const loaded = JSON.parse(stdout);
  const { total: posted, peak } = await upstream.stats();
  const exact = loaded.ok === streams && posted === streams && !(loaded.lost || loaded.repeated || loaded.disordered || loaded.errors);
  if (!exact && server.name.startsWith('WAR')) fail(`${server.name}, ${streams} streams: a token was lost, repeated or disordered, or a request not posted exactly once`);
  const result = { server: server.name, ...loaded, posted, peak, exact };
  log(result);
  return result;
};
