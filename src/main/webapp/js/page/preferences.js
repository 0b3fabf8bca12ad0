/**
 * Small choices of the user that survive a reload, such as the model. They are kept by this browser for all tabs. Where the
 * browser forbids that, they end with the page.
 */
export class Preferences {
  #storage;
  #prefix;

  /** @param {'localStorage'|'sessionStorage'} storage @param {string} contextRoot separates two applications on one origin */
  constructor(storage, contextRoot) {
    this.#storage = allowed(storage);
    this.#prefix = `lmstudio-ee:${contextRoot}:`;
  }

  /** @param {string} name @returns {string} empty if nothing is stored */
  get(name) {
    return this.#storage?.getItem(this.#prefix + name) ?? '';
  }

  /** @param {string} name @param {string} value empty deletes it */
  set(name, value) {
    try {
      if (value === '') this.#storage?.removeItem(this.#prefix + name);
      else this.#storage?.setItem(this.#prefix + name, value);
    } catch (error) {
      // The storage is full.
      if (!(error instanceof DOMException)) throw error;
    }
  }

  /** Deletes everything. */
  forget() {
    for (const key of Object.keys(this.#storage ?? {})) if (key.startsWith(this.#prefix)) this.#storage?.removeItem(key);
  }
}

/** @param {'localStorage'|'sessionStorage'} name @returns {Storage|null} null if the browser forbids it */
function allowed(name) {
  try {
    return globalThis[name];
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return null;
  }
}
