import { actionsOf, bind, pathAtom } from './index.js';

/**
 * @import { ReadableAtom } from '../store/atom.js'
 * @import { Chat } from '../store/chat.js'
 * @import { ChatActions } from './index.js'
 *
 * @typedef {object} ReactParts what is used of React 18 and later
 * @property {<T>(subscribe: (changed: () => void) => () => void, get: () => T, getOnServer?: () => T) => T} useSyncExternalStore
 * @property {<F extends Function>(callback: F, dependencies: any[]) => F} useCallback
 */

/** What is derived from a chat is the same object at every render. @type {WeakMap<Chat, {path: ReturnType<typeof pathAtom>, actions: ChatActions}>} */
const parts = new WeakMap();

/** @param {Chat} chat */
function partsOf(chat) {
  const known = parts.get(chat) ?? { path: pathAtom(chat), actions: actionsOf(chat) };
  parts.set(chat, known);
  return known;
}

/**
 * Returns hooks for React: `createReactBindings({ useSyncExternalStore, useCallback })`.
 *
 * @param {ReactParts} react
 */
export function createReactBindings({ useSyncExternalStore, useCallback }) {
  /**
   * Returns the value of an atom. The component is rendered again after every change, until it is unmounted.
   *
   * @template T
   * @param {ReadableAtom<T>} source
   * @returns {T}
   */
  function useAtom(source) {
    const subscribe = useCallback((/** @type {() => void} */ changed) => bind(source, changed), [source]);
    return useSyncExternalStore(subscribe, source.get, source.get);
  }

  /**
   * Returns the state of a chat and its actions. Unmounting does not end an answer: call `detach` to leave it running on the
   * server, or `stop` to cancel it.
   *
   * @param {Chat} chat
   */
  function useChat(chat) {
    const { path, actions } = partsOf(chat);
    return {
      conversation: useAtom(chat.conversation),
      path: useAtom(path),
      status: useAtom(chat.status),
      retryAt: useAtom(chat.retryAt),
      ...actions,
    };
  }

  return { useAtom, useChat };
}
