// The stand-in for LM Studio as a process, and what it tells.
import { join } from 'node:path';
import { until } from '../base/clock.mjs';
import { bench } from '../base/paths.mjs';
import { start } from '../base/process.mjs';

/** @param {{port: number}} options */
export const startUpstream = async ({ port }) => {
  const url = `http://127.0.0.1:${port}`;
  // On connections of their own: one that the stand-in is just closing would fail.
  const get = async (path) => (await fetch(url + path, { headers: { connection: 'close' } })).json();
  const server = start('upstream', process.execPath, [join(bench, 'upstream.mjs')], { PORT: String(port) });
  await until('The stand-in for LM Studio answers', () => { server.alive(); return get('/stats'); });
  return { url, pid: server.pid, stop: server.stop, stats: () => get('/stats'), reset: () => get('/stats?reset'),
    /** Of the requests with this key: posted, open, closedAt; null if there was none. */
    seen: (key) => get(`/seen?key=${key}`) };
};
