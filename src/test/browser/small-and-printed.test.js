import { mkdirSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { playAnswers } from '../../main/webapp/js/sdk/mocks/index.js';
import { message, openForEachTest, page } from './support/page.js';
import { ask, until } from './support/playground.js';
import { scriptAnswers } from './support/scripted.js';

/** The page on paper, on a very small screen, and with text from right to left. */
openForEachTest({ answer: playAnswers(1) });

const SHOTS = 'target/screenshots';
beforeAll(() => void mkdirSync(SHOTS, { recursive: true }));

/** @param {string} content Markdown @param {string} [question] */
async function answerWith(content, question = 'What is it?') {
  await scriptAnswers(page, [['delta', { content }], ['completed', { finish_reason: 'stop' }]]);
  await ask(page, question);
  await until(page, 'done');
}

it('windowAt400Percent_hasRoomForTheAnswer', async () => {
  await answerWith('A line of the answer.\n\n'.repeat(40));
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 320, height: 256 });
  await page.locator('.answer p').nth(20).evaluate((line) => line.scrollIntoView({ block: 'center' }));
  const free = await page.evaluate(() => Array.from({ length: 25 }, (_, index) => document.elementFromPoint(160, index * 10 + 5)?.closest('main')).filter(Boolean).length);
  await page.screenshot({ path: `${SHOTS}/zoom-400.png` });
  expect(free).toBe(25);
  await message().blur();
  await message().focus();
  expect(await message().evaluate((box) => box.getBoundingClientRect().bottom <= innerHeight)).toBe(true);
});

it.each([
  ['list', Array.from({ length: 40 }, (_, level) => `${'  '.repeat(level)}- level ${level}`).join('\n')],
  ['quotation', `${'>'.repeat(40)} deep`],
])('deep %s_fitsIntoASmallScreen', async (name, content) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await answerWith(content);
  await page.screenshot({ path: `${SHOTS}/deep-${name}.png` });
  const widths = await page.locator('.answer-text').evaluate((text) => [document.documentElement.scrollWidth, text.scrollWidth - text.clientWidth]);
  expect(widths).toEqual([320, 0]);
});

it('printedPage_hasTheConversationAlone', async () => {
  await answerWith(`Text and code:\n\n\`\`\`js\nconst long = '${'x '.repeat(200)}';\n\`\`\`\n`);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.screenshot({ path: `${SHOTS}/printed.png`, fullPage: true });
  const shown = async (/** @type {string} */ selector) => page.locator(selector).first().isVisible();
  for (const selector of ['.sidebar', '.bar', '.dock', '.answer .actions', '.code-copy']) expect([selector, await shown(selector)]).toEqual([selector, false]);
  for (const selector of ['.question-text', '.answer-text pre']) expect([selector, await shown(selector)]).toEqual([selector, true]);
  expect(await page.evaluate(() => [getComputedStyle(document.body).backgroundColor, document.querySelector('pre')?.scrollWidth === document.querySelector('pre')?.clientWidth])).toEqual(['rgb(250, 250, 247)', true]);
});

it('textFromRightToLeft_beginsAtTheRight', async () => {
  await answerWith('# כותרת\n\nשלום עולם, זה `code();` בתוך טקסט.\n\n1. אחת\n2. שתיים\n\n> ציטוט\n\n| א | ב |\n|---|---|\n| ג | ד |\n\n```js\nlet a = 1;\n```\n\nAnd English again.\n', 'מה שלומך?');
  await page.screenshot({ path: `${SHOTS}/right-to-left.png` });
  const directions = (/** @type {string} */ selector) => page.locator(selector).evaluateAll((all) => all.map((one) => getComputedStyle(one).direction));
  expect(await directions('.question-text, .answer-text :is(h1, ol, blockquote, table)')).toEqual(['rtl', 'rtl', 'rtl', 'rtl', 'rtl']);
  expect(await directions('.answer-text > p')).toEqual(['rtl', 'ltr']);
  expect(await directions('.answer-text code')).toEqual(['ltr', 'ltr']);
});
