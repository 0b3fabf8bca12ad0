import { allBranches, pathOf, sideBySideOf } from '../sdk/store/conversation.js';
import { AnswerView } from './answer-view.js';
import { element } from './dom.js';
import { QuestionView } from './question-view.js';

/**
 * @import { Announcer } from './announcer.js'
 * @import { Chat } from '../sdk/store/chat.js'
 * @import { Answer, Conversation, Node } from '../sdk/store/conversation.js'
 * @import { Texts } from './texts.js'
 *
 * @typedef {object} MessageActions
 * @property {(id: string, text: string) => void} onEdit
 * @property {(id: string) => void} onRegenerate
 * @property {(id: string) => void} onContinue
 * @property {(id: string) => void} onRetry
 * @property {(id: string) => void} onSelect shows another version of a message
 * @property {(id: string) => void} onInspect shows what was sent and received for an answer
 * @property {(text: string) => void} onCopy
 *
 * @typedef {object} MessageContext
 * @property {Texts} texts
 * @property {string} signInAddress
 * @property {MessageActions} actions
 * @property {Map<string, string>} edits the texts of the questions that are being edited, by their ids: they outlive their views
 *
 * @typedef {object} Moment what a message is drawn with, beside itself
 * @property {Chat} chat
 * @property {number} now epoch milliseconds
 * @property {boolean} isLast whether it is the last message, or beside it
 * @property {{at: number, of: number, previous: string|null, next: string|null}} branch its place among its versions
 */

/**
 * The messages on the page. Finished answers are in the log. An answer that is running, or that has a countdown, is outside
 * the log until it is finished, because a log must not change all the time. The {@link Announcer} has announced an answer
 * sentence by sentence when it enters the log, so the log itself is not announced again.
 */
export class Messages {
  #log;
  #live;
  #context;
  /** @type {Chat|null} */
  #chat = null;
  /** @type {Map<string, QuestionView|AnswerView>} by the id of the message */
  #views = new Map();
  /** @type {Map<string, HTMLElement>} by the id of the question */
  #pairs = new Map();
  /** What was drawn last, by the id of the message. @type {Map<string, {node: Node, branch: string}>} */
  #settled = new Map();

  /** @param {{log: HTMLElement, live: HTMLElement} & Omit<MessageContext, 'edits'>} options */
  constructor({ log, live, ...context }) {
    this.#log = log;
    this.#live = live;
    this.#context = { ...context, edits: new Map() };
  }

  /** @param {Chat} chat @param {number} now epoch milliseconds */
  update(chat, now) {
    if (chat !== this.#chat) this.#clear();
    this.#chat = chat;
    const conversation = chat.conversation.get();
    const path = pathOf(conversation);
    /** @type {HTMLElement[]} */
    const finished = [];
    /** @type {HTMLElement[]} */
    const restless = [];
    const shown = new Set();
    const branchesOf = allBranches(conversation);
    for (const [index, node] of path.entries()) {
      const isLast = index === path.length - 1;
      for (const one of besides(conversation, node)) {
        shown.add(one.id);
        const branch = branchOf(conversation, one, branchesOf(one.id));
        // A long conversation would otherwise cost time with every token.
        const settled = isLast ? '' : JSON.stringify([branch, chat.busy]);
        const known = this.#settled.get(one.id);
        if (settled !== '' && known?.node === one && known.branch === settled && !chat.isRunning(one.id)) continue;
        this.#settled.set(one.id, { node: one, branch: settled });
        this.#view(one).update(one, { chat, now, isLast, branch });
      }
      (isLast && isRestless(chat, node, now) ? restless : finished).push(this.#place(conversation, node));
    }
    this.#forget(shown);
    arrange(this.#log, finished);
    arrange(this.#live, restless);
  }

  /** @param {Node} node */
  #view(node) {
    let view = this.#views.get(node.id);
    if (!view) {
      view = node.role === 'user' ? new QuestionView(node, this.#context) : new AnswerView(node, this.#context);
      this.#views.set(node.id, view);
    }
    return /** @type {{element: HTMLElement, update: (node: Node, moment: Moment) => void}} */ (view);
  }

  /** @param {Conversation} conversation @param {Node} node @returns {HTMLElement} the element of the message, or of the pair that it belongs to */
  #place(conversation, node) {
    const nodes = besides(conversation, node);
    if (nodes.length === 1) return this.#view(node).element;
    const key = /** @type {string} */ (node.parent);
    const pair = this.#pairs.get(key) ?? element('div', 'side-by-side');
    this.#pairs.set(key, pair);
    arrange(pair, nodes.map((one) => this.#view(one).element));
    return pair;
  }

  /** @param {Set<string>} shown */
  #forget(shown) {
    for (const id of this.#views.keys()) {
      if (shown.has(id)) continue;
      this.#views.delete(id);
      this.#settled.delete(id);
    }
    for (const question of this.#pairs.keys()) if (!shown.has(question)) this.#pairs.delete(question);
  }

  #clear() {
    this.#views.clear();
    this.#pairs.clear();
    this.#settled.clear();
    this.#log.replaceChildren();
    this.#live.replaceChildren();
  }
}

/** Returns the answers that are shown side by side with this one, or the message alone. @param {Conversation} conversation @param {Node} node @returns {Node[]} */
function besides({ nodes }, node) {
  const question = node.role === 'assistant' ? nodes[node.parent ?? ''] : undefined;
  const ids = question?.role === 'user' ? sideBySideOf(nodes, question) : [];
  return ids.includes(node.id) ? ids.map((id) => nodes[id]) : [node];
}

/** @param {Conversation} conversation @param {Node} node @param {string[]} versions the ids of its versions @returns {Moment['branch']} */
function branchOf(conversation, node, versions) {
  const all = besides(conversation, node).length > 1 ? [node.id] : versions;
  const at = all.indexOf(node.id);
  return { at: at + 1, of: all.length, previous: all[at - 1] ?? null, next: all[at + 1] ?? null };
}

/** @param {Chat} chat @param {Node} node @param {number} now */
function isRestless(chat, node, now) {
  if (node.role === 'user') return false;
  return besides(chat.conversation.get(), node).some((one) => {
    const { turn } = /** @type {Answer} */ (one);
    return chat.isRunning(one.id) || (turn.error?.retryAt ?? 0) > now;
  });
}

/** Gives an element these children, and touches none that has its place already. @param {HTMLElement} parent @param {HTMLElement[]} children */
function arrange(parent, children) {
  children.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
  while (parent.children.length > children.length) parent.lastElementChild?.remove();
}
