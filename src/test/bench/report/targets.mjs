// The targets, and what the raw results say of each: the table that tells what misses.
import { amount, median, table, total } from './format.mjs';

/** @typedef {import('./format.mjs').Raw} Raw */
/** @typedef {{what: string, measure: string, unit: string, must: (raw: Raw) => number, aim: (raw: Raw) => number, value: (raw: Raw) => number}} Target */

/** @param {Raw} raw @param {string} server @param {string} field @param {number} [streams] */
const relayed = ({ results }, server, field, streams) => median(results.filter((/** @type {Raw} */ r) => r.server === server && (!streams || r.streams === streams)).map((/** @type {Raw} */ r) => r[field]));
/** @param {string} field @param {string} value */
const of = (field, value, /** @type {string} */ figure) => (/** @type {Raw} */ { results }) => median(results.filter((/** @type {Raw} */ r) => r[field] === value).map((/** @type {Raw} */ r) => r[figure]));
/** @param {Raw} raw */
const wrong = ({ results }) => {
  const ours = results.filter((/** @type {Raw} */ r) => r.server === 'WAR');
  return total(ours, 'lost') + total(ours, 'repeated') + total(ours, 'disordered');
};
const is = (/** @type {number} */ limit) => () => limit;
const worst = (/** @type {string} */ figure) => (/** @type {Raw} */ { results }) => Math.max(...results.filter((/** @type {Raw} */ r) => r.server === 'WAR' || r.kind).map((/** @type {Raw} */ r) => r[figure]));
/** What the best of the SDK's peers needs. */
const peers = (/** @type {number} */ times, /** @type {(result: Raw) => number} */ figure) => (/** @type {Raw} */ { results }) => times * Math.min(...results.slice(1).map(figure));
const own = (/** @type {(result: Raw) => number} */ figure) => (/** @type {Raw} */ { results }) => figure(results[0]);
const time = (/** @type {Raw} */ r) => 1e6 / r.events_per_s;
const bytes = (/** @type {Raw} */ r) => r.bytes_per_event;
const DOOR = 'WAR, OpenAI door';
const infer = (/** @type {number} */ times, /** @type {string} */ field, /** @type {number} */ streams) => (/** @type {Raw} */ raw) => times * relayed(raw, 'WAR', field, streams);
const nginx = (/** @type {number} */ times, /** @type {string} */ field, /** @type {number} */ streams = 0) => (/** @type {Raw} */ raw) => times * relayed(raw, 'nginx', field, streams);

/** @type {Target[]} */
const TARGETS = [
  { what: 'CPU a token, 800 streams (2.6 and 2 × nginx)', measure: 'streams', unit: 'µs', value: (raw) => relayed(raw, 'WAR', 'cpu_us_per_token', 800), must: nginx(2.6, 'cpu_us_per_token', 800), aim: nginx(2, 'cpu_us_per_token', 800) },
  { what: 'OpenAI door: CPU a token, 800 streams (1.1 × our own API)', measure: 'streams', unit: 'µs', value: (raw) => relayed(raw, DOOR, 'cpu_us_per_token', 800), must: infer(1.1, 'cpu_us_per_token', 800), aim: infer(1, 'cpu_us_per_token', 800) },
  { what: 'OpenAI door: first token p99, 800 streams (1.1 × our own API)', measure: 'streams', unit: 'ms', value: (raw) => relayed(raw, DOOR, 'ttft_p99', 800), must: infer(1.1, 'ttft_p99', 800), aim: infer(1, 'ttft_p99', 800) },
  { what: 'tokens lost, repeated, disordered', measure: 'streams', unit: '', value: wrong, must: is(0), aim: is(0) },
  { what: 'first token p99, 800 streams (aim 3 × nginx)', measure: 'streams', unit: 'ms', value: (raw) => relayed(raw, 'WAR', 'ttft_p99', 800), must: is(300), aim: nginx(3, 'ttft_p99', 800) },
  { what: 'relay delay p50, 800 streams', measure: 'streams', unit: 'ms', value: (raw) => relayed(raw, 'WAR', 'relay_p50', 800), must: is(1), aim: is(0.7) },
  { what: 'relay delay p99, 800 streams', measure: 'streams', unit: 'ms', value: (raw) => relayed(raw, 'WAR', 'relay_p99', 800), must: is(60), aim: is(30) },
  { what: '5,000 streams: tokens lost, repeated, disordered', measure: 'crowd', unit: '', value: wrong, must: is(0), aim: is(0) },
  { what: '5,000 streams: relay delay p99 (aim 20 × nginx)', measure: 'crowd', unit: 'ms', value: (raw) => relayed(raw, 'WAR', 'relay_p99'), must: is(600), aim: nginx(20, 'relay_p99') },
  { what: '5,000 streams: first token p99 (aim 20 × nginx)', measure: 'crowd', unit: 'ms', value: (raw) => relayed(raw, 'WAR', 'ttft_p99'), must: is(2500), aim: nginx(20, 'ttft_p99') },
  { what: 'live heap of a quiet stream', measure: 'quiet', unit: 'KiB', value: of('kind', 'streams', 'kib_each'), must: is(64), aim: is(32) },
  { what: 'live heap of a quiet listener', measure: 'quiet', unit: 'KiB', value: of('kind', 'listeners', 'kib_each'), must: is(64), aim: is(20) },
  { what: 'cancel, the slower way, p99', measure: 'cancel', unit: 'ms', value: worst('p99_ms'), must: is(200), aim: is(50) },
  { what: 'resume p99', measure: 'resume', unit: 'ms', value: worst('p99_ms'), must: is(20), aim: is(20) },
  { what: 'start to first answer, `bin/serve` trained (must 6 s)', measure: 'start-up', unit: 's', value: (raw) => of('variant', 'bin/serve, trained', 'wall_ms')(raw) / 1000, must: is(6), aim: is(4) },
  { what: 'SDK: time an event (must the better peer, aim ⅔ of it)', measure: 'sdk', unit: 'µs', value: own(time), must: peers(1, time), aim: peers(2 / 3, time) },
  { what: 'SDK: bytes allocated an event (must ½ of the better peer)', measure: 'sdk', unit: 'B', value: own(bytes), must: peers(0.5, bytes), aim: peers(0.5, bytes) },
  { what: 'SDK: event-stream cases of the HTML standard not passed', measure: 'sdk', unit: '', value: own((r) => r.cases - r.cases_passed), must: is(0), aim: is(0) },
];

/** @param {Map<string, Raw>} measured raw files by the name of their measure */
export const targets = (measured) => table(['', 'measured', 'must', 'aim', ''], TARGETS.flatMap(({ what, measure, unit, value, must, aim }) => {
  const raw = measured.get(measure);
  if (!raw) return [[what, 'not yet', '', '', '']];
  const [is, most, best] = [value(raw), must(raw), aim(raw)];
  const verdict = Number.isNaN(is) ? 'not yet' : is > most ? '**misses**' : is > best ? 'met' : 'met, aim too';
  return [[what, amount(is, unit), amount(most, unit), amount(best, unit), verdict]];
}));
