// Every figure of docs/performance.md in one run: the WAR beside nginx and, where it is installed from npm, the Portkey gateway.
//   mvn -q package -DskipTests && node src/test/bench/run.mjs [--only streams,crowd,quiet,cancel,resume,start-up,cold,sdk] [--quick] [--out docs/performance]
//     [--portkey FOLDER] (has node_modules/@portkey-ai/gateway)  [--port 18080] (and the three after it)
//   node src/test/bench/run.mjs --render    writes figures and tables anew from the raw results in docs/performance
// --quick only tries the scripts: its figures mean nothing. Raw results and figures go to --out, by default target/bench; with
// --out docs/performance the tables of docs/performance.md follow. Timings are never judged; a token lost or a server that stops working is.
// Needs Linux, Node 20, a JDK 21 or later with jcmd (JAVA_HOME) and, for sdk, Maven. A peer that is not installed is left out, with a message.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pause } from './base/clock.mjs';
import { provenance } from './base/machine.mjs';
import { docs, target } from './base/paths.mjs';
import { openFiles, stopAll } from './base/process.mjs';
import * as cold from './measures/cold.mjs';
import * as cancel from './measures/cancel.mjs';
import * as crowd from './measures/crowd.mjs';
import * as quiet from './measures/quiet.mjs';
import * as resume from './measures/resume.mjs';
import * as sdk from './measures/sdk.mjs';
import * as startUp from './measures/start-up.mjs';
import * as streams from './measures/streams.mjs';
import { publish, tables } from './report/publish.mjs';
import { startUpstream } from './servers/upstream.mjs';

const LIMIT_MIN = 40; // for one measure; it takes 2 to 10
const MEASURES = [streams, crowd, quiet, cancel, resume, startUp, cold, sdk];
const { values: o } = parseArgs({ options: { only: { type: 'string' }, quick: { type: 'boolean', default: false }, render: { type: 'boolean', default: false },
  out: { type: 'string', default: target }, portkey: { type: 'string' }, port: { type: 'string', default: '18080' } } });
const published = join(docs, 'performance');
if (o.render) { publish(published, docs); process.exit(0); }

const out = resolve(o.out);
if (o.quick && out === published) throw new Error('--quick measures nothing: its figures are not for publishing');
const names = o.only?.split(',') ?? MEASURES.map((measure) => measure.name);
const unknown = names.filter((name) => !MEASURES.some((measure) => measure.name === name));
if (unknown.length) throw new Error(`--only ${unknown}: there is no such measure; there are ${MEASURES.map((measure) => measure.name)}`);

const failures = [];
const [war, nginx, portkey, stand] = [0, 1, 2, 3].map((i) => Number(o.port) + i);
const limit = openFiles();
const where = provenance();
const bench = { ports: { war, nginx, portkey }, portkey: o.portkey, quick: o.quick, log: (result) => console.log(JSON.stringify(result)), fail: (what) => failures.push(what) };
mkdirSync(out, { recursive: true });
for (const measure of MEASURES.filter(({ name }) => names.includes(name))) {
  if (limit < measure.files && !o.quick) {
    failures.push(`${measure.name} is left out: a process may open ${limit} files here and it needs ${measure.files}. Raise the hard limit: as root, ulimit -Hn 65536`);
    continue;
  }
  console.log(`\n${measure.name}`);
  try {
    const upstream = await startUpstream({ port: stand });
    const measured = await Promise.race([measure.run({ ...bench, upstream }), pause(LIMIT_MIN * 60_000).then(() => { throw new Error(`not over after ${LIMIT_MIN} minutes`); })]);
    writeFileSync(join(out, `${measure.name}.json`), JSON.stringify({ measure: measure.name, ...where, ...measured }, null, 1) + '\n');
  } catch (error) {
    failures.push(`${measure.name}: ${error.stack}${error.cause ? `\n  for: ${error.cause.stack}` : ''}`);
  } finally {
    await stopAll();
  }
}
console.log(`\n${tables(out)}\n`);
publish(out, out === published ? docs : null);
if (failures.length) console.error(`\nWrong:\n${failures.join('\n')}`);
process.exit(failures.length ? 1 : 0);
