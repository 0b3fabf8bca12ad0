/**
 * Where conversations are kept. A page provides an implementation that survives a reload.
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
 */

/** Returns a storage in memory, which is lost when the page closes. @returns {ConversationStorage} */
export function memoryStorage() {
  /** @type {Map<string, Conversation>} */
  const conversations = new Map();
  return {
    all: async () => [...conversations.values()],
    get: async (id) => conversations.get(id) ?? null,
    save: async (conversation) => void conversations.set(conversation.id, conversation),
    remove: async (id) => void conversations.delete(id),
    clear: async () => conversations.clear(),
    subscribe: () => () => {},
  };
}
