/**
 * Measures in Chromium what it costs to stream 100,000 characters of Markdown in pieces of 4: `npm run vendor && node src/test/js/bench/markdown.mjs`
 *
 * Measured on 2026-11-30 with Chromium 147 on two cores that other processes used, too (load 10), in milliseconds. `total` is the time in `show` and its timers:
 *
 *   all pieces in one loop      mixed 687, one code block 60, one list 1070, one paragraph 439, one table 1028
 *   20 pieces a frame           mixed 2636 of 22987 (longest call 74), one code block 3022 of 41405 (57), one list 5637 of 25659 (486)
 *
 * Finished blocks cost nothing more, so that a call takes as long as its last block is large. A single list or table of this length is the worst case:
 * its renderings become rarer, but each takes up to half a second.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openMarkdown } from '../../browser/support/markdown-page.js';
import { Playground } from '../../browser/support/playground.js';

const LENGTH = 100_000;
const PIECE = 4;

const sample = readFileSync(path.join(import.meta.dirname, '../page/markdown-sample.md'), 'utf8');
/** @param {string} text */
const repeated = (text) => text.repeat(Math.ceil(LENGTH / text.length)).slice(0, LENGTH);
const ANSWERS = new Map([
  ['mixed', repeated(`${sample}\n`)],
  ['one code block', `\`\`\`js\n${repeated('const answer = await ask("How long?"); // and so on\n')}`],
  ['one list', repeated('- an item with **bold** text and `code`\n')],
  ['one paragraph', repeated('Words with **bold** text and `code` and a [link](https://example.com). ')],
  ['one table', `| a | b |\n|---|---|\n${repeated('| a cell with **bold** text | `code` |\n')}`],
]);

const playground = await Playground.open();
try {
  for (const [pace, perFrame] of /** @type {const} */ ([['at once', Infinity], ['20 pieces a frame', 20]])) {
    for (const [name, answer] of ANSWERS) {
      const context = await playground.context();
      const page = await context.newPage();
      await openMarkdown(page, playground.url);
      const found = await page.evaluate(([text, piece, count]) => /** @type {any} */ (window).measureAnswer(text, piece, count), /** @type {const} */ ([answer, PIECE, perFrame]));
      const figures = Object.entries(found).map(([key, value]) => `${key} ${Number(value).toFixed(0)}`);
      console.log(`${pace.padEnd(18)} ${name.padEnd(15)} ${figures.join(', ')}`);
      await context.close();
    }
  }
} finally {
  await playground.close();
}
