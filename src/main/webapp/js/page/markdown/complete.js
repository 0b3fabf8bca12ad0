/**
 * Completes the inline Markdown of a text that is still being written, so that its unfinished end is not shown as raw characters:
 * closes what is open, and leaves out what may become markup with the next characters.
 *
 * @param {string} text the content of the last paragraph, heading, table cell …
 * @returns {{text: string, formula: string|null}} the completed text, and the TeX of an unfinished formula at its end
 */
export function complete(text) {
  const cut = text.replace(/\n(?:\d{1,3}[.)]?|>|#{1,6}|[|+]|\$)$/, '').replace(/\\$/, '');
  return new Completion(cut).run();
}

/** The longest text of a link that is looked for. It bounds the search that each `[` starts. */
const MAX_LABEL = 500;

/** What opens a formula, and what closes it. */
const FORMULAS = new Map([['$$', '$$'], ['\\(', '\\)'], ['\\[', '\\]']]);

class Completion {
  #out = '';
  /** Delimiters that are open, in the order in which they were opened, and where the text behind them starts.
   * @type {{marker: string, inside: number}[]} */
  #open = [];
  /** @type {string|null} */
  #formula = null;
  #at = 0;

  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }

  run() {
    while (this.#at < this.text.length) this.#step();
    let text = this.#out;
    while (this.#open.length > 0) {
      const { marker, inside } = /** @type {{marker: string, inside: number}} */ (this.#open.pop());
      const content = text.trimEnd();
      text = content.length > inside ? content + marker : content.slice(0, inside - marker.length);
    }
    return { text, formula: this.#formula };
  }

  #step() {
    const { text } = this;
    const at = this.#at;
    const character = text[at];
    const closing = FORMULAS.get(text.slice(at, at + 2));
    if (closing) this.#formulaUpTo(closing);
    else if (character === '\\') this.#take(2);
    else if (character === '`') this.#code();
    else if (character === '*' || character === '_' || character === '~') this.#emphasis(runOf(text, at));
    else if (character === '[' || text.startsWith('![', at)) this.#link(character === '!' ? 2 : 1);
    else this.#take(1);
  }

  /** @param {number} length */
  #take(length) {
    this.#out += this.text.slice(this.#at, this.#at + length);
    this.#at += length;
  }

  /** @param {string} closing */
  #formulaUpTo(closing) {
    const end = this.text.indexOf(closing, this.#at + 2);
    if (end >= 0) {
      this.#take(end + 2 - this.#at);
      return;
    }
    this.#formula = this.text.slice(this.#at + 2).replace(/[$\\]$/, '').trim();
    this.#at = this.text.length;
  }

  #code() {
    const run = runOf(this.text, this.#at);
    const after = this.#at + run.length;
    const closing = new RegExp(`(?<!\`)${run}(?!\`)`).exec(this.text.slice(after));
    if (closing) {
      this.#take(run.length + closing.index + run.length);
      return;
    }
    const inside = this.text.slice(after).replace(/`+$/, '').trimEnd();
    if (inside) this.#out += `${run}${inside}${inside.endsWith('\\') ? ' ' : ''}${run}`;
    this.#at = this.text.length;
  }

  /** @param {string} run */
  #emphasis(run) {
    const before = this.text[this.#at - 1] ?? ' ';
    const after = this.text[this.#at + run.length];
    const top = this.#open.at(-1)?.marker;
    if (!/\s/.test(before) && top && top[0] === run[0]) {
      if (run.length >= top.length) {
        this.#out += top;
        this.#open.pop();
        this.#at += top.length;
      } else if (after === undefined) this.#at += run.length;
      else this.#take(run.length);
    } else if (after === undefined) this.#at += run.length;
    else if (/[\s\p{P}\p{S}]/u.test(before) && !/\s/.test(after) && (run[0] !== '~' || run.length === 2) && run.length <= 3) {
      this.#take(run.length);
      this.#open.push({ marker: run, inside: this.#out.length });
    } else this.#take(run.length);
  }

  /** Shows the text of a link whose address is not complete. @param {number} length of the opening */
  #link(length) {
    const { text } = this;
    const from = this.#at + length;
    const label = endOfBrackets(text, from);
    const next = text[label + 1];
    if (label >= 0 && next !== undefined && next !== '(' && next !== '[') this.#take(length);
    else if (label >= 0 && next !== undefined && text.indexOf(next === '(' ? ')' : ']', label + 2) >= 0) {
      this.#take(text.indexOf(next === '(' ? ')' : ']', label + 2) + 1 - this.#at);
    } else if (/\w/.test(text[this.#at - 1] ?? ' ')) this.#take(length);
    else {
      // Only the text of the link is left, with its emphasis.
      this.text = text.slice(0, label >= 0 ? label : text.length);
      this.#at = from;
    }
  }
}

/** Returns the characters from `at` on that are the same as the first one. @param {string} text @param {number} at */
function runOf(text, at) {
  let end = at + 1;
  while (text[end] === text[at]) end++;
  return text.slice(at, end);
}

/** @param {string} text @param {number} from @returns {number} the index of the bracket that closes, or -1 */
function endOfBrackets(text, from) {
  const limit = Math.min(text.length, from + MAX_LABEL);
  for (let index = from, depth = 1; index < limit; index++) {
    if (text[index] === '\\') index++;
    else if (text[index] === '[') depth++;
    else if (text[index] === ']' && --depth === 0) return index;
  }
  return -1;
}
