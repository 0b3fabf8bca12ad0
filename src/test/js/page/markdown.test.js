// @vitest-environment jsdom
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { MarkdownView } from '../../../main/webapp/js/page/markdown.js';
import { atom } from '../../../main/webapp/js/sdk/store/atom.js';
import { ManualClock } from '../mock/manual-clock.js';
import { MARKDOWN_CORPUS } from '../../browser/support/markdown-corpus.js';
import { CORPUS } from '../../browser/support/xss-corpus.js';
import { SAMPLE, markupOf, newView, shown, texts } from './markdown-fixture.js';

/** @param {HTMLElement} container @param {string} selector */
const textOf = (container, selector) => [...container.querySelectorAll(selector)].map(({ textContent }) => textContent);

/** Shows a text piece by piece. @param {MarkdownView} view @param {string} text @param {number[]} cuts */
function stream(view, text, cuts) {
  for (const cut of cuts) view.show(text.slice(0, cut), { running: true });
  view.show(text, { running: false });
}

describe('blocks', () => {
  it('sample_showsEveryKindOfBlock', () => {
    const container = shown(SAMPLE);
    expect(textOf(container, 'h1, h2, h3')).toEqual(['Reading a stream that breaks', 'What to keep', 'Backoff']);
    expect(container.querySelectorAll('ol > li').length).toBe(3);
    expect(container.querySelectorAll('blockquote blockquote').length).toBe(1);
    expect(textOf(container, '.table-scroll th.align-right')).toEqual(['Retries']);
    expect(textOf(container, 's')).toEqual(['Never retry.']);
    expect(textOf(container, '.code-language')).toEqual(['json', 'js', 'python', 'markdown.code']);
    expect(container.querySelector('[style]')).toBeNull();
    expect(container.querySelector('hr')).not.toBeNull();
  });

  it('listAfterACodeBlock_countsOn', () => {
    expect([...shown('1. one\n\n```\ncode\n```\n\n2. two\n').querySelectorAll('ol')].map(({ start }) => start)).toEqual([1, 2]);
  });

  it('eachBlock_hasTheDirectionOfItsText', () => {
    const container = shown('# שלום\n\nשלום עולם\n\n- אחת\n\n  שתיים\n- שלוש\n\n> ציטוט\n\n|א|ב|\n|-|-|\n|ג|ד|\n\n```js\nlet a;\n```\n');
    expect([...container.querySelectorAll('[dir=auto]')].map(({ localName }) => localName)).toEqual(['h1', 'p', 'ul', 'blockquote', 'table']);
  });

  it('linkWithReversedLetters_showsThemInOrder', () => {
    expect(textOf(shown('[x**\u202Egro.knab\u202C**](https://evil.example) https://evil.example/\u2067a'), 'a').join()).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
  });

  it('fileName_isNotALink', () => {
    expect(shown('Open README.md and main.rs, then https://example.com').querySelectorAll('a').length).toBe(1);
  });

  it('link_opensElsewhereAndTellsNothing', () => {
    const link = /** @type {HTMLAnchorElement} */ (shown('[x](https://example.com/a "t")').querySelector('a'));
    expect([link.href, link.rel, link.target, link.title]).toEqual(['https://example.com/a', 'noopener noreferrer', '_blank', 't']);
  });

  it('image_isALinkToItsAddress', () => {
    const container = shown('![A cat](https://example.com/cat.png) [![in a link](https://example.com/b.png)](https://example.com)');
    expect(container.querySelector('img')).toBeNull();
    expect(container.textContent).toBe('A cat: https://example.com/cat.png in a link');
    expect(textOf(container, 'a a')).toEqual([]);
  });

  it('labelThatIsDefinedLater_becomesALinkInTheSameParagraph', () => {
    const { container, view } = newView();
    view.show('See [the notes][n].\n\nMore\n\n', { running: true });
    view.show('See [the notes][n].\n\nMore\n\nEnd\n', { running: true });
    const paragraph = container.firstChild;
    expect(container.querySelector('a')).toBeNull();
    view.show('See [the notes][n].\n\nMore\n\nEnd\n\n[n]: https://example.com/n\n', { running: false });
    expect(textOf(container, 'a')).toEqual(['the notes']);
    expect(container.firstChild).toBe(paragraph);
  });
});

describe('formulas', () => {
  it.each([
    ['$x^2$', ['x^2']],
    ['a $$x$$ b', ['x']],
    ['\\(a\\) and \\[b\\]', ['a', 'b']],
    ['$$\n- a\n+ b\n$$', ['- a\n+ b']],
    ['text\n\\[\nx = 1\n\\]\nmore', ['x = 1']],
    ['- a\n  $$\n  x\n  $$', ['x']],
    ['$\\$5$', ['\\$5']],
    ['It costs $5 and $6.', []],
    ['From $5 to 6$ or US$7 or $8-$9.', []],
    ['`$x$` and \\$x$', []],
    ['$$\nnever closed\n\nnext', []],
    ['    $$\n    code\n    $$', []],
  ])('%j has the formulas %j', async (text, formulas) => {
    expect(textOf(shown(text), '.math')).toEqual(formulas);
  });

  it('formula_isRenderedAndReadableByMachines', async () => {
    const { container, view } = newView();
    view.show('$\\frac{1}{2}$', { running: false });
    await view.settled();
    expect(container.querySelector('.math .katex-html')).not.toBeNull();
    expect(container.querySelector('.math annotation')?.textContent).toBe('\\frac{1}{2}');
  });

  it('formulaWithErrorsOrStyles_hasNoStyleAttributeInItsSource', async () => {
    const { container, view } = newView();
    const set = vi.spyOn(Element.prototype, 'setAttribute');
    view.show('$\\pmb{x}$ $\\vec{v}$ $\\frac{$ $\\fcolorbox{red}{white}{x}$', { running: false });
    await view.settled();
    expect(set.mock.calls.filter(([name]) => name === 'style')).toEqual([]);
    expect(container.querySelectorAll('.math').length).toBe(4);
    expect(container.querySelector('.katex-error')).not.toBeNull();
  });

  it('manyFormulasAndCodes_waitForTheirLibraryTogether', async () => {
    vi.resetModules();
    const { MarkdownView } = await import('../../../main/webapp/js/page/markdown.js');
    const { formulas, highlighter } = await import('../../../main/webapp/js/page/markdown/libraries.js');
    const loads = [formulas, highlighter].map((library) => vi.spyOn(library, 'load'));
    const container = document.createElement('div');
    const view = new MarkdownView(container, { texts: (key) => key, clock: new ManualClock() });
    view.show('$x$ and $y$\n\n```js\nlet a;\n```\n\n'.repeat(50), { running: false });
    const walks = vi.spyOn(Element.prototype, 'querySelectorAll');
    await view.settled();
    expect(loads.map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
    expect(container.querySelectorAll('.katex').length).toBe(100);
    expect(container.querySelectorAll('.hljs-keyword').length).toBe(50);
    // A few for each of the 100 blocks and for each library, and not for each of them times each of them.
    expect(walks.mock.calls.length).toBeLessThan(100 * 2 * 10);
  });

  it('switchedOffline_nothingIsLoadedUntilItIsOnlineAgain', async () => {
    vi.resetModules();
    const { MarkdownView } = await import('../../../main/webapp/js/page/markdown.js');
    const { formulas, highlighter, holdLoadingWhile } = await import('../../../main/webapp/js/page/markdown/libraries.js');
    const offline = atom(true);
    holdLoadingWhile(offline);
    const container = document.createElement('div');
    const view = new MarkdownView(container, { texts: (key) => key, clock: new ManualClock() });
    view.show('$x$\n\n```js\nlet a;\n```', { running: false });
    await vi.dynamicImportSettled();
    expect([formulas.loaded, highlighter.loaded]).toEqual([null, null]);
    offline.set(false);
    await view.settled();
    expect(container.querySelector('.katex')).not.toBeNull();
    expect(container.querySelector('.hljs-keyword')).not.toBeNull();
  });

  it('manyFormulasAtOnce_areShownInSlices', async () => {
    const { view: first } = newView();
    first.show('$x$', { running: false });
    await first.settled();
    let time = 0;
    const clock = { now: () => (time += 2), after: (/** @type {number} */ ms, /** @type {() => void} */ run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    } };
    const container = document.createElement('div');
    const view = new MarkdownView(container, { texts, clock });
    view.show('$x$\n\n'.repeat(40), { running: false });
    const atOnce = container.querySelectorAll('.katex').length;
    expect(atOnce).toBeGreaterThan(0);
    expect(atOnce).toBeLessThan(20);
    await view.settled();
    expect(container.querySelectorAll('.katex')).toHaveLength(40);
  });

  it('unfinishedFormula_isShownAsTextUntilItIsClosed', async () => {
    const { container, view } = newView();
    view.show('$$\n\\frac{1}', { running: true });
    await view.settled();
    expect(textOf(container, '.math-open')).toEqual(['\\frac{1}']);
    view.show('$$\n\\frac{1}{2}\n$$\n', { running: false });
    await view.settled();
    expect(container.querySelector('.math-open')).toBeNull();
    expect(container.querySelector('.katex')).not.toBeNull();
  });
});

describe('code', () => {
  it('closedBlock_isHighlighted', async () => {
    const { container, view } = newView();
    view.show('```js\nconst a = 1;\n```\n', { running: true });
    await view.settled();
    expect(textOf(container, '.hljs-keyword')).toEqual(['const']);
    expect(container.querySelector('code')?.textContent).toBe('const a = 1;\n');
  });

  it('unknownLanguage_isShownPlain', async () => {
    const { container, view } = newView();
    view.show('```"><img src=x>\nx\n```', { running: false });
    await view.settled();
    expect(container.querySelector('code')?.textContent).toBe('x\n');
    expect(container.querySelector('img, span[class^=hljs]')).toBeNull();
  });

  it('copyButton_copiesTheCode', async () => {
    const { container, view, copied } = newView();
    const written = vi.fn(async () => {});
    vi.stubGlobal('navigator', { clipboard: { writeText: written } });
    view.show('```js\nlet b;\n```', { running: false });
    await view.settled();
    const button = /** @type {HTMLButtonElement} */ (container.querySelector('button'));
    expect(button.getAttribute('aria-label')).toBe('markdown.copy.code');
    button.click();
    await vi.waitFor(() => expect(button.textContent).toBe('markdown.copied'));
    expect(written).toHaveBeenCalledWith('let b;\n');
    expect(copied).toEqual(['let b;\n']);
  });

  it('longOpenBlock_growsInItsTextNode', () => {
    const { container, view } = newView();
    view.show('```js\na\n', { running: true });
    const node = container.querySelector('code')?.firstChild;
    let text = '```js\na\n';
    for (const piece of ['b', '`c\n', '``', 'x\n', '~~~\n', '  ``', '` ', 'y\n\n', '``']) view.show(text += piece, { running: true });
    expect(container.querySelector('code')?.firstChild).toBe(node);
    expect(node?.textContent).toBe('a\nb`c\n``x\n~~~\n  ``` y\n\n');
    view.show(`${text}\`\nAfter *it*`, { running: true });
    expect(container.querySelector('code')?.textContent).toBe('a\nb`c\n``x\n~~~\n  ``` y\n\n');
    expect(textOf(container, 'p em')).toEqual(['it']);
  });
});

describe('attacks', () => {
  it.each([...CORPUS, ...MARKDOWN_CORPUS])('%j leaves only plain markup', async (attack) => {
    const { container, view } = newView();
    for (let end = 1; end < attack.length; end++) view.show(attack.slice(0, end), { running: true });
    view.show(attack, { running: false });
    await view.settled();
    expect(container.querySelector('script, img, iframe, object, embed, video, audio, style, link, form, input, base, meta, template, svg:not(.katex *)')).toBeNull();
    const attributes = [...container.querySelectorAll('*')].flatMap((node) => [...node.attributes]);
    expect(attributes.filter(({ name }) => /^on|^(?:src|srcset|srcdoc|id|name|ping)$/.test(name))).toEqual([]);
    expect(attributes.filter(({ name, value }) => /href$/.test(name) && !/^(?:https?:\/\/|mailto:)/.test(value))).toEqual([]);
    expect(attributes.filter(({ name, value }) => name === 'style' && /url/.test(value))).toEqual([]);
  });
});

describe('while the answer runs', () => {
  it.each([
    ['a **b', 'a b', 'strong'],
    ['a **', 'a', ''],
    ['a **b*', 'a b', 'strong'],
    ['a *b **c', 'a b c', 'em strong'],
    ['***b', 'b', 'em strong'],
    ['- **x', 'x', 'li strong'],
    ['**bold `co', 'bold co', 'strong code'],
    ['a `b', 'a b', 'code'],
    ['a ``b`', 'a b', 'code'],
    ['a `', 'a', ''],
    ['~~x', 'x', 's'],
    ['a [link', 'a link', ''],
    ['a [link]', 'a link', ''],
    ['a [link](htt', 'a link', ''],
    ['a ![alt](htt', 'a alt', ''],
    ['**a [b](c', 'a b', 'strong'],
    ['arr[0', 'arr[0', ''],
    ['5 * 3', '5 * 3', ''],
    ['2**3 is', '2**3 is', ''],
    ['snake_case', 'snake_case', ''],
    ['text\n--', 'text', 'p'],
    ['text\n``', 'text', 'p'],
    ['| a | b', 'ab', 'thead th'],
    ['| a | b |\n|--', 'ab', 'thead th'],
    ['> **q', 'q', 'blockquote strong'],
    ['> a\n>', 'a', 'blockquote p'],
    ['1. a\n2', 'a', 'ol li'],
    ['**a** \\(x', 'a x', '.math-open'],
  ])('%j is shown as %j', (text, content, selector) => {
    const container = shown(text, true);
    expect(container.textContent?.replaceAll('\n', '').trim()).toBe(content);
    expect(container.querySelector('h1, h2')).toBeNull();
    if (selector) expect(container.querySelector(selector)).not.toBeNull();
  });

  it('finishedBlocks_keepTheirNodesAndAreNotTouched', async () => {
    const { container, view } = newView();
    /** @type {Map<Node, string>} */
    const finished = new Map();
    for (let length = 0; length < SAMPLE.length; length += 7) {
      view.show(SAMPLE.slice(0, length), { running: true });
      await view.settled();
      // The last line may be the beginning of a block of its own.
      for (const node of [...container.children].slice(0, -2)) if (!finished.has(node)) finished.set(node, markupOf(node));
    }
    view.show(SAMPLE, { running: false });
    await view.settled();
    expect(finished.size).toBeGreaterThan(12);
    expect([...finished.keys()]).toEqual([...container.children].slice(0, finished.size));
    const changed = [...finished].filter(([node, html]) => markupOf(node) !== html);
    // Only the paragraph whose label is defined in the last line.
    expect(changed.map(([node]) => node.textContent?.slice(0, 18))).toEqual(['A stream of tokens']);
  });

  it('growingParagraph_keepsNodesAndSelection', () => {
    const { container, view } = newView();
    document.body.append(container);
    view.show('One **two** three', { running: true });
    const [paragraph, text] = [container.firstChild, /** @type {Node} */ (container.firstChild?.firstChild)];
    getSelection()?.setBaseAndExtent(text, 0, text, 3);
    view.show('One **two** three `four` and **fi', { running: true });
    expect([container.firstChild, container.firstChild?.firstChild]).toEqual([paragraph, text]);
    expect(String(getSelection())).toBe('One');
    container.remove();
  });

  it('slowRendering_isFollowedByAPauseAndTheLastTextIsShownAfterIt', () => {
    const clock = new ManualClock();
    const container = document.createElement('div');
    const view = new MarkdownView(container, { texts, clock: { now: () => (clock.time += 10), after: clock.after } });
    view.show('one', { running: true });
    view.show('one two', { running: true });
    expect(container.textContent?.trim()).toBe('one');
    expect(clock.waiting.length).toBe(1);
    view.show('one two three', { running: true });
    expect(clock.waiting.length).toBe(1);
    clock.advance(100);
    expect(container.textContent?.trim()).toBe('one two three');
    view.show('one two three four', { running: true });
    view.show('one two three four five', { running: false });
    expect(container.textContent?.trim()).toBe('one two three four five');
    expect(clock.waiting).toEqual([]);
  });

  it('textThatIsNotAContinuation_startsAgain', () => {
    const { container, view } = newView();
    view.show('# One\n\n```js\nlet a', { running: true });
    view.show('Other', { running: true });
    expect(container.textContent?.trim()).toBe('Other');
    expect(container.children.length).toBe(1);
  });

  it('answerThatGoesOnAfterItsEnd_isContinued', () => {
    const { container, view } = newView();
    view.show('# One\n\nA **b', { running: false });
    const heading = container.firstChild;
    view.show('# One\n\nA **b** c\n\n- d', { running: false });
    expect(markupOf(container)).toBe(markupOf(shown('# One\n\nA **b** c\n\n- d')));
    expect(container.firstChild).toBe(heading);
  });
});

describe('streamed in any pieces', () => {
  const LINES = [
    '# Head', 'text', 'more *em* **st', 'rong**', '', '', '- a', '  - b', '    c', '1. x', '2. y', '> q', '> - r', '```js', 'let a = 1;', '```', '~~~', '    code',
    '$$', 'x^2', '$$ y', '\\[', '\\]', 'a $x$ b', '---', '===', '| a | b |', '|---|:-:|', '| 1 | 2', 'x | y', '[n]: https://example.com/n', '[n]: https://example.com/o',
    '"title', 'see [n] and [m][n]', '[m]:', '/url', 'https://example.com', '* * *', '\ttab', '\r', '😀 `c', 'd`', '\\', '  ', '- [ ] t', '-', '+ z', '</p><b>', '![i](https://e.x/i)',
    '  $$', '  ```', '   text',
  ];
  const document = fc.array(fc.constantFrom(...LINES), { maxLength: 22 }).map((lines) => lines.join('\n'));
  const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 40 }).map((places) => places.sort((a, b) => a - b));

  it('anyText_endsAsIfItWasRenderedAtOnce', async () => {
    await fc.assert(fc.asyncProperty(document, cuts, async (text, places) => {
      const { container, view } = newView();
      stream(view, text, places);
      await view.settled();
      const whole = newView();
      whole.view.show(text, { running: false });
      await whole.view.settled();
      expect(markupOf(container)).toBe(markupOf(whole.container));
    }), { numRuns: 100 });
  });

  it('sampleInSmallPieces_endsAsIfItWasRenderedAtOnce', async () => {
    const { container, view } = newView();
    stream(view, SAMPLE, Array.from({ length: Math.ceil(SAMPLE.length / 5) }, (_, index) => index * 5));
    await view.settled();
    const whole = newView();
    whole.view.show(SAMPLE, { running: false });
    await whole.view.settled();
    expect(markupOf(container)).toBe(markupOf(whole.container));
  });
});
