/**
 * Runs once in the next animation frame, however often it is asked for until then.
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

/** How near to the end still counts as being there: a reader who scrolled up by a line stays where he is. */
const NEAR_PX = 40;

/**
 * Changes the page and stays at its end, but only if it was there.
 *
 * @param {() => void} change
 * @param {{force?: boolean}} [options] go to the end wherever the reader was
 */
export function stickToEnd(change, { force = false } = {}) {
  const page = document.documentElement;
  const atEnd = page.scrollHeight - page.clientHeight - page.scrollTop <= NEAR_PX;
  change();
  if (force || atEnd) page.scrollTop = page.scrollHeight;
}
