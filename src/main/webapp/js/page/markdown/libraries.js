import { atom, until } from '../../sdk/store/atom.js';

/** @import { ReadableAtom } from '../../sdk/store/atom.js' */

/** The offline switch. While it is on, nothing is loaded, because loading is a request. @type {ReadableAtom<boolean>} */
let offline = atom(false);

/** Says which switch holds all loading back. @param {ReadableAtom<boolean>} offlineSwitch */
export function holdLoadingWhile(offlineSwitch) {
  offline = offlineSwitch;
}

/**
 * A library that is loaded when it is needed for the first time.
 *
 * @template T
 */
export class Library {
  /** The module, once it is loaded. @type {T|null} */
  loaded = null;
  #load;
  /** @type {Promise<void>|null} */
  #loading = null;

  /** @param {() => Promise<T>} load */
  constructor(load) {
    this.#load = load;
  }

  /** Loads the module, as soon as the offline switch is off. After a failure, the next call tries again. */
  load() {
    this.#loading ??= until(offline, (off) => !off).then(this.#load).then(
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
  const library = await import('../../vendor/katex.js');
  // The page links to the style sheet that names the fonts. A formula that is shown while the offline switch is on must not ask for its font.
  for (const font of document.fonts ?? []) if (font.family.includes('KaTeX')) font.load().catch(() => {});
  return library;
});

export const plots = new Library(async () => (await import('../../vendor/uplot.js')).default);
