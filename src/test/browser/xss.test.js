import { afterAll, beforeAll, expect, it } from 'vitest';
import { Playground, answerOf, ask, until } from './support/playground.js';
import { refuseQuestions, scriptAnswers } from './support/scripted.js';
import { CORPUS } from './support/xss-corpus.js';

/** @type {Playground} */
let playground;

beforeAll(async () => void (playground = await Playground.open()));
afterAll(() => playground.close());

/** A page that tells what ran and what it asked for. */
async function watchedPage() {
  const context = await playground.context();
  const page = await context.newPage();
  /** @type {string[]} */
  const ran = [];
  await context.exposeFunction('xss', () => void ran.push('xss'));
  page.on('dialog', (dialog) => {
    ran.push(dialog.message());
    void dialog.dismiss();
  });
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${playground.url}/login`);
  await playground.signIn(page);
  await page.locator('#model option').nth(1).waitFor({ state: 'attached' });
  return { context, page, ran, foreign: () => asked.filter((url) => !url.startsWith(playground.url)) };
}

/** Turns of the event loop in which a script that got in would have run. @param {import('playwright-core').Page} page */
const settle = (page) => page.evaluate(async () => {
  for (let frame = 0; frame < 5; frame++) await new Promise(requestAnimationFrame);
});

/** What the messages contain that plain Markdown does not need. @param {import('playwright-core').Page} page */
const dangerous = (page) => page.locator('main').evaluate((main) => {
  const wrong = [...main.querySelectorAll('script, img, iframe, svg, style, link, object, embed, form, input, base, meta, video, audio')].map(({ localName }) => localName);
  for (const node of main.querySelectorAll('*')) {
    for (const { name, value } of node.attributes) {
      if (name.startsWith('on') || name === 'src' || name === 'srcdoc' || name === 'ping') wrong.push(`${node.localName} ${name}`);
      if (name.endsWith('href') && !/^(?:https?:\/\/|mailto:)/.test(value)) wrong.push(`${node.localName} ${name}=${value}`);
    }
  }
  return wrong;
});

it('corpusAsAnswer_isRenderedAsPlainMarkupRunsNothingAndLoadsNothing', async () => {
  const { context, page, ran, foreign } = await watchedPage();
  await scriptAnswers(page, [
    ...CORPUS.map((content) => /** @type {[string, object]} */ (['delta', { content: `${content}\n`, reasoning: content }])),
    ['completed', { finish_reason: 'stop' }],
  ]);
  await ask(page, CORPUS.join('\n'));
  await until(page, 'done');
  await page.locator('.reasoning summary').click();
  await settle(page);
  expect(await answerOf(page)).toBe(CORPUS.map((content) => `${content}\n`).join(''));
  expect(await page.locator('.question-text').textContent()).toBe(CORPUS.join('\n'));
  expect(await page.locator('.reasoning div').textContent()).toBe(CORPUS.join(''));
  expect(await dangerous(page)).toEqual([]);
  await page.reload();
  await settle(page);
  expect(await dangerous(page)).toEqual([]);
  expect(await answerOf(page)).toContain(CORPUS[0]);
  expect(ran).toEqual([]);
  expect(foreign()).toEqual([]);
  expect(playground.complaints).toEqual([]);
  await context.close();
});

it('corpusAsNoticesErrorsAndModels_runsNothingAndLoadsNothing', async () => {
  const { context, page, ran, foreign } = await watchedPage();
  const text = CORPUS.join(' ');
  await scriptAnswers(page, [
    ['progress', { phase: text, progress: 0.5 }],
    ['delta', { content: 'x', model_id: text }],
    ['downgraded', { reason: text, attempts: 2 }],
    ['reset', { reason: text }],
    ['completed', { finish_reason: text, warnings: [text] }],
  ]);
  await ask(page, 'Hi');
  await until(page, 'done');
  await page.unrouteAll();
  await page.route('**/models', (route) => route.fulfill({
    json: { status: 'success', data: [{ id: text, state: text, type: text }], meta: { stale: true, fetched_at: text } },
  }));
  await refuseQuestions(page, 422, { code: text, message: text, hint: text, details: [{ field: text, message: text }] });
  await page.reload();
  await page.getByRole('combobox').locator('option', { hasText: CORPUS[0] }).waitFor({ state: 'attached' });
  await ask(page, 'Hi');
  await until(page, 'failed');
  await settle(page);
  expect(await page.locator('.answer .notice.error').textContent()).toContain(CORPUS[0]);
  expect(ran).toEqual([]);
  expect(foreign()).toEqual([]);
  expect(playground.complaints).toEqual([]);
  await context.close();
});
