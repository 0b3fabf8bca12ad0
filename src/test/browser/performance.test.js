import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillWithTokens, streamTheRest, timeToFirstToken } from './support/measuring.js';
import { Playground, REAL, until } from './support/playground.js';

/**
 * What the page does for its speed, as counts: they are the same on a slow machine. `node src/test/browser/measure.mjs` prints the
 * times. Of these, only the first token is asserted: it takes about 100 ms.
 */
const FIRST_TOKEN_LIMIT_MS = 2000;
const SECONDS = 3;

/** @type {Playground} */
let playground;

beforeAll(async () => void (playground = await Playground.open()));
afterAll(() => playground.close());

it('firstToken_isShownSoonAfterSend', async () => {
  const context = await playground.context();
  const page = await playground.page(context);
  expect(await timeToFirstToken(page)).toBeLessThan(FIRST_TOKEN_LIMIT_MS);
  await context.close();
});

describe.skipIf(REAL)('with the controls of the mock', () => {
  it.each(['closed', 'open'])('twentyThousandTokensOnScreen_areNotDrawnAgainForEachToken, with the wire tab %s', async (tab) => {
    const context = await playground.context();
    const page = await playground.page(context);
    const stream = await fillWithTokens(playground, page, SECONDS);
    if (tab === 'open') {
      await page.locator('#panel-toggle').click();
      await page.locator('#to-wire').click();
      await page.locator('.timeline canvas').waitFor();
    }
    const { frames, elapsed, answerDraws, changedBlocks, wireDraws } = await streamTheRest(page, stream, SECONDS);
    stream.complete();
    await until(page, 'done');
    // Once in a frame at most, whatever the number of tokens in it, and only the block that grows.
    expect(answerDraws).toBeLessThanOrEqual(frames.length + 1);
    expect(changedBlocks).toBeLessThanOrEqual(1);
    // The events four times a second, and of 20,000 only those that a list can show.
    if (tab === 'closed') expect(wireDraws).toBe(0);
    else expect(wireDraws).toBeGreaterThan(0);
    expect(wireDraws).toBeLessThanOrEqual(elapsed / 250 + 2);
    expect(await page.locator('#tab-wire tbody tr').count()).toBeLessThanOrEqual(200);
    await context.close();
  });

  it('stop_isShownInTheNextFrame', async () => {
    const context = await playground.context();
    const page = await playground.page(context);
    const stream = await playground.askByHand(page);
    stream.deltas('Something');
    await until(page, 'streaming');
    const frames = await page.evaluate(async () => {
      const button = /** @type {HTMLButtonElement} */ (document.getElementById('stop'));
      button.click();
      let count = 0;
      for (; document.body.dataset.status !== 'cancelled'; count++) await new Promise(requestAnimationFrame);
      return count;
    });
    expect(frames).toBeLessThanOrEqual(2);
    await expect.poll(() => stream.status).toBe('cancelled');
    await context.close();
  });
});
