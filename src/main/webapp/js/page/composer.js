import { html, nothing, render } from '../vendor/lit-html.js';
import { isComposing } from './keys.js';
import { LONGEST_URLS, MOST_PICTURES, imagesOf, lengthOf, pictureOf } from './pictures.js';

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
  /** The pictures that are attached, by conversation. They are drafts as the text is, but too large to be stored. @type {WeakMap<object, Picture[]>} */
  #pictures = new WeakMap();
  /** How many times pictures are being read, by conversation. @type {WeakMap<object, number>} */
  #reading = new WeakMap();
  /** @type {object} */
  #conversation = {};
  /** Whether there is a conversation to send to. */
  #started = false;
  /** The draft that is shown when the page has started. */
  #draft = '';
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
   * @param {() => void} actions.onPictures called when pictures were added or removed
   * @param {() => string} actions.whyNoPictures returns why the model cannot take pictures; empty if it can
   * @param {() => Picture[]} actions.earlierPictures returns those of the messages that are sent again with the next one
   * @param {Texts} texts
   */
  constructor(elements, actions, texts) {
    this.#elements = elements;
    this.#texts = texts;
    this.#actions = actions;
    const { form, message, send, stop, attach, files } = elements;
    send.disabled = true;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    message.addEventListener('keydown', (event) => {
      // While an input method is composing, Enter confirms a word.
      if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
      event.preventDefault();
      form.requestSubmit();
    });
    message.addEventListener('input', () => this.#started && actions.onDraft(message.value));
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

  /** The pictures that are attached to the message. @returns {Picture[]} */
  get pictures() {
    return this.#pictures.get(this.#conversation) ?? [];
  }

  get #isReading() {
    return (this.#reading.get(this.#conversation) ?? 0) > 0;
  }

  /** @param {string} text the draft of the conversation that is shown now @param {object} [conversation] default the same as before */
  show(text, conversation = this.#conversation) {
    const { message } = this.#elements;
    if (!this.#started) this.#pictures.set(conversation, this.pictures);
    this.#conversation = conversation;
    this.#draft = text;
    if (this.#started && message.value !== text) message.value = text;
    this.#tell('');
  }

  /** Lets the user send, as soon as the conversations are there. What was typed before is kept. */
  start() {
    const { message, send } = this.#elements;
    const typed = message.value;
    const text = [...new Set([this.#draft, typed])].filter((part) => part !== '').join('\n');
    this.#started = true;
    send.disabled = false;
    if (text !== typed) message.value = text;
    if (text !== this.#draft) this.#actions.onDraft(text);
  }

  /** Lets the user write and send nothing any more. */
  end() {
    const { message, send, attach } = this.#elements;
    for (const element of [message, send, attach]) element.disabled = true;
  }

  focus() {
    this.#elements.message.focus();
  }

  /** Draws again what depends on the model. */
  refresh() {
    if (this.pictures.length > 0) this.#tell(this.#actions.whyNoPictures());
    else if (this.#note !== '') this.#tell('');
  }

  /** @param {File[]} files */
  async attach(files) {
    const refusal = this.#actions.whyNoPictures();
    if (refusal !== '') return this.#tell(refusal);
    const conversation = this.#conversation;
    const count = (/** @type {number} */ more) => this.#reading.set(conversation, (this.#reading.get(conversation) ?? 0) + more);
    count(1);
    this.#tell('');
    const note = await this.#read(files, conversation).finally(() => count(-1));
    // Another conversation may be shown by now.
    if (conversation === this.#conversation) this.#tell(note);
  }

  /** @param {File[]} files @param {object} conversation @returns {Promise<string>} what is wrong with them; empty for nothing */
  async #read(files, conversation) {
    const attached = () => this.#pictures.get(conversation) ?? [];
    let note = '';
    for (const file of files) {
      if (attached().length >= MOST_PICTURES) {
        note = this.#texts('pictures.many', { most: MOST_PICTURES });
        break;
      }
      const picture = await pictureOf(file);
      if (!picture) note = this.#texts('pictures.unreadable', { name: file.name });
      else if (this.#isTooLong([...attached(), picture])) note = this.#texts('pictures.full', { name: file.name });
      else this.#pictures.set(conversation, [...attached(), picture]);
    }
    return note;
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
    const { pictures } = this;
    // A message that is sent while its picture is being read would go without it.
    if (!this.#started || send.hidden || this.#isReading || (text.trim() === '' && pictures.length === 0)) return;
    const refusal = pictures.length > 0 ? this.#actions.whyNoPictures() : '';
    if (refusal !== '') return this.#tell(refusal);
    if (pictures.length > 0 && this.#isTooLong(pictures)) return this.#tell(this.#texts('pictures.full', { name: pictures[pictures.length - 1].name }));
    message.value = '';
    this.#actions.onDraft('');
    this.#pictures.delete(this.#conversation);
    this.#tell('');
    this.#actions.onSend(text, pictures);
  }

  /** Each request has all pictures of the conversation. @param {Picture[]} pictures of the next message */
  #isTooLong(pictures) {
    return lengthOf([...this.#actions.earlierPictures(), ...pictures]) > LONGEST_URLS;
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
    this.#actions.onPictures();
    const texts = this.#texts;
    render(html`
      ${this.pictures.length === 0 ? nothing : html`<ul class="pictures">${this.pictures.map((picture) => html`
        <li><img src=${picture.url} alt=${picture.name}>
          <button type="button" class="small" aria-label=${texts('pictures.remove', { name: picture.name })} @click=${() => this.#remove(picture)}>×</button></li>`)}</ul>`}
      ${this.#isReading ? html`<p class="attached-note" role="status">${texts('pictures.reading')}</p>` : nothing}
      ${note === '' ? nothing : html`<p class="attached-note" role="alert">${note}</p>`}`, this.#elements.attached);
  }

  /** @param {Picture} picture */
  #remove(picture) {
    this.#pictures.set(this.#conversation, this.pictures.filter((one) => one !== picture));
    this.#tell('');
    this.focus();
  }
}
