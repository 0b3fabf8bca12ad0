import { beforeAll, expect, it } from 'vitest';
import { context, openForEachTest, page, playground } from './support/page.js';
import { QUESTION, answerOf, ask, shownAnswer, streamIdOf, until, untilLonger } from './support/playground.js';

/** The answer to the question when nobody disturbs it. */
let undisturbed = '';

openForEachTest();
beforeAll(async () => {
  const first = await playground.context();
  const opened = await playground.page(first);
  await ask(opened);
  await until(opened, 'done');
  undisturbed = await answerOf(opened);
  await first.close();
});

/** What the server says about the stream that the page shows. */
const state = async () => playground.client.streamState(await streamIdOf(page));

it('undisturbedAnswer_isWhatTheServerHas', async () => {
  await ask(page);
  await until(page, 'done');
  expect(undisturbed.length).toBeGreaterThan(200);
  expect(await answerOf(page)).toBe(undisturbed);
  expect(await state()).toMatchObject({ status: 'completed', content: undisturbed });
});

it('reloadInMidStream_givesTheSameTextByteForByte', async () => {
  await ask(page);
  await untilLonger(page, 60);
  const id = await streamIdOf(page);
  await page.reload();
  await untilLonger(page, 60);
  expect((await shownAnswer(page)).length).toBeLessThan(undisturbed.length);
  await page.reload();
  await until(page, 'done');
  expect(Buffer.from(await answerOf(page))).toEqual(Buffer.from(undisturbed));
  expect(await streamIdOf(page)).toBe(id);
  expect(await page.locator('.question-text').allTextContents()).toEqual([QUESTION]);
});

it('threeCutConnections_loseNothing', async () => {
  await ask(page);
  for (const length of [30, 80, 130]) {
    await untilLonger(page, length);
    playground.proxy.cut();
    await until(page, 'reconnecting');
    await page.getByText('Connection lost').first().waitFor();
  }
  await until(page, 'done');
  expect(await answerOf(page)).toBe(undisturbed);
});

it('serverOutOfReach_countsDownAndGoesOn', async () => {
  await ask(page);
  await untilLonger(page, 30);
  playground.proxy.goDown();
  await page.getByText(/Next attempt in \d+ s/).waitFor();
  playground.proxy.comeBack();
  await until(page, 'done');
  expect(await answerOf(page)).toBe(undisturbed);
});

it('stopByButton_showsBeforeTheServerAnswersAndEndsTheGeneration', async () => {
  await ask(page);
  await untilLonger(page, 30);
  let release = () => {};
  /** @type {Promise<void>} */
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/streams/*', async (route) => {
    if (route.request().method() === 'DELETE') await held;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('status').getByText('Stopped').waitFor();
  expect((await state()).status).toBe('running');
  release();
  await expect.poll(async () => (await state()).status).toBe('cancelled');
  if (playground.mock) expect(playground.mock.counts.upstreamClosed).toBeGreaterThan(0);
  const text = await answerOf(page);
  expect(text.length).toBeGreaterThan(30);
  expect(undisturbed.startsWith(text)).toBe(true);
  await page.getByText('Stopped. The text so far is kept.').waitFor();
});

it('escape_stopsAndRetryAsksAgainWithoutASecondMessage', async () => {
  await ask(page);
  await untilLonger(page, 30);
  await page.keyboard.press('Escape');
  await until(page, 'cancelled');
  await page.getByRole('button', { name: 'Retry' }).click();
  await until(page, 'done');
  expect(await answerOf(page)).toBe(undisturbed);
  expect(await page.locator('.question').count()).toBe(1);
  expect(await page.locator('.answer').count()).toBe(1);
});

it('secondTab_attachesToTheSameAnswer', async () => {
  await ask(page);
  await untilLonger(page, 60);
  await streamIdOf(page);
  const second = await context.newPage();
  await second.goto(page.url());
  await untilLonger(second, 60);
  await Promise.all([until(page, 'done'), until(second, 'done')]);
  expect(await answerOf(second)).toBe(undisturbed);
  expect(await answerOf(page)).toBe(undisturbed);
});

it('otherBrowser_followsTheAnswerByItsAddress', async () => {
  await ask(page);
  await untilLonger(page, 60);
  await streamIdOf(page);
  const other = await playground.context();
  const second = await other.newPage();
  await second.goto(page.url());
  await second.getByText('requested by another browser').waitFor();
  await Promise.all([until(page, 'done'), until(second, 'done')]);
  expect(await answerOf(second)).toBe(undisturbed);
  await other.close();
});

it('leavingThePage_cancelsNothing', async () => {
  await ask(page);
  await untilLonger(page, 30);
  const id = await streamIdOf(page);
  await page.close();
  expect(await playground.client.streamState(id)).toMatchObject({ status: 'running' });
});

it('unknownStream_saysSoAndTheNextQuestionWorks', async () => {
  await page.goto(`${playground.url}/ai/lmstudio/demo#stream=00000000000000000000000000000000`);
  await page.reload();
  await page.getByText('does not have this answer any more').waitFor();
  await ask(page);
  await until(page, 'done');
  expect(await answerOf(page)).toBe(undisturbed);
});

it('signOutInMidStream_leadsBackAndGoesOn', async () => {
  await ask(page);
  await untilLonger(page, 30);
  await page.getByRole('textbox', { name: 'Message' }).fill('half a thought');
  await context.clearCookies();
  playground.proxy.cut();
  await page.getByRole('link', { name: 'Sign in again' }).click();
  await playground.signIn(page);
  await until(page, 'done');
  expect(await answerOf(page)).toBe(undisturbed);
  expect(await page.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('half a thought');
});

it('signOut_leavesNothingBehind', async () => {
  await ask(page);
  await untilLonger(page, 30);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('dialog').getByText('will be deleted').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL('**/login');
  expect(await page.evaluate(async () => {
    const counts = [localStorage.length, sessionStorage.length];
    for (const { name = '' } of await indexedDB.databases()) {
      /** @type {IDBDatabase} */
      const database = await new Promise((resolve) => (indexedDB.open(name).onsuccess = ({ target }) => resolve(/** @type {any} */ (target).result)));
      for (const store of database.objectStoreNames) {
        counts.push(await new Promise((resolve) => (database.transaction(store).objectStore(store).count().onsuccess = ({ target }) => resolve(/** @type {any} */ (target).result))));
      }
    }
    return counts;
  })).toEqual([0, 0, 0]);
  await page.goto(`${playground.url}/ai/lmstudio/demo`);
  expect(new URL(page.url()).pathname).toMatch(/\/login$/);
});

it('typing_keepsTheFocusAndShiftEnterMakesALine', async () => {
  const message = page.getByRole('textbox', { name: 'Message' });
  await message.focus();
  await page.keyboard.type('one');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('two');
  expect(await message.inputValue()).toBe('one\ntwo');
  await page.keyboard.press('Enter');
  expect(await page.locator('.question-text').textContent()).toBe('one\ntwo');
  await page.keyboard.type('next');
  await until(page, 'done');
  expect(await message.inputValue()).toBe('next');
  expect(await message.evaluate((node) => node === document.activeElement)).toBe(true);
});

it('readerWhoScrolledUp_isNotPulledDown', async () => {
  await page.setViewportSize({ width: 360, height: 420 });
  await ask(page);
  await untilLonger(page, 250);
  await page.evaluate(() => scrollTo(0, 20));
  await until(page, 'done');
  expect(await page.evaluate(() => scrollY)).toBe(20);
  await ask(page, 'again');
  await page.waitForFunction(() => document.querySelectorAll('.question').length === 2);
  await page.waitForFunction(() => scrollY + innerHeight >= document.documentElement.scrollHeight - 2);
});

it('figures_areEstimatesFirstAndTheServersInTheEnd', async () => {
  await ask(page);
  await untilLonger(page, 100);
  await page.locator('.figures').getByText(/^~[\d.]+ tokens\/s$/).waitFor();
  await until(page, 'done');
  const { usage } = await state();
  const estimated = usage?.synthesized ? '~' : '';
  await page.locator('.figures').getByText(`${estimated}${usage?.prompt_tokens} → ${estimated}${usage?.completion_tokens} tokens`).waitFor();
});

it('modelPicker_showsStatesAndRefusesEmbeddings', async () => {
  const options = await page.getByRole('combobox', { name: 'Model' }).locator('option').evaluateAll((nodes) =>
    /** @type {HTMLOptionElement[]} */ (nodes).map(({ text, value, disabled }) => ({ text, value, disabled })));
  const { models } = await playground.client.models();
  expect(options.map(({ value }) => value)).toEqual(models.map(({ id }) => id));
  for (const [index, { type, state: modelState }] of models.entries()) {
    const embedding = type?.startsWith('embedding') ?? false;
    expect(options[index].disabled).toBe(embedding);
    if (!embedding && modelState) expect(options[index].text).toContain(modelState.replace('-', ' '));
  }
});
