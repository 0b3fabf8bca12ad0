/**
 * Takes the screenshots of docs/stories/lmstudio-streaming-demo.md: `npm run vendor && node src/test/browser/story.mjs`,
 * with the names of chapters for some of them.
 * The page is the one that is shipped. The mock server plays LM Studio with the answers of story/answers.js.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { MockServer } from '../js/mock/mock-server.js';
import { pages } from '../js/mock/pages.js';
import { BACKOFF, LAKES, MODELS, RIVERS, RIVERS_EDITED, Narrator } from './story/answers.js';
import { withPalette } from './story/palette-png.js';
import { launchBrowser } from './support/chromium.js';

/** @import { BrowserContext, BrowserContextOptions, Page } from 'playwright-core' */

const OUT = process.env.STORY_OUT ?? path.join(import.meta.dirname, '../../../docs/images/demo');
const MOST_BYTES = 120_000;

/** What a server says that runs since the morning. */
const HEALTH = { status: 'ok', lmstudio_version: '0.4.24', version_detected_by: 'endpoints', api_version: 'v1', models_loaded: 3, uptime_ms: 92 * 60_000, capabilities: { chat: 'yes', completions: 'yes', embeddings: 'yes', images: 'unknown', model_download: 'yes', model_load: 'yes', streaming: 'yes' } };

/** The pages of the mock server call everybody "mock". @type {typeof pages} */
function pagesOfAnn(request, response, server) {
  const end = response.end.bind(response);
  response.end = /** @type {any} */ ((/** @type {unknown} */ body) => end(typeof body === 'string' ? body.replaceAll('>mock<', '>ann<') : body));
  return pages(request, response, server);
}

/** A server of its own for each chapter, so that no chapter depends on another one. */
class Chapter {
  /** @param {import('playwright-core').Browser} browser @param {BrowserContextOptions} options */
  static async open(browser, options = {}) {
    const narrator = new Narrator();
    const server = await new MockServer({ pages: pagesOfAnn, models: MODELS, answer: narrator.answer, retryMs: 1000, loadMs: 4000, callers: [{ name: 'ann', token: 'story', admin: true }] }).listen();
    server.modelsMeta = /** @type {any} */ ({ stale: false, lmstudio_version: '0.4.24' });
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', ...options });
    context.setDefaultTimeout(30_000);
    context.on('weberror', (error) => console.error(error.error()));
    return new Chapter(server, context, narrator);
  }

  /** @param {MockServer} server @param {BrowserContext} context @param {Narrator} narrator */
  constructor(server, context, narrator) {
    this.server = server;
    this.context = context;
    this.narrator = narrator;
  }

  async start() {
    const page = await this.context.newPage();
    await page.goto(`${this.server.url}/ai/lmstudio/demo?token=${this.server.token}`);
    await page.locator('#model option[value="qwen3-8b"]').waitFor({ state: 'attached' });
    return page;
  }

  async close() {
    await this.context.close();
    await this.server.close();
  }
}

/** @param {Page} page @param {string} name */
async function take(page, name) {
  // The pointer would leave a button highlighted.
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.fonts.ready);
  const png = withPalette(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
  writeFileSync(path.join(OUT, `${name}.png`), png);
  console.log(`${name}.png ${Math.round(png.length / 1000)} kB`);
  if (png.length > MOST_BYTES) throw new Error(`${name}.png has ${png.length} bytes. The limit is ${MOST_BYTES}.`);
}

/** @param {Page} page @param {string} question */
async function ask(page, question) {
  await page.getByRole('textbox', { name: 'Message' }).fill(question);
  await page.keyboard.press('Enter');
}

/** @param {Page} page @param {string} status */
const until = (page, status) => page.waitForFunction((wanted) => document.body.dataset.status === wanted, status);

/** Waits until the last answer shows a text. @param {Page} page @param {string} text */
const untilShown = (page, text) => page.waitForFunction((wanted) =>
  [...document.querySelectorAll('.answer-text')].at(-1)?.textContent?.includes(wanted), text);

/** @param {Page} page */
const details = (page) => page.getByRole('button', { name: 'Details', exact: true });

/** Signing in, the empty page, an answer, a reload, a lost network, and the same in dark. @param {import('playwright-core').Browser} browser */
async function answers(browser) {
  const chapter = await Chapter.open(browser);
  const door = await chapter.context.newPage();
  await door.goto(`${chapter.server.url}/login`);
  await take(door, '01-sign-in');
  await door.close();
  const page = await chapter.start();
  await take(page, '02-empty');
  chapter.narrator.pauseAt('baseMs = 1000');
  await ask(page, BACKOFF);
  await untilShown(page, 'baseMs = 1000');
  await take(page, '03-streaming');
  chapter.narrator.goOn('Math.random');
  await page.reload();
  await untilShown(page, 'Math.random');
  await take(page, '04-after-reload');
  chapter.server.faults.down = true;
  chapter.server.cutAll();
  await page.getByText(/Next attempt in/).first().waitFor();
  await take(page, '05-lost-connection');
  chapter.server.faults.down = false;
  chapter.narrator.goOn();
  await until(page, 'done');
  await take(page, '06-complete');
  await page.emulateMedia({ colorScheme: 'dark' });
  await take(page, '06-complete-dark');
  await chapter.close();
}

/** Reasoning while it streams. @param {import('playwright-core').Browser} browser */
async function reasoning(browser) {
  const chapter = await Chapter.open(browser);
  const page = await chapter.start();
  chapter.narrator.pauseAt('Then I show');
  await ask(page, LAKES);
  await page.getByText(/Reasoning for/).first().click();
  await page.getByText('Then I show').waitFor();
  await take(page, '07-reasoning');
  await chapter.close();
}

/** A table, a formula, and the wire. The plot takes its colours when it is created. @param {import('playwright-core').Browser} browser @param {'light'|'dark'} colorScheme */
async function wire(browser, colorScheme) {
  const chapter = await Chapter.open(browser, { colorScheme });
  const page = await chapter.start();
  await ask(page, LAKES);
  await until(page, 'done');
  if (colorScheme === 'light') await take(page, '08-table-and-formula');
  await details(page).click();
  await page.getByRole('tab', { name: 'Wire' }).click();
  await page.locator('#tab-wire canvas').waitFor();
  await take(page, colorScheme === 'light' ? '09-wire' : '09-wire-dark');
  await chapter.close();
}

/** Two models side by side, an edited question, and both branches. @param {import('playwright-core').Browser} browser */
async function branches(browser) {
  const chapter = await Chapter.open(browser);
  const page = await chapter.start();
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('combobox', { name: 'Second model' }).selectOption('gemma-3-4b-it');
  await ask(page, RIVERS);
  await until(page, 'done');
  await take(page, '10-two-models');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByRole('textbox', { name: 'Edit the message' }).fill(RIVERS_EDITED);
  await take(page, '11-editing');
  await page.getByRole('textbox', { name: 'Edit the message' }).press('Enter');
  await until(page, 'done');
  await take(page, '12-second-version');
  await page.locator('.question').getByRole('button', { name: 'Previous version' }).click();
  await page.getByText('The Rhine is about').first().waitFor();
  await take(page, '13-first-version-again');
  await chapter.close();
}

/** Offline, models, settings, the state of the server. @param {import('playwright-core').Browser} browser */
async function server(browser) {
  const chapter = await Chapter.open(browser);
  const page = await chapter.start();
  await ask(page, RIVERS);
  await until(page, 'done');
  await page.getByRole('switch', { name: 'Offline' }).click();
  await page.getByRole('textbox', { name: 'Message' }).fill('And which of them has more ships?');
  await take(page, '14-offline');
  await page.getByRole('switch', { name: 'Offline' }).click();
  await details(page).click();
  await take(page, '15-settings');
  await page.getByRole('tab', { name: 'Models' }).click();
  await page.getByRole('button', { name: 'Load llama-3.2-3b-instruct' }).click();
  await page.getByRole('progressbar').first().waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll('progress')].some(({ value }) => value >= 0.5));
  await take(page, '16-loading-a-model');
  await page.route('**/api/v1/ai/lmstudio/health', (route) => route.fulfill({ json: { status: 'success', data: HEALTH, meta: {} } }));
  await page.getByRole('tab', { name: 'Server' }).click();
  await page.getByText('LM Studio is reachable', { exact: true }).waitFor();
  await take(page, '17-server');
  await chapter.close();
}

/** A phone. @param {import('playwright-core').Browser} browser */
async function phone(browser) {
  const chapter = await Chapter.open(browser, { viewport: { width: 375, height: 720 }, isMobile: true, hasTouch: true });
  const page = await chapter.start();
  await ask(page, LAKES);
  await until(page, 'done');
  await page.locator('.answer-text table').evaluate((table) => table.scrollIntoView({ block: 'center' }));
  await take(page, '18-phone');
  await page.getByRole('button', { name: 'Conversations' }).click();
  await page.getByRole('button', { name: 'New chat' }).waitFor();
  await take(page, '19-phone-conversations');
  await chapter.close();
}

mkdirSync(OUT, { recursive: true });
const browser = await launchBrowser();
/** @type {Record<string, (browser: import('playwright-core').Browser) => Promise<void>>} */
const chapters = {
  answers, reasoning, branches, server, phone,
  wire: (opened) => wire(opened, 'light'),
  wireInDark: (opened) => wire(opened, 'dark'),
};
const wanted = process.argv.slice(2);
for (const [name, chapter] of Object.entries(chapters)) if (wanted.length === 0 || wanted.includes(name)) await chapter(browser);
await browser.close();
