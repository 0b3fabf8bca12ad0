// @vitest-environment jsdom
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { listenToKeys } from '../../../main/webapp/js/page/keys.js';

const actions = { newChat: vi.fn(), focusMessage: vi.fn(), escape: vi.fn() };
const field = document.createElement('textarea');
const WINDOWS = 'Win32';
const MAC = 'MacIntel';

beforeAll(() => listenToKeys({ shortcuts: document.createElement('dialog'), ...actions }));
beforeEach(() => {
  document.body.replaceChildren(field);
  for (const action of Object.values(actions)) action.mockClear();
});

/** @param {KeyboardEventInit} init @param {Element} [target] @returns {boolean} whether the browser goes on to write the character */
const press = (init, target = field) => target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }));
const platform = (/** @type {string} */ name) => vi.spyOn(navigator, 'platform', 'get').mockReturnValue(name);

it('altAlone_worksWhileTyping', () => {
  platform(WINDOWS);
  expect(press({ key: 'n', code: 'KeyN', altKey: true })).toBe(false);
  expect(press({ key: 'm', code: 'KeyM', altKey: true })).toBe(false);
  expect([actions.newChat.mock.calls.length, actions.focusMessage.mock.calls.length]).toEqual([1, 1]);
});

it.each(/** @type {[string, string, KeyboardEventInit][]} */ ([
  ['AltGr on Windows', WINDOWS, { key: 'ń', ctrlKey: true, modifierAltGraph: true }],
  ['AltGr on Linux', 'Linux x86_64', { key: 'ń', modifierAltGraph: true }],
  ['Option on a Mac', MAC, { key: 'Dead' }],
  ['Command and Option', MAC, { key: 'n', metaKey: true }],
]))('%s_writesACharacter', (_, name, init) => {
  platform(name);
  expect(press({ code: 'KeyN', altKey: true, ...init })).toBe(true);
  expect(press({ code: 'KeyM', altKey: true, ...init })).toBe(true);
  expect([actions.newChat.mock.calls.length, actions.focusMessage.mock.calls.length]).toEqual([0, 0]);
});

it('optionOnAMac_worksWhereNothingIsTyped', () => {
  platform(MAC);
  press({ key: 'Dead', code: 'KeyN', altKey: true }, document.body);
  expect(actions.newChat).toHaveBeenCalledOnce();
});

it('keyOfAnInputMethod_isLeftToIt', () => {
  press({ key: 'Escape', keyCode: 229 });
  press({ key: 'Escape', isComposing: true });
  expect(actions.escape).not.toHaveBeenCalled();
  press({ key: 'Escape' });
  expect(actions.escape).toHaveBeenCalledOnce();
});
