import { backoff } from '../sdk/stream/backoff.js';
import { systemClock } from '../sdk/clock.js';
import { LmStudioError, OfflineError, isRetryable } from '../sdk/errors.js';
import { atom, until } from '../sdk/store/atom.js';

/**
 * @import { Client, Model, ModelList } from '../sdk/client.js'
 * @import { Clock } from '../sdk/clock.js'
 * @import { ReadableAtom } from '../sdk/store/atom.js'
 *
 * @typedef {object} Models
 * @property {Model[]} list
 * @property {ModelList['meta']} meta
 * @property {LmStudioError|null} error why the last attempt to load the list failed
 * @property {boolean} loaded whether the list was loaded at least once
 * @property {Map<string, number>} progress of the models that this page loads, by id; from 0 to 1
 */

const MAX_PAUSE_MS = 30_000;

/** The models of LM Studio, for all parts of the page. */
export class ModelStore {
  #client;
  #clock;
  #models = atom(/** @type {Models} */ ({ list: [], meta: {}, error: null, loaded: false, progress: new Map() }));
  #attempt = 0;
  #loading = false;
  #cancelRetry = () => {};

  /** @param {{client: Client, clock?: Clock}} options */
  constructor({ client, clock = systemClock }) {
    this.#client = client;
    this.#clock = clock;
  }

  /** @returns {ReadableAtom<Models>} */
  get models() {
    return this.#models;
  }

  /** @param {string|null} id @returns {Model|undefined} */
  find(id) {
    return this.#models.get().list.find((model) => model.id === id);
  }

  /** Shows how far a model is loaded. @param {string} id @param {number|null} progress from 0 to 1; null if it is not being loaded */
  showProgress(id, progress) {
    const next = new Map(this.#models.get().progress);
    if ((next.get(id) ?? null) === progress) return;
    if (progress === null) next.delete(id);
    else next.set(id, progress);
    this.#models.set({ ...this.#models.get(), progress: next });
  }

  /** Loads the list. After a temporary failure it tries again by itself, and after the offline switch was turned back. */
  async refresh() {
    if (this.#loading) return;
    this.#loading = true;
    this.#cancelRetry();
    try {
      await until(this.#client.offline, (off) => !off);
      const { models, meta } = await this.#client.models();
      this.#attempt = 0;
      this.#models.set({ ...this.#models.get(), list: models, meta, error: null, loaded: true });
    } catch (error) {
      if (!(error instanceof LmStudioError)) throw error;
      this.#models.set({ ...this.#models.get(), error });
      if (!isRetryable(error) && !(error instanceof OfflineError)) return;
      const pause = backoff({ attempt: ++this.#attempt, maxMs: MAX_PAUSE_MS });
      this.#cancelRetry = this.#clock.after(pause, () => void this.refresh());
    } finally {
      this.#loading = false;
    }
  }
}

/** Returns whether a model can chat. One of an unknown type is believed to. @param {Model} model */
export const canChat = ({ type = '' }) => !type.startsWith('embedding');
