/**
 * Returns a function that calls `run` once in the next animation frame, however often it is called until then.
 *
 * @param {() => void} run
 * @returns {() => void}
 */
export function oncePerFrame(run) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      run();
    });
  };
}

/** The distance from the end within which the page keeps scrolling with the text. */
const NEAR_PX = 40;

/**
 * Changes the page and scrolls to its end, but only if the reader was at the end before.
 *
 * @param {() => void} change
 * @param {{force?: boolean}} [options] with force, scrolls to the end wherever the reader was
 */
export function stickToEnd(change, { force = false } = {}) {
  const page = document.documentElement;
  const atEnd = page.scrollHeight - page.clientHeight - page.scrollTop <= NEAR_PX;
  change();
  if (force || atEnd) page.scrollTop = page.scrollHeight;
}
