/**
 * @import { Exchange } from '../sdk/session.js'
 */

const FORMAT = 1;

/**
 * The state that survives a reload of this tab: the conversation with the cursor of the running answer, the unsent
 * message, and the selected model. Each is stored by itself, so that typing does not rewrite the conversation.
 */
export class Persistence {
  #storage;
  #prefix;
  #closed = false;

  /** @param {Storage} storage @param {string} contextRoot separates two applications on one origin */
  constructor(storage, contextRoot) {
    this.#storage = storage;
    this.#prefix = `lmstudio-ee:${contextRoot}:`;
  }

  /** @returns {Exchange[]} empty if nothing is stored, or only something that this version cannot read */
  get exchanges() {
    const text = this.#read('conversation');
    try {
      const stored = JSON.parse(text || 'null');
      return stored?.format === FORMAT && Array.isArray(stored.exchanges) ? stored.exchanges : [];
    } catch (error) {
      console.warn('The stored conversation could not be read and is ignored.', error);
      return [];
    }
  }

  /** @param {Exchange[]} exchanges @returns {boolean} whether it fits into the browser's storage */
  saveExchanges(exchanges) {
    return this.#write('conversation', JSON.stringify({ format: FORMAT, exchanges }));
  }

  get draft() {
    return this.#read('draft');
  }

  /** @param {string} text */
  saveDraft(text) {
    return this.#write('draft', text);
  }

  get model() {
    return this.#read('model');
  }

  /** @param {string} id */
  saveModel(id) {
    return this.#write('model', id);
  }

  /** Deletes everything. Later calls of the save methods store nothing. */
  forget() {
    this.#closed = true;
    for (const name of ['conversation', 'draft', 'model']) this.#storage.removeItem(this.#prefix + name);
  }

  /** @param {string} name */
  #read(name) {
    return this.#storage.getItem(this.#prefix + name) ?? '';
  }

  /** @param {string} name @param {string} value */
  #write(name, value) {
    if (this.#closed) return true;
    try {
      this.#storage.setItem(this.#prefix + name, value);
      return true;
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      // An outdated copy would be worse than none: after a reload the stream is read again from its address.
      this.#storage.removeItem(this.#prefix + name);
      return false;
    }
  }
}
