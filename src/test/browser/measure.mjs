/**
 * Measures what the page must reach, in Chromium against the mock: `node src/test/browser/measure.mjs`. Close other programs
 * first, because they take part in what is measured. It prints, and fails for nothing.
 */
import { TOKENS, fillWithTokens, streamTheRest, timeToFirstToken } from './support/measuring.js';
import { Playground, until } from './support/playground.js';

const SECONDS = 5;
const playground = await Playground.open();

/** @param {number[]} values @param {number} share */
const quantile = (values, share) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
const rounded = (/** @type {number} */ ms) => Math.round(ms * 10) / 10;

/** @param {(page: import('playwright-core').Page) => Promise<string>} measure */
async function print(measure) {
  const context = await playground.context();
  console.log(await measure(await playground.page(context)));
  await context.close();
}

await print(async (page) => `First token: ${rounded(await timeToFirstToken(page))} ms after send (limit 2000).`);

await print(async (page) => {
  const stream = await playground.askByHand(page);
  stream.deltas('Something');
  await until(page, 'streaming');
  const ms = await page.evaluate(async () => {
    const start = performance.now();
    /** @type {HTMLButtonElement} */ (document.getElementById('stop')).click();
    while (document.body.dataset.status !== 'cancelled') await new Promise(requestAnimationFrame);
    return performance.now() - start;
  });
  return `Stop: shown after ${rounded(ms)} ms (limit 200).`;
});

for (const tab of ['closed', 'open']) {
  await print(async (page) => {
    const stream = await fillWithTokens(playground, page, SECONDS);
    if (tab === 'open') {
      await page.locator('#panel-toggle').click();
      await page.locator('#to-wire').click();
      await page.locator('.timeline canvas').waitFor();
    }
    const { frames, tasks } = await streamTheRest(page, stream, SECONDS);
    stream.complete();
    await until(page, 'done');
    return `${TOKENS} tokens on screen, 200 tokens/s for ${SECONDS} s, wire tab ${tab}: ${frames.length} frames, median ${rounded(quantile(frames, 0.5))} ms, `
      + `p95 ${rounded(quantile(frames, 0.95))} ms (limit 20), longest ${rounded(Math.max(...frames))} ms; `
      + `${tasks.length} tasks over 50 ms (limit 0)${tasks.length ? `, longest ${Math.max(...tasks)} ms` : ''}.`;
  });
}
await playground.close();
