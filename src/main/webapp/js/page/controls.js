import { exportJson, exportMarkdown, importJson } from '../sdk/store/files.js';
import { saveFile } from './dialogs.js';
import { byId } from './dom.js';

/**
 * @import { Preferences } from './preferences.js'
 * @import { Shared } from './shared.js'
 */

/** @param {Shared} shared */
export function bindOfflineSwitch({ offline, preferences, conversations, models, drawSoon }) {
  const button = byId('offline', HTMLButtonElement);
  button.addEventListener('click', () => offline.set(!offline.get()));
  offline.subscribe((off) => {
    button.setAttribute('aria-checked', String(off));
    document.body.toggleAttribute('data-offline', off);
    byId('offline-note', HTMLElement).hidden = !off;
    preferences.set('offline', off ? 'true' : '');
    conversations.wake();
    // Also loads the list for the first time.
    void models.refresh();
    drawSoon();
  });
}

/** Export and import. @param {Shared} shared */
export function bindFiles(shared) {
  const { conversations, texts } = shared;
  const names = { you: texts('you'), assistant: texts('assistant') };
  const day = () => new Date().toISOString().slice(0, 10);
  const files = byId('import-file', HTMLInputElement);
  byId('export', HTMLButtonElement).addEventListener('click', () => saveFile(`conversations-${day()}.json`, 'application/json', exportJson(conversations.all())));
  byId('export-markdown', HTMLButtonElement).addEventListener('click', () => {
    if (shared.current) saveFile(`conversation-${day()}.md`, 'text/markdown', exportMarkdown(shared.current.conversation.get(), names));
  });
  byId('import', HTMLButtonElement).addEventListener('click', () => files.click());
  files.addEventListener('change', async () => {
    const note = byId('import-note', HTMLElement);
    try {
      const read = importJson((await files.files?.[0]?.text()) ?? '');
      note.textContent = texts('import.done', { added: conversations.add(read), count: read.length });
      note.className = 'notice info';
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      note.textContent = texts('import.failed', { message: error.message });
      note.className = 'notice error';
    }
    note.hidden = false;
    files.value = '';
  });
}

/** @param {HTMLSelectElement} select @param {Preferences} preferences */
export function bindTheme(select, preferences) {
  const show = () => (select.value === '' ? delete document.documentElement.dataset.theme : (document.documentElement.dataset.theme = select.value));
  select.value = preferences.get('theme');
  show();
  select.addEventListener('change', () => {
    preferences.set('theme', select.value);
    show();
  });
}
