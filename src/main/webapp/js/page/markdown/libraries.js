/**
 * The libraries that only some answers need. They are loaded with the first answer that needs them.
 *
 * @template T
 */
class Library {
  /** The module, once it is loaded. @type {T|null} */
  loaded = null;
  #load;
  /** @type {Promise<void>|null} */
  #loading = null;

  /** @param {() => Promise<T>} load */
  constructor(load) {
    this.#load = load;
  }

  /** Loads the module. After a failure, the next call tries again. */
  load() {
    this.#loading ??= this.#load().then(
      (module) => void (this.loaded = module),
      (error) => {
        this.#loading = null;
        throw error;
      },
    );
    return this.#loading;
  }
}

export const highlighter = new Library(async () => (await import('../../vendor/highlight.js')).default);

export const formulas = new Library(async () => {
  const style = document.createElement('link');
  style.rel = 'stylesheet';
  style.href = new URL('../../../css/vendor/katex.css', import.meta.url).href;
  document.head.append(style);
  return import('../../vendor/katex.js');
});
