// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest';
import { Sidebar } from '../../../main/webapp/js/page/sidebar.js';
import { atom } from '../../../main/webapp/js/sdk/store/atom.js';

/** @import { Conversations, Entry } from '../../../main/webapp/js/sdk/store/conversations.js' */

const texts = (/** @type {string} */ key, /** @type {Record<string, string|number>} */ values = {}) => [key, ...Object.values(values)].join(' ');
const entries = atom(/** @type {Entry[]} */ ([]));
const confirm = vi.fn(async () => true);
const focused = () => /** @type {HTMLElement} */ (document.activeElement);
/** @param {string} name */
const press = (name) => {
  const button = /** @type {HTMLElement} */ ([...document.querySelectorAll('button')].find((one) => one.getAttribute('aria-label') === name));
  button.focus();
  button.click();
};

beforeEach(() => {
  const list = document.createElement('ul');
  const search = document.createElement('input');
  search.id = 'search';
  document.body.replaceChildren(search, list);
  entries.set(['one', 'two', 'three'].map((id) => ({ id, title: id, updatedAt: 1, running: false })));
  const conversations = /** @type {Conversations} */ (/** @type {unknown} */ ({
    entries, current: atom(null), search: () => entries.get(),
    rename: (/** @type {string} */ id, /** @type {string} */ title) => entries.set(entries.get().map((entry) => (entry.id === id && title !== '' ? { ...entry, title } : entry))),
    remove: async (/** @type {string} */ id) => entries.set(entries.get().filter((entry) => entry.id !== id)),
  }));
  confirm.mockResolvedValue(true);
  new Sidebar({ conversations, texts, list, search, confirm, onOpen: () => {} });
});

it.each([['Enter', 'new name'], ['Escape', 'two']])('%s_endsARenameWithTheFocusOnTheConversation', (key, title) => {
  press('sidebar.rename.label two');
  const field = /** @type {HTMLInputElement} */ (focused());
  expect(field.localName).toBe('input');
  field.value = 'new name';
  field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  expect(focused().matches('.open')).toBe(true);
  expect(focused().textContent?.trim()).toBe(title);
});

it('enterOfAnInputMethodInSafari_doesNotEndARename', () => {
  press('sidebar.rename.label two');
  focused().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true }));
  expect(focused().localName).toBe('input');
});

it('escapeInTheSearch_clearsItAndNothingElse', () => {
  const search = /** @type {HTMLInputElement} */ (document.getElementById('search'));
  const others = vi.fn();
  document.addEventListener('keydown', others);
  const escape = () => search.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  search.value = 'tw';
  search.dispatchEvent(new Event('input'));
  escape();
  expect([search.value, others.mock.calls.length]).toEqual(['', 0]);
  escape();
  expect(others).toHaveBeenCalledOnce();
  document.removeEventListener('keydown', others);
});

it('renameThatEndsByAClickElsewhere_leavesTheFocusThere', () => {
  press('sidebar.rename.label two');
  document.getElementById('search')?.focus();
  expect(focused().id).toBe('search');
  expect(document.querySelectorAll('.open')).toHaveLength(3);
});

it('delete_movesTheFocusToTheConversationInItsPlace', async () => {
  press('sidebar.delete.label two');
  await vi.waitFor(() => expect(document.querySelectorAll('.open')).toHaveLength(2));
  expect(focused().textContent?.trim()).toBe('three');
  press('sidebar.delete.label three');
  await vi.waitFor(() => expect(focused().textContent?.trim()).toBe('one'));
  press('sidebar.delete.label one');
  await vi.waitFor(() => expect(focused().id).toBe('search'));
});

it('deleteThatIsCancelled_keepsTheFocusOnTheConversation', async () => {
  confirm.mockResolvedValue(false);
  press('sidebar.delete.label two');
  focused().blur();
  await vi.waitFor(() => expect(focused().textContent?.trim()).toBe('two'));
});
