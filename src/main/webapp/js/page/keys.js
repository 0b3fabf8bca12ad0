/**
 * The keys that work everywhere on the page. They are listed in the dialog that `?` opens.
 *
 * @param {object} actions
 * @param {HTMLDialogElement} actions.shortcuts
 * @param {() => void} actions.newChat
 * @param {() => void} actions.focusMessage
 * @param {() => void} actions.escape
 */
export function listenToKeys({ shortcuts, newChat, focusMessage, escape }) {
  document.addEventListener('keydown', (event) => {
    const { key, code, altKey, ctrlKey, metaKey, isComposing, target } = event;
    // A dialog closes itself on Escape.
    if (isComposing || document.querySelector('dialog[open]')) return;
    const typing = target instanceof HTMLElement && target.matches('input:not([type=checkbox]), textarea, select');
    if (key === 'Escape') escape();
    else if (key === '?' && !typing && !ctrlKey && !metaKey) shortcuts.showModal();
    else if (altKey && code === 'KeyN') newChat();
    else if (altKey && code === 'KeyM') focusMessage();
    else return;
    event.preventDefault();
  });
}
