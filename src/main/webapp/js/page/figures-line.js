import { figuresOf } from '../sdk/store/figures.js';
import { decimal } from './texts.js';

/**
 * @import { Figure } from '../sdk/store/figures.js'
 * @import { Turn } from '../sdk/store/turn.js'
 * @import { Texts } from './texts.js'
 */

/**
 * Returns the figures of an answer as short texts. Estimates of this page begin with `~`.
 *
 * @param {Turn} turn @param {number} now @param {Texts} texts
 * @returns {string[]}
 */
export function figuresLine(turn, now, texts) {
  const { firstTokenMs, tokensPerSecond, completionTokens, promptTokens } = figuresOf(turn, now);
  const line = [];
  if (firstTokenMs) line.push(texts('figures.first', { value: shown(firstTokenMs, (ms) => decimal(ms / 1000, 2)) }));
  if (tokensPerSecond?.value) line.push(texts('figures.rate', { value: shown(tokensPerSecond, (rate) => decimal(rate, 1)) }));
  if (completionTokens) {
    const completion = shown(completionTokens, decimal);
    const one = completionTokens.value === 1;
    if (promptTokens) line.push(texts(one ? 'figures.usage.one' : 'figures.usage', { prompt: shown(promptTokens, decimal), completion }));
    else line.push(texts(one ? 'figures.tokens.one' : 'figures.tokens', { completion }));
  }
  return line;
}

/** Returns a figure as a text, which begins with `~` if it is an estimate. @param {Figure} figure @param {(value: number) => string} format */
export const shown = ({ value, estimated }, format) => (estimated ? '~' : '') + format(value);
