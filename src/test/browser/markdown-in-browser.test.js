import axe from 'axe-core';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MARKDOWN_CORPUS } from './support/markdown-corpus.js';
import { showMarkdown } from './support/markdown-page.js';
import { Playground } from './support/playground.js';
import { CORPUS } from './support/xss-corpus.js';

const SAMPLE = readFileSync(path.join(import.meta.dirname, '../js/page/markdown-sample.md'), 'utf8');

/** @type {Playground} */
let playground;

beforeAll(async () => void (playground = await Playground.open()));
afterAll(() => playground.close());

it('corpusAsMarkdown_runsNothingLoadsNothingAndLeavesOnlyPlainMarkup', async () => {
  const context = await playground.context();
  const page = await context.newPage();
  /** @type {string[]} */
  const ran = [];
  await context.exposeFunction('xss', () => void ran.push('xss'));
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => ran.push(dialog.message())));
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  const attacks = [...CORPUS, ...MARKDOWN_CORPUS];
  await showMarkdown(page, playground.url, [...attacks, attacks.join('\n\n')], 5);

  const found = await page.evaluate(() => {
    const all = [...document.querySelectorAll('.markdown *')];
    const attributes = all.flatMap((node) => [...node.attributes].map(({ name, value }) => ({ tag: node.localName, name, value })));
    return {
      count: all.length,
      names: [...new Set(all.filter((node) => !node.closest('.katex')).map(({ localName }) => localName))],
      unsafe: all.map(({ localName }) => localName).filter((name) => /^(?:script|img|image|iframe|object|embed|style|link|form|input|base|meta|use|a)$/.test(name) && name !== 'a'),
      handlers: attributes.filter(({ name }) => name.startsWith('on') || name === 'srcdoc' || name === 'src'),
      addresses: attributes.filter(({ name, value }) => /href/.test(name) && !/^(?:https?:\/\/|mailto:)/.test(value)),
      styles: attributes.filter(({ name, value }) => name === 'style' && /url|expression|@|position:\s*fixed/i.test(value)),
      ids: attributes.filter(({ name }) => name === 'id' || name === 'name'),
      links: /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll('.markdown a')]).filter(({ rel, target }) => rel !== 'noopener noreferrer' || target !== '_blank').length,
    };
  });
  expect(found.count).toBeGreaterThan(500);
  expect(found).toMatchObject({ unsafe: [], handlers: [], addresses: [], styles: [], ids: [], links: 0 });
  expect(found.names.sort()).toEqual(expect.arrayContaining(['a', 'code', 'p', 'pre', 'td']));
  expect(ran).toEqual([]);
  expect(asked.filter((url) => !url.startsWith(playground.url))).toEqual([]);
  expect(playground.complaints).toEqual([]);
  await context.close();
});

it('formulaThatMovesItsParts_paintsNothingOutsideItsAnswer', async () => {
  const context = await playground.context();
  const page = await context.newPage();
  await showMarkdown(page, playground.url, [String.raw`$\hspace{-20em}\raisebox{-5em}{\textbf{SESSION EXPIRED}}$`], 4_000);
  // So that there is something at the left to paint over.
  await page.evaluate(() => Object.assign(document.body.style, { paddingLeft: '40rem' }));
  const spots = await page.evaluate(() => {
    const answer = /** @type {Element} */ (document.querySelector('.markdown'));
    const box = answer.getBoundingClientRect();
    return [...answer.querySelectorAll('.katex-html *')].filter(({ children }) => children.length === 0).map((part) => {
      const { left, top, width, height } = part.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      const outside = left + width < box.left - 16;
      return { outside, painted: answer.contains(document.elementFromPoint(x, y)) };
    });
  });
  expect(spots.filter(({ outside }) => outside).length).toBeGreaterThan(0);
  expect(spots.filter(({ outside, painted }) => outside && painted)).toEqual([]);
  await context.close();
});

it('sample_isRenderedWithColoursAndFormulasUnderThePolicy', async () => {
  const context = await playground.context();
  const page = await context.newPage();
  await showMarkdown(page, playground.url, [SAMPLE], 40);
  expect(await page.locator('.hljs-keyword').count()).toBeGreaterThan(5);
  expect(await page.locator('.katex-html').count()).toBe(5);
  await page.waitForFunction(() => document.fonts.check('16px KaTeX_Main', 'x') && [...document.fonts].some(({ family, status }) => family.includes('KaTeX_Math') && status === 'loaded'));
  // KaTeX sets the heights of its lines as styles. Without them, a fraction would be as high as a letter.
  expect((await page.locator('.math-display .katex').first().boundingBox())?.height).toBeGreaterThan(40);
  expect(playground.complaints).toEqual([]);
  await context.close();
});

it('codeThatIsWiderThanTheScreen_scrollsByKeyboardAndThePageDoesNot', async () => {
  const context = await playground.context({ viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  await showMarkdown(page, playground.url, [SAMPLE], 4_000);
  await page.locator('pre[tabindex="0"]').first().waitFor();
  await page.locator('.table-scroll[tabindex="0"]').waitFor();
  await page.locator('pre[tabindex="0"]').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => (document.activeElement?.scrollLeft ?? 0) > 0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await context.close();
});

it.each(/** @type {const} */ (['light', 'dark']))('sample in %s, wide and narrow, has no violation of accessibility', async (colorScheme) => {
  for (const width of [1280, 320]) {
    const context = await playground.context({ colorScheme, viewport: { width, height: 800 } });
    const page = await context.newPage();
    await showMarkdown(page, playground.url, [SAMPLE], 4_000);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => /** @type {any} */ (window).axe.run('.markdown'));
    expect(violations.map((/** @type {any} */ { id, nodes }) => [id, nodes.map((/** @type {any} */ { html, failureSummary }) => `${html} ${failureSummary}`)])).toEqual([]);
    await context.close();
  }
});
