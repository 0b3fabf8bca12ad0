/**
 * Where conversations are kept. A page provides an implementation that survives a reload.
 *
 * Several tabs write to one storage, and each of them knows what it has changed. So a tab stores the differences from the
 * version that it stored before, and never a field or a message that another tab may have changed since. {@link withChanges}
 * and {@link changedParts} do that for an implementation.
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
 * @property {(listener: (id: string|null) => void) => () => void} subscribe calls the listener with the id of each
 *   conversation that another tab has saved or removed, and with null if it has deleted all; returns a function that
 *   unsubscribes
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

/**
 * Returns what a storage has after a save.
 *
 * @param {Conversation|null} stored what it had @param {Conversation} conversation @param {Conversation|null} previous
 * @returns {Conversation|null} null if another tab has removed the conversation
 */
export function withChanges(stored, conversation, previous) {
  return conversationOf(Object.entries({ ...partsOf(stored), ...Object.fromEntries(changedParts(conversation, previous)) }));
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

/** Returns a storage in memory, which is lost when the page closes. @returns {ConversationStorage} */
export function memoryStorage() {
  /** @type {Map<string, Conversation>} */
  const conversations = new Map();
  return {
    all: async () => [...conversations.values()],
    get: async (id) => conversations.get(id) ?? null,
    async save(conversation, previous) {
      const { id } = conversation;
      const changed = withChanges(conversations.get(id) ?? null, conversation, previous);
      if (changed) conversations.set(id, changed);
    },
    remove: async (id) => void conversations.delete(id),
    clear: async () => conversations.clear(),
    subscribe: () => () => {},
  };
}
