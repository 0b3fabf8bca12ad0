import { describe, expect, it } from 'vitest';
import { playAnswers } from '../../main/webapp/js/sdk/mocks/index.js';
import { button, context, message, openForEachTest, page, playground } from './support/page.js';
import { REAL, answerOf, ask, shownAnswer, until, untilShown } from './support/playground.js';
import { scriptAnswers } from './support/scripted.js';

/** @import { StreamLog } from '../../main/webapp/js/sdk/mocks/stream-log.js' */

openForEachTest({ answer: playAnswers(1) });

const offline = () => page.getByRole('switch', { name: 'Offline' });
/** The notices of the last answer. */
const notices = () => page.locator('.answer').last().locator('.notice');

const DOWN = { code: 'upstream_unreachable', message: 'Could not connect to 127.0.0.1:1234 (connection refused).', hint: "Start LM Studio's server (Developer → Start server)." };

it('offlineSwitch_sendsNoRequestAtAllUntilItIsSwitchedBack', async () => {
  await ask(page, 'Before?');
  await until(page, 'done');
  await offline().click();
  await page.getByText('Offline mode is on: this page sends nothing.').waitFor();
  /** @type {string[]} */
  const sent = [];
  page.on('request', (request) => sent.push(`${request.method()} ${request.url()}`));
  await ask(page, 'Typed while offline?');
  await page.getByText('Offline mode is on. Your question is sent when you switch it off.').waitFor();
  await button('Details').click();
  for (const tab of ['Wire', 'Models', 'Server']) await page.getByRole('tab', { name: tab }).click();
  await page.getByText('Offline: the status is not updated').waitFor();
  await message().fill('typed on');
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await button('Stop').click();
  await until(page, 'cancelled');
  await button('Retry').click();
  await until(page, 'offline');
  // Time in which a countdown, a poll or the server tab would have sent something.
  await page.clock.install();
  await page.clock.runFor(60_000);
  expect(sent).toEqual([]);
  await offline().click();
  await until(page, 'done');
  expect(await page.locator('.question-text').allTextContents()).toEqual(['Before?', 'Typed while offline?']);
  expect(await message().inputValue()).toBe('typed on');
  expect(sent.filter((line) => line.startsWith('POST'))).toHaveLength(1);
});

it('offlineSwitch_outlivesAReload', async () => {
  await offline().click();
  /** @type {string[]} */
  const calls = [];
  page.on('request', (request) => request.url().includes('/api/') && calls.push(request.url()));
  await page.reload();
  await page.getByText('Offline mode is on: this page sends nothing.').waitFor();
  expect(await offline().getAttribute('aria-checked')).toBe('true');
  expect(calls).toEqual([]);
  await offline().click();
  await page.locator('#model option').nth(1).waitFor({ state: 'attached' });
});

it('browserThatMayKeepNothing_showsThePageAndSaysSo', async () => {
  await page.addInitScript(() => {
    const forbid = () => {
      throw new DOMException('Access is denied for this document.', 'SecurityError');
    };
    for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get: forbid });
    IDBFactory.prototype.open = forbid;
  });
  await page.reload();
  await page.getByText('could not be stored in this browser').waitFor();
  await ask(page, 'Do you answer?');
  await until(page, 'done');
});

it('downgradeResetAndWarning_areShownWithTheirReasons', async () => {
  await scriptAnswers(page, [
    ['delta', { content: 'void' }], ['downgraded', { reason: 'break', attempts: 2 }], ['reset', { reason: 'break' }], ['delta', { content: 'Whole.' }],
    ['completed', { finish_reason: 'length', warnings: ['Another model answered than was asked.'] }],
  ]);
  await ask(page, 'What if streaming does not work?');
  await until(page, 'done');
  expect(await notices().allTextContents()).toEqual([
    'Not streamed: the stream was interrupted. The answer is shown when it is complete.',
    'The server started the answer again, because the stream was interrupted. The text of the first attempt was discarded.',
    'Another model answered than was asked.',
    "Cut off: the answer reached its token limit, or the model's context is full.",
  ]);
  expect(await answerOf(page)).toBe('Whole.');
});

describe.skipIf(REAL)('with the controls of the mock', () => {
  /** What a user reads about each of five troubles. @type {Map<string, string>} */
  const told = new Map();

  /** Each trouble: how it begins, what is told, and how it ends. @type {[string, RegExp, (stream: StreamLog) => Promise<void>|void, (stream: StreamLog) => Promise<void>|void][]} */
  const TROUBLES = [
    ['offlineSwitch', /^Offline mode is on\. This answer continues/, () => offline().click(), () => offline().click()],
    ['deviceWithoutNetwork', /^This device has no network\. Next attempt in \d+ s\./, async () => {
      await context.setOffline(true);
      playground.proxy.cut();
    }, () => context.setOffline(false)],
    ['lmStudioDown', /^Could not connect to 127\.0\.0\.1:1234 \(connection refused\)\. Start LM Studio's server/, (stream) => stream.fail(DOWN), () => button('Retry').click()],
    ['serverRestarted', /^The server does not have this answer any more: the server was restarted/, () => playground.controls.restart(), () => button('Retry').click()],
    ['signedOutElsewhere', /^Your session has ended\. Everything you typed is kept\. Sign in again$/, () => {
      playground.controls.signedOut = true;
      playground.proxy.cut();
    }, async () => {
      playground.controls.signedOut = false;
      await page.getByRole('link', { name: 'Sign in again' }).click();
      await playground.signIn(page);
    }],
  ];

  it.each(TROUBLES)('%s_isToldByItsOwnNoticeAndLosesNothing', async (name, text, begin, end) => {
    const stream = await playground.askByHand(page, 'Will this last?');
    stream.deltas('The text so far');
    await untilShown(page, 'The text so far');
    await message().fill('half a thought');
    await begin(stream);
    const notice = notices().filter({ hasText: text });
    await notice.waitFor();
    told.set(name, ((await notice.textContent()) ?? '').replace(/\d+/, 'N'));
    expect(await shownAnswer(page)).toContain('The text so far');
    expect(await message().inputValue()).toBe('half a thought');
    await end(stream);
    if (stream.running) {
      stream.deltas(' and its end.');
      stream.complete();
    }
    await until(page, 'done');
    expect(await page.locator('.question-text').allTextContents()).toEqual(['Will this last?']);
    expect(await message().inputValue()).toBe('half a thought');
    if (stream.status === 'completed') expect(await answerOf(page)).toBe('The text so far and its end.');
  });

  // Compares what the five tests above have read.
  it('fiveTroubles_haveFiveDifferentNotices', () => {
    expect([...told.keys()]).toEqual(TROUBLES.map(([name]) => name));
    expect(new Set(told.values()).size).toBe(5);
  });

  it('lostServer_countsDownToTheNextTry', async () => {
    const stream = await playground.askByHand(page);
    stream.deltas('Something');
    await untilShown(page, 'Something');
    playground.proxy.goDown();
    const seconds = async () => Number(/Next attempt in (\d+) s/.exec((await notices().allTextContents()).join(' '))?.[1] ?? NaN);
    await expect.poll(seconds, { timeout: 30_000, interval: 20 }).toBeGreaterThan(1);
    const first = await seconds();
    await expect.poll(seconds, { timeout: 30_000, interval: 20 }).toBeLessThan(first);
    playground.proxy.comeBack();
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    stream.complete();
    await until(page, 'done');
    expect(await answerOf(page)).toBe('Something');
  });

  it('lostServerBeforeTheAnswer_isAskedOnlyOnce', async () => {
    const before = playground.controls.counts.infer;
    playground.controls.disconnect('POST', /infer$/, { afterwards: true });
    await ask(page, 'Sent twice, asked once?');
    await until(page, 'done');
    expect(playground.controls.counts.infer).toBe(before + 1);
    expect(await page.locator('.question').count()).toBe(1);
  });

  it('lmStudioDown_isToldBesideTheModelsAndTheListComesBack', async () => {
    for (let times = 0; times < 2; times++) playground.controls.fail('GET', /models$/, 502, DOWN);
    await page.reload();
    await page.getByText('The list of models could not be loaded. Could not connect to 127.0.0.1:1234').first().waitFor();
    await page.locator('#model option').nth(1).waitFor({ state: 'attached' });
    expect(await page.locator('#model-note').isHidden()).toBe(true);
  });

  it('queue_tellsThePlace', async () => {
    const stream = await playground.askByHand(page);
    for (const position of [3, 2, 1]) {
      stream.append('progress', { phase: 'queued', position });
      await page.getByText(`Waiting in the queue (position ${position})`).waitFor();
    }
    stream.append('progress', { phase: 'loading_model', progress: 0.42 });
    await page.getByText('Loading the model 42 %').waitFor();
    stream.deltas('Done waiting.');
    await untilShown(page, 'Done waiting.');
    expect(await page.locator('.answer-progress').isHidden()).toBe(true);
    stream.complete();
    await until(page, 'done');
  });

  it('busyServer_countsDownAndRetryAsksAgain', async () => {
    playground.controls.fail('POST', /infer$/, 429, { code: 'rate_limited', message: 'Too many requests.', hint: 'Wait a moment.' }, { 'retry-after': '1' });
    await ask(page, 'What if everybody asks at once?');
    await page.getByText('Too many requests. Wait a moment.').waitFor();
    await page.getByText('You can retry now.').waitFor();
    await button('Retry').click();
    await until(page, 'done');
    expect(await page.locator('.question').count()).toBe(1);
    expect(await page.locator('.answer').count()).toBe(1);
  });
});
