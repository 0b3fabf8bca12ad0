import { html, nothing, render } from '../vendor/lit-html.js';
import { branchNavigation } from './branch-navigation.js';
import { element } from './dom.js';
import { isComposing } from './keys.js';

/**
 * @import { Question } from '../sdk/store/conversation.js'
 * @import { MessageContext, Moment } from './messages.js'
 */

/** A message of the user. */
export class QuestionView {
  #context;
  #editing;
  /** Whether the edited message could not be sent, because an answer was running. */
  #refused = false;
  /** @type {Question} */
  #question;
  /** @type {Moment|null} */
  #moment = null;
  #drawn = '';

  /** @param {Question} question @param {MessageContext} context */
  constructor(question, context) {
    this.#question = question;
    this.#context = context;
    this.#editing = context.edits.has(question.id);
    this.element = element('article', 'question');
    this.element.setAttribute('aria-label', context.texts('you'));
  }

  /** @param {Question} question @param {Moment} moment */
  update(question, moment) {
    this.#question = question;
    this.#moment = moment;
    this.#draw();
  }

  #draw() {
    const { text, pictures, id } = this.#question;
    const branch = this.#moment?.branch;
    const key = JSON.stringify([this.#editing, this.#refused, id, branch]);
    if (!branch || key === this.#drawn) return;
    this.#drawn = key;
    const { texts, actions } = this.#context;
    render(this.#editing ? this.#editor() : html`
      ${pictures.length === 0 ? nothing : html`<ul class="pictures">${pictures.map(({ url, name }) => html`<li><img src=${url} alt=${name}></li>`)}</ul>`}
      ${text === '' ? nothing : html`<div class="question-text" dir="auto">${text}</div>`}
      <div class="actions">
        ${branchNavigation(branch, texts, actions.onSelect)}
        <button type="button" class="quiet small" @click=${() => actions.onCopy(text)}>${texts('copy')}</button>
        <button type="button" class="quiet small" @click=${() => this.#edit(true)}>${texts('edit')}</button>
      </div>`, this.element);
  }

  #editor() {
    const { texts, actions, edits } = this.#context;
    const { id, text: before } = this.#question;
    /** @param {SubmitEvent} event */
    const submit = (event) => {
      event.preventDefault();
      const text = this.element.querySelector('textarea')?.value ?? '';
      if (text.trim() === '') return;
      if (this.#moment?.chat.busy) return this.#refuse(true);
      this.#edit(false);
      actions.onEdit(id, text);
    };
    /** @param {Event} event */
    const keep = ({ target }) => {
      edits.set(id, /** @type {HTMLTextAreaElement} */ (target).value);
      this.#refuse(false);
    };
    /** @param {KeyboardEvent} event */
    const keys = (event) => {
      if (isComposing(event)) return;
      if (event.key === 'Escape') {
        event.stopPropagation();
        this.#edit(false);
      } else if (event.key === 'Enter' && !event.shiftKey) {
        event.preventDefault();
        this.element.querySelector('form')?.requestSubmit();
      }
    };
    return html`
      <form class="editor" @submit=${submit}>
        <textarea dir="auto" aria-label=${texts('edit.label')} .value=${edits.get(id) ?? before} @keydown=${keys} @input=${keep}></textarea>
        ${this.#refused ? html`<p class="editor-note" role="alert">${texts('edit.busy')}</p>` : nothing}
        <div class="actions">
          <button type="button" class="quiet small" @click=${() => this.#edit(false)}>${texts('cancel')}</button>
          <button type="submit" class="primary small">${texts('send')}</button>
        </div>
      </form>`;
  }

  /** @param {boolean} refused */
  #refuse(refused) {
    this.#refused = refused;
    this.#draw();
  }

  /** @param {boolean} editing */
  #edit(editing) {
    const { edits } = this.#context;
    this.#editing = editing;
    this.#refused = false;
    if (editing) edits.set(this.#question.id, this.#question.text);
    else edits.delete(this.#question.id);
    this.#draw();
    if (editing) this.element.querySelector('textarea')?.focus();
    else [...this.element.querySelectorAll('button')].at(-1)?.focus();
  }
}
