import { actionsOf, bind, pathAtom } from './index.js';

/**
 * @import { ReadableAtom } from '../store/atom.js'
 * @import { Chat } from '../store/chat.js'
 *
 * @typedef {object} VueParts what is used of Vue 3
 * @property {<T>(value: T) => {value: T}} shallowRef
 * @property {(ref: any) => any} shallowReadonly
 * @property {(dispose: () => void) => void} onScopeDispose
 */

/**
 * Returns composables for Vue: `createVueBindings({ shallowRef, shallowReadonly, onScopeDispose })`.
 *
 * @param {VueParts} vue
 */
export function createVueBindings({ shallowRef, shallowReadonly, onScopeDispose }) {
  /**
   * Returns the value of an atom as a readonly ref. It follows the atom until the scope (a component, a Pinia store) ends.
   * Values are the SDK's own, without proxies: the SDK never changes a value, it replaces it.
   *
   * @template T
   * @param {ReadableAtom<T>} source
   * @returns {{readonly value: T}}
   */
  function useAtom(source) {
    const ref = shallowRef(source.get());
    onScopeDispose(bind(source, (value) => (ref.value = value)));
    return shallowReadonly(ref);
  }

  /**
   * Returns the state of a chat as readonly refs, and its actions. The end of the scope does not end an answer: call
   * `detach` to leave it running on the server, or `stop` to cancel it.
   *
   * @param {Chat} chat
   */
  function useChat(chat) {
    return {
      conversation: useAtom(chat.conversation),
      path: useAtom(pathAtom(chat)),
      status: useAtom(chat.status),
      retryAt: useAtom(chat.retryAt),
      ...actionsOf(chat),
    };
  }

  return { useAtom, useChat };
}
