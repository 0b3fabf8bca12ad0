import { textOr } from './texts.js';
import { GrowingText, element, setText } from './dom.js';
import { figuresLine } from './figures-line.js';
import { noticesOf } from './notices.js';

/**
 * @import { Exchange } from '../sdk/session.js'
 * @import { Turn } from '../sdk/turn.js'
 * @import { Moment } from './notices.js'
 * @import { Texts } from './texts.js'
 */

/** How often the figures of a running answer are updated. Faster changes would not be readable. */
const FIGURES_EVERY_MS = 250;

/** One message and its answer as two articles. */
export class ExchangeView {
  #texts;
  #signInAddress;
  #model = element('p', 'answer-model');
  #progress = element('p', 'answer-progress');
  #notices = element('ul', 'notices');
  #figures = element('ul', 'figures');
  #reasoning = element('details', 'reasoning');
  #reasoningText;
  #answerText;
  #figuresAt = 0;
  #shown = '';

  /** @param {Exchange} exchange @param {Texts} texts @param {string} signInAddress */
  constructor({ prompt }, texts, signInAddress) {
    this.#texts = texts;
    this.#signInAddress = signInAddress;
    this.question = prompt === null ? null : element('article', 'question', prompt);
    this.question?.setAttribute('aria-label', texts('you'));
    this.answer = element('article', 'answer');
    this.answer.setAttribute('aria-label', texts('assistant'));
    const text = element('div', 'answer-text');
    const thoughts = element('div');
    this.#reasoning.append(element('summary', '', texts('reasoning')), thoughts);
    this.#reasoningText = new GrowingText(thoughts);
    this.#answerText = new GrowingText(text);
    this.answer.append(this.#model, this.#reasoning, this.#progress, text, this.#notices, this.#figures);
  }

  /** @param {Turn} turn @param {Moment} moment */
  update(turn, moment) {
    this.answer.dataset.outcome = turn.outcome ?? (turn.error ? 'failed' : '');
    setText(this.#model, turn.modelId ?? '');
    this.#model.hidden = turn.modelId === null;
    this.#reasoning.hidden = turn.reasoning === '';
    this.#reasoningText.show(turn.reasoning);
    this.#answerText.show(turn.text);
    this.#showProgress(turn);
    this.#showNotices(turn, moment);
    this.#showFigures(turn, moment.now);
  }

  /** @param {Turn} turn */
  #showProgress(turn) {
    const { phase = 'unknown', progress, position } = turn.progress ?? {};
    const share = typeof progress === 'number' ? ` ${Math.round(progress * 100)} %` : '';
    const text = textOr(this.#texts, `phase.${phase}`, phase);
    const waiting = position ? textOr(this.#texts, `phase.${phase}.position`, text, { position }) : text;
    setText(this.#progress, waiting + share);
    this.#progress.hidden = turn.outcome !== null || turn.error !== null || turn.text !== '';
  }

  /** @param {Turn} turn @param {Moment} moment */
  #showNotices(turn, moment) {
    const notices = noticesOf(turn, moment, this.#texts);
    const key = JSON.stringify(notices);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#notices.replaceChildren(...notices.map(({ kind, text, signIn }) => {
      const item = element('li', `notice ${kind}`, text);
      if (signIn) {
        const link = element('a', '', this.#texts('signin.again'));
        link.href = this.#signInAddress;
        item.append(' ', link);
      }
      return item;
    }));
  }

  /** @param {Turn} turn @param {number} now */
  #showFigures(turn, now) {
    const running = turn.outcome === null;
    if (running && now - this.#figuresAt < FIGURES_EVERY_MS) return;
    this.#figuresAt = running ? now : 0;
    const line = figuresLine(turn, now, this.#texts);
    const items = this.#figures.children;
    while (items.length > line.length) items[items.length - 1].remove();
    line.forEach((text, index) => (items[index] ? setText(items[index], text) : this.#figures.append(element('li', '', text))));
  }
}
