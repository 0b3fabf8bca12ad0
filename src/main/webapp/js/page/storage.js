import { openDB } from '../vendor/idb.js';

/**
 * @import { Conversation, Node } from '../sdk/store/conversation.js'
 * @import { ConversationStorage } from '../sdk/store/storage.js'
 */

const FORMAT = 1;

/**
 * Keeps the conversations of a caller in this browser. Each message is a record of its own, so that two tabs that add
 * messages to one conversation do not overwrite each other.
 *
 * @param {{contextRoot: string, caller: string}} options separates two applications of one origin, and two callers of one
 *   browser
 * @returns {ConversationStorage}
 */
export function browserStorage({ contextRoot, caller }) {
  const name = `lmstudio-ee:${contextRoot}:${caller}`;
  const channel = new BroadcastChannel(name);
  const opened = openDB(name, FORMAT, {
    upgrade(database) {
      database.createObjectStore('conversations', { keyPath: 'id' });
      database.createObjectStore('nodes', { keyPath: 'key' }).createIndex('conversation', 'conversation');
    },
  });
  // The caller of each method gets the error. Without this line, the browser would also report it as unhandled.
  opened.catch(() => {});

  /** @param {Conversation} conversation without its messages @param {{node: Node}[]} records */
  const whole = (conversation, records) => ({ ...conversation, nodes: Object.fromEntries(records.map(({ node }) => [node.id, node])) });

  return {
    async all() {
      const database = await opened;
      const [conversations, records] = await Promise.all([database.getAll('conversations'), database.getAll('nodes')]);
      const nodes = Map.groupBy(records, ({ conversation }) => conversation);
      return conversations.map((conversation) => whole(conversation, nodes.get(conversation.id) ?? []));
    },
    async get(id) {
      const database = await opened;
      const [conversation, records] = await Promise.all([database.get('conversations', id), database.getAllFromIndex('nodes', 'conversation', id)]);
      return conversation ? whole(conversation, records) : null;
    },
    async save(conversation, previous) {
      const { nodes, ...rest } = conversation;
      const transaction = (await opened).transaction(['conversations', 'nodes'], 'readwrite');
      const [conversations, records] = [transaction.objectStore('conversations'), transaction.objectStore('nodes')];
      const key = (/** @type {string} */ id) => `${conversation.id}/${id}`;
      const changed = Object.values(nodes).filter((node) => node !== previous?.nodes[node.id]);
      const removed = Object.keys(previous?.nodes ?? {}).filter((id) => !Object.hasOwn(nodes, id));
      const requests = [
        conversations.put(rest),
        ...changed.map((node) => records.put({ key: key(node.id), conversation: conversation.id, node })),
        ...removed.map((id) => records.delete(key(id))),
      ];
      // A page that is being left receives no more answers, and the browser aborts a transaction that waits for one.
      transaction.commit();
      await Promise.all([...requests, transaction.done]);
      channel.postMessage(conversation.id);
    },
    async remove(id) {
      const transaction = (await opened).transaction(['conversations', 'nodes'], 'readwrite');
      const records = transaction.objectStore('nodes');
      const keys = await records.index('conversation').getAllKeys(id);
      await Promise.all([transaction.objectStore('conversations').delete(id), ...keys.map((key) => records.delete(key)), transaction.done]);
      channel.postMessage(id);
    },
    async clear() {
      const transaction = (await opened).transaction(['conversations', 'nodes'], 'readwrite');
      const ids = await transaction.objectStore('conversations').getAllKeys();
      await Promise.all([transaction.objectStore('conversations').clear(), transaction.objectStore('nodes').clear(), transaction.done]);
      for (const id of ids) channel.postMessage(id);
    },
    subscribe(listener) {
      /** @param {MessageEvent} event */
      const tell = ({ data }) => listener(data);
      channel.addEventListener('message', tell);
      return () => channel.removeEventListener('message', tell);
    },
  };
}
