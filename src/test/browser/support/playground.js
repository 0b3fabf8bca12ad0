import { createClient } from '../../../main/webapp/js/sdk/client.js';
import { playAnswers } from '../../js/mock/answers.js';
import { MockServer } from '../../js/mock/mock-server.js';
import { pages } from '../../js/mock/pages.js';
import { launchBrowser } from './chromium.js';
import { CuttingProxy } from './cutting-proxy.js';

/**
 * @import { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
 */

/** A question that gets an answer long enough to be disturbed; another one for another server. */
export const QUESTION = process.env.PLAYGROUND_PROMPT ?? 'Tell me at length how streams survive a reload.';

/**
 * What the tests run against: `PLAYGROUND_URL` (with its context root) and `PLAYGROUND_TOKEN` name a server that runs already; without them
 * the mock serves the page. In between stands a proxy that can cut.
 */
export class Playground {
  /** Everything that the pages wrote to their consoles as errors, violations of the content security policy included.
   * @type {string[]} */
  complaints = [];

  /** The cookies after the latest sign-in, so that not every test signs in by the form.
   * @type {BrowserContextOptions['storageState']} */
  signedIn = undefined;

  /** @param {{browser: Browser, proxy: CuttingProxy, mock: MockServer|null, target: URL, token: string}} parts */
  constructor({ browser, proxy, mock, target, token }) {
    const contextRoot = target.pathname.replace(/\/$/, '');
    this.browser = browser;
    this.proxy = proxy;
    this.mock = mock;
    this.token = token;
    /** For the browser: through the proxy. */
    this.url = proxy.origin + contextRoot;
    /** For the test itself: past the proxy. */
    this.client = createClient({ contextRoot: target.origin + contextRoot, accessToken: token });
  }

  static async open() {
    const { PLAYGROUND_URL: url, PLAYGROUND_TOKEN: token } = process.env;
    const mock = url ? null : await new MockServer({ pages, answer: playAnswers(20), contextRoot: '/any/root' }).listen();
    const target = new URL(url ?? mock?.url ?? '');
    const proxy = await new CuttingProxy(Number(target.port)).listen();
    const browser = await launchBrowser();
    return new Playground({ browser, proxy, mock, target, token: token ?? mock?.token ?? '' });
  }

  async close() {
    await this.browser.close();
    await this.proxy.close();
    await this.mock?.close();
  }

  /** @param {BrowserContextOptions} [options] @returns {Promise<BrowserContext>} a browser of its own, signed in if a page was before */
  async context(options = {}) {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, storageState: this.signedIn, ...options });
    context.setDefaultTimeout(30_000);
    context.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) this.complaints.push(message.text());
    });
    context.on('weberror', (error) => this.complaints.push(String(error.error())));
    return context;
  }

  /** @param {BrowserContext} context @returns {Promise<Page>} the playground, signed in by the form if need be */
  async page(context) {
    const page = await context.newPage();
    await page.goto(`${this.url}/ai/lmstudio/demo`);
    if (new URL(page.url()).pathname.endsWith('/login')) await this.signIn(page);
    await page.locator('#model option').nth(1).waitFor({ state: 'attached' });
    return page;
  }

  /** @param {Page} page at `/login` */
  async signIn(page) {
    await page.getByLabel('Access token').fill(this.token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/ai/lmstudio/demo');
    this.signedIn = { cookies: await page.context().cookies(), origins: [] };
  }
}

/** @param {Page} page @param {string} [question] */
export async function ask(page, question = QUESTION) {
  await page.getByRole('textbox', { name: 'Message' }).fill(question);
  await page.keyboard.press('Enter');
}

/** The text of the last answer, as it stands in the page. @param {Page} page @returns {Promise<string>} */
export const answerOf = async (page) => (await page.locator('.answer-text').last().textContent()) ?? '';

/** Until so much of the last answer is there. @param {Page} page @param {number} length @param {string} [status] */
export async function untilLonger(page, length, status = 'streaming') {
  await page.waitForFunction(([least, wanted]) => {
    const text = [...document.querySelectorAll('.answer-text')].at(-1)?.textContent ?? '';
    return text.length > least && document.body.dataset.status === wanted;
  }, /** @type {const} */ ([length, status]));
}

/** @param {Page} page @param {string} status */
export async function until(page, status) {
  await page.waitForFunction((wanted) => document.body.dataset.status === wanted, status, { timeout: 60_000 });
}

/** @param {Page} page @returns {Promise<string>} the id that the page's address names */
export async function streamIdOf(page) {
  await page.waitForFunction(() => location.hash.startsWith('#stream='));
  return new URL(page.url()).hash.replace('#stream=', '');
}
