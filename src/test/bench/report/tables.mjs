// Raw results → the tables of docs/performance.md, one function a measure.
import { amount, groups, median, number, table, total, variantName } from './format.mjs';
import { soakTable } from './soak-table.mjs';

/** @typedef {import('./format.mjs').Raw} Raw */

/** One row a server and size; several rounds show their median. @param {Raw[]} results */
const relayRows = (results) => groups(results, ({ server, streams }) => `${server} ${streams}`).map((rounds) => {
  const mid = (/** @type {string} */ field) => median(rounds.map((round) => round[field]));
  const wrong = total(rounds, 'lost') + total(rounds, 'repeated') + total(rounds, 'disordered');
  return [rounds[0].server, number(rounds[0].streams), String(rounds.length), number(wrong), `${number(total(rounds, 'posted'))} of ${number(total(rounds, 'streams'))}`,
    amount(mid('cpu_us_per_token'), 'µs'), `${amount(mid('ttft_p50'))} / ${amount(mid('ttft_p99'), 'ms')}`, `${amount(mid('relay_p50'))} / ${amount(mid('relay_p99'), 'ms')}`];
});

const RELAY = ['', 'streams', 'rounds', 'tokens lost, repeated, disordered', 'posted', 'CPU a token', 'first token p50 / p99', 'relay delay p50 / p99'];

/** @param {Raw[]} results */
const delays = (results, /** @type {string[]} */ names) => results.map((r) => [...names.map((name) => String(r[name])), amount(r.p50_ms, 'ms'), amount(r.p99_ms, 'ms'), amount(r.max_ms, 'ms')]);

/** @type {Record<string, (raw: Raw) => string>} */
export const TABLES = {
  streams: ({ results }) => table(RELAY, relayRows(results)),
  crowd: ({ results }) => table(RELAY, relayRows(results)),
  quiet: ({ results }) => table(['quiet', 'number', 'live heap each', 'resident memory each', 'live heap before / with / after', 'stayed, with keep-alives', 'saw the end', 'another stream worked'],
    results.map((/** @type {Raw} */ r) => [r.kind, number(r.n), amount(r.kib_each, 'KiB'), amount(r.resident_kib_each, 'KiB'),
      `${amount(r.heap_before_mib)} / ${amount(r.heap_with_mib)} / ${amount(r.heap_after_mib, 'MiB')}`, number(r.stayed), number(r.saw_end), r.others_work ? 'yes' : 'no'])),
  cancel: ({ results }) => table(['', 'by', 'tries', 'upstream closed', 'p50', 'p99', 'longest'], delays(results, ['server', 'way', 'tries', 'closed'])),
  resume: ({ results }) => table(['', 'tries', 'wrong event first', 'p50', 'p99', 'longest'], delays(results, ['server', 'tries', 'wrong'])),
  'start-up': ({ results }) => {
    const stock = results.filter((/** @type {Raw} */ r) => r.variant === 'stock');
    const mid = (/** @type {Raw[]} */ runs, /** @type {string} */ field) => median(runs.map((run) => run[field]));
    return table(['', 'runs', 'first answer after', '÷ stock', 'CPU till then', '÷ stock'], groups(results, ({ variant }) => variant).map((runs) => [
      variantName(runs[0].variant), String(runs.length), amount(mid(runs, 'wall_ms') / 1000, 's'), ratio(mid(runs, 'wall_ms') / mid(stock, 'wall_ms')),
      amount(mid(runs, 'cpu_ms') / 1000, 's'), ratio(mid(runs, 'cpu_ms') / mid(stock, 'cpu_ms'))]));
  },
  sdk: ({ results }) => {
    const [ours] = results;
    return table(['', 'events a second', '÷ ours', 'bytes allocated an event', '÷ ours', 'cases of the standard passed'], results.map((/** @type {Raw} */ r) => [
      r.client, `${number(r.events_per_s)} ± ${number(r.events_per_s_error)}`, ratio(r.events_per_s / ours.events_per_s),
      number(r.bytes_per_event), ratio(r.bytes_per_event / ours.bytes_per_event), `${r.cases_passed} of ${r.cases}`]));
  },
  soak: soakTable,
};

/** @param {number} value */
const ratio = (value) => Number.isNaN(value) ? '–' : value.toFixed(2);
