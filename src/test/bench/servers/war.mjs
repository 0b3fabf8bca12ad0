// The packaged server, with its own limits off.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../base/clock.mjs';
import { java } from '../base/machine.mjs';
import { root } from '../base/paths.mjs';
import { start } from '../base/process.mjs';

export const bundle = join(root, 'target/lmstudio-ee-microbundle.jar');
const NO_LIMITS = { LM_STUDIO_MAX_STREAMS: '0', LM_STUDIO_MAX_STREAMS_PER_CALLER: '0', LM_STUDIO_MAX_LISTENERS_PER_STREAM: '0', LM_STUDIO_MAX_LISTENERS_PER_CALLER: '0', LM_STUDIO_RATE_LIMIT: '0' };
const TOKEN = 'bench-token';

/** The same server by its OpenAI door. */
export const door = (war) => ({ ...war, name: 'WAR, OpenAI door', url: new URL('/v1/chat/completions', war.url).href });

/** @param {{port: number, upstream: string, env?: Record<string, string>, command?: string[]}} options */
export const startWar = async ({ port, upstream, env = {}, command = [java, '-Xmx1g', '-jar', bundle] }) => {
  if (!existsSync(bundle)) throw new Error(`${bundle} is missing: run mvn -q package -DskipTests`);
  const [program, ...options] = command;
  const server = start(`war-${port}`, program, [...options, '--port', String(port)], {
    APP_ENV: 'local', LM_STUDIO_BASE_URL: upstream, LM_STUDIO_ACCESS_TOKENS: `bench:${TOKEN}:admin`, ...NO_LIMITS, ...env });
  const api = `http://127.0.0.1:${port}/api/v1/ai/lmstudio`;
  const headers = { authorization: `Bearer ${TOKEN}` };
  await until('The WAR answers', async () => {
    server.alive();
    return (await (await fetch(`${api}/models`, { headers })).json()).status === 'success';
  });
  return { name: 'WAR', api, url: `${api}/infer`, headers, pid: server.pid, pids: () => [server.pid], stop: server.stop };
};
