/**
 * @import { Exchange } from '../sdk/session.js'
 */

const FORMAT = 1;

/**
 * What survives a reload of this tab: the conversation with the cursor of the answer under way, what was typed, and the
 * model that was picked. Each is a value of its own, so that typing does not rewrite the conversation.
 */
export class Persistence {
  #storage;
  #prefix;
  #closed = false;

  /** @param {Storage} storage @param {string} contextRoot two servers on one origin do not mix */
  constructor(storage, contextRoot) {
    this.#storage = storage;
    this.#prefix = `lmstudio-ee:${contextRoot}:`;
  }

  /** @returns {Exchange[]} empty if there is nothing, or nothing that this version understands */
  get exchanges() {
    const text = this.#read('conversation');
    try {
      const stored = JSON.parse(text || 'null');
      return stored?.format === FORMAT && Array.isArray(stored.exchanges) ? stored.exchanges : [];
    } catch (error) {
      console.warn('The stored conversation is not readable and is left out.', error);
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

  /** Forgets everything, for good: what is saved afterwards is not stored. */
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
      // A half-true copy would be worse than none: after a reload the stream is read anew from its address.
      this.#storage.removeItem(this.#prefix + name);
      return false;
    }
  }
}
