/**
 * The panel at the side, with tabs. A tab is drawn only while it is shown.
 *
 * @typedef {{draw: () => void}} Tab
 */
export class Panel {
  #panel;
  #toggle;
  #tabs;
  #shown = '';
  #onChange;

  /**
   * @param {object} options
   * @param {HTMLElement} options.panel contains buttons with the role `tab`, each of which controls a `tabpanel`
   * @param {HTMLButtonElement} options.toggle
   * @param {HTMLButtonElement} options.close
   * @param {Record<string, Tab>} options.tabs by the id of the `tabpanel`
   * @param {(open: boolean) => void} options.onChange
   */
  constructor({ panel, toggle, close, tabs, onChange }) {
    this.#panel = panel;
    this.#toggle = toggle;
    this.#tabs = tabs;
    this.#onChange = onChange;
    toggle.addEventListener('click', () => (this.isOpen ? this.close() : this.open(this.#shown)));
    close.addEventListener('click', () => this.close());
    const buttons = this.#buttons();
    for (const [index, button] of buttons.entries()) {
      button.addEventListener('click', () => this.open(button.getAttribute('aria-controls') ?? ''));
      button.addEventListener('keydown', ({ key }) => {
        const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
        const next = buttons[(index + step + buttons.length) % buttons.length];
        if (step === 0) return;
        next.focus();
        this.open(next.getAttribute('aria-controls') ?? '');
      });
    }
    this.#shown = buttons[0].getAttribute('aria-controls') ?? '';
  }

  get isOpen() {
    return !this.#panel.hidden;
  }

  /** The id of the tab that is shown; empty if the panel is closed. */
  get tab() {
    return this.isOpen ? this.#shown : '';
  }

  /** @param {string} tab its id */
  open(tab) {
    this.#shown = tab;
    this.#panel.hidden = false;
    this.#toggle.setAttribute('aria-expanded', 'true');
    for (const button of this.#buttons()) {
      const selected = button.getAttribute('aria-controls') === tab;
      button.setAttribute('aria-selected', String(selected));
      button.tabIndex = selected ? 0 : -1;
      const content = document.getElementById(button.getAttribute('aria-controls') ?? '');
      if (content) content.hidden = !selected;
      // On a narrow screen, the tabs do not fit beside each other.
      if (selected) this.#tabList.scrollLeft = button.offsetLeft - this.#tabList.offsetLeft;
    }
    this.draw();
    this.#onChange(true);
  }

  close() {
    if (!this.isOpen) return;
    const focusWouldBeLost = this.#panel.contains(document.activeElement);
    this.#panel.hidden = true;
    this.#toggle.setAttribute('aria-expanded', 'false');
    if (focusWouldBeLost) this.#toggle.focus();
    this.#onChange(false);
  }

  /** Draws the tab that is shown. */
  draw() {
    if (this.isOpen) this.#tabs[this.#shown]?.draw();
  }

  get #tabList() {
    return /** @type {HTMLElement} */ (this.#panel.querySelector('[role=tablist]'));
  }

  #buttons() {
    return /** @type {HTMLButtonElement[]} */ ([...this.#panel.querySelectorAll('[role=tab]')]);
  }
}
