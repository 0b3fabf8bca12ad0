/**
 * @import { Turn } from './turn.js'
 *
 * @typedef {object} Figure
 * @property {number} value
 * @property {boolean} estimated true if this page measured or counted it, false if the server stated it
 *
 * @typedef {object} Figures
 * @property {Figure|null} firstTokenMs
 * @property {Figure|null} tokensPerSecond
 * @property {Figure|null} completionTokens
 * @property {Figure|null} promptTokens
 */

/**
 * Returns the figures of an answer: those of the server when it has sent them; until then, estimates of this page.
 *
 * @param {Turn} turn
 * @param {number} now epoch milliseconds
 * @returns {Figures} null for each figure that is not known yet
 */
export function figuresOf(turn, now) {
  const { stats, usage, sentAt, firstTokenAt, tokens } = turn;
  // A page that attached later got the first entries in one burst, so its own clock tells nothing about the server.
  const measured = sentAt !== null && firstTokenAt !== null;
  const seconds = measured ? (now - firstTokenAt) / 1000 : 0;
  const running = turn.outcome === null;
  return {
    firstTokenMs: stated(stats?.time_to_first_token_ms) ?? (measured ? estimate(firstTokenAt - sentAt) : null),
    tokensPerSecond: stated(stats?.tokens_per_second) ?? (running && seconds > 0.25 && tokens > 0 ? estimate(tokens / seconds) : null),
    completionTokens: counted(usage, usage?.completion_tokens) ?? (tokens > 0 ? estimate(tokens) : null),
    promptTokens: counted(usage, usage?.prompt_tokens),
  };
}

/** @param {number|null|undefined} value @returns {Figure|null} */
const stated = (value) => (typeof value === 'number' ? { value, estimated: false } : null);

/** @param {number} value @returns {Figure} */
const estimate = (value) => ({ value, estimated: true });

/** @param {Turn['usage']} usage @param {number|undefined} value @returns {Figure|null} */
const counted = (usage, value) => (typeof value === 'number' ? { value, estimated: usage?.synthesized === true } : null);
