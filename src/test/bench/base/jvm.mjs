// What a running JVM says of itself, through jcmd.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jcmd } from './machine.mjs';

const run = promisify(execFile);
const ask = async (pid, ...command) => (await run(jcmd, [String(pid), ...command], { maxBuffer: 1 << 28 })).stdout;

/** Bytes of the objects that are alive, after a full collection: the histogram makes one, and counts exactly. */
export const liveHeapBytes = async (pid) => {
  await ask(pid, 'GC.run'); // the first finds what references and cleaners held
  return Number(/^Total\s+\d+\s+(\d+)/m.exec(await ask(pid, 'GC.class_histogram'))[1]);
};

/** Virtual threads that are not over. Older JDKs than 24 do not mark them in the dump: 0 then. */
export const virtualThreads = async (pid) => {
  const folder = mkdtempSync(join(tmpdir(), 'lmstudio-threads-'));
  try {
    const file = join(folder, 'threads.json');
    await ask(pid, 'Thread.dump_to_file', '-format=json', file);
    const { threadContainers } = JSON.parse(readFileSync(file, 'utf8')).threadDump;
    return threadContainers.flatMap((container) => container.threads).filter((thread) => thread.virtual).length;
  } finally {
    rmSync(folder, { recursive: true });
  }
};
