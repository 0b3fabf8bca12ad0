import { changedParts, conversationOf } from '../sdk/store/storage.js';
import { openDB } from '../vendor/idb.js';

/** @import { ConversationStorage, Part } from '../sdk/store/storage.js' */

const FORMAT = 2;

/**
 * Keeps the conversations of a caller in this browser. Each message and each field of a conversation is a record of its own,
 * so that two tabs that change the same conversation do not overwrite each other. A transaction that read before it writes
 * would do the same, but not on a page that is being left.
 *
 * @param {{contextRoot: string, caller: string}} options separates two applications of one origin, and two callers of one
 *   browser
 * @returns {ConversationStorage}
 */
export function browserStorage({ contextRoot, caller }) {
  const name = `lmstudio-ee:${contextRoot}:${caller}`;
  const channel = channelOf(name);
  // A browser that forbids storage may throw at once.
  const opened = (async () => openDB(name, FORMAT, {
    upgrade(database) {
      for (const old of database.objectStoreNames) database.deleteObjectStore(old);
      database.createObjectStore('parts', { keyPath: ['conversation', 'name'] });
    },
  }))();
  // The caller of each method gets the error. Without this line, the browser would also report it as unhandled.
  opened.catch(() => {});

  /** All parts of a conversation: an array follows every text. @param {string} id */
  const partsOf = (id) => IDBKeyRange.bound([id], [id, []]);
  /** @param {{name: string, value: unknown}[]} records */
  const whole = (records) => conversationOf(records.map(({ name, value }) => /** @type {Part} */ ([name, value])));

  return {
    async all() {
      const database = await opened;
      const groups = [...Map.groupBy(await database.getAll('parts'), ({ conversation }) => conversation)];
      // Another tab may have stored something of a conversation just after it was removed.
      await Promise.all(groups.map(([id, records]) => whole(records) ?? database.delete('parts', partsOf(id))));
      return groups.flatMap(([, records]) => whole(records) ?? []);
    },
    async get(id) {
      return whole(await (await opened).getAll('parts', partsOf(id)));
    },
    async save(conversation, previous) {
      const { id } = conversation;
      const transaction = (await opened).transaction('parts', 'readwrite');
      const requests = changedParts(conversation, previous).map(([part, value]) =>
        value === undefined ? transaction.store.delete([id, part]) : transaction.store.put({ conversation: id, name: part, value }));
      // A page that is being left receives no more answers, and the browser aborts a transaction that waits for one.
      transaction.commit();
      await Promise.all([...requests, transaction.done]);
      channel?.postMessage(id);
    },
    async remove(id) {
      await (await opened).delete('parts', partsOf(id));
      channel?.postMessage(id);
    },
    async clear() {
      await (await opened).clear('parts');
      channel?.postMessage(null);
    },
    subscribe(listener) {
      /** @param {MessageEvent} event */
      const tell = ({ data }) => listener(data);
      channel?.addEventListener('message', tell);
      return () => channel?.removeEventListener('message', tell);
    },
  };
}

/** @param {string} name @returns {BroadcastChannel|null} null if the browser forbids it */
function channelOf(name) {
  try {
    return new BroadcastChannel(name);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return null;
  }
}
