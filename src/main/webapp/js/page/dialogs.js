/**
 * Asks a question in a dialog of the page.
 *
 * @param {HTMLDialogElement} dialog contains a `p` for the question, and buttons with the values `yes` and `no`
 * @returns {(question: string, action: string) => Promise<boolean>} asks with the name of the action; resolves to whether the
 *   user agreed
 */
export function confirmBy(dialog) {
  const question = /** @type {HTMLElement} */ (dialog.querySelector('p'));
  const yes = /** @type {HTMLButtonElement} */ (dialog.querySelector('button[value=yes]'));
  return (text, action) => {
    question.textContent = text;
    yes.textContent = action;
    dialog.returnValue = '';
    dialog.showModal();
    return new Promise((resolve) => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }));
  };
}

/** Offers a text as a file. @param {string} name @param {string} type @param {string} text */
export function saveFile(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken over the content as soon as the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
