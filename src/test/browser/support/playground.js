import { createClient } from '../../../main/webapp/js/sdk/client.js';
import { playAnswers, promptOf } from '../../../main/webapp/js/sdk/mocks/index.js';
import { MockServer } from '../../js/mock/mock-server.js';
import { pages } from '../../js/mock/pages.js';
import { launchBrowser } from './chromium.js';
import { CuttingProxy } from './cutting-proxy.js';

/**
 * @import { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
 * @import { MockOptions } from '../../../main/webapp/js/sdk/mocks/mock-server.js'
 * @import { StreamLog } from '../../../main/webapp/js/sdk/mocks/stream-log.js'
 */

/** Whether a real server is named. Tests that need the controls of the mock are skipped then. */
export const REAL = Boolean(process.env.PLAYGROUND_URL);

/** A question that gets an answer long enough to be disturbed; another one for another server. */
export const QUESTION = process.env.PLAYGROUND_PROMPT ?? 'Tell me at length how streams survive a reload.';

const [slowly, quickly] = [playAnswers(20), playAnswers(1)];

/** Answers {@link QUESTION} slowly enough to be disturbed, and all others quickly. @param {StreamLog} stream */
export const slowlyForTheQuestion = (stream) => (promptOf(stream.request) === QUESTION ? slowly : quickly)(stream);

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

  /** @param {MockOptions} [options] of the mock, if no server is named */
  static async open(options = {}) {
    const { PLAYGROUND_URL: url, PLAYGROUND_TOKEN: token } = process.env;
    const mock = url ? null : await new MockServer({ pages, answer: slowly, contextRoot: '/any/root', ...options }).listen();
    const target = new URL(url ?? mock?.url ?? '');
    const proxy = await new CuttingProxy(Number(target.port)).listen();
    const browser = await launchBrowser();
    return new Playground({ browser, proxy, mock, target, token: token ?? mock?.token ?? '' });
  }

  /** The mock, for tests that need its controls. @returns {MockServer} */
  get controls() {
    if (!this.mock) throw new Error('This test needs the mock. Skip it if a real server is named.');
    return this.mock;
  }

  /**
   * Asks a question whose answers the test writes by hand.
   *
   * @param {Page} page @param {string} question @param {number} count how many answers the page asks for
   * @returns {Promise<StreamLog[]>}
   */
  async askAllByHand(page, question, count) {
    const { answer } = this.controls;
    this.controls.answer = () => {};
    const streams = Array.from({ length: count }, () => this.controls.nextStream());
    await ask(page, question);
    const started = await Promise.all(streams);
    this.controls.answer = answer;
    return started;
  }

  /** Asks a question whose answer the test writes by hand. @param {Page} page @param {string} [question] @returns {Promise<StreamLog>} */
  async askByHand(page, question = 'Wait for my hand.') {
    return (await this.askAllByHand(page, question, 1))[0];
  }

  async close() {
    await this.browser.close();
    await this.proxy.close();
    await this.mock?.close();
  }

  /** @param {BrowserContextOptions} [options] @returns {Promise<BrowserContext>} a browser of its own, signed in if a page was before */
  async context(options = {}) {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', storageState: this.signedIn, ...options });
    context.setDefaultTimeout(30_000);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
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

/** The text of the last answer, as the page shows it. @param {Page} page @returns {Promise<string>} */
export const shownAnswer = async (page) => (await page.locator('.answer-text').last().textContent()) ?? '';

/** The text of the last answer as the model wrote it, by its button Copy. @param {Page} page @returns {Promise<string>} */
export async function answerOf(page) {
  await page.locator('.answer').last().getByRole('button', { name: 'Copy', exact: true }).last().click();
  await page.getByText('Copied').first().waitFor({ state: 'attached' });
  return page.evaluate(() => navigator.clipboard.readText());
}

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

/** Until the last answer contains this text. @param {Page} page @param {string} text */
export async function untilShown(page, text) {
  await page.locator('.answer-text').last().getByText(text).waitFor();
}

/** @param {Page} page @returns {Promise<string>} the id that the page's address names */
export async function streamIdOf(page) {
  await page.waitForFunction(() => location.hash.includes('stream='));
  return new URLSearchParams(new URL(page.url()).hash.slice(1)).get('stream') ?? '';
}
