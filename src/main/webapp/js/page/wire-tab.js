import { figuresOf } from '../sdk/store/figures.js';
import { html, nothing, render, repeat } from '../vendor/lit-html.js';
import { decimal } from './texts.js';
import { Timeline } from './timeline.js';

/**
 * @import { InferRequest } from '../sdk/client.js'
 * @import { Clock } from '../sdk/clock.js'
 * @import { Chat } from '../sdk/store/chat.js'
 * @import { WireEvent, WireLog } from '../sdk/store/wire-log.js'
 * @import { Texts } from './texts.js'
 */

/** How many events are listed: the first ones, with the first token, and the latest ones. All of them would slow the page down. */
const FIRST = 20;
const LATEST = 180;
/** How many characters of an event's data one line shows. */
const LINE = 160;
/** How often new events are drawn. Nobody reads faster, and the answer beside them must stay smooth. */
const EVERY_MS = 250;
/** Fields that all events of a stream have in common. A line leaves them out. */
const COMMON = new Set(['stream_id', 'model_id', 'prompt_hash', 'cursor']);

/** What was sent and received for an answer: the request, every event, and the gaps between the tokens. */
export class WireTab {
  #texts;
  #element;
  #address;
  #chat;
  #onCopy;
  #clock;
  #timeline;
  /** @type {string|null} the answer that was chosen; null for the last one */
  #chosen = null;
  /** @type {WireEvent|null} the event that is shown completely */
  #opened = null;
  /** What is drawn, without the events. @type {unknown[]} */
  #drawn = [];
  /** How many events are drawn, and how many were dropped. @type {unknown[]} */
  #counts = [];
  #drawnAt = -Infinity;
  /** @type {(() => void)|null} */
  #cancelLater = null;
  /** The text of the request that is drawn: it may contain pictures. @type {{request: InferRequest|null, text: string}} */
  #body = { request: null, text: '' };
  /** What the line of an event says. @type {WeakMap<WireEvent, string>} */
  #lines = new WeakMap();

  /**
   * @param {object} options
   * @param {HTMLElement} options.element
   * @param {Texts} options.texts
   * @param {string} options.address of the API
   * @param {() => Chat|null} options.chat
   * @param {(text: string) => void} options.onCopy
   * @param {Clock} options.clock
   */
  constructor({ element, texts, address, chat, onCopy, clock }) {
    this.#element = element;
    this.#texts = texts;
    this.#address = address;
    this.#chat = chat;
    this.#onCopy = onCopy;
    this.#clock = clock;
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
    if (this.#opened && !wire?.events.includes(this.#opened)) this.#opened = null;
    const key = [id, wire, wire?.request, this.#opened];
    const counts = [wire?.events.length, wire?.dropped];
    const grows = isSame(key, this.#drawn);
    if (grows && isSame(counts, this.#counts)) return;
    const now = this.#clock.now();
    const wait = this.#drawnAt + EVERY_MS - now;
    if (grows && wait > 0) {
      this.#cancelLater ??= this.#clock.after(wait, () => this.draw());
      return;
    }
    this.#cancelLater?.();
    this.#cancelLater = null;
    [this.#drawn, this.#counts, this.#drawnAt] = [key, counts, now];
    const turn = chat?.answer(id)?.turn;
    render(wire ? this.#wire(id, wire) : html`<p class="panel-note">${this.#texts('wire.none')}</p>`, this.#element);
    if (wire) this.#timeline.show(wire, turn ? figuresOf(turn, now).firstTokenMs : null, /** @type {HTMLElement} */ (this.#element.querySelector('.timeline')));
  }

  /** @param {string} id @param {WireLog} wire */
  #wire(id, { request, events, dropped }) {
    const texts = this.#texts;
    const hidden = Math.max(0, events.length - FIRST - LATEST);
    const numbered = (/** @type {WireEvent} */ event, /** @type {number} */ index) => ({ event, number: dropped + index + 1 });
    const listed = hidden > 0
      ? [...events.slice(0, FIRST).map(numbered), ...events.slice(-LATEST).map((event, index) => numbered(event, FIRST + hidden + index))]
      : events.map(numbered);
    if (request !== this.#body.request) this.#body = { request, text: JSON.stringify({ ...request, stream: true }, shortened, 2) };
    return html`
      <section>
        <h3>${texts('wire.timeline')}</h3>
        <div class="timeline"></div>
      </section>
      <section>
        <div class="panel-line"><h3>${texts('wire.request')}</h3>
          ${request ? html`<button type="button" class="small" @click=${() => this.#onCopy(curl(this.#address, request))}>${texts('wire.curl')}</button>` : nothing}</div>
        ${request ? html`<pre tabindex="0" aria-label=${texts('wire.request')}>POST ${this.#address}/infer
Cookie: ***
Idempotency-Key: ${id}
Accept: application/json
Content-Type: application/json

${this.#body.text}</pre>` : html`<p class="panel-note">${texts('wire.norequest')}</p>`}
      </section>
      <section>
        <h3>${texts('wire.events', { count: events.length + dropped })}</h3>
        ${hidden + dropped > 0 ? html`<p class="panel-note">${texts('wire.hidden', { count: hidden + dropped })}</p>` : nothing}
        <div class="scroll" tabindex="0" role="region" aria-label=${texts('wire.events', { count: events.length + dropped })}>
          <table class="wire">
            <thead><tr><th scope="col">${texts('wire.offset')}</th><th scope="col">${texts('wire.event')}</th><th scope="col">${texts('wire.data')}</th></tr></thead>
            <tbody>${repeat(listed, ({ number }) => number, ({ event, number }) => this.#row(event, number))}</tbody>
          </table>
        </div>
        ${this.#opened ? html`<pre class="wire-event" tabindex="0" aria-label=${this.#opened.type}>${indented(this.#opened.data)}</pre>` : nothing}
      </section>`;
  }

  /** @param {WireEvent} event @param {number} number */
  #row(event, number) {
    const { offsetMs, type, data } = event;
    const line = this.#lines.get(event) ?? lineOf(data);
    this.#lines.set(event, line);
    const show = () => {
      this.#opened = this.#opened === event ? null : event;
      this.draw();
    };
    return html`<tr><td>${decimal(offsetMs / 1000, 3)} s</td>
      <td><button type="button" class="plain" aria-expanded=${this.#opened === event} aria-label=${`${type}: ${this.#texts('wire.show', { number })}`} @click=${show}>${type}</button></td>
      <td>${line}</td></tr>`;
  }
}

/** @param {unknown[]} one @param {unknown[]} other */
const isSame = (one, other) => one.length === other.length && one.every((value, index) => value === other[index]);

/** Returns the data of an event on one line, without what all events have. @param {string} data */
function lineOf(data) {
  const fields = jsonObject(data);
  const own = fields ? JSON.stringify(Object.fromEntries(Object.entries(fields).filter(([name]) => !COMMON.has(name)))) : data;
  return own.length > LINE ? `${own.slice(0, LINE)}…` : own;
}

/** @param {string} data */
function indented(data) {
  const fields = jsonObject(data);
  return fields ? JSON.stringify(fields, null, 2) : data;
}

/** @param {string} data @returns {Record<string, unknown>|null} */
function jsonObject(data) {
  try {
    const value = JSON.parse(data);
    return typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** Pictures are long, and nobody reads them. @param {string} _ @param {unknown} value */
function shortened(_, value) {
  return typeof value === 'string' && value.startsWith('data:') && value.length > 100 ? `${value.slice(0, 60)}… (${value.length} characters)` : value;
}

/**
 * Returns a command line that sends the request. The access token comes from the environment variable `TOKEN`, as in all
 * documents, so that nobody pastes it into a ticket.
 *
 * @param {string} address @param {object} request
 */
export function curl(address, request) {
  const body = JSON.stringify({ ...request, stream: true }).replaceAll("'", String.raw`'\''`);
  return [
    `curl -N '${address}/infer'`,
    `-H "Authorization: Bearer $TOKEN"`,
    "-H 'Content-Type: application/json'",
    "-H 'Accept: text/event-stream'",
    `--data-raw '${body}'`,
  ].join(' \\\n  ');
}
