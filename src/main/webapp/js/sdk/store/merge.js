import { pathOf } from './conversation.js';
import { changedParts } from './storage.js';

/**
 * How the tabs of a browser come to the same conversations. The storage has what all tabs have stored; a tab takes that over
 * except for what it has changed itself and not stored yet. What the user looks at belongs to the tab: which messages are
 * shown, and the draft.
 *
 * @import { Conversation, Node } from './conversation.js'
 *
 * @typedef {object} Versions
 * @property {Conversation} own the version of this tab
 * @property {Conversation|null} saved the version of which this tab knows that it is stored; null if storing has failed
 * @property {Conversation} stored what the storage has
 * @property {boolean} shown whether this tab shows the conversation
 * @property {(id: string) => boolean} isRunning whether this tab reads an answer
 */

const FIELDS = /** @type {const} */ (['title', 'settings', 'updatedAt', 'draft', 'leaf']);
/** @type {readonly string[]} */
const VIEW = ['draft', 'leaf'];

/**
 * @param {Versions} versions
 * @returns {{own: Conversation, saved: Conversation|null}} the versions after taking over what is stored. They are the same
 *   object if this tab has nothing to store
 */
export function merge({ own, saved, stored, shown, isRunning }) {
  /** @type {any} */
  const next = { ...own, nodes: {} };
  /** @type {any} */
  const known = { ...own, nodes: {} };
  for (const field of FIELDS) {
    const changed = own[field] !== saved?.[field];
    if (!changed && !(shown && VIEW.includes(field))) next[field] = stored[field];
    known[field] = changed ? saved?.[field] : next[field];
  }
  for (const id of Object.keys({ ...own.nodes, ...stored.nodes })) {
    const [mine, theirs, before] = [own.nodes[id], stored.nodes[id], saved?.nodes[id]];
    const changed = mine !== before;
    const running = isRunning(id);
    // A message is missing in the storage if another tab has removed it, or this tab has not stored it yet.
    const node = theirs ? (mine ? newer(mine, theirs, { changed, running }) : before ? null : theirs) : changed || running ? mine : null;
    if (node) next.nodes[id] = node;
    // If another tab has stored an older version, this tab stores its own once more.
    if (theirs) known.nodes[id] = changed || progressOf(mine) > progressOf(theirs) ? theirs : node;
  }
  const goesOn = () => pathOf({ nodes: next.nodes, leaf: stored.leaf }).some(({ id }) => id === next.leaf);
  if (!next.nodes[next.leaf] || goesOn()) next.leaf = known.leaf = stored.leaf;
  return { own: next, saved: saved && (changedParts(next, known).length > 0 ? known : next) };
}

/** @param {Node} mine @param {Node} theirs @param {{changed: boolean, running: boolean}} state */
function newer(mine, theirs, { changed, running }) {
  if (theirs.role === 'user') return changed || JSON.stringify(mine) === JSON.stringify(theirs) ? mine : theirs;
  // An answer that is read here comes to the same text by itself.
  return progressOf(theirs) > progressOf(mine) && (!running || theirs.turn.outcome !== null) ? theirs : mine;
}

/** Returns how much of its stream an answer includes, as a number that only grows. @param {Node|undefined} node */
function progressOf(node) {
  if (node?.role !== 'assistant') return 0;
  const { cursor, outcome, streamId } = node.turn;
  return cursor * 4 + (outcome === null ? 0 : 2) + (streamId === null ? 0 : 1);
}
