/**
 * The message box. Enter sends the message, Shift+Enter inserts a line break, Esc stops the answer. The focus stays
 * where the user has put it.
 */
export class Composer {
  #message;
  #send;
  #stop;

  /**
   * @param {object} elements
   * @param {HTMLFormElement} elements.form
   * @param {HTMLTextAreaElement} elements.message
   * @param {HTMLButtonElement} elements.send
   * @param {HTMLButtonElement} elements.stop
   * @param {object} actions
   * @param {(text: string) => void} actions.onSend
   * @param {() => void} actions.onStop
   * @param {(draft: string) => void} actions.onDraft
   */
  constructor({ form, message, send, stop }, { onSend, onStop, onDraft }) {
    this.#message = message;
    this.#send = send;
    this.#stop = stop;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (send.hidden || message.value.trim() === '') return;
      const text = message.value;
      message.value = '';
      onDraft('');
      onSend(text);
    });
    message.addEventListener('keydown', (event) => {
      // While an input method is composing, Enter confirms a word.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    message.addEventListener('input', () => onDraft(message.value));
    stop.addEventListener('click', onStop);
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.isComposing && !stop.hidden) onStop();
    });
  }

  /** @param {string} text what was typed before a reload */
  restore(text) {
    if (this.#message.value === '') this.#message.value = text;
  }

  focus() {
    this.#message.focus();
  }

  /** @param {boolean} busy */
  update(busy) {
    const vanishing = busy ? this.#send : this.#stop;
    const focusWouldBeLost = document.activeElement === vanishing;
    this.#stop.hidden = !busy;
    this.#send.hidden = busy;
    if (focusWouldBeLost) this.focus();
  }
}
