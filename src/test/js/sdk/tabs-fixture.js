import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { createClient } from '../../../main/webapp/js/sdk/client.js';
import { pathOf } from '../../../main/webapp/js/sdk/store/conversation.js';
import { Conversations } from '../../../main/webapp/js/sdk/store/conversations.js';
import { memoryStorage } from '../../../main/webapp/js/sdk/store/storage.js';
import { ManualClock } from '../mock/manual-clock.js';
import { MockServer } from '../mock/mock-server.js';

/**
 * Tabs of one browser, which share a storage, with the mock over HTTP. The bindings of this module change with every test.
 *
 * @import { Chat } from '../../../main/webapp/js/sdk/store/chat.js'
 * @import { Answer } from '../../../main/webapp/js/sdk/store/conversation.js'
 * @import { ConversationStorage } from '../../../main/webapp/js/sdk/store/storage.js'
 */

export const server = new MockServer();
/** @type {ManualClock} */
export let clock;
/** What this browser keeps. @type {ReturnType<typeof sharedStorage>} */
export let browser;
/** @type {Conversations[]} */
let tabs;

/** Gives each test of the file a browser. */
export function useBrowserForEachTest() {
  beforeAll(async () => {
    await server.listen();
  });
  afterAll(() => server.close());
  beforeEach(() => {
    clock = new ManualClock();
    forgetBrowser();
    tabs = [];
    server.signedOut = false;
  });
  afterEach(() => tabs.forEach((tab) => tab.close()));
}

/** Goes on with a browser that keeps nothing yet. */
export function forgetBrowser() {
  browser = sharedStorage();
}

/** A storage with several tabs: each hears of what the others save. As with a database, each reads copies. */
function sharedStorage() {
  const memory = memoryStorage();
  /** @type {Set<{tab: object, listener: (id: string|null) => void}>} */
  const listeners = new Set();
  const failing = { next: false };
  /** @returns {ConversationStorage} */
  const tab = () => {
    const self = {};
    const tell = (/** @type {string|null} */ id) => listeners.forEach((other) => other.tab !== self && other.listener(id));
    return {
      ...memory,
      all: async () => structuredClone(await memory.all()),
      get: async (id) => structuredClone(await memory.get(id)),
      async save(conversation, previous) {
        if (failing.next) throw new DOMException('The disk is full.', 'QuotaExceededError');
        await memory.save(conversation, previous);
        tell(conversation.id);
      },
      async remove(id) {
        await memory.remove(id);
        tell(id);
      },
      async clear() {
        await memory.clear();
        tell(null);
      },
      subscribe(listener) {
        const entry = { tab: self, listener };
        listeners.add(entry);
        return () => listeners.delete(entry);
      },
    };
  };
  return { tab, memory, failing };
}

/** Opens the page in a tab. @param {string} [id] @param {{streamId?: string, storage?: ConversationStorage}} [options] */
export async function open(id, { storage = browser.tab(), ...options } = {}) {
  const client = createClient({ contextRoot: server.url, accessToken: server.token });
  const tab = new Conversations({ client, clock, storage, random: () => 0 });
  tabs.push(tab);
  await tab.load(id, options);
  return tab;
}

/** @param {Conversations} tab @returns {Chat} */
export const chatOf = (tab) => /** @type {Chat} */ (tab.current.get());
/** @param {Conversations} tab @returns {Answer} */
export const leafOf = (tab) => /** @type {Answer} */ (pathOf(chatOf(tab).conversation.get()).at(-1));
/** What a tab shows, each message as its text. @param {Conversations} tab */
export const shownBy = (tab) => pathOf(chatOf(tab).conversation.get()).map((node) => (node.role === 'user' ? node.text : node.turn.text));
/** @param {() => void|Promise<void>} assertion */
export const eventually = (assertion) => vi.waitFor(assertion, { timeout: 20_000, interval: 2 });

/** Sends a message and waits for the first text of its answer. @param {Conversations} tab @param {string} prompt @param {string} first */
export async function ask(tab, prompt, first) {
  const next = server.nextStream();
  void chatOf(tab).send(prompt);
  const stream = await next;
  stream.deltas(first);
  await eventually(() => expect(leafOf(tab).turn.text).toBe(first));
  return stream;
}

/** Sends a message and waits for the end of its answer. @param {Conversations} tab @param {string} prompt @param {string} answer */
export async function askToTheEnd(tab, prompt, answer) {
  (await ask(tab, prompt, answer)).complete();
  await eventually(() => expect(leafOf(tab).turn.outcome).toBe('completed'));
}
