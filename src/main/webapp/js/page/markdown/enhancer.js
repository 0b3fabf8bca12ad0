import { element } from '../dom.js';
import { copyText } from './copy.js';
import { formulas, highlighter } from './libraries.js';
import { sanitized } from './sanitize.js';

/**
 * @import { Clock } from '../../sdk/clock.js'
 * @import { Texts } from '../texts.js'
 * @import { Library } from './libraries.js'
 * @import { Decision } from './morph.js'
 */

/** Longer code stays in one colour, and a longer formula stays TeX: they would block the page for too long. */
const MAX_CODE = 30_000;
const MAX_FORMULA = 3_000;

/** Limits on what a formula may do. Without them, a few characters could fill the page or never end. */
const FORMULA_LIMITS = { throwOnError: false, trust: false, strict: false, errorColor: 'inherit', maxSize: 20, maxExpand: 500 };

/** How long a button says that it has copied. */
const SAY_COPIED_MS = 2_000;

/** How long the nodes of an answer are enhanced in one go. The page stays usable in between. */
const SLICE_MS = 12;

/** Blocks that may run from right to left, and are in no other one. */
const DIRECTED = ':is(p, h1, h2, h3, h4, h5, h6, ul, ol, blockquote, table):not(:is(ul, ol, blockquote) *)';

/** What rendered Markdown gets beyond its HTML: headers of code, colours, formulas, and boxes that scroll. */
export class Enhancer {
  #container;
  #texts;
  #onCopy;
  #clock;
  /** The texts of the elements whose nodes a library has replaced. @type {WeakMap<Element, string>} */
  #replaced = new WeakMap();
  /** What is under way, by the library that is waited for. @type {Map<Library<any>|null, Promise<void>>} */
  #pending = new Map();
  #observed = new WeakSet();
  #sizes = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver((entries) => this.#checkScrolling(entries.map(({ target }) => target)));

  /** @param {HTMLElement} container @param {Texts} texts @param {(text: string) => void} onCopy @param {Clock} clock */
  constructor(container, texts, onCopy, clock) {
    this.#container = container;
    this.#texts = texts;
    this.#onCopy = onCopy;
    this.#clock = clock;
    container.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest('button.code-copy') : null;
      if (button instanceof HTMLButtonElement) void this.#copy(button);
    });
  }

  /** Adds the boxes around code and tables, and the direction of each block. @param {DocumentFragment} fragment that was rendered and sanitised */
  frame(fragment) {
    for (const pre of fragment.querySelectorAll('pre')) {
      const language = languageOf(pre.firstElementChild) || this.#texts('markdown.code');
      const button = element('button', 'code-copy', this.#texts('markdown.copy'));
      button.type = 'button';
      button.setAttribute('aria-label', this.#texts('markdown.copy.code'));
      const block = element('div', 'code-block', element('div', 'code-head', element('span', 'code-language', language), button));
      pre.replaceWith(block);
      block.append(pre);
    }
    for (const table of fragment.querySelectorAll('table')) {
      const box = element('div', 'table-scroll');
      table.replaceWith(box);
      box.append(table);
    }
    // The parts of a block have its direction: only their text tells which one that is.
    for (const block of fragment.querySelectorAll(DIRECTED)) block.setAttribute('dir', 'auto');
  }

  /** Says what becomes of an element that was enhanced. @param {Element} old @param {Element} wanted @returns {Decision} */
  compare(old, wanted) {
    if (old.classList.contains('code-copy')) return 'same';
    const text = this.#replaced.get(old);
    if (text === undefined) return 'change';
    return text === wanted.textContent && old.className === wanted.className ? 'same' : 'replace';
  }

  /** Shows colours and formulas, at once if the libraries are there, and later if they must be loaded or if there are too many. @param {Iterable<Node>} nodes */
  enhance(nodes) {
    const start = this.#clock.now();
    for (const node of nodes) {
      if (!(node instanceof HTMLElement)) continue;
      if (this.#clock.now() - start >= SLICE_MS) return this.#pursue(null, this.#breathe());
      for (const code of elements(node, 'pre > code:not(.code-open)')) this.#highlight(code);
      for (const formula of elements(node, '.math:not(.math-open)')) this.#showFormula(formula);
      if (this.#sizes) for (const wide of elements(node, 'pre, pre > code, .table-scroll, .table-scroll > table, .math-display')) this.#observe(this.#sizes, wide);
    }
  }

  /** Waits until no library is being loaded. */
  async settled() {
    while (this.#pending.size > 0) await Promise.all(this.#pending.values());
  }

  /** @param {HTMLElement} code */
  #highlight(code) {
    const language = languageOf(code);
    if (language === '' || this.#replaced.has(code) || code.firstChild === null) return;
    const library = highlighter.loaded;
    if (library === null) {
      this.#await(highlighter);
      return;
    }
    const text = code.textContent;
    if (text.length > MAX_CODE || !library.getLanguage(language)) return;
    code.replaceChildren(sanitized(library.highlight(text, { language, ignoreIllegals: true }).value));
    this.#replaced.set(code, text);
  }

  /** @param {HTMLElement} formula */
  #showFormula(formula) {
    if (this.#replaced.has(formula)) return;
    const library = formulas.loaded;
    if (library === null) {
      this.#await(formulas);
      return;
    }
    const tex = formula.textContent;
    if (tex.length > MAX_FORMULA) return;
    try {
      library.render(tex, formula, { ...FORMULA_LIMITS, displayMode: formula.classList.contains('math-display') });
    } catch {
      // KaTeX throws for a formula that is nested too deeply. The reader sees its TeX.
      formula.textContent = tex;
    }
    this.#replaced.set(formula, tex);
  }

  /** Enhances the whole answer once the library is there, however many of its elements wait. @param {Library<any>} library */
  #await(library) {
    if (!this.#pending.has(library)) this.#pursue(library, library.load());
  }

  /** @param {Library<any>|null} reason @param {Promise<void>} begin */
  #pursue(reason, begin) {
    if (this.#pending.has(reason)) return;
    const work = begin.then(() => this.#enhanceAll(), () => {
      // The server cannot be reached. The reader sees plain code, or TeX, and a later answer tries again.
    }).finally(() => this.#pending.delete(reason));
    this.#pending.set(reason, work);
  }

  /** Lets the browser draw and handle input. @returns {Promise<void>} */
  #breathe() {
    return new Promise((resolve) => this.#clock.after(0, () => resolve()));
  }

  async #enhanceAll() {
    let start = this.#clock.now();
    for (const node of [...this.#container.children]) {
      // A node that was replaced meanwhile was enhanced when it came.
      if (node.parentNode === this.#container) this.enhance([node]);
      if (this.#clock.now() - start < SLICE_MS) continue;
      await this.#breathe();
      start = this.#clock.now();
    }
  }

  /** @param {ResizeObserver} sizes @param {Element} wide */
  #observe(sizes, wide) {
    if (this.#observed.has(wide)) return;
    this.#observed.add(wide);
    sizes.observe(wide);
  }

  /** Lets keyboards scroll what is wider than its box. @param {Element[]} targets */
  #checkScrolling(targets) {
    const boxes = new Set(targets.map((target) => target.closest('pre, .table-scroll, .math-display')));
    for (const box of boxes) {
      if (!box || (box.scrollWidth > box.clientWidth) === box.hasAttribute('tabindex')) continue;
      if (box.hasAttribute('tabindex')) for (const name of ['tabindex', 'role', 'aria-label']) box.removeAttribute(name);
      else {
        box.setAttribute('tabindex', '0');
        box.setAttribute('role', 'group');
        box.setAttribute('aria-label', this.#texts(box.localName === 'pre' ? 'markdown.code' : box.matches('.math') ? 'markdown.formula' : 'markdown.table'));
      }
    }
  }

  /** @param {HTMLButtonElement} button */
  async #copy(button) {
    const text = button.closest('.code-block')?.querySelector('code')?.textContent ?? '';
    const copied = await copyText(text);
    const said = this.#texts(copied ? 'markdown.copied' : 'markdown.copy.failed');
    button.textContent = said;
    button.setAttribute('aria-label', said);
    if (copied) this.#onCopy(text);
    this.#clock.after(SAY_COPIED_MS, () => {
      button.textContent = this.#texts('markdown.copy');
      button.setAttribute('aria-label', this.#texts('markdown.copy.code'));
    });
  }
}

/** Returns the descendants of an element that match, and the element itself if it does. @param {HTMLElement} root @param {string} selector @returns {HTMLElement[]} */
function elements(root, selector) {
  const found = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)]);
  return root.matches(selector) ? [root, ...found] : found;
}

/** @param {Element|null} code */
const languageOf = (code) => /(?:^| )language-(\S+)/.exec(code?.className ?? '')?.[1] ?? '';
