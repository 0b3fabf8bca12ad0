import { byId } from './dom.js';
import { Sidebar } from './sidebar.js';

/** @import { Shared } from './shared.js' */

/**
 * Creates the list of conversations. On a narrow screen it is a drawer, which the menu button opens.
 *
 * @param {Shared} shared
 * @param {object} options
 * @param {(question: string, action: string) => Promise<boolean>} options.confirm
 * @param {() => void} options.focusMessage
 */
export function createNavigation({ conversations, texts }, { confirm, focusMessage }) {
  const menu = byId('menu', HTMLButtonElement);
  const isOpen = () => document.body.hasAttribute('data-sidebar');
  const show = (/** @type {boolean} */ open) => {
    document.body.toggleAttribute('data-sidebar', open);
    menu.setAttribute('aria-expanded', String(open));
  };
  menu.addEventListener('click', (event) => {
    event.stopPropagation();
    show(!isOpen());
  });
  document.querySelector('.stage')?.addEventListener('click', () => show(false));
  new Sidebar({
    conversations, texts, confirm,
    list: byId('conversations', HTMLElement),
    search: byId('search', HTMLInputElement),
    onOpen: () => show(false),
  });
  const newChat = () => {
    conversations.create();
    show(false);
    focusMessage();
  };
  byId('new-chat', HTMLButtonElement).addEventListener('click', newChat);
  return {
    newChat,
    /** Closes the drawer. @returns {boolean} whether it was open */
    close() {
      if (!isOpen()) return false;
      show(false);
      menu.focus();
      return true;
    },
  };
}
