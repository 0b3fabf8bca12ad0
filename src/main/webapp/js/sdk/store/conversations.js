import { systemClock } from '../clock.js';
import { atom } from './atom.js';
import { Chat } from './chat.js';
import { DEFAULT_SETTINGS, contains, newConversation, textOf } from './conversation.js';
import { randomId } from './ids.js';
import { merge } from './merge.js';
import { memoryStorage } from './storage.js';
import { isEmptyTurn } from './turn.js';
import { WireLogs } from './wire-log.js';

/**
 * @import { Atom, ReadableAtom } from './atom.js'
 * @import { Conversation, Node } from './conversation.js'
 * @import { Environment } from './generation.js'
 * @import { ConversationStorage } from './storage.js'
 *
 * @typedef {object} Entry a conversation in the list
 * @property {string} id
 * @property {string} title empty if there is no message yet
 * @property {number} updatedAt epoch milliseconds
 * @property {boolean} running whether an answer is being created
 *
 * @typedef {object} Changes
 * @property {Chat} chat
 * @property {Conversation|null} saved the version of which this tab knows that it is stored; null if it has to store everything
 * @property {Promise<unknown>} saving ends with the attempts to store that have begun
 * @property {boolean} isOwn whether it was created or loaded here; other tabs add theirs
 * @property {string} milestone
 * @property {(() => void)|null} cancelSave
 */

/** The delay before tokens and drafts are stored. All other changes are stored at once. */
const SAVE_AFTER_MS = 2000;

/**
 * All conversations of a user. One of them is current. The answers of all others continue.
 */
export class Conversations {
  #environment;
  #clock;
  #newId;
  #storage;
  /** @type {Map<string, Changes>} */
  #open = new Map();
  /** @type {Atom<Entry[]>} */
  #entries = atom(/** @type {Entry[]} */ ([]));
  #current = atom(/** @type {Chat|null} */ (null));
  #unsaved = atom(false);
  #forgotten = atom(false);
  #closed = false;
  #unsubscribe = () => {};

  /** @param {Environment & {storage?: ConversationStorage, newId?: () => string}} options storage: default one in memory, which is lost when the page closes */
  constructor({ storage = memoryStorage(), newId = randomId, ...environment }) {
    this.#clock = environment.clock ?? systemClock;
    this.#environment = { ...environment, wires: new WireLogs(this.#clock) };
    this.#newId = newId;
    this.#storage = storage;
  }

  /** All conversations with a message, newest first. @returns {ReadableAtom<Entry[]>} */
  get entries() {
    return this.#entries;
  }

  /** The conversation that is shown; null until {@link Conversations#load}. @returns {ReadableAtom<Chat|null>} */
  get current() {
    return this.#current;
  }

  /** Whether the last attempt to store a change failed. @returns {ReadableAtom<boolean>} */
  get unsaved() {
    return this.#unsaved;
  }

  /** Whether another tab has deleted all conversations, for example because the user signed out. This one then stores nothing any more. @returns {ReadableAtom<boolean>} */
  get forgotten() {
    return this.#forgotten;
  }

  /**
   * Loads the stored conversations and continues the answers that were running.
   *
   * @param {string} [id] of the conversation to show; if there is none, the one that was used last
   * @param {{streamId?: string}} [options] as in `show`
   */
  async load(id = '', { streamId = '' } = {}) {
    for (const conversation of await this.#stored()) this.#add(conversation, conversation);
    this.#unsubscribe = this.#storage.subscribe((changed) => void (changed === null ? this.#beForgotten() : this.#takeOver(changed)));
    const [newest] = this.#entries.get();
    if (!this.show(id, { streamId }) && !(newest && this.open(newest.id))) this.create();
    for (const { chat } of this.#open.values()) void chat.resume();
  }

  /**
   * Shows a conversation, or else the one that has the stream. If none has it, a new one reads it.
   *
   * @param {string} id
   * @param {{streamId?: string}} [options]
   * @returns {Chat|null} null if there is nothing to show
   */
  show(id, { streamId = '' } = {}) {
    const [having] = [...this.#open].flatMap(([other, { chat }]) => (chat.hasStream(streamId) ? other : []));
    if (streamId === '' || having) return this.open(id) ?? this.open(having);
    const chat = this.create();
    void chat.follow(streamId);
    return chat;
  }

  /** Shows a conversation. @param {string} id @returns {Chat|null} null if there is none */
  open(id) {
    const chat = this.#open.get(id)?.chat ?? null;
    if (!chat) return null;
    this.#current.set(chat);
    void chat.resume();
    return chat;
  }

  /** Shows a new conversation, with the settings of the current one. If there is one without a message, it is shown, with its draft. @returns {Chat} */
  create() {
    const current = this.#current.get();
    if (current && isEmpty(current)) return current;
    const settings = current?.conversation.get().settings ?? DEFAULT_SETTINGS;
    const known = [...this.#open.values()].find(({ chat, isOwn }) => isOwn && isEmpty(chat))?.chat;
    if (current) known?.change({ settings });
    const chat = known ?? this.#add(newConversation({ id: this.#newId(), at: this.#clock.now(), settings }), null);
    this.#current.set(chat);
    return chat;
  }

  /** Changes the title of a conversation. @param {string} id @param {string} title an empty title has no effect */
  rename(id, title) {
    if (title.trim() !== '') this.#open.get(id)?.chat.change({ title: title.trim() });
  }

  /** Cancels the running answers of a conversation and deletes it. @param {string} id */
  async remove(id) {
    const removed = this.#drop(id);
    if (!removed) return;
    await Promise.all([removed.stopAll(), this.#storing(() => this.#storage.remove(id))]);
  }

  /** Returns the conversations whose title or messages contain the text. @param {string} text empty for all */
  search(text) {
    return this.#entries.get().filter(({ id }) => {
      const chat = this.#open.get(id)?.chat;
      return chat && contains(chat.conversation.get(), text);
    });
  }

  /**
   * Adds conversations, for example imported ones, and shows the first. A conversation that exists with the same messages is
   * not added again. A conversation whose id exists with other messages gets a new id.
   *
   * @param {Conversation[]} conversations
   * @returns {number} how many were added
   */
  add(conversations) {
    const ids = conversations.map((conversation) => {
      const known = this.#open.get(conversation.id)?.chat.conversation.get();
      if (known && sameMessages(known, conversation)) return { id: known.id, added: 0 };
      const id = known ? this.#newId() : conversation.id;
      this.#add({ ...conversation, id }, null);
      return { id, added: 1 };
    });
    if (ids.length > 0) this.open(ids[0].id);
    return ids.reduce((sum, { added }) => sum + added, 0);
  }

  /** Returns all conversations with a message. @returns {Conversation[]} */
  all() {
    return this.#entries.get().flatMap(({ id }) => this.#open.get(id)?.chat.conversation.get() ?? []);
  }

  /** Connects at once for all answers whose next attempt is due later. */
  wake() {
    for (const { chat } of this.#open.values()) chat.wake();
  }

  /** Stores all changes now. */
  async flush() {
    await Promise.all([...this.#open.values()].map((changes) => this.#save(changes)));
  }

  /** Stops reading and storing. The answers continue on the server. */
  close() {
    this.#closed = true;
    this.#unsubscribe();
    for (const changes of this.#open.values()) {
      changes.cancelSave?.();
      changes.chat.detach();
    }
  }

  /** Closes, and deletes everything that is stored. */
  async forget() {
    this.close();
    await this.#storage.clear();
  }

  /** @param {Conversation} conversation @param {Conversation|null} saved @param {{isOwn?: boolean}} [options] @returns {Chat} */
  #add(conversation, saved, { isOwn = true } = {}) {
    const chat = new Chat({ ...this.#environment, conversation, newId: this.#newId });
    /** @type {Changes} */
    const changes = { chat, saved, saving: Promise.resolve(), isOwn, milestone: milestoneOf(conversation), cancelSave: null };
    this.#open.set(conversation.id, changes);
    chat.conversation.subscribe(() => this.#changed(changes));
    // The status is that of the last answer that is shown. An answer beside it may end without a change of the status.
    chat.runs.subscribe(() => this.#list());
    chat.status.subscribe(() => this.#list());
    return chat;
  }

  /** @param {string} id @returns {Chat|null} */
  #drop(id) {
    const changes = this.#open.get(id);
    if (!changes) return null;
    changes.cancelSave?.();
    this.#open.delete(id);
    this.#list();
    if (this.#current.get() === changes.chat) {
      const [newest] = this.#entries.get();
      this.#current.set(null);
      if (!newest || !this.open(newest.id)) this.create();
    }
    return changes.chat;
  }

  /** @param {Changes} changes */
  #changed(changes) {
    if (this.#closed || !this.#open.has(changes.chat.conversation.get().id)) return;
    const conversation = changes.chat.conversation.get();
    const milestone = milestoneOf(conversation);
    if (milestone !== changes.milestone) {
      changes.milestone = milestone;
      this.#list();
      void this.#save(changes);
    } else if (conversation !== changes.saved) {
      changes.cancelSave ??= this.#clock.after(SAVE_AFTER_MS, () => void this.#save(changes));
    }
  }

  /** @param {Changes} changes */
  async #save(changes) {
    changes.cancelSave?.();
    changes.cancelSave = null;
    const conversation = changes.chat.conversation.get();
    const isNothing = Object.values(conversation.nodes).every(isFollowedInVain) && conversation.draft === '';
    if (this.#closed || conversation === changes.saved || (isNothing && changes.saved === null)) return;
    const previous = changes.saved;
    changes.saved = conversation;
    const saving = this.#storing(() => this.#storage.save(conversation, previous));
    changes.saving = Promise.all([changes.saving, saving]);
    // Another save may have happened meanwhile. It was given this version as the previous one.
    if (!(await saving)) changes.saved = null;
  }

  /** Another tab has deleted everything. */
  #beForgotten() {
    this.close();
    this.#open.clear();
    this.#list();
    this.#current.set(null);
    this.create();
    this.#forgotten.set(true);
  }

  /** Another tab has saved or removed a conversation. @param {string} id */
  async #takeOver(id) {
    let saved;
    /** @type {Conversation|null} */
    let stored = null;
    do {
      await this.#open.get(id)?.saving;
      saved = this.#open.get(id)?.saved;
      if (this.#closed || !(await this.#storing(async () => void (stored = await this.#storage.get(id)))) || this.#closed) return;
      // What was read may lack what was stored meanwhile.
    } while (this.#open.get(id)?.saved !== saved);
    const changes = this.#open.get(id);
    if (!stored) {
      this.#drop(id)?.detach();
    } else if (changes) {
      await this.#merge(changes, stored);
    } else {
      this.#add(stored, stored, { isOwn: false });
      this.#list();
    }
  }

  /** @param {Changes} changes @param {Conversation} stored */
  async #merge(changes, stored) {
    const { chat, saved } = changes;
    const shown = chat === this.#current.get();
    const merged = merge({ own: chat.conversation.get(), saved, stored, shown, isRunning: (id) => chat.isRunning(id) });
    // Nothing that was taken over is stored again. Else two tabs would tell each other the same without an end.
    changes.saved = merged.saved;
    await chat.takeOver(merged.own, { read: shown });
  }

  /** @returns {Promise<Conversation[]>} */
  async #stored() {
    /** @type {Conversation[]} */
    let all = [];
    await this.#storing(async () => {
      all = await this.#storage.all();
    });
    return all;
  }

  /** @param {() => Promise<void>} action @returns {Promise<boolean>} whether it succeeded */
  async #storing(action) {
    try {
      await action();
      this.#unsaved.set(false);
      return true;
    } catch (error) {
      console.warn('The conversations could not be stored.', error);
      this.#unsaved.set(true);
      return false;
    }
  }

  #list() {
    const entries = [...this.#open.values()].flatMap(({ chat }) => {
      const { id, title, updatedAt, nodes } = chat.conversation.get();
      return Object.keys(nodes).length > 0 ? [{ id, title, updatedAt, running: chat.running }] : [];
    });
    entries.sort((a, b) => b.updatedAt - a.updatedAt);
    if (JSON.stringify(entries) !== JSON.stringify(this.#entries.get())) this.#entries.set(entries);
  }
}

/** Returns whether nothing was read of a stream that was started elsewhere: it may be gone. @param {Node} node */
const isFollowedInVain = (node) => node.role === 'assistant' && node.parent === null && isEmptyTurn(node.turn);

/** Returns whether a conversation has no message. @param {Chat} chat */
function isEmpty(chat) {
  return Object.keys(chat.conversation.get().nodes).length === 0;
}

/**
 * Returns a key that changes with every change that must be stored at once: each message and each end of an answer, but not
 * each token, which a reload restores from the server.
 *
 * @param {Conversation} conversation
 */
function milestoneOf({ title, leaf, settings, nodes }) {
  const answers = Object.values(nodes).map((node) =>
    node.role === 'user' ? node.id : [node.id, node.turn.streamId, node.turn.outcome, node.turn.error?.code].join());
  return JSON.stringify([title, leaf, settings, answers]);
}

/** Returns whether two conversations have the same messages with the same texts. @param {Conversation} one @param {Conversation} other */
function sameMessages(one, other) {
  const texts = (/** @type {Conversation} */ { nodes }) =>
    JSON.stringify(Object.values(nodes).map((node) => [node.id, node.role === 'user' ? node.text : textOf(node)]).sort());
  return texts(one) === texts(other);
}
