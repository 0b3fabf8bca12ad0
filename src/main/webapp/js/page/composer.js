import { html, nothing, render } from '../vendor/lit-html.js';
import { MOST_PICTURES, imagesOf, pictureOf } from './pictures.js';

/**
 * @import { Picture } from '../sdk/store/conversation.js'
 * @import { Texts } from './texts.js'
 */

/**
 * The message box. Enter sends the message, Shift+Enter inserts a line break. The focus stays where the user has put it.
 */
export class Composer {
  #elements;
  #texts;
  #actions;
  /** @type {Picture[]} */
  #pictures = [];
  #note = '';

  /**
   * @param {object} elements
   * @param {HTMLFormElement} elements.form
   * @param {HTMLTextAreaElement} elements.message
   * @param {HTMLButtonElement} elements.send
   * @param {HTMLButtonElement} elements.stop
   * @param {HTMLButtonElement} elements.attach
   * @param {HTMLInputElement} elements.files
   * @param {HTMLElement} elements.attached
   * @param {object} actions
   * @param {(text: string, pictures: Picture[]) => void} actions.onSend
   * @param {() => void} actions.onStop
   * @param {(draft: string) => void} actions.onDraft
   * @param {() => string} actions.whyNoPictures returns why the model cannot take pictures; empty if it can
   * @param {Texts} texts
   */
  constructor(elements, actions, texts) {
    this.#elements = elements;
    this.#texts = texts;
    this.#actions = actions;
    const { form, message, stop, attach, files } = elements;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    message.addEventListener('keydown', (event) => {
      // While an input method is composing, Enter confirms a word.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    message.addEventListener('input', () => actions.onDraft(message.value));
    stop.addEventListener('click', actions.onStop);
    attach.addEventListener('click', () => files.click());
    files.addEventListener('change', () => {
      void this.attach([...(files.files ?? [])]);
      files.value = '';
    });
    message.addEventListener('paste', (event) => {
      const images = imagesOf(event.clipboardData);
      if (images.length === 0) return;
      event.preventDefault();
      void this.attach(images);
    });
    this.#acceptDrops();
  }

  /** @param {string} text the draft of the conversation that is shown now */
  show(text) {
    if (this.#elements.message.value !== text) this.#elements.message.value = text;
    this.#pictures = [];
    this.#tell('');
  }

  focus() {
    this.#elements.message.focus();
  }

  /** Draws again what depends on the model. */
  refresh() {
    if (this.#pictures.length > 0) this.#tell(this.#actions.whyNoPictures());
    else if (this.#note !== '') this.#tell('');
  }

  /** @param {File[]} files */
  async attach(files) {
    const refusal = this.#actions.whyNoPictures();
    if (refusal !== '') return this.#tell(refusal);
    let note = '';
    for (const file of files) {
      if (this.#pictures.length >= MOST_PICTURES) {
        note = this.#texts('pictures.many', { most: MOST_PICTURES });
        break;
      }
      const picture = await pictureOf(file);
      if (picture) this.#pictures = [...this.#pictures, picture];
      else note = this.#texts('pictures.unreadable', { name: file.name });
    }
    this.#tell(note);
  }

  /** @param {boolean} busy */
  update(busy) {
    const { send, stop } = this.#elements;
    const vanishing = busy ? send : stop;
    const focusWouldBeLost = document.activeElement === vanishing;
    stop.hidden = !busy;
    send.hidden = busy;
    if (focusWouldBeLost) this.focus();
  }

  #submit() {
    const { message, send } = this.#elements;
    const text = message.value;
    if (send.hidden || (text.trim() === '' && this.#pictures.length === 0)) return;
    const refusal = this.#pictures.length > 0 ? this.#actions.whyNoPictures() : '';
    if (refusal !== '') return this.#tell(refusal);
    const pictures = this.#pictures;
    message.value = '';
    this.#actions.onDraft('');
    this.#pictures = [];
    this.#tell('');
    this.#actions.onSend(text, pictures);
  }

  #acceptDrops() {
    const { form } = this.#elements;
    document.addEventListener('dragover', (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      form.toggleAttribute('data-dropping', true);
    });
    document.addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) form.removeAttribute('data-dropping');
    });
    document.addEventListener('drop', (event) => {
      form.removeAttribute('data-dropping');
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      const images = imagesOf(event.dataTransfer);
      if (images.length > 0) void this.attach(images);
      else this.#tell(this.#texts('pictures.other'));
    });
  }

  /** @param {string} note */
  #tell(note) {
    this.#note = note;
    const texts = this.#texts;
    render(html`
      ${this.#pictures.length === 0 ? nothing : html`<ul class="pictures">${this.#pictures.map((picture) => html`
        <li><img src=${picture.url} alt=${picture.name}>
          <button type="button" class="small" aria-label=${texts('pictures.remove', { name: picture.name })} @click=${() => this.#remove(picture)}>×</button></li>`)}</ul>`}
      ${note === '' ? nothing : html`<p class="attached-note" role="alert">${note}</p>`}`, this.#elements.attached);
  }

  /** @param {Picture} picture */
  #remove(picture) {
    this.#pictures = this.#pictures.filter((one) => one !== picture);
    this.#tell('');
    this.focus();
  }
}
