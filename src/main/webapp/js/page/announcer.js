import { systemClock } from '../sdk/clock.js';
import { setText } from './dom.js';

/** @import { Clock } from '../sdk/clock.js' */

/** The shortest time between two announcements. More of them would interrupt each other. */
const EVERY_MS = 2000;
/** The end of a sentence or of a line. One mark is enough: a repetition would read a long run of dots again for each of them. */
const END = /[.!?…。！？]["'”’)\]]*(?=\s)|\n/g;
/** What may turn out to be the end of a sentence when more text comes. */
const MAYBE = /[.!?…。！？]["'”’)\]]*$/;
/** Marks of Markdown, which nobody wants to hear. */
const MARKS = /[*_`#|>~]+|^[^\S\n]*[-+]\s|\$\$?/gm;

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
  /** Where the last whole sentence ends, as far as the text was read. */
  #sentenceEnd = 0;
  /** How many characters were read in search of ends. */
  #read = 0;
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
      this.#said = this.#sentenceEnd = this.#read = text.length;
    }
    // The text was discarded, and the model begins again.
    if (text.length < this.#said) this.#said = 0;
    if (text.length < this.#read) this.#read = this.#sentenceEnd = this.#said;
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
    const more = this.#text.slice(this.#read);
    for (const { index, 0: mark } of more.matchAll(END)) this.#sentenceEnd = this.#read + index + mark.length;
    this.#read += MAYBE.exec(more)?.index ?? more.length;
    return Math.max(this.#said, this.#sentenceEnd);
  }
}
