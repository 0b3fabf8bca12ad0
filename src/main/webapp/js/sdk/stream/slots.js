/**
 * A browser opens at most six connections to one server over HTTP/1.1, for all tabs together. If streams used all of them,
 * no other request could be sent. So a reader takes a slot for its connection, and polls while there is none.
 *
 * @typedef {() => Promise<(() => void)|null>} Slots takes a slot; returns the function that gives it back, or null if none is
 *   free
 */

/** How many streams may be connected at a time. Two of a browser's six connections remain for other requests. */
const STREAMS = 4;

/** Slots without a limit, for programs. @type {Slots} */
export const unlimitedSlots = async () => () => {};

/**
 * Returns slots that all tabs of an origin share. The browser gives back the slots of a tab that is closed.
 *
 * @param {LockManager|undefined} locks `navigator.locks`; undefined on a page that is not in a secure context, where each tab
 *   counts for itself
 * @param {{count?: number}} [options]
 * @returns {Slots}
 */
export function sharedSlots(locks, { count = STREAMS } = {}) {
  if (!locks) return ownSlots(count);
  return async () => {
    for (let slot = 1; slot <= count; slot++) {
      const release = await tryLock(locks, `lmstudio-ee-stream-${slot}`);
      if (release) return release;
    }
    return null;
  };
}

/** @param {number} count @returns {Slots} */
function ownSlots(count) {
  let free = count;
  return async () => {
    if (free === 0) return null;
    free--;
    let given = false;
    return () => {
      if (!given) free++;
      given = true;
    };
  };
}

/** @param {LockManager} locks @param {string} name @returns {Promise<(() => void)|null>} */
function tryLock(locks, name) {
  return new Promise((resolve) => {
    const held = locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(null);
      return new Promise((release) => resolve(() => release(undefined)));
    });
    // A page that is being left gets no lock.
    held.catch(() => resolve(null));
  });
}
