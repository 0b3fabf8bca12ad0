// @vitest-environment jsdom
import { expect, it, vi } from 'vitest';
import { Preferences } from '../../../main/webapp/js/page/preferences.js';
import { browserStorage } from '../../../main/webapp/js/page/storage.js';
import { newConversation } from '../../../main/webapp/js/sdk/store/conversation.js';

/** What the browser throws where the user forbids it to keep anything. */
const forbid = () => {
  throw new DOMException('Access is denied for this document.', 'SecurityError');
};

it.each(/** @type {const} */ (['localStorage', 'sessionStorage']))('preferencesWithout %s_endWithThePage', (name) => {
  const before = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(globalThis, name));
  Object.defineProperty(globalThis, name, { configurable: true, get: forbid });
  try {
    const preferences = new Preferences(name, '/root');
    preferences.set('theme', 'dark');
    expect(preferences.get('theme')).toBe('');
    preferences.forget();
  } finally {
    Object.defineProperty(globalThis, name, before);
  }
});

it('databaseThatCannotBeOpened_failsWithEachCallAndNotBefore', async () => {
  vi.stubGlobal('indexedDB', { open: forbid });
  vi.stubGlobal('BroadcastChannel', class {
    constructor() {
      forbid();
    }
  });
  const storage = browserStorage({ contextRoot: '/root', caller: 'ann' });
  storage.subscribe(() => {})();
  await expect(storage.all()).rejects.toThrow('denied');
  await expect(storage.save(newConversation({ id: 'c', at: 1 }), null)).rejects.toThrow('denied');
});
