import { html, nothing, render } from '../vendor/lit-html.js';
import { Timeline } from './timeline.js';

/**
 * @import { Chat } from '../sdk/store/chat.js'
 * @import { WireEvent, WireLog } from '../sdk/store/wire-log.js'
 * @import { Texts } from './texts.js'
 */

/** How many of the latest events are listed. The whole list would slow the page down. */
const LISTED = 200;
/** How much of an event's data one line shows. */
const LINE = 160;

/** What was sent and received for an answer: the request, every event, and the gaps between the tokens. */
export class WireTab {
  #texts;
  #element;
  #address;
  #chat;
  #onCopy;
  #timeline;
  /** @type {string|null} the answer that was chosen; null for the last one */
  #chosen = null;
  /** @type {unknown[]} */
  #drawn = [];

  /**
   * @param {object} options
   * @param {HTMLElement} options.element
   * @param {Texts} options.texts
   * @param {string} options.address of the API
   * @param {() => Chat|null} options.chat
   * @param {(text: string) => void} options.onCopy
   */
  constructor({ element, texts, address, chat, onCopy }) {
    this.#element = element;
    this.#texts = texts;
    this.#address = address;
    this.#chat = chat;
    this.#onCopy = onCopy;
    this.#timeline = new Timeline(texts);
  }

  /** @param {string|null} answer its id; null for the last one */
  choose(answer) {
    this.#chosen = answer;
  }

  draw() {
    const chat = this.#chat();
    const { leaf } = chat?.conversation.get() ?? {};
    const id = this.#chosen && chat?.answer(this.#chosen) ? this.#chosen : (leaf ?? '');
    const wire = chat?.wireOf(id) ?? null;
    const key = [id, wire, wire?.events.length, wire?.dropped, wire?.request];
    if (key.every((value, index) => value === this.#drawn[index])) return;
    this.#drawn = key;
    render(wire ? this.#wire(wire) : html`<p class="panel-note">${this.#texts('wire.none')}</p>`, this.#element);
    if (wire) this.#timeline.show(wire, /** @type {HTMLElement} */ (this.#element.querySelector('.timeline')));
  }

  /** @param {WireLog} wire */
  #wire({ request, events, dropped }) {
    const texts = this.#texts;
    const hidden = dropped + Math.max(0, events.length - LISTED);
    const body = request ? JSON.stringify({ ...request, stream: true }, shortened, 2) : '';
    return html`
      <section>
        <h3>${texts('wire.timeline')}</h3>
        <div class="timeline"></div>
      </section>
      <section>
        <div class="panel-line"><h3>${texts('wire.request')}</h3>
          ${request ? html`<button type="button" class="small" @click=${() => this.#onCopy(curl(this.#address, request))}>${texts('wire.curl')}</button>` : nothing}</div>
        ${request ? html`<pre tabindex="0" aria-label=${texts('wire.request')}>POST ${this.#address}/infer
Authorization: Bearer ***
Content-Type: application/json

${body}</pre>` : html`<p class="panel-note">${texts('wire.norequest')}</p>`}
      </section>
      <section>
        <h3>${texts('wire.events', { count: events.length + dropped })}</h3>
        ${hidden > 0 ? html`<p class="panel-note">${texts('wire.hidden', { count: hidden })}</p>` : nothing}
        <div class="scroll" tabindex="0" role="region" aria-label=${texts('wire.events', { count: events.length + dropped })}>
          <table class="wire">
            <thead><tr><th scope="col">${texts('wire.offset')}</th><th scope="col">${texts('wire.event')}</th><th scope="col">${texts('wire.data')}</th></tr></thead>
            <tbody>${events.slice(-LISTED).map((event) => row(event))}</tbody>
          </table>
        </div>
      </section>`;
  }
}

/** @param {WireEvent} event */
function row({ offsetMs, type, data }) {
  return html`<tr><td>${(offsetMs / 1000).toFixed(3)} s</td><td>${type}</td><td title=${data.length > LINE ? data.slice(0, 2000) : nothing}>${data.length > LINE ? `${data.slice(0, LINE)}…` : data}</td></tr>`;
}

/** Pictures are long, and nobody reads them. @param {string} _ @param {unknown} value */
function shortened(_, value) {
  return typeof value === 'string' && value.startsWith('data:') && value.length > 100 ? `${value.slice(0, 60)}… (${value.length} characters)` : value;
}

/**
 * Returns a command line that sends the request. The access token comes from an environment variable, so that nobody pastes
 * it into a ticket.
 *
 * @param {string} address @param {object} request
 */
export function curl(address, request) {
  const body = JSON.stringify({ ...request, stream: true }).replaceAll("'", String.raw`'\''`);
  return [
    `curl -N '${address}/infer'`,
    `-H "Authorization: Bearer $LM_STUDIO_EE_TOKEN"`,
    "-H 'Content-Type: application/json'",
    "-H 'Accept: text/event-stream'",
    `--data-raw '${body}'`,
  ].join(' \\\n  ');
}
