import axe from 'axe-core';
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Playground, ask, until, untilLonger } from './support/playground.js';
import { refuseQuestions, scriptAnswers } from './support/scripted.js';

/** @import { Page } from 'playwright-core' */

const SHOTS = 'target/screenshots';
/** @type {Playground} */
let playground;

beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true });
  playground = await Playground.open();
});
afterAll(() => playground.close());

/** @param {Page} page @returns {Promise<string[]>} every violation with where it is */
async function violations(page) {
  // Through the debugger: the page's own policy would not let it in, as it should be.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: runner } = /** @type {any} */ (globalThis);
    const { violations: found } = await runner.run(document);
    return found.flatMap((/** @type {any} */ { id, nodes }) => nodes.map((/** @type {any} */ node) => `${id}: ${node.target.join(' ')} ${node.failureSummary}`));
  });
}

/** Every state that looks different, with how to get there from a fresh page. @type {[string, (page: Page) => Promise<void>][]} */
const STATES = [
  ['empty', async () => {}],
  ['waiting', async (page) => {
    await scriptAnswers(page, [['progress', { phase: 'loading_model', progress: 0.42 }]]);
    await ask(page, 'What is loading?');
    await page.getByText('Loading the model 42 %').waitFor();
  }],
  ['streaming', async (page) => {
    await ask(page);
    await untilLonger(page, 60);
  }],
  ['done', async (page) => {
    await ask(page);
    await until(page, 'done');
  }],
  ['stopped', async (page) => {
    await ask(page);
    await untilLonger(page, 30);
    await page.keyboard.press('Escape');
    await until(page, 'cancelled');
  }],
  ['reconnecting', async (page) => {
    await scriptAnswers(page, [['delta', { content: 'The first half of a sentence, and then' }]]);
    await ask(page, 'What if the connection breaks?');
    await page.getByText(/Next attempt in \d+ s/).waitFor();
  }],
  ['downgraded', async (page) => {
    await scriptAnswers(page, [
      ['delta', { content: 'void', reasoning: 'void' }], ['downgraded', { reason: 'break', attempts: 2 }], ['reset', { reason: 'break' }],
      ['delta', { reasoning: 'Let me think again.' }], ['delta', { content: 'The whole answer, in one piece.' }],
      ['completed', { finish_reason: 'length', usage: { prompt_tokens: 9, completion_tokens: 7, total_tokens: 16, synthesized: true }, warnings: ['Another model answered than was asked.'] }],
    ]);
    await ask(page, 'What if streaming does not work?');
    await page.getByText('Not streamed: the stream was interrupted.').waitFor();
    await page.getByText('Reasoning').click();
    await until(page, 'done');
  }],
  ['failed', async (page) => {
    await scriptAnswers(page, [
      ['delta', { content: 'Some text that came before' }],
      ['failed', { error: { code: 'upstream_error', message: 'LM Studio broke off the answer.', hint: 'Look at its log, then retry.' } }],
    ]);
    await ask(page, 'What if LM Studio fails?');
    await until(page, 'failed');
    await page.getByRole('button', { name: 'Retry' }).waitFor();
  }],
  ['busy', async (page) => {
    await refuseQuestions(page, 429, { code: 'rate_limited', message: 'Too many requests.', hint: 'Wait a moment.' }, { 'retry-after': '30' });
    await ask(page, 'What if everybody asks at once?');
    await page.getByText(/You can retry in \d+ s/).waitFor();
  }],
  ['signed-out', async (page) => {
    await refuseQuestions(page, 401, { code: 'unauthenticated', message: 'Not signed in.' });
    await ask(page, 'Am I still signed in?');
    await page.getByRole('link', { name: 'Sign in again' }).waitFor();
  }],
  ['no-models', async (page) => {
    await page.route('**/models', (route) => route.fulfill({
      status: 502, json: { status: 'error', error: { code: 'upstream_unreachable', message: 'LM Studio at 127.0.0.1:1234 does not answer.', hint: 'Start it, or run doctor.' }, meta: {} },
    }));
    await page.reload();
    await page.getByText('The list of models could not be loaded').waitFor();
  }],
];

describe.each(/** @type {const} */ (['light', 'dark']))('%s', (colorScheme) => {
  it.each(STATES)('%s_hasNoAccessibilityViolations', async (name, reach) => {
    const context = await playground.context({ colorScheme, reducedMotion: 'reduce' });
    const page = await playground.page(context);
    await reach(page);
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: `${SHOTS}/${name}-${colorScheme}.png` });
    await context.close();
  });

  it('signIn_hasNoAccessibilityViolations', async () => {
    const context = await playground.context({ colorScheme, storageState: undefined });
    const page = await context.newPage();
    await page.goto(`${playground.url}/login`);
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: `${SHOTS}/login-${colorScheme}.png` });
    await page.getByLabel('Access token').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText(/not valid/).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: `${SHOTS}/login-refused-${colorScheme}.png` });
    await context.close();
  });
});

it.each(STATES)('%s_fitsInto320Pixels', async (name, reach) => {
  const context = await playground.context({ viewport: { width: 320, height: 640 }, reducedMotion: 'reduce' });
  const page = await playground.page(context);
  await reach(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await page.screenshot({ path: `${SHOTS}/${name}-320.png` });
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

it('streamedText_staysOutsideLiveRegionsUntilItIsFinished', async () => {
  const context = await playground.context();
  const page = await playground.page(context);
  await page.evaluate(() => {
    const counts = /** @type {any} */ (globalThis);
    counts.liveChanges = 0;
    const regions = document.querySelectorAll('[role=log], [role=status], [role=alert], [aria-live]');
    for (const region of regions) {
      new MutationObserver((records) => (counts.liveChanges += records.length)).observe(region, { childList: true, subtree: true, characterData: true });
    }
  });
  await ask(page);
  await untilLonger(page, 250);
  // The question, and the three states that led here.
  expect(await page.evaluate(() => /** @type {any} */ (globalThis).liveChanges)).toBeLessThanOrEqual(4);
  expect(await page.getByRole('log').locator('.answer').count()).toBe(0);
  await until(page, 'done');
  expect(await page.getByRole('log').locator('.answer').count()).toBe(1);
  await context.close();
});

it('reducedMotion_isRespected', async () => {
  const context = await playground.context({ reducedMotion: 'reduce' });
  const page = await playground.page(context);
  await ask(page);
  await untilLonger(page, 30);
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  await context.close();
});
