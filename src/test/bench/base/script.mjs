// What the stand-in for LM Studio is to do, written into the prompt and read from it: `tokens=100 gap=50 key=a1 fault=cut:17 times=1`.
//   tokens, gap   how many, and the milliseconds between two; gap=0: as fast as the reader takes them
//   fill          up to so many more characters a token, awkward ones among them
//   key           names the request, so that what became of it can be asked for: GET /seen?key=…
//   fault, times  what goes wrong and for how many posts of this key: cut, reset, stall, error, corrupt (after so many tokens),
//                 status (that HTTP status instead of an answer), late (so many milliseconds without headers)

/** @typedef {{tokens: number, gap: number, fill: number, key: string, fault: string, at: number, times: number}} Script */

const AWKWARD = [...'abc ABC 019 "\\/\n\t\u2028<&ßü漢😀'];

/** @param {Partial<Omit<Script, 'at'>>} script */
export const write = (script) => Object.entries(script).map(([name, value]) => `${name}=${value}`).join(' ');

/** @param {string} prompt @param {Partial<Script>} [defaults] @returns {Script} */
export const read = (prompt, defaults = {}) => {
  const fields = Object.fromEntries([...prompt.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
  const [fault = '', at = '0'] = (fields.fault ?? '').split(':');
  const number = (/** @type {'tokens'|'gap'|'fill'|'times'} */ name, /** @type {number} */ otherwise) => Number(fields[name] ?? defaults[name] ?? otherwise);
  return { tokens: number('tokens', 100), gap: number('gap', 50), fill: number('fill', 0), key: fields.key ?? '', fault, at: Number(at), times: number('times', Infinity) };
};

/** A small generator of repeatable numbers from 0 to 1 (mulberry32). @param {number} seed */
export const randomFrom = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

/** @param {string} text */
const hash = (text) => [...text].reduce((h, c) => Math.imul(h ^ (c.codePointAt(0) ?? 0), 16777619), 2166136261);
const dice = randomFrom(0);
const POOL = Array.from({ length: 16_384 }, () => AWKWARD[Math.floor(dice() * AWKWARD.length)]);

/** What follows token `index` beside its number and time: the same for the same key. @param {Script} script @param {number} index */
export const filler = ({ key, fill }, index) => {
  if (!fill) return '';
  const random = randomFrom(hash(`${key}/${index}`));
  const length = Math.floor(random() * Math.min(fill, POOL.length)), from = Math.floor(random() * (POOL.length - length));
  return '|' + POOL.slice(from, from + length).join('');
};

/** The whole text without its times. @param {Script} script */
export const expectedText = (script) => Array.from({ length: script.tokens }, (_, i) => ` t${i}@${filler(script, i)}`).join('');

/** @param {string} text */
export const withoutTimes = (text) => text.replace(/( t\d+@)\d+\.\d+/g, '$1');
