// The soak's raw lines → what was lost, what is left over, and what drifts.
import { amount, number, table, total } from './format.mjs';

/** @typedef {import('./format.mjs').Raw} Raw */

/** How much more than at the start may be there at the end: what the look itself opens, and a timer's thread at work. */
const ALLOWED = { sockets: 4, files: 4, virtual_threads: 4, running: 0, kept: 0 };

/** What the server holds more at the end than at the start. @param {Raw} start @param {Raw} end */
export const leftOver = (start, end) => Object.entries(ALLOWED).filter(([name, allowed]) => end[name] > start[name] + allowed).map(([name]) => `${name}: ${start[name]} → ${end[name]}`);

/** @param {string} jsonl @returns {Raw} */
export const readSoak = (jsonl) => {
  const lines = jsonl.trim().split('\n').map((line) => JSON.parse(line));
  const kind = (/** @type {string} */ name) => lines.filter((line) => line.kind === name);
  return { ...kind('run')[0], start: kind('start')[0], samples: kind('sample'), wrong: kind('wrong'), end: kind('end')[0] };
};

/** Least squares, per hour; of no use below ten minutes. @param {Raw[]} samples @param {string} field */
const slope = (samples, field) => {
  const known = samples.filter((s) => typeof s[field] === 'number');
  const mean = (/** @type {string} */ name) => total(known, name) / known.length;
  const [t, v] = [mean('minute'), mean(field)];
  const spread = known.reduce((sum, s) => sum + (s.minute - t) ** 2, 0);
  return spread ? 60 * known.reduce((sum, s) => sum + (s.minute - t) * (s[field] - v), 0) / spread : 0;
};

/** @param {Raw} raw */
export const soakTable = ({ settings, start, samples, wrong, end }) => {
  const row = (/** @type {string} */ name, /** @type {string} */ field, unit = '') => {
    const values = samples.map((/** @type {Raw} */ s) => s[field]).filter((/** @type {any} */ value) => value !== null);
    const perHour = slope(samples, field);
    const drift = settings.minutes < 10 ? '–' : `${perHour < 0 ? '−' : '+'}${amount(Math.abs(perHour), unit)}`;
    return [name, amount(start[field], unit), amount(Math.min(...values), unit), amount(Math.max(...values), unit), amount(end[field], unit), drift];
  };
  const scenarios = Object.entries(end.scenarios).sort().map(([name, count]) => `${name} ${number(count)}`).join(', ');
  return [`${settings.minutes} minutes, ${settings.clients} clients at once, seed ${settings.seed}: ${number(end.tokens)} tokens checked, ${number(end.reconnects)} reconnects, ${number(end.snapshots)} snapshots; `
    + `**${number(end.wrong)} wrong** (lost, repeated, disordered, another outcome or number of posts); left over at the end: **${end.left.join('; ') || 'nothing'}**.`,
  ...(wrong.length ? [`The first that was wrong: ${wrong[0].scenario}: ${wrong[0].what}`] : []),
  table(['the server', 'before, idle', 'least', 'most', 'after, idle', 'drift an hour'], [row('live heap', 'heap_mib', 'MiB'), row('resident memory', 'resident_mib', 'MiB'), row('platform threads', 'threads'),
    row('virtual threads', 'virtual_threads'), row('sockets', 'sockets'), row('other files', 'files'), row('running streams', 'running'), row('kept streams', 'kept'),
    row('relay delay p99', 'relay_p99', 'ms'), row('CPU of one core', 'cpu_percent', '%')]),
  `Scenarios: ${scenarios}.`].join('\n\n');
};
