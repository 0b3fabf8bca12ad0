import { DEFAULT_SETTINGS, NUMERIC_PARAMETERS } from '../sdk/store/conversation.js';
import { element, setText } from './dom.js';

/**
 * @import { Parameters } from '../sdk/client.js'
 * @import { Settings } from '../sdk/store/conversation.js'
 * @import { Texts } from './texts.js'
 */

/** The form with the system prompt and the parameters of the next request. A wrong value is marked, and not sent. */
export class SettingsForm {
  #form;
  #wrong;
  /** @type {Map<string, HTMLElement>} */
  #notes = new Map();
  /** @type {Settings} */
  #settings = DEFAULT_SETTINGS;

  /** @param {{form: HTMLFormElement, texts: Texts, onChange: (settings: Settings) => void}} options */
  constructor({ form, texts, onChange }) {
    this.#form = form;
    this.#wrong = (/** @type {string} */ message) => texts('settings.wrong', { message });
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('input', () => {
      this.#settings = { ...this.#settings, system: this.#text('system'), parameters: this.#parameters() };
      onChange(this.#settings);
    });
    // The browser's own message would move the focus into the field, for example while the user is writing a message.
    form.addEventListener('change', () => this.#mark());
    form.addEventListener('reset', (event) => {
      event.preventDefault();
      this.#write({ ...DEFAULT_SETTINGS, model: this.#settings.model });
      onChange(this.#settings);
    });
  }

  /** @param {Settings} settings */
  show(settings) {
    const key = (/** @type {Settings} */ { system, parameters }) => JSON.stringify([system, parameters]);
    const unchanged = key(settings) === key(this.#settings);
    this.#settings = settings;
    // Another model was picked, or a message was sent. A wrong value that the user is correcting stays in its field.
    if (unchanged) return;
    this.#write(settings);
  }

  /** @param {Settings} settings */
  #write(settings) {
    this.#settings = settings;
    const { parameters, system } = settings;
    this.#set('system', system);
    for (const name of NUMERIC_PARAMETERS) this.#set(name, parameters[name] === undefined ? '' : String(parameters[name]));
    this.#set('stop', [parameters.stop ?? []].flat().join('\n'));
    this.#set('reasoning_effort', parameters.reasoning_effort ?? '');
    this.#mark();
  }

  /** Returns the values that are given. An empty field leaves the value to LM Studio. @returns {Parameters} */
  #parameters() {
    /** @type {Parameters} */
    const parameters = {};
    for (const name of NUMERIC_PARAMETERS) if (this.#text(name) !== '' && this.#field(name).validity.valid) parameters[name] = Number(this.#text(name));
    const stop = this.#text('stop').split('\n').filter((line) => line !== '');
    if (stop.length > 0) parameters.stop = stop;
    const effort = this.#text('reasoning_effort').trim();
    if (effort !== '') parameters.reasoning_effort = effort;
    return parameters;
  }

  /** Says beside each field what is wrong with its value. */
  #mark() {
    for (const name of NUMERIC_PARAMETERS) {
      const field = this.#field(name);
      const { valid } = field.validity;
      field.setAttribute('aria-invalid', String(!valid));
      const note = this.#notes.get(name) ?? this.#createNote(name, field);
      setText(note, valid ? '' : this.#wrong(field.validationMessage));
      note.hidden = valid;
    }
  }

  /** @param {string} name @param {HTMLElement} field */
  #createNote(name, field) {
    const note = element('span', 'field-note');
    note.id = `${name}-note`;
    note.setAttribute('role', 'alert');
    field.setAttribute('aria-describedby', note.id);
    field.after(note);
    this.#notes.set(name, note);
    return note;
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement|HTMLTextAreaElement} */ (this.#form.elements.namedItem(name));
  }

  /** @param {string} name */
  #text(name) {
    return this.#field(name).value;
  }

  /** @param {string} name @param {string} value */
  #set(name, value) {
    const field = this.#field(name);
    // A field that contains no number at all has an empty value, too.
    if (field.value !== value || !field.validity.valid) field.value = value;
  }
}
