/**
 * Where conversations are kept. A page gives an implementation that survives a reload.
 *
 * Several tabs write to one storage, and each of them knows what it has changed. So a tab stores the differences from the
 * version that it stored before, and never a field or a message that another tab may have changed since. {@link changedParts}
 * returns them.
 *
 * @import { Conversation } from './conversation.js'
 *
 * @typedef {object} ConversationStorage
 * @property {() => Promise<Conversation[]>} all
 * @property {(id: string) => Promise<Conversation|null>} get
 * @property {(conversation: Conversation, previous: Conversation|null) => Promise<void>} save stores what differs from the
 *   previous version, which was saved before; null if there is none
 * @property {(id: string) => Promise<void>} remove
 * @property {() => Promise<void>} clear deletes all conversations
 * @property {(listener: (id: string) => void) => () => void} subscribe calls the listener with the id of each conversation
 *   that another tab has saved or removed; returns a function that unsubscribes
 *
 * @typedef {[name: string, value: unknown]} Part a field or a message of a conversation
 */

const NODE = 'nodes/';

/**
 * Returns the parts of a conversation that differ from an earlier version. The value of a removed message is undefined.
 *
 * @param {Conversation} conversation @param {Conversation|null} previous
 * @returns {Part[]}
 */
export function changedParts(conversation, previous) {
  const [before, after] = [partsOf(previous), partsOf(conversation)];
  return Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]).map((name) => [name, after[name]]);
}

/** Returns the conversation with these parts; null if it was removed and other tabs have stored some parts afterwards. @param {Part[]} parts @returns {Conversation|null} */
export function conversationOf(parts) {
  const there = parts.filter(([, value]) => value !== undefined);
  const nodes = there.filter(([name]) => name.startsWith(NODE)).map(([name, node]) => [name.slice(NODE.length), node]);
  const fields = Object.fromEntries(there.filter(([name]) => !name.startsWith(NODE)));
  return fields.id ? /** @type {Conversation} */ ({ ...fields, nodes: Object.fromEntries(nodes) }) : null;
}

/** @param {Conversation|null} conversation @returns {Record<string, unknown>} */
function partsOf(conversation) {
  const { nodes = {}, ...fields } = conversation ?? {};
  return { ...fields, ...Object.fromEntries(Object.entries(nodes).map(([id, node]) => [NODE + id, node])) };
}

/** Returns a storage that ends with the page. @returns {ConversationStorage} */
export function memoryStorage() {
  /** @type {Map<string, Record<string, unknown>>} */
  const conversations = new Map();
  const get = (/** @type {string} */ id) => conversationOf(Object.entries(conversations.get(id) ?? {}));
  return {
    all: async () => [...conversations.keys()].flatMap((id) => get(id) ?? []),
    get: async (id) => get(id),
    save: async (conversation, previous) =>
      void conversations.set(conversation.id, { ...conversations.get(conversation.id), ...Object.fromEntries(changedParts(conversation, previous)) }),
    remove: async (id) => void conversations.delete(id),
    clear: async () => conversations.clear(),
    subscribe: () => () => {},
  };
}
