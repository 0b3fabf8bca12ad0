import { sharedSlots } from '../sdk/stream/slots.js';

/** @import { Slots } from '../sdk/stream/slots.js' */

/**
 * How many streams a tab may be connected to if tabs cannot count together, as over plain HTTP. Two tabs then leave two of the
 * browser's six connections for other requests.
 */
const ALONE = 2;

/** Returns what limits the streams that this page is connected to. @param {LockManager|undefined} locks `navigator.locks` @returns {Slots} */
export const streamSlots = (locks) => sharedSlots(locks, locks ? {} : { count: ALONE });
