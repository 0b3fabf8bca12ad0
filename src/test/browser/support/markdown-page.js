import { readFileSync } from 'node:fs';
import path from 'node:path';

/** @import { Page } from 'playwright-core' */

const SCRIPT = readFileSync(path.join(import.meta.dirname, 'markdown-in-page.js'), 'utf8').replace("'../../../main/webapp/js/page/", "'./");

/** @param {string} root */
const html = (root) => `<!DOCTYPE html><html lang="en"><head><meta charset="UTF-8"><title>Markdown</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,"><link rel="stylesheet" href="${root}/css/base.css"><link rel="stylesheet" href="${root}/css/vendor/katex.css"><link rel="stylesheet" href="${root}/css/markdown.css">
<script type="module" src="${root}/js/page/markdown-in-page.js"></script></head><body><main></main></body></html>`;

/** Opens a page with the policy and the files of the server that can render Markdown. @param {Page} page @param {string} url with the context root */
export async function openMarkdown(page, url) {
  await page.route('**/login?markdown', async (route) => route.fulfill({ response: await route.fetch({ url: `${url}/login` }), body: html(url) }));
  await page.route('**/markdown-in-page.js', (route) => route.fulfill({ contentType: 'text/javascript', body: SCRIPT }));
  await page.goto(`${url}/login?markdown`);
  await page.waitForFunction(() => 'showAnswers' in window);
}

/**
 * Shows texts as Markdown in a page with the policy and the files of the server, and waits until all is drawn.
 *
 * @param {Page} page
 * @param {string} url with the context root
 * @param {string[]} answers are streamed one after the other
 * @param {number} piece how many characters come at once
 */
export async function showMarkdown(page, url, answers, piece) {
  await openMarkdown(page, url);
  await page.evaluate(([pieces, ...all]) => /** @type {any} */ (window).showAnswers(all, Number(pieces)), [String(piece), ...answers]);
}
