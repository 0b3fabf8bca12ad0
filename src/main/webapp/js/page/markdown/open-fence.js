/** A last line that may become the end of the block. */
const PARTIAL_END = /^[ \t]*(?:`+|~+)[ \t]*$/;

/**
 * A fenced block of code that is still being written: its text grows in place, and nothing is parsed until its end comes.
 */
export class OpenFence {
  #end;
  #node;
  /** The last line, without its line end. */
  #line = '';
  /** How many characters of the last line are shown. */
  #shown = 0;

  /**
   * @param {string} markup the characters that opened the block
   * @param {HTMLElement} code shows `content` already, but perhaps not a last line that may be the end of the block
   * @param {string} content
   */
  constructor(markup, code, content) {
    this.#end = new RegExp(`^ {0,3}${markup[0]}{${markup.length},}[ \\t]*$`);
    const first = code.firstChild;
    this.#node = first instanceof Text ? first : code.appendChild(document.createTextNode(''));
    this.#line = content.slice(content.lastIndexOf('\n') + 1);
    this.#shown = PARTIAL_END.test(this.#line) ? 0 : this.#line.length;
  }

  /**
   * @param {string} text what came since the last call
   * @returns {boolean} whether the block is still open; if it is not, `text` must be parsed
   */
  append(text) {
    const lines = (this.#line + text).split('\n');
    const last = /** @type {string} */ (lines.pop());
    if (lines.some((line) => this.#end.test(line))) return false;
    const whole = lines.map((line) => `${line}\n`).join('');
    const partial = PARTIAL_END.test(last) ? '' : last;
    const already = this.#shown;
    // A line that may be the end is held back, unless a part of it was shown before it looked like one.
    if (whole + partial !== '') this.#node.appendData((whole + partial).slice(already));
    this.#shown = whole === '' ? Math.max(already, partial.length) : partial.length;
    this.#line = last;
    return true;
  }
}
