// @vitest-environment jsdom
import { createPinia, defineStore, setActivePinia } from 'pinia';
import { afterEach, expect, it, vi } from 'vitest';
import { computed, createApp, effectScope, h, isProxy, onScopeDispose, shallowReadonly, shallowRef } from 'vue';
import { createVueBindings } from '../../../main/webapp/js/sdk/composables/vue.js';
import { openChat, textOfPath } from './fixture.js';

const { useAtom, useChat } = createVueBindings({ shallowRef, shallowReadonly, onScopeDispose });

afterEach(() => document.body.replaceChildren());

it('component_showsTheGrowingAnswerAndUnsubscribesWhenItIsUnmounted', async () => {
  const { chat, mock, counts } = openChat();
  const app = createApp({
    setup() {
      const { path, status, send } = useChat(chat);
      return () => h('div', [h('button', { onClick: () => void send('Hi') }, 'Send'), h('output', `${status.value}: ${textOfPath(path.value)}`)]);
    },
  });
  app.mount(document.body.appendChild(document.createElement('div')));
  const shown = () => document.querySelector('output')?.textContent;
  expect(shown()).toBe('idle: ');
  const next = mock.nextStream();
  document.querySelector('button')?.click();
  const stream = await next;
  stream.deltas('Hel');
  await vi.waitFor(() => expect(shown()).toBe('streaming: Hi|Hel'));
  stream.deltas('lo');
  await vi.waitFor(() => expect(shown()).toBe('streaming: Hi|Hello'));
  stream.complete();
  await vi.waitFor(() => expect(shown()).toBe('done: Hi|Hello'));
  expect(counts.listeners).toBeGreaterThan(0);
  app.unmount();
  expect(counts.listeners).toBe(0);
});

it('ref_isReadonlyAndEndsWithItsScope', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const { chat, counts } = openChat();
  const scope = effectScope();
  const status = scope.run(() => useAtom(chat.status));
  /** @type {any} */ (status).value = 'done';
  expect(status?.value).toBe('idle');
  expect(warn).toHaveBeenCalled();
  expect(counts.listeners).toBe(1);
  scope.stop();
  expect(counts.listeners).toBe(0);
});

it('piniaStore_holdsAChat', async () => {
  const { chat, mock, counts } = openChat();
  const pinia = createPinia();
  setActivePinia(pinia);
  const useStore = defineStore('chat', () => {
    const bound = useChat(chat);
    return { ...bound, text: computed(() => textOfPath(bound.path.value)) };
  });
  const store = useStore();
  const next = mock.nextStream();
  const sent = store.send('Hi');
  const stream = await next;
  stream.deltas('Hello');
  await vi.waitFor(() => expect(store.text).toBe('Hi|Hello'));
  expect(store.status).toBe('streaming');
  await store.stop();
  await sent;
  expect(store.status).toBe('cancelled');
  expect(stream.status).toBe('cancelled');
  store.$dispose();
  expect(counts.listeners).toBe(0);
});

it('values_areTheSdksOwnAndCanBeCloned', () => {
  const { chat } = openChat();
  const bound = effectScope().run(() => useChat(chat));
  expect(bound?.conversation.value).toBe(chat.conversation.get());
  setActivePinia(createPinia());
  const store = defineStore('own', () => useChat(chat))();
  expect(isProxy(store.conversation)).toBe(false);
  expect(structuredClone(store.conversation)).toEqual(chat.conversation.get());
});
