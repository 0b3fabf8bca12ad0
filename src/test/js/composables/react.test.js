// @vitest-environment jsdom
import { StrictMode, act, createElement, useCallback, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createReactBindings } from '../../../main/webapp/js/sdk/composables/react.js';
import { openChat, textOfPath } from './fixture.js';

const { useAtom, useChat } = createReactBindings({ useSyncExternalStore, useCallback });

beforeEach(() => void vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true));
afterEach(() => document.body.replaceChildren());

const shown = () => document.querySelector('output')?.textContent;
/** Draws what has changed meanwhile. @param {string} text */
const untilShown = (text) => vi.waitFor(async () => {
  await act(async () => {});
  expect(shown()).toBe(text);
});

it('component_showsTheGrowingAnswerAndUnsubscribesWhenItIsUnmounted', async () => {
  const { chat, mock, counts } = openChat();
  function View() {
    const { path, status, send } = useChat(chat);
    return createElement('div', null, createElement('button', { onClick: () => void send('Hi') }), createElement('output', null, `${status}: ${textOfPath(path)}`));
  }
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  await act(async () => root.render(createElement(StrictMode, null, createElement(View))));
  expect(shown()).toBe('idle: ');
  const next = mock.nextStream();
  await act(async () => document.querySelector('button')?.click());
  const stream = await next;
  stream.deltas('Hel');
  await untilShown('streaming: Hi|Hel');
  stream.deltas('lo');
  await untilShown('streaming: Hi|Hello');
  stream.complete();
  await untilShown('done: Hi|Hello');
  expect(counts.listeners).toBeGreaterThan(0);
  await act(async () => root.unmount());
  expect(counts.listeners).toBe(0);
});

it('actions_areTheSameAtEveryRender', async () => {
  const { chat } = openChat();
  /** @type {unknown[]} */
  const seen = [];
  function View() {
    seen.push(useChat(chat).send);
    return createElement('output', null, useAtom(chat.conversation).title);
  }
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  await act(async () => root.render(createElement(View)));
  await act(async () => chat.change({ title: 'Renamed' }));
  expect(shown()).toBe('Renamed');
  expect(new Set(seen).size).toBe(1);
  expect(seen.length).toBeGreaterThan(1);
  await act(async () => root.unmount());
});
