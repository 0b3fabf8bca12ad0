import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Playground, REAL, ask, until } from './support/playground.js';

/** What has a limit in the specification is printed. What fails the test is far beyond, because build machines are slow and shared. */
const TOKENS = 20_000;
const PER_SECOND = 200;
const SECONDS = 5;

/** @type {Playground} */
let playground;

beforeAll(async () => void (playground = await Playground.open()));
afterAll(() => playground.close());

/** @param {number[]} values @param {number} share */
const quantile = (values, share) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
const rounded = (/** @type {number} */ ms) => Math.round(ms * 10) / 10;

/** Words with a paragraph now and then, and a list. @param {number} index */
const token = (index) => (index % 60 === 59 ? '.\n\n' : index % 600 === 300 ? '\n\n- an item\n- another\n\n' : ` word${index % 97}`);

it('firstToken_isShownSoonAfterSend', async () => {
  const context = await playground.context();
  const page = await playground.page(context);
  await page.evaluate(() => {
    const times = /** @type {any} */ (globalThis);
    addEventListener('keydown', () => (times.sentAt = performance.now()), { once: true, capture: true });
    const live = /** @type {HTMLElement} */ (document.getElementById('live'));
    const observer = new MutationObserver(() => {
      if (!live.querySelector('.answer-text')?.textContent) return;
      times.firstAt = performance.now();
      observer.disconnect();
    });
    observer.observe(live, { childList: true, subtree: true, characterData: true });
  });
  await ask(page);
  await page.waitForFunction(() => /** @type {any} */ (globalThis).firstAt);
  const ms = await page.evaluate(() => /** @type {any} */ (globalThis).firstAt - /** @type {any} */ (globalThis).sentAt);
  console.log(`The first token was shown ${rounded(ms)} ms after send (limit 2000).`);
  expect(ms).toBeLessThan(10_000);
  await context.close();
});

describe.skipIf(REAL)('with the controls of the mock', () => {
  it('twentyThousandTokensOnScreen_staySmoothAt200TokensPerSecond', async () => {
    const context = await playground.context();
    const page = await playground.page(context);
    const stream = await playground.askByHand(page, 'A very long answer?');
    let sent = 0;
    const live = PER_SECOND * SECONDS;
    while (sent < TOKENS - live) {
      stream.deltas(...Array.from({ length: 500 }, () => token(sent++)));
      await new Promise(setImmediate);
    }
    stream.deltas(' MARK');
    await page.waitForFunction(() => [...document.querySelectorAll('.answer-text')].at(-1)?.textContent?.endsWith('MARK'));
    await page.evaluate(() => {
      const seen = /** @type {any} */ (globalThis);
      Object.assign(seen, { frames: [], tasks: [], watching: true });
      new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
      let last = performance.now();
      const frame = (/** @type {number} */ now) => {
        seen.frames.push(now - last);
        last = now;
        if (seen.watching) requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
    // The clock paces the tokens, since a timer of 5 ms is late on a busy machine.
    const startedAt = Date.now();
    while (sent < TOKENS) {
      const due = TOKENS - live + Math.floor(((Date.now() - startedAt) / 1000) * PER_SECOND);
      while (sent < Math.min(due, TOKENS)) stream.deltas(token(sent++));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    stream.deltas(' END');
    await page.waitForFunction(() => [...document.querySelectorAll('.answer-text')].at(-1)?.textContent?.endsWith('END'));
    const { frames, tasks } = await page.evaluate(() => {
      const seen = /** @type {any} */ (globalThis);
      seen.watching = false;
      return { frames: /** @type {number[]} */ (seen.frames), tasks: /** @type {number[]} */ (seen.tasks) };
    });
    stream.complete();
    await until(page, 'done');
    console.log(`${TOKENS} tokens on screen, ${PER_SECOND} tokens/s for ${SECONDS} s: ${frames.length} frames, median ${rounded(quantile(frames, 0.5))} ms, `
      + `p95 ${rounded(quantile(frames, 0.95))} ms (limit 20), longest ${rounded(Math.max(...frames))} ms; `
      + `${tasks.length} tasks over 50 ms (limit 0)${tasks.length ? `, longest ${Math.max(...tasks)} ms` : ''}.`);
    expect(quantile(frames, 0.5)).toBeLessThan(200);
    expect(Math.max(...tasks, 0)).toBeLessThan(1500);
    await context.close();
  });

  it('stop_isShownAtOnce', async () => {
    const context = await playground.context();
    const page = await playground.page(context);
    const stream = await playground.askByHand(page);
    stream.deltas('Something');
    await until(page, 'streaming');
    const ms = await page.evaluate(async () => {
      const button = /** @type {HTMLButtonElement} */ (document.getElementById('stop'));
      const start = performance.now();
      button.click();
      while (document.body.dataset.status !== 'cancelled') await new Promise(requestAnimationFrame);
      return performance.now() - start;
    });
    console.log(`The stop was shown after ${rounded(ms)} ms (limit 200).`);
    await expect.poll(() => stream.status).toBe('cancelled');
    expect(ms).toBeLessThan(2000);
    await context.close();
  });
});
