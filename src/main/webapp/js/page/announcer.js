import { systemClock } from '../sdk/clock.js';
import { setText } from './dom.js';

/** @import { Clock } from '../sdk/clock.js' */

/** The shortest time between two announcements. More of them would interrupt each other. */
const EVERY_MS = 2000;
/** The end of a sentence or of a line. */
const END = /[.!?…。！？]+["'”’)\]]*(?=\s)|\n/g;
/** Marks of Markdown, which nobody wants to hear. */
const MARKS = /[*_`#|>~]+|^\s*[-+]\s|\$\$?/gm;

/**
 * Lets screen readers read an answer aloud while it is written: whole sentences, at most every two seconds. The message
 * itself is outside the live regions, because it changes with every token.
 */
export class Announcer {
  #element;
  #clock;
  #answer = '';
  #text = '';
  #running = false;
  /** How many characters of the text were announced. */
  #said = 0;
  #saidAt = -Infinity;
  /** @type {(() => void)|null} */
  #cancelLater = null;

  /** @param {{element: HTMLElement, clock?: Clock}} options element has the role `status` */
  constructor({ element, clock = systemClock }) {
    this.#element = element;
    this.#clock = clock;
  }

  /**
   * Announces what is new. An answer that was there before, for example in another conversation, is not read aloud.
   *
   * @param {string} answer its id; empty for none
   * @param {string} text the text so far
   * @param {{running: boolean}} state running: whether more text may follow
   */
  update(answer, text, { running }) {
    if (answer !== this.#answer) {
      this.#cancelLater?.();
      this.#cancelLater = null;
      this.#answer = answer;
      this.#said = text.length;
    }
    // The text was discarded, and the model begins again.
    if (text.length < this.#said) this.#said = 0;
    this.#text = text;
    this.#running = running;
    const wait = this.#saidAt + EVERY_MS - this.#clock.now();
    if (wait <= 0) this.#say();
    else if (this.#end() > this.#said) this.#cancelLater ??= this.#clock.after(wait, () => this.#say());
  }

  #say() {
    this.#cancelLater?.();
    this.#cancelLater = null;
    const end = this.#end();
    const words = this.#text.slice(this.#said, end).replace(MARKS, ' ').replace(/\s+/g, ' ').trim();
    this.#said = Math.max(this.#said, end);
    if (words === '') return;
    this.#saidAt = this.#clock.now();
    setText(this.#element, words);
  }

  /** Returns where the last whole sentence ends. */
  #end() {
    if (!this.#running) return this.#text.length;
    let end = this.#said;
    for (const { index, 0: mark } of this.#text.slice(this.#said).matchAll(END)) end = this.#said + index + mark.length;
    return end;
  }
}
