// The processes of a benchmark: begun here, ended here, and looked at through /proc (Linux).
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Gone } from './clock.mjs';
import { target } from './paths.mjs';

const WANTED_FILES = 65_536;
const STOP_MS = 40_000; // streams that run get 10 s of it
const running = new Set();

/** Starts a command whose output goes to a log below target/bench. Its `stop()` ends it and waits. */
export const start = (name, command, args, env = {}) => {
  mkdirSync(target, { recursive: true });
  const log = join(target, `${name}.log`);
  const out = openSync(log, 'w');
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', out, out] });
  const exited = once(child, 'close').catch(() => {});
  const stop = async () => {
    child.kill();
    const last = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(last);
  };
  running.add(stop);
  exited.then(() => running.delete(stop));
  const alive = () => {
    if (child.exitCode !== null || child.signalCode !== null) throw new Gone(`${name} has ended by itself:\n${readFileSync(log, 'utf8').slice(-2000)}`);
  };
  return { pid: child.pid, stop, alive };
};

/** Ends what still runs, and waits. */
export const stopAll = () => Promise.all([...running].map((stop) => stop()));
for (const [signal, number] of [['SIGINT', 2], ['SIGTERM', 15]]) process.on(signal, () => { stopAll(); process.exit(128 + number); });
process.on('exit', () => { stopAll(); });

const stat = (pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
/** CPU time, user and system, in milliseconds; the kernel counts in hundredths of a second. */
export const cpuMs = (pid) => (Number(stat(pid)[11]) + Number(stat(pid)[12])) * 10;
export const residentKiB = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
export const children = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
export const platformThreads = (pid) => readdirSync(`/proc/${pid}/task`).length;

/** Open files of a process, sockets apart. */
export const descriptors = (pid) => {
  const links = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try { return [readlinkSync(`/proc/${pid}/fd/${fd}`)]; } catch { return []; /* closed meanwhile */ }
  });
  const sockets = links.filter((link) => link.startsWith('socket:')).length;
  return { sockets, files: links.length - sockets };
};

/** How many files a process may open, after an attempt to raise that for this one and those it starts. */
export const openFiles = () => {
  const limit = () => Number(/Max open files\s+(\d+|unlimited)/.exec(readFileSync('/proc/self/limits', 'utf8'))[1].replace('unlimited', 'Infinity'));
  if (limit() < WANTED_FILES) {
    for (const most of [`${WANTED_FILES}:${WANTED_FILES}`, `${WANTED_FILES}:`]) spawnSync('prlimit', ['--pid', String(process.pid), `--nofile=${most}`], { stdio: 'ignore' });
  }
  return limit();
};
