/** Runs in the page that `markdown-page.js` makes up. */
import { MarkdownView } from '../../../main/webapp/js/page/markdown.js';

const words = new Map([['markdown.copy', 'Copy'], ['markdown.copy.code', 'Copy code'], ['markdown.copied', 'Copied'], ['markdown.code', 'Code'], ['markdown.table', 'Table'], ['markdown.formula', 'Formula']]);

/** A clock that stands still: every call renders. @type {import('../../../main/webapp/js/sdk/clock.js').Clock} */
const clock = { now: () => 0, after: () => () => {} };

const nextFrame = () => new Promise(requestAnimationFrame);

/** @param {string[]} answers @param {number} piece how many characters come at once */
async function showAnswers(answers, piece) {
  for (const answer of answers) {
    const container = document.createElement('article');
    document.querySelector('main')?.append(container);
    const view = new MarkdownView(container, { texts: (key) => words.get(key) ?? key, clock });
    for (let end = piece; end < answer.length; end += piece) {
      view.show(answer.slice(0, end), { running: true });
      if (answers.length === 1) await nextFrame();
    }
    view.show(answer, { running: false });
    await view.settled();
  }
  for (let frame = 0; frame < 5; frame++) await nextFrame();
}

/**
 * Streams one answer and measures what it costs.
 *
 * @param {string} answer @param {number} piece how many characters come at once @param {number} perFrame how many pieces come in a frame
 */
async function measureAnswer(answer, piece, perFrame) {
  const container = document.createElement('article');
  document.querySelector('main')?.replaceChildren(container);
  let total = 0;
  let longest = 0;
  /** @param {() => void} run */
  const timed = (run) => {
    const start = performance.now();
    run();
    const took = performance.now() - start;
    total += took;
    longest = Math.max(longest, took);
    return took;
  };
  const view = new MarkdownView(container, {
    texts: (key) => words.get(key) ?? key,
    clock: {
      now: () => performance.now(),
      after(ms, run) {
        const timer = setTimeout(() => timed(run), ms);
        return () => clearTimeout(timer);
      },
    },
  });
  /** @type {number[]} */
  const frames = [];
  const start = performance.now();
  let last = start;
  for (let end = piece, count = 1; end < answer.length; end += piece, count++) {
    timed(() => view.show(answer.slice(0, end), { running: true }));
    if (count % perFrame === 0) {
      await nextFrame();
      const now = performance.now();
      frames.push(now - last);
      last = now;
    }
  }
  const longestWhileRunning = longest;
  const wall = performance.now() - start;
  const final = timed(() => view.show(answer, { running: false }));
  await view.settled();
  frames.sort((a, b) => a - b);
  return { wall, total, longestWhileRunning, final, p95: frames[Math.floor(frames.length * 0.95)] ?? 0, slowest: frames.at(-1) ?? 0, nodes: container.querySelectorAll('*').length };
}

Object.assign(window, { showAnswers, measureAnswer });
