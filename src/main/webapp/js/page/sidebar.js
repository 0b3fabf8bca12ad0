import { html, nothing, render, repeat } from '../vendor/lit-html.js';
import { isComposing } from './keys.js';

/**
 * @import { Conversations, Entry } from '../sdk/store/conversations.js'
 * @import { Texts } from './texts.js'
 */

/** The list of conversations, with search, rename and delete. */
export class Sidebar {
  #conversations;
  #texts;
  #list;
  #confirm;
  #onOpen;
  #searchField;
  #search = '';
  /** @type {string|null} the conversation that is being renamed */
  #renaming = null;

  /**
   * @param {object} options
   * @param {Conversations} options.conversations
   * @param {Texts} options.texts
   * @param {HTMLElement} options.list
   * @param {HTMLInputElement} options.search
   * @param {(question: string, action: string) => Promise<boolean>} options.confirm
   * @param {() => void} options.onOpen called after a conversation was chosen
   */
  constructor({ conversations, texts, list, search, confirm, onOpen }) {
    this.#conversations = conversations;
    this.#texts = texts;
    this.#list = list;
    this.#confirm = confirm;
    this.#onOpen = onOpen;
    this.#searchField = search;
    search.addEventListener('input', () => {
      this.#search = search.value;
      this.draw();
    });
    search.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || search.value === '' || isComposing(event)) return;
      event.preventDefault();
      event.stopPropagation();
      search.value = this.#search = '';
      this.draw();
    });
    conversations.entries.subscribe(() => this.draw());
    conversations.current.subscribe(() => this.draw());
  }

  draw() {
    const current = this.#conversations.current.get()?.conversation.get().id;
    const entries = this.#search.trim() === '' ? this.#conversations.entries.get() : this.#conversations.search(this.#search);
    const none = this.#search.trim() === '' ? 'sidebar.empty' : 'sidebar.nothing';
    render(entries.length === 0 ? html`<li class="sidebar-note">${this.#texts(none)}</li>`
      : repeat(entries, ({ id }) => id, (entry) => this.#entry(entry, entry.id === current)), this.#list);
  }

  /** @param {Entry} entry @param {boolean} current */
  #entry({ id, title, running }, current) {
    const texts = this.#texts;
    const name = title === '' ? texts('sidebar.untitled') : title;
    if (this.#renaming === id) return html`<li class="conversation">${this.#editor(id, name)}</li>`;
    return html`<li class="conversation" ?data-current=${current}>
      <button type="button" class="quiet open" data-id=${id} aria-current=${current ? 'true' : nothing} title=${name} @click=${() => this.#open(id)}>
        <span class="conversation-title" dir="auto">${name}</span>
        ${running ? html`<span class="running" role="img" aria-label=${texts('sidebar.running')}></span>` : nothing}
      </button>
      <span class="conversation-actions">
        <button type="button" class="quiet small" aria-label=${texts('sidebar.rename.label', { name })} @click=${() => this.#rename(id)}>${texts('sidebar.rename')}</button>
        <button type="button" class="quiet small" aria-label=${texts('sidebar.delete.label', { name })} @click=${() => this.#delete(id, name)}>${texts('sidebar.delete')}</button>
      </span>
    </li>`;
  }

  /** @param {string} id @param {string} name */
  #editor(id, name) {
    /** @param {string} [title] */
    const end = (title = '') => {
      this.#renaming = null;
      this.#conversations.rename(id, title);
      this.draw();
    };
    /** @param {string} [title] */
    const endByKey = (title) => {
      end(title);
      this.#focus(id);
    };
    /** @param {KeyboardEvent} event */
    const keys = (event) => {
      if (isComposing(event)) return;
      const { value } = /** @type {HTMLInputElement} */ (event.target);
      if (event.key === 'Enter') endByKey(value);
      if (event.key === 'Escape') {
        event.stopPropagation();
        endByKey();
      }
    };
    return html`<input type="text" dir="auto" maxlength="200" aria-label=${this.#texts('sidebar.rename.field')} .value=${name}
      @keydown=${keys} @blur=${(/** @type {FocusEvent} */ { target }) => this.#renaming === id && end(/** @type {HTMLInputElement} */ (target).value)}>`;
  }

  /** @param {string} id */
  #open(id) {
    this.#conversations.open(id);
    this.#onOpen();
  }

  /** @param {string} id */
  #rename(id) {
    this.#renaming = id;
    this.draw();
    const field = this.#list.querySelector('input');
    field?.focus();
    field?.select();
  }

  /** @param {string} id @param {string} name */
  async #delete(id, name) {
    const texts = this.#texts;
    const agreed = await this.#confirm(texts('sidebar.delete.question', { name }), texts('sidebar.delete'));
    const place = this.#buttons().findIndex((button) => button.dataset.id === id);
    const removed = agreed ? this.#conversations.remove(id) : null;
    // The button that was pressed is gone, or hidden again.
    const left = this.#buttons();
    (left[Math.min(place, left.length - 1)] ?? this.#searchField).focus();
    await removed;
  }

  /** @returns {HTMLElement[]} one for each conversation that is listed */
  #buttons() {
    return [...this.#list.querySelectorAll('.open')].map((button) => /** @type {HTMLElement} */ (button));
  }

  /** @param {string} id */
  #focus(id) {
    this.#buttons().find((button) => button.dataset.id === id)?.focus();
  }
}
