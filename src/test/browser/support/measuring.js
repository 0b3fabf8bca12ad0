/**
 * Watches what the page does: for the tests of counts, and for `measure.mjs`, which prints times.
 *
 * @import { Page } from 'playwright-core'
 * @import { Playground } from './playground.js'
 * @import { StreamLog } from '../../../main/webapp/js/sdk/mocks/stream-log.js'
 *
 * @typedef {object} Seen
 * @property {number[]} frames the time between each two frames, in ms
 * @property {number[]} tasks how long each task over 50 ms took
 * @property {number} elapsed in ms
 * @property {number} answerDraws how often the answer changed
 * @property {number} changedBlocks how many of the blocks changed that were there at the beginning
 * @property {number} wireDraws how often the list of events changed
 */
import { ask } from './playground.js';

export const TOKENS = 20_000;
const PER_SECOND = 200;

/** Words with a paragraph now and then, and a list. @param {number} index */
const token = (index) => (index % 60 === 59 ? '.\n\n' : index % 600 === 300 ? '\n\n- an item\n- another\n\n' : ` word${index % 97}`);

/** Asks a question. @param {Page} page @returns {Promise<number>} how long it took until the first text of the answer was there, in ms */
export async function timeToFirstToken(page) {
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
  return page.evaluate(() => /** @type {any} */ (globalThis).firstAt - /** @type {any} */ (globalThis).sentAt);
}

/** Asks a question and fills the page with tokens. @param {Playground} playground @param {Page} page @param {number} seconds how much is left to stream @returns {Promise<StreamLog>} */
export async function fillWithTokens(playground, page, seconds) {
  const stream = await playground.askByHand(page, 'A very long answer?');
  for (let sent = 0; sent < TOKENS - PER_SECOND * seconds;) {
    stream.deltas(...Array.from({ length: 500 }, () => token(sent++)));
    await new Promise(setImmediate);
  }
  stream.deltas(' MARK');
  await untilTheAnswerEndsWith(page, 'MARK');
  return stream;
}

/** Streams the rest of the tokens, and watches the page meanwhile. @param {Page} page @param {StreamLog} stream @param {number} seconds @returns {Promise<Seen>} */
export async function streamTheRest(page, stream, seconds) {
  await watch(page);
  const first = TOKENS - PER_SECOND * seconds;
  // The clock paces the tokens, since a timer of 5 ms is late on a busy machine.
  const startedAt = Date.now();
  for (let sent = first; sent < TOKENS;) {
    const due = first + Math.floor(((Date.now() - startedAt) / 1000) * PER_SECOND);
    while (sent < Math.min(due, TOKENS)) stream.deltas(token(sent++));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  stream.deltas(' END');
  await untilTheAnswerEndsWith(page, 'END');
  return page.evaluate(() => {
    const { seen } = /** @type {any} */ (globalThis);
    seen.watching = false;
    return { ...seen, elapsed: performance.now() - seen.startedAt, changedBlocks: seen.changed.size, changed: undefined };
  });
}

/** @param {Page} page @param {string} end */
const untilTheAnswerEndsWith = (page, end) =>
  page.waitForFunction((text) => [...document.querySelectorAll('.answer-text')].at(-1)?.textContent?.endsWith(text), end);

/** @param {Page} page */
const watch = (page) => page.evaluate(() => {
  const seen = { frames: /** @type {number[]} */ ([]), tasks: /** @type {number[]} */ ([]), startedAt: performance.now(), answerDraws: 0, wireDraws: 0, changed: new Set(), watching: true };
  Object.assign(globalThis, { seen });
  new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
  let last = performance.now();
  const frame = (/** @type {number} */ now) => {
    seen.frames.push(now - last);
    last = now;
    if (seen.watching) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const answer = /** @type {Element} */ ([...document.querySelectorAll('.answer-text')].at(-1));
  const blocks = new Set(answer.children);
  const everything = { childList: true, subtree: true, characterData: true };
  new MutationObserver((records) => {
    seen.answerDraws++;
    for (const { target, removedNodes } of records) {
      for (const node of [target, ...removedNodes]) for (const block of blocks) if (block.contains(node)) seen.changed.add(block);
    }
  }).observe(answer, everything);
  // The plot draws by itself a little later.
  new MutationObserver((records) => (seen.wireDraws += records.some(({ target }) => target.nodeName === 'TBODY') ? 1 : 0)).observe(/** @type {Element} */ (document.querySelector('#tab-wire')), everything);
});
