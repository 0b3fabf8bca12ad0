import { systemClock } from '../sdk/clock.js';
import { Enhancer } from './markdown/enhancer.js';
import { morph } from './markdown/morph.js';
import { OpenFence } from './markdown/open-fence.js';
import { finishedLines, isOpenFence, render } from './markdown/parser.js';
import { sanitized } from './markdown/sanitize.js';

/**
 * @import { Clock } from '../sdk/clock.js'
 * @import { References, Rendering } from './markdown/parser.js'
 * @import { Texts } from './texts.js'
 *
 * @typedef {object} Chunk finished blocks that asked for the address of a label, which may be defined later
 * @property {string} source
 * @property {Node[]} nodes
 * @property {Map<string, string|undefined>} lookups
 */

/** While an answer runs, each rendering is followed by a pause of this many times its duration: rendering takes at most 20 % of the time. */
const PAUSE = 4;

/** A fraction of a millisecond counts: an answer has thousands of renderings. @type {Clock} */
const preciseClock = { ...systemClock, now: () => performance.now() };

/**
 * Shows an answer as Markdown while it is being written. Blocks that further text cannot change are rendered once and keep their nodes; only
 * the last block is rendered again.
 */
export class MarkdownView {
  #container;
  #enhancer;
  #clock;
  #text = '';
  #running = false;
  /** What was read of the text. */
  #seen = '';
  /** The part of the text that is not finished, and the nodes that show it. */
  #tail = '';
  /** @type {Node[]} */
  #tailNodes = [];
  /** How long the complete lines of the tail were when the finished ones were looked for. */
  #searched = 0;
  /** @type {References} */
  #references = Object.create(null);
  /** @type {Chunk[]} */
  #waiting = [];
  /** @type {OpenFence|null} */
  #fence = null;
  /** The next rendering of a running answer is not before this time. */
  #due = -Infinity;
  /** @type {(() => void)|null} */
  #cancelLater = null;

  /**
   * @param {HTMLElement} container an empty element
   * @param {object} options
   * @param {Texts} options.texts
   * @param {(text: string) => void} [options.onCopy] called after the button of a code block has copied the code
   * @param {Clock} [options.clock]
   */
  constructor(container, { texts, onCopy = () => {}, clock = preciseClock }) {
    this.#container = container;
    this.#clock = clock;
    this.#enhancer = new Enhancer(container, texts, onCopy, clock);
    container.classList.add('markdown');
  }

  /**
   * Shows the text so far. While the answer is running, the text may appear a little later. A text that does not begin with the one before
   * is shown from the beginning.
   *
   * @param {string} text the whole text so far
   * @param {{running: boolean}} state `running`: whether more text may follow
   */
  show(text, { running }) {
    this.#text = text;
    this.#running = running;
    const wait = this.#due - this.#clock.now();
    if (!running || wait <= 0) this.#render();
    else this.#cancelLater ??= this.#clock.after(wait, () => this.#render());
  }

  /** Waits until the colours of code and the formulas are shown. */
  settled() {
    return this.#enhancer.settled();
  }

  #render() {
    this.#cancelLater?.();
    this.#cancelLater = null;
    const start = this.#clock.now();
    const more = this.#read();
    if (!this.#running || this.#fence?.append(more) !== true) {
      this.#fence = null;
      this.#finishBlocks();
      this.#showTail();
    }
    const end = this.#clock.now();
    this.#due = end + (end - start) * PAUSE;
  }

  /** Takes what is new in the text. @returns {string} */
  #read() {
    if (!this.#text.startsWith(this.#seen)) this.#reset();
    // The second half of a line end, or of a character, may come with the next piece.
    const half = this.#running && /[\r\uD800-\uDBFF]/.test(this.#text.at(-1) ?? '');
    const text = half ? this.#text.slice(0, -1) : this.#text;
    const more = text.slice(this.#seen.length).replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD');
    this.#seen = text;
    this.#tail += more;
    return more;
  }

  #reset() {
    this.#container.replaceChildren();
    this.#seen = '';
    this.#tail = '';
    this.#tailNodes = [];
    this.#searched = 0;
    this.#references = Object.create(null);
    this.#waiting = [];
    this.#fence = null;
  }

  /** Renders blocks that have become final for the last time. */
  #finishBlocks() {
    const complete = this.#tail.lastIndexOf('\n') + 1;
    if (complete <= this.#searched) return;
    const length = lengthOfLines(this.#tail, finishedLines(this.#tail.slice(0, complete), this.#references));
    this.#searched = complete - length;
    if (length === 0) return;
    const source = this.#tail.slice(0, length);
    this.#tail = this.#tail.slice(length);
    const rendering = render(source, this.#references, false);
    const wanted = this.#nodesOf(rendering);
    const nodes = this.#replace(this.#tailNodes.slice(0, wanted.length), wanted);
    this.#tailNodes = this.#tailNodes.slice(wanted.length);
    if (rendering.lookups.size > 0) this.#waiting.push({ source, nodes, lookups: rendering.lookups });
    Object.assign(this.#references, rendering.references);
    if (Object.keys(rendering.references).length > 0) this.#resolveLabels(this.#references);
  }

  #showTail() {
    const rendering = render(this.#tail, this.#references, this.#running);
    this.#tailNodes = this.#replace(this.#tailNodes, this.#nodesOf(rendering));
    if (this.#running) this.#growFence(rendering);
    // Addresses often stand at the end of an answer.
    else this.#resolveLabels(rendering.references);
  }

  /** Renders finished blocks again if a label that they use now has another address. @param {References} references */
  #resolveLabels(references) {
    for (const chunk of this.#waiting) {
      if (![...chunk.lookups].some(([label, href]) => references[label]?.href !== href)) continue;
      const rendering = render(chunk.source, references, false);
      chunk.nodes = this.#replace(chunk.nodes, this.#nodesOf(rendering));
      chunk.lookups = rendering.lookups;
    }
  }

  /** @param {Rendering} rendering */
  #nodesOf({ html }) {
    const fragment = sanitized(html);
    this.#enhancer.frame(fragment);
    return [...fragment.children];
  }

  /** @param {Node[]} old @param {Node[]} wanted @returns {Node[]} the nodes that are shown now */
  #replace(old, wanted) {
    const nodes = morph(this.#container, old, wanted, (present, next) => this.#enhancer.compare(present, next));
    this.#enhancer.enhance(nodes);
    return nodes;
  }

  /** Lets a long code block grow by its text alone. @param {Rendering} rendering */
  #growFence({ tokens }) {
    const token = tokens.at(-1);
    if (token?.type !== 'fence' || token.level > 0 || !isOpenFence(token)) return;
    const start = lengthOfLines(this.#tail, token.map?.[0] ?? 0);
    const content = this.#tail.slice(this.#tail.indexOf('\n', start) + 1);
    const last = this.#tailNodes.at(-1);
    const code = last instanceof Element ? last.querySelector('code') : null;
    // An indented block loses its indentation line by line: the parser does that.
    if (this.#tail.startsWith(token.markup, start) && content === token.content && code) this.#fence = new OpenFence(token.markup, code, content);
  }
}

/** Returns how many characters the first `lines` lines have. @param {string} text @param {number} lines */
function lengthOfLines(text, lines) {
  let length = 0;
  for (let line = 0; line < lines; line++) {
    const end = text.indexOf('\n', length);
    if (end < 0) return text.length;
    length = end + 1;
  }
  return length;
}
