import { systemClock } from '../sdk/clock.js';
import { backoff } from '../sdk/backoff.js';
import { LmStudioError, isRetryable } from '../sdk/errors.js';
import { element, setText } from './dom.js';
import { textOr } from './texts.js';

/**
 * @import { Client, Model, ModelList } from '../sdk/client.js'
 * @import { Clock } from '../sdk/clock.js'
 * @import { Texts } from './texts.js'
 */

const MAX_PAUSE_MS = 30_000;

/** The list of models with their states. Models that cannot chat cannot be selected. */
export class ModelPicker {
  #client;
  #texts;
  #select;
  #note;
  #clock;
  #wanted;
  #attempt = 0;
  #loading = false;
  #shown = '';
  #cancelRetry = () => {};

  /**
   * @param {object} options
   * @param {Client} options.client
   * @param {Texts} options.texts
   * @param {HTMLSelectElement} options.select
   * @param {HTMLElement} options.note
   * @param {string} options.wanted the id that was picked before; empty if none was
   * @param {(id: string) => void} options.onPick
   * @param {Clock} [options.clock]
   */
  constructor({ client, texts, select, note, wanted, onPick, clock = systemClock }) {
    this.#client = client;
    this.#texts = texts;
    this.#select = select;
    this.#note = note;
    this.#wanted = wanted;
    this.#clock = clock;
    select.addEventListener('change', () => {
      this.#wanted = select.value;
      onPick(select.value);
    });
  }

  /** @returns {string|null} null leaves the choice to the server */
  get model() {
    return this.#select.value || null;
  }

  /** Loads the list. After a temporary failure it tries again by itself. */
  async refresh() {
    if (this.#loading) return;
    this.#loading = true;
    this.#cancelRetry();
    try {
      this.#show(await this.#client.models());
      this.#attempt = 0;
    } catch (error) {
      this.#showFailure(error);
    } finally {
      this.#loading = false;
    }
  }

  /** @param {ModelList} list */
  #show({ models, meta }) {
    const note = meta.stale ? this.#texts('models.stale', { time: localTime(meta.fetched_at) }) : models.length ? '' : this.#texts('models.none');
    this.#showNote(note, false);
    const key = JSON.stringify(models);
    if (key === this.#shown) return;
    this.#shown = key;
    const chosen = choose(models, this.#wanted);
    const options = models.map((model) => this.#option(model));
    this.#select.replaceChildren(...(chosen === '' ? [new Option(this.#texts('models.auto'), '')] : []), ...options);
    this.#select.value = chosen;
  }

  /** @param {Model} model */
  #option(model) {
    const chat = canChat(model);
    const state = model.state ?? 'unknown';
    const label = chat ? textOr(this.#texts, `models.state.${state}`, state) : this.#texts('models.embedding');
    const option = element('option', '', `${model.id} \u00b7 ${label}`);
    option.value = model.id;
    option.disabled = !chat;
    return option;
  }

  /** @param {unknown} error */
  #showFailure(error) {
    if (!(error instanceof LmStudioError)) throw error;
    if (this.#shown === '') this.#select.replaceChildren(new Option(this.#texts('models.auto'), this.#wanted));
    const { code, message, hint } = error;
    this.#showNote(this.#texts(code === 'unauthenticated' ? 'models.signedout' : 'models.failed', { message, hint }), true);
    if (!isRetryable(error)) return;
    const pause = backoff({ attempt: ++this.#attempt, maxMs: MAX_PAUSE_MS });
    this.#cancelRetry = this.#clock.after(pause, () => void this.refresh());
  }

  /** @param {string} text @param {boolean} isError */
  #showNote(text, isError) {
    setText(this.#note, text);
    this.#note.hidden = text === '';
    this.#note.classList.toggle('error', isError);
  }
}

/** @param {Model} model */
const canChat = ({ type = '' }) => !type.startsWith('embedding');

/** Returns the model that was selected before, else a loaded one. @param {Model[]} models @param {string} wanted */
function choose(models, wanted) {
  const chat = models.filter(canChat);
  const first = chat.find(({ id }) => id === wanted) ?? chat.find(({ state }) => state === 'loaded') ?? chat[0];
  return first?.id ?? '';
}

/** @param {string|undefined} time ISO-8601 */
function localTime(time) {
  return time ? new Date(time).toLocaleString() : '?';
}
