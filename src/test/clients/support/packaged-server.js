import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const TARGET = fileURLToPath(new URL('../../../../target/', import.meta.url));
const BUNDLE = join(TARGET, 'lmstudio-ee-microbundle.jar');
const JAVA = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';

/** The keys of the callers. {@link LIMIT_PER_CALLER} and {@link LIMIT} hold for the tests of limits. */
export const KEYS = { alice: 'alice-7d0c1f2e9a', bob: 'bob-41b8e63c05', carol: 'carol-5be20d7741' };

/** How many streams of one caller may run at the same time. */
export const LIMIT_PER_CALLER = 2;

/** How many streams may run at the same time. */
export const LIMIT = 4;

/**
 * Starts the packaged server before the first test. Its LM Studio is at `CLIENTS_LM_STUDIO_PORT`, where each test file
 * plays it (lm-studio.js). `CLIENTS_SERVER` has another command for the start, one argument a line. The server also serves the built-in simulator, which gives the answers that no test scripts.
 *
 * @returns {Promise<() => Promise<void>>} stops the server
 */
export async function setup() {
  const [java, ...options] = process.env.CLIENTS_SERVER?.split('\n') ?? [JAVA, '-jar', BUNDLE];
  if (!existsSync(BUNDLE)) throw new Error(`${BUNDLE} is missing. Run mvn -q package -DskipTests.`);
  const port = Number(process.env.CLIENTS_PORT ?? await freePort());
  const lmStudioPort = await freePort();
  const server = spawn(java, ['-Xmx512m', ...options, '--port', String(port)], {
    env: {
      ...process.env,
      APP_ENV: 'local',
      LM_STUDIO_SIMULATOR: 'true',
      LM_STUDIO_BASE_URL: `http://127.0.0.1:${lmStudioPort}`,
      LM_STUDIO_ACCESS_TOKENS: Object.entries(KEYS).map(([name, key]) => `${name}:${key}`).join(),
      LM_STUDIO_ENABLE_AUDIO: 'true',
      LM_STUDIO_ENABLE_IMAGES: 'true',
      LM_STUDIO_MAX_STREAMS: String(LIMIT),
      LM_STUDIO_MAX_STREAMS_PER_CALLER: String(LIMIT_PER_CALLER),
      // So that clients see LM Studio's errors, and retry by themselves.
      LM_STUDIO_MAX_RETRIES: '0',
      // After a wait of 1 s, the server answers 200 and can only fail within the stream.
      LM_STUDIO_QUEUE_TIMEOUT: '500ms',
      // While LM Studio is silent, a keep-alive that cannot be written tells that the client of a stream has left.
      LM_STUDIO_KEEP_ALIVE: '100ms',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(server, 'close');
  const log = createWriteStream(join(TARGET, 'client-test-server.log'));
  server.stdout.pipe(log, { end: false });
  server.stderr.pipe(log, { end: false });
  await Promise.race([lineWith(server.stdout, 'lmstudio-ee is ready'), ended.then(() => {
    throw new Error(`The server did not start, see ${log.path}`);
  })]);
  process.env.CLIENTS_SERVER_URL = `http://127.0.0.1:${port}`;
  process.env.CLIENTS_LM_STUDIO_PORT = String(lmStudioPort);
  return async () => {
    server.kill();
    await ended;
    log.end();
  };
}

/** @param {import('node:stream').Readable} output @param {string} text */
function lineWith(output, text) {
  return new Promise((resolve) => createInterface(output).on('line', (line) => {
    if (line.includes(text)) resolve(line);
  }));
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {net.AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}
