/** Returns whether an input method handles the key, for example Enter to confirm a word. Safari tells only by the key code. @param {KeyboardEvent} event */
export const isComposing = ({ isComposing: composing, keyCode }) => composing || keyCode === 229;

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
    const { key, code, altKey, ctrlKey, metaKey, target } = event;
    // A dialog closes itself on Escape.
    if (isComposing(event) || document.querySelector('dialog[open]')) return;
    const typing = target instanceof HTMLElement && target.matches('input:not([type=checkbox]), textarea, select');
    // With AltGr, and on a Mac with Option, these keys write characters.
    const alone = altKey && !ctrlKey && !metaKey && !event.getModifierState('AltGraph') && !(typing && isMac());
    if (key === 'Escape') escape();
    else if (key === '?' && !typing && !ctrlKey && !metaKey) shortcuts.showModal();
    else if (alone && code === 'KeyN') newChat();
    else if (alone && code === 'KeyM') focusMessage();
    else return;
    event.preventDefault();
  });
}

const isMac = () => /mac|iphone|ipad/i.test(navigator.platform);
