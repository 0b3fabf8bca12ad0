import axe from 'axe-core';
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { playAnswers } from '../../main/webapp/js/sdk/mocks/index.js';
import { Playground, REAL, answerOf, ask, until, untilLonger } from './support/playground.js';
import { STATES } from './support/states.js';

/** @import { Page } from 'playwright-core' */

const SHOTS = 'target/screenshots';
/** @type {Playground} */
let playground;

beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true });
  playground = await Playground.open({ answer: playAnswers(10) });
});
afterAll(() => playground.close());

/** @param {Page} page @param {string[]} [runOnly] the names of rules; default all @returns {Promise<string[]>} every violation with where it is */
async function violations(page, runOnly) {
  // Through the debugger: the page's own policy would not let it in, as it should be.
  await page.evaluate(axe.source);
  return page.evaluate(async (rules) => {
    const { axe: runner } = /** @type {any} */ (globalThis);
    const { violations: found } = await runner.run(document, { resultTypes: ['violations'], ...(rules ? { runOnly: rules } : {}) });
    return found.flatMap((/** @type {any} */ { id, nodes }) => nodes.map((/** @type {any} */ node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`));
  }, runOnly);
}

/** @param {Page} page @param {string} name */
const shot = (page, name) => page.screenshot({ path: `${SHOTS}/${name}.png` });

it.each(STATES)('%s_hasNoAccessibilityViolationsInAnyThemeAndFitsInto320Pixels', async (name, reach) => {
  const context = await playground.context({ colorScheme: 'light', reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } });
  const page = await playground.page(context);
  await reach(page);
  expect(await violations(page)).toEqual([]);
  await shot(page, `${name}-light`);
  // The theme changes nothing but colours.
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await violations(page, ['color-contrast'])).toEqual([]);
  await shot(page, `${name}-dark`);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await shot(page, `${name}-320-dark`);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await violations(page)).toEqual([]);
  await shot(page, `${name}-320-light`);
  await context.close();
});

it.each(/** @type {const} */ ([['light', 'dark'], ['dark', 'light']]))('system in %s with the theme %s chosen_keepsEveryContrast', async (colorScheme, theme) => {
  const context = await playground.context({ colorScheme, reducedMotion: 'reduce' });
  const page = await playground.page(context);
  const [, showAll] = STATES.find(([name]) => name === 'done') ?? [];
  await showAll?.(page);
  await page.locator('.hljs-keyword').first().waitFor();
  await page.getByRole('button', { name: 'Details' }).click();
  const theTheme = page.locator('#theme');
  await page.getByRole('tab', { name: 'Wire' }).click();
  await page.locator('.timeline canvas').waitFor();
  const plot = () => page.locator('.timeline canvas').evaluate((/** @type {HTMLCanvasElement} */ canvas) => canvas.toDataURL());
  const before = await plot();
  await page.getByRole('tab', { name: 'Settings' }).click();
  await theTheme.selectOption(theme);
  expect(await violations(page, ['color-contrast'])).toEqual([]);
  await page.getByRole('tab', { name: 'Wire' }).click();
  await expect.poll(plot).not.toBe(before);
  await shot(page, `chosen-${theme}`);
  await context.close();
});

it('sidebarAt320Pixels_opensOverThePageAndClosesAgain', async () => {
  const context = await playground.context({ viewport: { width: 320, height: 640 }, reducedMotion: 'reduce' });
  const page = await playground.page(context);
  await ask(page, 'A short question?');
  await until(page, 'done');
  const sidebar = page.getByRole('navigation', { name: 'Conversations' });
  expect(await sidebar.isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Conversations' }).click();
  await sidebar.getByText('A short question?').waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await shot(page, 'sidebar-320-light');
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await violations(page, ['color-contrast'])).toEqual([]);
  await shot(page, 'sidebar-320-dark');
  await page.keyboard.press('Escape');
  await sidebar.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Conversations' }).click();
  await sidebar.getByRole('button', { name: 'New chat' }).click();
  await sidebar.waitFor({ state: 'hidden' });
  await context.close();
});

it.each(/** @type {const} */ (['light', 'dark']))('signIn in %s_hasNoAccessibilityViolations', async (colorScheme) => {
  const context = await playground.context({ colorScheme, storageState: undefined });
  const page = await context.newPage();
  await page.goto(`${playground.url}/login`);
  expect(await violations(page)).toEqual([]);
  await shot(page, `login-${colorScheme}`);
  await page.getByLabel('Access token').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText(/not valid/).waitFor();
  expect(await violations(page)).toEqual([]);
  await shot(page, `login-refused-${colorScheme}`);
  await context.close();
});

it('german_isSpokenByTheWholePage', async () => {
  const context = await playground.context({ locale: 'de-DE', reducedMotion: 'reduce' });
  const page = await playground.page(context);
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  await page.getByRole('textbox', { name: 'Nachricht', exact: true }).fill('Sprichst du Deutsch?');
  await page.keyboard.press('Enter');
  await until(page, 'done');
  await page.getByRole('status').getByText('Fertig').waitFor();
  for (const id of ['to-wire', 'to-models', 'to-server', 'to-settings']) {
    if (id === 'to-wire') await page.locator('#panel-toggle').click();
    await page.locator(`#${id}`).click();
    expect(await violations(page)).toEqual([]);
    await shot(page, `german-${id}`);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await page.keyboard.press('Escape');
  await page.evaluate(() => scrollTo(0, 0));
  await shot(page, 'german-320');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  // A text that is missing shows its key, such as "status.done".
  expect(await page.evaluate(() => document.body.innerText.match(/\b(?:demo|status|notice|panel|settings|sidebar|models|server|figures|wire)\.[a-z.]+\b/g))).toBeNull();
  await context.close();
});

it('manifest_makesThePageInstallable', async () => {
  const context = await playground.context();
  const page = await playground.page(context);
  const address = await page.locator('link[rel=manifest]').evaluate((/** @type {HTMLLinkElement} */ { href }) => href);
  const manifest = await page.evaluate(async (url) => (await fetch(url)).json(), address);
  expect(manifest).toMatchObject({ name: 'LM Studio for Jakarta EE', display: 'standalone' });
  for (const { src } of manifest.icons) expect(await page.evaluate(async (url) => (await fetch(url)).ok, new URL(src, address).href)).toBe(true);
  const debug = await context.newCDPSession(page);
  const { errors } = await debug.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  const { installabilityErrors } = await debug.send('Page.getInstallabilityErrors');
  expect(installabilityErrors).toEqual([]);
  await context.close();
});

it('names_areWhatTestsAndScreenReadersRelyOn', async () => {
  const context = await playground.context();
  const page = await playground.page(context);
  await page.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
  await page.getByRole('combobox', { name: 'Model', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Send', exact: true }).waitFor();
  await page.getByRole('log', { name: 'Conversation', exact: true }).waitFor({ state: 'attached' });
  await page.getByRole('status').getByText('Ready').waitFor();
  await ask(page);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('status').getByText('Stopped').waitFor();
  await page.getByRole('button', { name: 'Retry', exact: true }).waitFor();
  await context.close();
});

it('streamedText_staysOutsideTheLogUntilItIsFinished', async () => {
  const context = await playground.context();
  const page = await playground.page(context);
  await ask(page);
  await untilLonger(page, 100);
  expect(await page.getByRole('log').locator('.answer').count()).toBe(0);
  await until(page, 'done');
  expect(await page.getByRole('log').locator('.answer').count()).toBe(1);
  await context.close();
});

it.skipIf(REAL)('streamOf500Tokens_changesTheLiveRegionsAtMostEveryTwoSeconds', async () => {
  const context = await playground.context();
  const page = await playground.page(context);
  await page.evaluate(() => {
    const counts = /** @type {any} */ (globalThis);
    /** Every change: when, in which region, and what it says then. */
    counts.changes = [];
    for (const region of document.querySelectorAll('[role=status], [role=alert], [role=log]:not([aria-live=off]), [aria-live=polite], [aria-live=assertive]')) {
      new MutationObserver(() => counts.changes.push([performance.now(), region.id, region.textContent])).observe(region, { childList: true, subtree: true, characterData: true });
    }
  });
  const question = Array.from({ length: 396 }, (_, index) => (index % 12 === 11 ? `number${index}.` : `number${index}`)).join(' ');
  await ask(page, question);
  await until(page, 'done');
  const words = (/** @type {string} */ text) => text.split(/\s+/);
  const all = words(await answerOf(page));
  /** @type {[number, string, string][]} */
  let changes = [];
  const spoken = () => changes.filter(([, id]) => id === 'spoken');
  // Every word once, whatever the announcements were made of.
  await expect.poll(async () => {
    changes = await page.evaluate(() => /** @type {any} */ (globalThis).changes);
    return words(spoken().map(([, , text]) => text).join(' '));
  }, { timeout: 10_000 }).toEqual(all);
  const times = spoken().map(([at]) => at);
  expect(times.length).toBeGreaterThan(1);
  for (const [index, at] of times.entries()) if (index > 0) expect(at - times[index - 1]).toBeGreaterThan(1950);
  // Connecting, waiting, answering, finished, and that the answer was copied.
  expect(changes.length - times.length).toBeLessThanOrEqual(5);
});

it('reducedMotion_isRespected', async () => {
  const context = await playground.context({ reducedMotion: 'reduce' });
  const page = await playground.page(context);
  await ask(page);
  await untilLonger(page, 30);
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  await context.close();
});
