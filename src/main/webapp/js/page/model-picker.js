import { html, nothing, render } from '../vendor/lit-html.js';
import { setText } from './dom.js';
import { canChat } from './model-list.js';
import { canSee } from './pictures.js';
import { errorText, textOr } from './texts.js';

/**
 * @import { Model } from '../sdk/client.js'
 * @import { ModelStore, Models } from './model-list.js'
 * @import { Texts } from './texts.js'
 */

/** The list in which the user picks a model. Models that cannot chat cannot be picked. */
export class ModelPicker {
  #store;
  #texts;
  #select;
  #note;
  #wanted = '';
  #drawn = false;

  /**
   * @param {object} options
   * @param {ModelStore} options.store
   * @param {Texts} options.texts
   * @param {HTMLSelectElement} options.select
   * @param {HTMLElement|null} options.note where failures are told; null if another picker does that
   * @param {(id: string|null) => void} options.onPick
   */
  constructor({ store, texts, select, note, onPick }) {
    this.#store = store;
    this.#texts = texts;
    this.#select = select;
    this.#note = note;
    select.addEventListener('change', () => {
      this.#wanted = select.value;
      onPick(this.model);
    });
    store.models.subscribe((models) => this.#draw(models));
  }

  /** @returns {string|null} null leaves the choice to the server */
  get model() {
    return (this.#drawn ? this.#select.value : this.#wanted) || null;
  }

  /** Picks a model as soon as it is in the list. @param {string|null} id null for any */
  pick(id) {
    this.#wanted = id ?? '';
    this.#draw(this.#store.models.get());
  }

  /** @param {Models} models */
  #draw({ list, meta, error, loaded, progress }) {
    const texts = this.#texts;
    if (this.#note) this.#tell(this.#note, { list, meta, error, loaded });
    if (!loaded && !error) return;
    // What the server wrote into the page says that the list is being loaded.
    if (!this.#drawn) this.#select.replaceChildren();
    this.#drawn = true;
    const chosen = loaded ? choose(list, this.#wanted) : this.#wanted;
    const auto = chosen === '' || !loaded;
    render(html`
      ${auto ? html`<option value=${loaded ? '' : this.#wanted}>${texts('models.auto')}</option>` : nothing}
      ${list.map((model) => html`<option value=${model.id} ?disabled=${!canChat(model)}>${this.#label(model, progress.get(model.id))}</option>`)}`, this.#select);
    this.#select.value = chosen;
  }

  /** @param {Model} model @param {number} [progress] */
  #label(model, progress) {
    const texts = this.#texts;
    if (!canChat(model)) return `${model.id} · ${texts('models.embedding')}`;
    const state = progress === undefined ? (model.state ?? 'unknown') : 'loading';
    const share = progress === undefined ? '' : ` ${Math.round(progress * 100)} %`;
    return [model.id, textOr(texts, `models.state.${state}`, state) + share, ...capabilitiesOf(model, texts)].join(' · ');
  }

  /** @param {HTMLElement} note @param {Pick<Models, 'list'|'meta'|'error'|'loaded'>} models */
  #tell(note, { list, meta, error, loaded }) {
    const texts = this.#texts;
    const text = error
      ? error.code === 'unauthenticated' ? texts('models.signedout') : texts('models.failed', { reason: errorText(texts, error) })
      : meta.stale ? texts('models.stale', { time: meta.fetched_at ? new Date(meta.fetched_at).toLocaleString() : '?' })
        : loaded && list.length === 0 ? texts('models.none') : list.some(({ owned_by: owner }) => owner === 'simulator') ? texts('models.simulated') : '';
    setText(note, text);
    note.hidden = text === '';
    note.classList.toggle('error', error !== null);
  }
}

/** Returns what a model can do, in words. @param {Model} model @param {Texts} texts @returns {string[]} */
export function capabilitiesOf(model, texts) {
  const named = new Set(model.capabilities ?? []);
  if (canSee(model)) named.add('vision');
  return [...named].map((name) => textOr(texts, `models.can.${name}`, name));
}

/** Returns the model that was picked before, else a loaded one. @param {Model[]} models @param {string} wanted */
function choose(models, wanted) {
  const chat = models.filter(canChat);
  const first = chat.find(({ id }) => id === wanted) ?? chat.find(({ state }) => state === 'loaded') ?? chat[0];
  return first?.id ?? '';
}
