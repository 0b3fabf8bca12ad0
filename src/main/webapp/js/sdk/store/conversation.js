import { newTurn } from './turn.js';

/**
 * A conversation as a value: a tree of messages, as plain JSON. An edited question and a new answer are further branches, so
 * nothing is ever overwritten. The path from the first message to the `leaf` is what a page shows.
 *
 * @import { ContentPart, InferRequest, Message, Parameters } from '../client.js'
 * @import { Turn } from './turn.js'
 *
 * @typedef {{name: string, url: string, width: number, height: number}} Picture url is a data URI
 *
 * @typedef {object} Question
 * @property {'user'} role
 * @property {string} id
 * @property {string|null} parent the answer before it; null for the first message
 * @property {number} at epoch milliseconds
 * @property {string} text
 * @property {Picture[]} pictures
 * @property {string[]} [sideBySide] the answers that were asked for at the same time, each from another model
 *
 * @typedef {object} Answer
 * @property {'assistant'} role
 * @property {string} id also the key with which the server knows the request
 * @property {string|null} parent the question; null if the answer was requested in another program
 * @property {number} at epoch milliseconds
 * @property {Settings} settings what the request was sent with
 * @property {string} prefix the text that this answer continues; empty for a new answer
 * @property {Turn} turn
 *
 * @typedef {Question|Answer} Node
 *
 * @typedef {object} Settings
 * @property {string|null} model null if the server chooses
 * @property {string} system the system prompt; empty for none
 * @property {Parameters} parameters
 *
 * @typedef {object} Conversation
 * @property {string} id
 * @property {string} title empty until the first message
 * @property {number} createdAt epoch milliseconds
 * @property {number} updatedAt when the last message was added, in epoch milliseconds
 * @property {string|null} leaf the last message that is shown; null in an empty conversation
 * @property {Settings} settings for the next request
 * @property {string} draft what was typed and not sent
 * @property {Record<string, Node>} nodes
 */

const TITLE_LENGTH = 60;

/** The parameters that are numbers. */
export const NUMERIC_PARAMETERS = /** @type {const} */ ([
  'temperature', 'top_p', 'top_k', 'min_p', 'max_tokens', 'repeat_penalty', 'presence_penalty', 'frequency_penalty', 'seed',
]);

/** @type {Settings} */
export const DEFAULT_SETTINGS = { model: null, system: '', parameters: {} };

/** Returns a conversation without messages. @param {{id: string, at: number, settings?: Settings}} start @returns {Conversation} */
export function newConversation({ id, at, settings = DEFAULT_SETTINGS }) {
  return { id, title: '', createdAt: at, updatedAt: at, leaf: null, settings, draft: '', nodes: {} };
}

/** Returns a message of the user. @param {{id: string, parent: string|null, at: number, text: string, pictures?: Picture[]}} fields @returns {Question} */
export function newQuestion({ id, parent, at, text, pictures = [] }) {
  return { role: 'user', id, parent, at, text, pictures };
}

/**
 * Returns an answer of which nothing has been received. With a `streamId`, its stream was started elsewhere.
 *
 * @param {{id: string, parent: string|null, at: number, settings: Settings, prefix?: string, streamId?: string|null}} fields
 * @returns {Answer}
 */
export function newAnswer({ id, parent, at, settings, prefix = '', streamId = null }) {
  const turn = newTurn({ modelId: settings.model, sentAt: streamId === null ? at : null, streamId });
  return { role: 'assistant', id, parent, at, settings, prefix, turn };
}

/** Adds a message and shows it. @param {Conversation} conversation @param {Node} node @returns {Conversation} */
export function withNode(conversation, node) {
  const title = conversation.title || (node.role === 'user' ? titleOf(node.text) : '');
  return { ...conversation, title, updatedAt: node.at, leaf: node.id, nodes: { ...conversation.nodes, [node.id]: node } };
}

/** Replaces the turn of an answer. @param {Conversation} conversation @param {string} id of an answer @param {Turn} turn @returns {Conversation} */
export function withTurn(conversation, id, turn) {
  const node = conversation.nodes[id];
  if (node?.role !== 'assistant' || node.turn === turn) return conversation;
  return { ...conversation, nodes: { ...conversation.nodes, [id]: { ...node, turn } } };
}

/** Puts an answer in the place of another one that has no text. @param {Conversation} conversation @param {Answer} old @param {Answer} answer @returns {Conversation} */
export function withReplacement(conversation, old, answer) {
  const nodes = { ...conversation.nodes, [answer.id]: answer };
  delete nodes[old.id];
  const question = nodes[answer.parent ?? ''];
  const place = (/** @type {string|null} */ id) => (id === old.id ? answer.id : id);
  if (question?.role === 'user' && question.sideBySide) {
    nodes[question.id] = { ...question, sideBySide: question.sideBySide.map((id) => place(id) ?? id) };
  }
  return { ...conversation, updatedAt: answer.at, leaf: place(conversation.leaf), nodes };
}

/** Moves `leaf` to the newest message below a node. @param {Conversation} conversation @param {string} id @returns {Conversation} */
export function withBranch(conversation, id) {
  let leaf = conversation.nodes[id];
  if (!leaf) return conversation;
  for (let next; (next = childrenOf(conversation, leaf.id).at(-1)); ) leaf = next;
  return leaf.id === conversation.leaf ? conversation : { ...conversation, leaf: leaf.id };
}

/** Returns the messages that are shown, from the first to the last. @param {Pick<Conversation, 'nodes'|'leaf'>} conversation @returns {Node[]} */
export function pathOf({ nodes, leaf }) {
  /** @type {Set<Node>} */
  const path = new Set();
  // A damaged conversation may have a circle.
  for (let id = leaf; id !== null && nodes[id] && !path.has(nodes[id]); id = nodes[id].parent) path.add(nodes[id]);
  return [...path].reverse();
}

/** Returns the ids of the message and of its other versions, oldest first. @param {Conversation} conversation @param {string} id @returns {string[]} */
export function branchesOf(conversation, id) {
  return allBranches(conversation)(id);
}

/**
 * Reads a conversation once, and returns a function that does the same as {@link branchesOf} for each of its messages.
 *
 * @param {Conversation} conversation
 * @returns {(id: string) => string[]}
 */
export function allBranches({ nodes }) {
  const keyOf = (/** @type {Node} */ { role, parent }) => `${role} ${parent}`;
  /** @type {Map<string, string[]>} */
  const branches = new Map();
  for (const node of Object.values(nodes).sort((a, b) => a.at - b.at)) {
    const known = branches.get(keyOf(node));
    if (known) known.push(node.id);
    else branches.set(keyOf(node), [node.id]);
  }
  return (id) => (nodes[id] ? (branches.get(keyOf(nodes[id])) ?? []) : []);
}

/** @param {Conversation} conversation @param {string|null} parent @returns {Node[]} oldest first */
function childrenOf({ nodes }, parent) {
  return Object.values(nodes).filter((node) => node.parent === parent).sort((a, b) => a.at - b.at);
}

/** Returns the ids of the answers that a question has side by side. A file may name others, too. @param {Conversation['nodes']} nodes @param {Question} question */
export function sideBySideOf(nodes, { id: parent, sideBySide = [] }) {
  return [...new Set(sideBySide)].filter((id) => Object.hasOwn(nodes, id) && nodes[id].role === 'assistant' && nodes[id].parent === parent);
}

/** Returns the whole text of an answer. @param {Answer} answer */
export function textOf({ prefix, turn }) {
  return prefix + turn.text;
}

/**
 * Returns the request of an answer: the system prompt, then every question with its answer up to here. An earlier question
 * without an answer is left out, because chat templates require that user and assistant alternate.
 *
 * @param {Conversation} conversation @param {string} id
 * @returns {InferRequest}
 */
export function requestOf(conversation, id) {
  const path = pathOf({ ...conversation, leaf: id });
  const answer = path.pop();
  if (answer?.role !== 'assistant') throw new TypeError(`The conversation has no answer ${id}.`);
  const { model, system, parameters } = answer.settings;
  /** @type {Message[]} */
  const messages = system.trim() === '' ? [] : [{ role: 'system', content: system }];
  path.forEach((node, index) => {
    const next = path[index + 1];
    if (node.role === 'user') {
      if (!next || (next.role === 'assistant' && textOf(next) !== '')) messages.push({ role: 'user', content: contentOf(node) });
    } else if (node.parent !== null && textOf(node) !== '') {
      messages.push({ role: 'assistant', content: textOf(node) });
    }
  });
  if (answer.prefix !== '') messages.push({ role: 'assistant', content: answer.prefix });
  return { ...parameters, ...(model === null ? {} : { model }), messages };
}

/** @param {Question} question @returns {string|ContentPart[]} */
function contentOf({ text, pictures }) {
  if (pictures.length === 0) return text;
  const parts = pictures.map(({ url }) => /** @type {ContentPart} */ ({ type: 'image_url', image_url: { url } }));
  return text.trim() === '' ? parts : [{ type: 'text', text }, ...parts];
}

/** Returns the first words of a text. @param {string} text */
export function titleOf(text) {
  const line = text.trim().replace(/\s+/g, ' ');
  const characters = [...line];
  return characters.length <= TITLE_LENGTH ? line : `${characters.slice(0, TITLE_LENGTH - 1).join('')}…`;
}

/** Returns whether the title or a message contains the text, whatever its case. @param {Conversation} conversation @param {string} text */
export function contains({ title, nodes }, text) {
  const wanted = text.trim().toLowerCase();
  if (title.toLowerCase().includes(wanted)) return true;
  return Object.values(nodes).some((node) => (node.role === 'user' ? node.text : textOf(node)).toLowerCase().includes(wanted));
}

/** Returns the answers that have not ended, including those whose connection failed. @param {Conversation} conversation @returns {Answer[]} */
export function unfinishedOf({ nodes }) {
  return Object.values(nodes).filter((node) => node.role === 'assistant' && node.turn.outcome === null)
    .map((node) => /** @type {Answer} */ (node));
}
