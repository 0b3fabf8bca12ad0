// The SDK beside its peers in one JVM: JMH, in the build's profile `bench`. No WAR, and no stand-in but a socket that pours.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, target } from '../base/paths.mjs';

export const name = 'sdk';
export const files = 1_000;

const OURS = 'this SDK';
const LIMIT_MS = 30 * 60_000; // it takes five minutes

export const run = async ({ quick, log }) => {
  const out = join(target, 'sdk-jmh.json');
  mkdirSync(target, { recursive: true });
  rmSync(out, { force: true });
  execFileSync('mvn', ['-q', '-B', '-Pbench', 'test-compile', 'exec:exec@sdk', '-DskipNode', `-Dbench.out=${out}`, `-Dbench.mode=${quick ? 'quick' : 'full'}`],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], timeout: LIMIT_MS });
  const { results, ...settings } = JSON.parse(readFileSync(out, 'utf8'));
  results.sort((a, b) => (b.client === OURS) - (a.client === OURS));
  results.forEach(log);
  return { settings, results };
};
