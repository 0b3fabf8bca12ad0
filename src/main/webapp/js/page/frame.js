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
 * Keeps the page at its end while it grows, as long as the reader is there. A reader who scrolls up is left alone, and one who
 * comes back to the end is followed again.
 *
 * @param {Element[]} growing the elements whose size is watched
 * @returns {() => void} scrolls to the end, wherever the reader is
 */
export function followEnd(growing) {
  const page = document.documentElement;
  const isAtEnd = () => page.scrollHeight - page.clientHeight - page.scrollTop <= NEAR_PX;
  const toEnd = () => void (page.scrollTop = page.scrollHeight);
  let following = true;
  let last = page.scrollTop;
  addEventListener('scroll', () => {
    // Text that has grown since the page scrolled also leads away from the end, so only the way up tells that the reader left it.
    if (isAtEnd()) following = true;
    else if (page.scrollTop < last) following = false;
    last = page.scrollTop;
  }, { passive: true });
  const observer = new ResizeObserver(() => {
    if (following) toEnd();
  });
  for (const element of growing) observer.observe(element);
  return () => {
    following = true;
    toEnd();
  };
}
