import { LmStudioError } from '../sdk/errors.js';
import { newTurn } from '../sdk/store/turn.js';
import { StreamReading } from '../sdk/stream/reading.js';
import { html, nothing, render, repeat } from '../vendor/lit-html.js';
import { capabilitiesOf } from './model-picker.js';
import { decimal, errorText, textOr } from './texts.js';

/**
 * @import { Client, Model } from '../sdk/client.js'
 * @import { Turn } from '../sdk/store/turn.js'
 * @import { Slots } from '../sdk/stream/slots.js'
 * @import { ModelStore } from './model-list.js'
 * @import { Texts } from './texts.js'
 *
 * @typedef {{progress: number|null, error: string, running: boolean}} Work
 */

/** All models with their states. Admins can load and unload them here. */
export class ModelsTab {
  #store;
  #client;
  #slots;
  #texts;
  #element;
  #isAdmin;
  #type = '';
  /** @type {Map<string, Work>} by the id of the model */
  #work = new Map();

  /** @param {{store: ModelStore, client: Client, slots: Slots, texts: Texts, element: HTMLElement, isAdmin: boolean}} options */
  constructor({ store, client, slots, texts, element, isAdmin }) {
    this.#store = store;
    this.#client = client;
    this.#slots = slots;
    this.#texts = texts;
    this.#element = element;
    this.#isAdmin = isAdmin;
    store.models.subscribe(() => {
      if (!element.hidden) this.draw();
    });
  }

  draw() {
    const texts = this.#texts;
    const { list, error } = this.#store.models.get();
    const types = [...new Set(list.flatMap(({ type }) => type ?? []))].sort();
    const shown = list.filter(({ type }) => this.#type === '' || type === this.#type);
    /** @param {Event} event */
    const filter = ({ target }) => {
      this.#type = /** @type {HTMLSelectElement} */ (target).value;
      this.draw();
    };
    render(html`
      <div class="panel-line">
        <label for="model-type">${texts('models.type')}</label>
        <select id="model-type" @change=${filter}>
          <option value="">${texts('models.type.all')}</option>
          ${types.map((type) => html`<option value=${type}>${textOr(texts, `models.type.${type}`, type)}</option>`)}
        </select>
        <button type="button" class="small" @click=${() => void this.#store.refresh()}>${texts('refresh')}</button>
      </div>
      ${error ? html`<p class="notice error">${texts('models.failed', { reason: errorText(texts, error) })}</p>` : nothing}
      <ul class="models">${repeat(shown, ({ id }) => id, (model) => this.#model(model))}</ul>`, this.#element);
  }

  /** @param {Model} model */
  #model(model) {
    const texts = this.#texts;
    const { id, type, metadata = {} } = model;
    const work = this.#work.get(id);
    const state = work?.running && model.state !== 'loaded' ? 'loading' : (model.state ?? 'unknown');
    const facts = [
      type ? textOr(texts, `models.type.${type}`, type) : '', metadata.parameter_size, metadata.quantization_level, metadata.format,
      metadata.context_length ? texts('models.context', { tokens: decimal(metadata.context_length) }) : '', ...capabilitiesOf(model, texts),
    ].filter((fact, index, all) => fact && all.findIndex((one) => one?.toLowerCase() === fact.toLowerCase()) === index);
    const loaded = state === 'loaded';
    const share = typeof work?.progress === 'number' ? ` ${Math.round(work.progress * 100)} %` : '';
    return html`<li>
      <p class="model-id">${id}</p>
      <p class="model-facts"><span class="state" data-state=${state}>${textOr(texts, `models.state.${state}`, state)}</span>${facts.map((fact) => html` <span>${fact}</span>`)}</p>
      ${work?.running ? html`<progress max="1" value=${work.progress ?? nothing} aria-label=${texts('models.progress', { id })}></progress><p class="panel-note">${texts('models.working')}${share}</p>` : nothing}
      ${work && work.error !== '' ? html`<p class="notice error">${work.error}</p>` : nothing}
      ${this.#isAdmin && !work?.running ? html`<button type="button" class="small" aria-label=${texts(loaded ? 'models.unload.label' : 'models.load.label', { id })}
        @click=${() => void this.#run(id, loaded)}>${texts(loaded ? 'models.unload' : 'models.load')}</button>` : nothing}
    </li>`;
  }

  /** @param {string} id @param {boolean} loaded */
  async #run(id, loaded) {
    this.#show(id, { progress: null, error: '', running: true });
    try {
      const { stream_id: streamId } = await (loaded ? this.#client.unloadModel({ model: id }) : this.#client.loadModel({ model: id }));
      const onTurn = (/** @type {Turn} */ { progress }) => this.#show(id, { progress: progress?.progress ?? null, error: '', running: true });
      const turn = await new StreamReading({ client: this.#client, slots: this.#slots, turn: newTurn({ streamId }), onTurn }).done;
      this.#show(id, { progress: null, error: turn.error ? errorText(this.#texts, turn.error) : '', running: false });
    } catch (error) {
      if (!(error instanceof LmStudioError)) throw error;
      this.#show(id, { progress: null, error: errorText(this.#texts, error), running: false });
    }
    await this.#store.refresh();
  }

  /** @param {string} id @param {Work} work */
  #show(id, work) {
    this.#work.set(id, work);
    this.#store.showProgress(id, work.progress);
    this.draw();
  }
}
