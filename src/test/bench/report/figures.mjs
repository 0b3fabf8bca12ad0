// Raw results → figures, by the name of their file.
import { groups, median, variantName } from './format.mjs';
import { bars, lines } from './svg.mjs';

/** @typedef {import('./format.mjs').Raw} Raw */

/** @param {Raw[]} results @param {string} title @param {string} unit @param {Record<string, string>} series name → field */
const relays = (results, title, unit, series) => bars({ title, unit, series: Object.keys(series), rows: groups(results, ({ server, streams }) => `${server} ${streams}`).map((rounds) => ({
  name: `${rounds[0].server}, ${rounds[0].streams.toLocaleString('en-US')} streams`, values: Object.values(series).map((field) => median(rounds.map((round) => round[field]))) })) });

/** @type {Record<string, (raw: Raw) => Record<string, string>>} */
export const FIGURES = {
  streams: ({ results }) => ({
    'streams-cpu': relays(results, 'CPU a token', 'µs', { 'CPU a token': 'cpu_us_per_token' }),
    'streams-first-token': relays(results, 'First token', 'ms', { p50: 'ttft_p50', p99: 'ttft_p99' }),
    'streams-relay': relays(results, 'Relay delay of a token', 'ms', { p50: 'relay_p50', p99: 'relay_p99' }) }),
  crowd: ({ results }) => ({ 'crowd-relay': relays(results, 'Relay delay of a token, all open at once', 'ms', { p50: 'relay_p50', p99: 'relay_p99' }) }),
  quiet: ({ results }) => ({ quiet: bars({ title: 'Live heap of one that is open and quiet', unit: 'KiB', series: ['live heap'],
    rows: results.map((/** @type {Raw} */ r) => ({ name: `${r.n.toLocaleString('en-US')} ${r.kind}`, values: [r.kib_each] })) }) }),
  cancel: ({ results }) => ({ cancel: bars({ title: 'From the wish to stop to the closed upstream connection', unit: 'ms', series: ['p50', 'p99'],
    rows: results.map((/** @type {Raw} */ r) => ({ name: `${r.server}, ${r.way}`, values: [r.p50_ms, r.p99_ms] })) }) }),
  'start-up': ({ results }) => ({ 'start-up': bars({ title: 'From the command to the first answer', unit: 's', series: ['wall clock', 'CPU'],
    rows: groups(results, ({ variant }) => variant).map((runs) => ({ name: variantName(runs[0].variant), values: ['wall_ms', 'cpu_ms'].map((field) => median(runs.map((run) => run[field])) / 1000) })) }) }),
  sdk: ({ results }) => ({ sdk: bars({ title: 'Events a second of one stream that is poured', unit: '', series: ['events a second'],
    rows: results.map((/** @type {Raw} */ r) => ({ name: r.client, values: [r.events_per_s] })) }) }),
  soak: ({ samples }) => ({ soak: lines({ title: 'The server during the soak, a sample a minute', x: 'min', panels: [
    ['live heap', 'MiB', 'heap_mib'], ['threads', '', 'threads'], ['virtual threads', '', 'virtual_threads'], ['sockets', '', 'sockets'], ['relay delay p99', 'ms', 'relay_p99']].map(([name, unit, field]) => ({
    name, unit, points: samples.filter((/** @type {Raw} */ s) => s[field] !== null).map((/** @type {Raw} */ s) => /** @type {[number, number]} */ ([s.minute, s[field]])) })) }) }),
};
