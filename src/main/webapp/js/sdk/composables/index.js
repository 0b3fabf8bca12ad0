/**
 * Binds the store to a page. The frameworks are handed in, so these modules import none and run without a build.
 *
 * @import { ReadableAtom } from '../store/atom.js'
 * @import { Chat } from '../store/chat.js'
 * @import { Node } from '../store/conversation.js'
 *
 * @typedef {object} ChatActions the actions of a chat as functions that can be handed on by themselves
 * @property {Chat['send']} send
 * @property {Chat['edit']} edit
 * @property {Chat['regenerate']} regenerate
 * @property {Chat['continueAnswer']} continueAnswer
 * @property {Chat['retry']} retry
 * @property {Chat['resume']} resume
 * @property {Chat['follow']} follow
 * @property {Chat['stop']} stop
 * @property {Chat['stopAll']} stopAll
 * @property {Chat['detach']} detach
 * @property {Chat['wake']} wake
 * @property {Chat['clear']} clear
 * @property {Chat['select']} select
 * @property {Chat['change']} change
 */
import { atom } from '../store/atom.js';
import { pathOf } from '../store/conversation.js';

/**
 * Calls a function with the value of an atom, now and after every change.
 *
 * @template T
 * @param {ReadableAtom<T>} source
 * @param {(value: T) => void} show
 * @returns {() => void} ends this; later calls have no effect
 */
export function bind(source, show) {
  let bound = true;
  const unsubscribe = source.subscribe((value) => {
    if (bound) show(value);
  });
  return () => {
    bound = false;
    unsubscribe();
  };
}

/**
 * Binds several atoms and returns one function that ends all of it.
 *
 * @param {(() => void)[]} bindings what {@link bind} has returned
 */
export function together(...bindings) {
  return () => bindings.splice(0).forEach((unbind) => unbind());
}

/**
 * Calls a function with the value of an atom at most once per animation frame, with the newest value.
 *
 * @template T
 * @param {ReadableAtom<T>} source
 * @param {(value: T) => void} show
 * @param {{requestFrame?: (draw: () => void) => unknown}} [options] requestFrame: default that of the page
 * @returns {() => void} ends this
 */
export function bindPerFrame(source, show, { requestFrame = requestAnimationFrame } = {}) {
  let bound = true;
  let due = false;
  const unbind = bind(source, () => {
    if (due) return;
    due = true;
    requestFrame(() => {
      due = false;
      if (bound) show(source.get());
    });
  });
  return () => {
    bound = false;
    unbind();
  };
}

/**
 * Returns an atom whose value is derived from another one. It subscribes to that one only while it has a listener itself.
 *
 * @template T, U
 * @param {ReadableAtom<T>} source
 * @param {(value: T) => U} derive
 * @returns {ReadableAtom<U>}
 */
export function derived(source, derive) {
  /** @type {{from: T, value: U}|null} */
  let last = null;
  const get = () => {
    const from = source.get();
    if (!last || !Object.is(last.from, from)) last = { from, value: derive(from) };
    return last.value;
  };
  return {
    get,
    subscribe(listener) {
      const value = atom(get());
      const unbind = bind(source, () => value.set(get()));
      const unsubscribe = value.subscribe(listener);
      return together(unbind, unsubscribe);
    },
  };
}

/** Returns an atom of the messages that are shown. @param {Chat} chat @returns {ReadableAtom<Node[]>} */
export function pathAtom(chat) {
  return derived(chat.conversation, pathOf);
}

/** @param {Chat} chat @returns {ChatActions} */
export function actionsOf(chat) {
  return {
    send: (text, options) => chat.send(text, options),
    edit: (id, text) => chat.edit(id, text),
    regenerate: (id) => chat.regenerate(id),
    continueAnswer: (id) => chat.continueAnswer(id),
    retry: (id) => chat.retry(id),
    resume: () => chat.resume(),
    follow: (streamId) => chat.follow(streamId),
    stop: () => chat.stop(),
    stopAll: () => chat.stopAll(),
    detach: () => chat.detach(),
    wake: () => chat.wake(),
    clear: () => chat.clear(),
    select: (id) => chat.select(id),
    change: (fields) => chat.change(fields),
  };
}
