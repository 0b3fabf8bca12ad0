import { LmStudioError } from '../sdk/errors.js';
import { html, nothing, render } from '../vendor/lit-html.js';
import { capabilitiesOf } from './model-picker.js';
import { errorText, textOr } from './texts.js';

/**
 * @import { Client, Health, StreamState } from '../sdk/client.js'
 * @import { Clock } from '../sdk/clock.js'
 * @import { ModelStore } from './model-list.js'
 * @import { Texts } from './texts.js'
 */

const REFRESH_MS = 5000;

/** The status of LM Studio, its version, what its loaded models can do, and the streams of the caller. It is asked for while the tab is shown. */
export class ServerTab {
  #client;
  #store;
  #clock;
  #texts;
  #element;
  #figures;
  /** @type {Health|null} */
  #health = null;
  /** @type {StreamState[]} */
  #streams = [];
  /** @type {LmStudioError|null} */
  #error = null;
  #askedAt = -Infinity;

  /** @param {{client: Client, store: ModelStore, clock: Clock, texts: Texts, element: HTMLElement, figures: () => string[]}} options figures are those of the last answer */
  constructor({ client, store, clock, texts, element, figures }) {
    this.#client = client;
    this.#store = store;
    this.#clock = clock;
    this.#texts = texts;
    this.#element = element;
    this.#figures = figures;
  }

  draw() {
    if (this.#clock.now() - this.#askedAt >= REFRESH_MS && !this.#client.offline.get()) {
      this.#askedAt = this.#clock.now();
      void this.#ask();
    }
    this.#show();
  }

  async #ask() {
    try {
      const [health, streams] = await Promise.all([this.#client.health(), this.#client.streams()]);
      this.#health = health;
      this.#streams = streams.filter(({ status }) => status === 'running' || status === 'queued');
      this.#error = null;
    } catch (error) {
      if (!(error instanceof LmStudioError)) throw error;
      this.#error = error;
    }
    this.#show();
  }

  #show() {
    const texts = this.#texts;
    const health = this.#health;
    const error = this.#error;
    const offline = this.#client.offline.get();
    const figures = this.#figures();
    const loaded = this.#store.models.get().list.filter(({ state }) => state === 'loaded');
    const abilities = [...new Set(loaded.flatMap((model) => capabilitiesOf(model, texts)))];
    /** @type {[string, string|number|undefined][]} */
    const facts = health === null ? [] : [
      ['server.version', health.lmstudio_version ?? texts('server.unknown')],
      ['server.detected', textOr(texts, `server.detected.${health.version_detected_by}`, health.version_detected_by)],
      ['server.api', health.api_version],
      ['server.loaded', health.models_loaded],
      ['server.capabilities', Object.entries(health.capabilities ?? {}).filter(([, support]) => support === 'yes').map(([name]) => name.replaceAll('_', ' ')).join(', ') || undefined],
      ['server.abilities', abilities.length === 0 ? undefined : abilities.join(', ')],
      ['server.uptime', health.uptime_ms === undefined ? undefined : texts('server.minutes', { minutes: Math.floor(health.uptime_ms / 60_000) })],
    ];
    const state = offline ? 'offline' : error?.code === 'network_error' ? 'unreachable' : error ? 'down' : health ? 'up' : 'asking';
    render(html`
      <p class="server-state" data-state=${state}>${texts(`server.state.${state}`)}</p>
      ${error && !offline ? html`<p class="notice error">${errorText(texts, error)}</p>` : nothing}
      <dl class="facts">${facts.filter(([, value]) => value !== undefined).map(([name, value]) => html`<div><dt>${texts(name)}</dt><dd>${value}</dd></div>`)}</dl>
      <h3>${texts('server.last')}</h3>
      ${figures.length === 0 ? html`<p class="panel-note">${texts('server.noanswer')}</p>` : html`<ul class="figures">${figures.map((text) => html`<li>${text}</li>`)}</ul>`}
      <h3>${texts('server.streams', { count: this.#streams.length })}</h3>
      <ul class="streams">${this.#streams.map(({ stream_id: id, model_id: model, status }) => html`
        <li><span>${model ?? texts('models.auto')}</span> <span class="panel-note">${textOr(texts, `server.stream.${status}`, status)} · ${id.slice(0, 8)}</span>
          <button type="button" class="small" aria-label=${texts('server.cancel.label', { id: id.slice(0, 8) })} @click=${() => void this.#cancel(id)}>${texts('stop')}</button></li>`)}</ul>`, this.#element);
  }

  /** @param {string} id */
  async #cancel(id) {
    try {
      await this.#client.cancel(id);
    } catch (error) {
      if (!(error instanceof LmStudioError)) throw error;
      this.#error = error;
    }
    await this.#ask();
  }
}
