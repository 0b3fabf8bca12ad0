import { textOf } from '../sdk/store/conversation.js';
import { setText } from './dom.js';
import { shown } from './figures-line.js';
import { decimal } from './texts.js';

/**
 * @import { Model } from '../sdk/client.js'
 * @import { Node, Picture } from '../sdk/store/conversation.js'
 * @import { Texts } from './texts.js'
 *
 * @typedef {{draft: string, pictures: Picture[], system: string}} Next the message that is being written, and the system prompt
 */

/** From this share on, the user is warned that the context will soon be full. */
const WARN_AT = 0.9;
/** A rule of thumb for texts in European languages. */
const CHARACTERS_PER_TOKEN = 4;
/** A rule of thumb for vision models: squares of 28 pixels. */
const PIXELS_PER_TOKEN = 784;

/**
 * Returns how many tokens the conversation takes: what the server counted for the last finished answer, and an estimate for
 * what came after it.
 *
 * @param {Node[]} path the messages that are shown
 * @param {Next} next
 * @returns {{tokens: number, estimated: boolean}}
 */
export function contextOf(path, { draft, pictures, system }) {
  let tokens = tokensOf(pictures);
  let characters = draft.length;
  let estimated = draft !== '' || pictures.length > 0;
  let counted = false;
  for (const node of path.toReversed()) {
    if (node.role === 'assistant' && node.turn.usage) {
      const { usage } = node.turn;
      tokens += usage.prompt_tokens + usage.completion_tokens;
      estimated ||= usage.synthesized === true;
      counted = true;
      break;
    }
    const text = node.role === 'user' ? node.text : textOf(node);
    characters += text.length;
    if (node.role === 'user') tokens += tokensOf(node.pictures);
    estimated ||= text !== '' || (node.role === 'user' && node.pictures.length > 0);
  }
  // What the server counted contains the system prompt.
  if (!counted && system.trim() !== '') {
    characters += system.length;
    estimated = true;
  }
  return { tokens: tokens + Math.ceil(characters / CHARACTERS_PER_TOKEN), estimated };
}

/** @param {Picture[]} pictures */
const tokensOf = (pictures) => pictures.reduce((sum, { width, height }) => sum + Math.ceil((width * height) / PIXELS_PER_TOKEN), 0);

/** A gauge that shows how much of the model's context the conversation takes. */
export class ContextGauge {
  #texts;
  #element;
  #meter;
  #label;

  /** @param {{texts: Texts, element: HTMLElement}} options element contains a `meter` and a `span` */
  constructor({ texts, element }) {
    this.#texts = texts;
    this.#element = element;
    this.#meter = /** @type {HTMLMeterElement} */ (element.querySelector('meter'));
    this.#label = /** @type {HTMLElement} */ (element.querySelector('span'));
  }

  /** @param {Node[]} path @param {Next} next @param {Model|undefined} model */
  update(path, next, model) {
    const length = model?.metadata?.context_length ?? 0;
    const { tokens, estimated } = contextOf(path, next);
    this.#element.hidden = length === 0 || tokens === 0;
    if (this.#element.hidden) return;
    const full = tokens >= length * WARN_AT;
    const used = shown({ value: tokens, estimated }, decimal);
    const text = this.#texts(full ? 'context.full' : 'context.used', { used, length: decimal(length) });
    this.#element.toggleAttribute('data-full', full);
    this.#meter.max = length;
    this.#meter.high = length * WARN_AT;
    this.#meter.value = Math.min(tokens, length);
    setText(this.#label, text);
  }
}
