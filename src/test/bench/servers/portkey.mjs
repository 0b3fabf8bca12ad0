// The Portkey gateway, where it is installed from npm.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { until } from '../base/clock.mjs';
import { root } from '../base/paths.mjs';
import { start } from '../base/process.mjs';

// It has no option for its address, and would listen on all of them. And with today's @hono/node-server it answers every stream with 500,
// since the headers of what fetch returns cannot be changed: those of a copy can. Once a request, nothing a token.
const PRELOADED = `data:text/javascript,${encodeURIComponent(`import net from 'node:net';
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, host, ...rest) { return listen.call(this, port, host ?? '127.0.0.1', ...rest); };
const { fetch, Response } = globalThis;
globalThis.fetch = async (...request) => { const answer = await fetch(...request); return new Response(answer.body, answer); };`)}`;

/** The running gateway, or null and a message. @param {{port: number, upstream: string, folder?: string}} options */
export const startPortkey = async ({ port, upstream, folder = root }) => {
  const home = join(resolve(folder), 'node_modules/@portkey-ai/gateway');
  if (!existsSync(home)) {
    console.error(`Portkey is left out: it is not in ${home}. Get it: npm install --no-save @portkey-ai/gateway, or elsewhere, and name that folder: --portkey FOLDER.`);
    return null;
  }
  const server = start('portkey', process.execPath, ['--import', PRELOADED, join(home, 'build/start-server.js'), `--port=${port}`, '--headless']);
  await until('Portkey answers', async () => { server.alive(); return (await fetch(`http://127.0.0.1:${port}/`)).ok; });
  return { name: `Portkey ${JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version}`, url: `http://127.0.0.1:${port}/v1/chat/completions`,
    headers: { authorization: 'Bearer none', 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${upstream}/v1` }, pids: () => [server.pid], stop: server.stop };
};
