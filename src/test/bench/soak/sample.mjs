// One look at the server: what it holds, after a full collection.
import { liveHeapBytes, virtualThreads } from '../base/jvm.mjs';
import { cpuMs, descriptors, platformThreads, residentKiB } from '../base/process.mjs';

const round = (value) => Math.round(value * 10) / 10;

export const sample = async (war) => {
  const { data: streams } = await (await fetch(`${war.api}/streams?all=true`, { headers: { ...war.headers, connection: 'close' } })).json();
  const running = streams.filter(({ status }) => status === 'running' || status === 'queued').length;
  return { cpu_ms: cpuMs(war.pid), heap_mib: round(await liveHeapBytes(war.pid) / 2 ** 20), resident_mib: round(residentKiB(war.pid) / 1024),
    threads: platformThreads(war.pid), virtual_threads: await virtualThreads(war.pid), ...descriptors(war.pid), running, kept: streams.length };
};
