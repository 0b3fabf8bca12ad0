import { DEFAULT_SETTINGS } from '../sdk/store/conversation.js';
import { byId, setText } from './dom.js';
import { copyText } from './markdown/copy.js';

/**
 * @import { Client } from '../sdk/client.js'
 * @import { Clock } from '../sdk/clock.js'
 * @import { Atom } from '../sdk/store/atom.js'
 * @import { Chat } from '../sdk/store/chat.js'
 * @import { Settings } from '../sdk/store/conversation.js'
 * @import { Conversations } from '../sdk/store/conversations.js'
 * @import { Slots } from '../sdk/stream/slots.js'
 * @import { ModelStore } from './model-list.js'
 * @import { Preferences } from './preferences.js'
 * @import { Texts } from './texts.js'
 *
 * @typedef {object} SharedOptions
 * @property {Client} client
 * @property {Clock} clock
 * @property {string} contextRoot
 * @property {Texts} texts
 * @property {Atom<boolean>} offline the offline switch
 * @property {Preferences} preferences
 * @property {Conversations} conversations
 * @property {ModelStore} models
 * @property {Slots} slots
 * @property {() => void} drawSoon draws the page in the next frame
 */

/** What all parts of the page work with. */
export class Shared {
  /** @param {SharedOptions} options */
  constructor({ client, clock, contextRoot, texts, offline, preferences, conversations, models, slots, drawSoon }) {
    this.client = client;
    this.clock = clock;
    this.contextRoot = contextRoot;
    this.texts = texts;
    this.offline = offline;
    this.preferences = preferences;
    this.conversations = conversations;
    this.models = models;
    this.slots = slots;
    this.drawSoon = drawSoon;
  }

  /** The conversation that is shown; null while the page loads. @returns {Chat|null} */
  get current() {
    return this.conversations.current.get();
  }

  /** The conversation that is shown, for what can only be done when the page has loaded. @returns {Chat} */
  get chat() {
    return /** @type {Chat} */ (this.current);
  }

  /** The settings of the conversation that is shown. @returns {Settings} */
  get settings() {
    return this.current?.conversation.get().settings ?? DEFAULT_SETTINGS;
  }

  /** Copies a text, and says so. @param {string} text */
  async copy(text) {
    const name = (await copyText(text)) ? 'copied' : 'markdown.copy.failed';
    setText(byId('announcement', HTMLElement), this.texts(name));
  }
}

/** Actions show their failures on the page, so an exception here is a defect. @param {Promise<unknown>} action */
export function act(action) {
  action.catch(reportError);
}
