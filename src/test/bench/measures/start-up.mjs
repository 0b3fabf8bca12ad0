// From the command to the first answered request, and the CPU time till then: stock Payara Micro, the bundle, bin/serve trained, in turn.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { now, until } from '../base/clock.mjs';
import { java } from '../base/machine.mjs';
import { root, target } from '../base/paths.mjs';
import { cpuMs, start } from '../base/process.mjs';
import { bundle } from '../servers/war.mjs';

export const name = 'start-up';
export const files = 1_000;

const SIMULATED = { APP_ENV: 'local', LM_STUDIO_SIMULATOR: 'true' };
const stock = join(root, 'target/tools/payara-micro.jar');
const serve = join(root, 'bin/serve');

export const run = async ({ ports, quick, log }) => {
  if (!existsSync(stock)) throw new Error(`${stock} is missing: run mvn -q package -DskipTests`);
  const settings = { rounds: quick ? 1 : 5 };
  const cache = join(target, 'serve');
  const env = { ...SIMULATED, SERVE_CACHE: cache };
  const port = ['--port', String(ports.war)];
  rmSync(cache, { recursive: true, force: true });
  execFileSync(serve, ['--train', ...port], { env: { ...process.env, ...env }, stdio: 'ignore' });
  const variants = {
    stock: [java, '-jar', stock, '--deploy', join(root, 'target/lmstudio-ee.war'), '--contextroot', '/', '--prebootcommandfile', loopback(), ...port],
    bundle: [java, '-jar', bundle, ...port],
    'bin/serve, trained': [serve, ...port],
  };
  const results = [];
  for (let round = 1; round <= settings.rounds; round++) {
    for (const [variant, command] of Object.entries(variants)) {
      const result = { variant, round, ...await measure(variant, command, env, ports.war) };
      log(result);
      results.push(result);
    }
  }
  return { settings: { ...settings, cores: availableParallelism() }, results };
};

/** Stock Payara Micro would answer the whole network: the one thing that is not as it comes. */
const loopback = () => {
  const file = join(target, 'loopback.txt');
  mkdirSync(target, { recursive: true });
  writeFileSync(file, 'set configs.config.server-config.network-config.network-listeners.network-listener.http-listener.address=127.0.0.1\n');
  return file;
};

const measure = async (variant, [command, ...args], env, port) => {
  const load = Math.round(loadavg()[0] * 10) / 10;
  const begin = now();
  const server = start(`start-up-${variant.replace(/\W+/g, '-')}`, command, args, env);
  await until(`${variant} answers`, async () => { server.alive(); return (await fetch(`http://127.0.0.1:${port}/login`)).ok; }, { every: 20, seconds: 300 });
  const wall_ms = Math.round(now() - begin), cpu_ms = cpuMs(server.pid);
  await server.stop();
  return { wall_ms, cpu_ms, load_before: load };
};
