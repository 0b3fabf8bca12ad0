import { NUMERIC_PARAMETERS, newAnswer, newConversation, newQuestion, pathOf, sideBySideOf, textOf } from './conversation.js';

/**
 * Conversations as files.
 *
 * @import { Conversation, Node, Picture, Settings } from './conversation.js'
 * @import { Turn } from './turn.js'
 */

const FORMAT = 'lmstudio-ee-conversations';
const VERSION = 1;
const ID = /^[A-Za-z0-9-]{1,64}$/;

/** Returns a JSON text with whole conversations, branches included. @param {Conversation[]} conversations */
export function exportJson(conversations) {
  return JSON.stringify({ format: FORMAT, version: VERSION, conversations }, null, 2);
}

/**
 * Reads what {@link exportJson} wrote. Unfinished answers become `cancelled` and are not resumed.
 *
 * @param {string} text
 * @returns {Conversation[]}
 * @throws {SyntaxError} if the text is not such a file; the message says what is wrong
 */
export function importJson(text) {
  const file = jsonOf(text);
  if (file?.format !== FORMAT) throw new SyntaxError(`This file is not an export of conversations: its "format" is not "${FORMAT}".`);
  if (file.version !== VERSION) throw new SyntaxError(`The file has version ${file.version}. This page reads version ${VERSION}.`);
  if (!Array.isArray(file.conversations) || file.conversations.length === 0) throw new SyntaxError('The file has no conversations.');
  return file.conversations.map(conversationOf);
}

/** @param {string} text */
function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError('This file is not JSON. Choose a file that was exported here.');
  }
}

/** Returns the branch that is shown, as Markdown. @param {Conversation} conversation @param {{you: string, assistant: string}} names */
export function exportMarkdown(conversation, names) {
  const parts = pathOf(conversation).map((node) => {
    if (node.role === 'user') return `## ${names.you}\n\n${node.text}`;
    const model = node.turn.modelId ? ` (${node.turn.modelId})` : '';
    return `## ${names.assistant}${model}\n\n${textOf(node)}`;
  });
  return `# ${conversation.title}\n\n${parts.join('\n\n')}\n`;
}

/** @param {any} from @param {number} index @returns {Conversation} */
function conversationOf(from, index) {
  const where = `Conversation ${index + 1}`;
  if (!isString(from?.id) || !ID.test(from.id) || typeof from.nodes !== 'object' || from.nodes === null) throw new SyntaxError(`${where} has no id or no messages.`);
  const empty = newConversation({ id: from.id, at: time(from.createdAt), settings: settingsOf(from.settings) });
  /** @type {Record<string, Node>} */
  const nodes = {};
  for (const [id, node] of Object.entries(from.nodes)) nodes[id] = nodeOf(id, node, where);
  for (const { id, parent } of Object.values(nodes)) {
    if (parent !== null && !Object.hasOwn(nodes, parent)) throw new SyntaxError(`${where}: message ${id} follows message ${parent}, which is missing.`);
  }
  for (const node of Object.values(nodes)) if (node.role === 'user' && node.sideBySide) node.sideBySide = sideBySideOf(nodes, node);
  const leaf = typeof from.leaf === 'string' && Object.hasOwn(nodes, from.leaf) ? from.leaf : (Object.keys(nodes).at(-1) ?? null);
  const conversation = { ...empty, title: string(from.title), updatedAt: time(from.updatedAt), draft: string(from.draft), leaf, nodes };
  refuseCircles(nodes, where);
  return conversation;
}

/** @param {Record<string, Node>} nodes @param {string} where */
function refuseCircles(nodes, where) {
  /** @type {Map<string, string>} from where each message was reached first */
  const reached = new Map();
  for (const start of Object.keys(nodes)) {
    let id = /** @type {string|null} */ (start);
    for (; id !== null && !reached.has(id); id = nodes[id].parent) reached.set(id, start);
    if (id !== null && reached.get(id) === start) throw new SyntaxError(`${where}: message ${id} follows itself.`);
  }
}

/** @param {string} id @param {any} from @param {string} where @returns {Node} */
function nodeOf(id, from, where) {
  if (!ID.test(id)) throw new SyntaxError(`${where} has a message with the id "${id}". An id has 1 to 64 letters, digits and hyphens.`);
  const parent = from?.parent ?? null;
  const fields = { id, parent, at: time(from?.at) };
  if (parent !== null && typeof parent !== 'string') throw new SyntaxError(`${where}: message ${id} has a wrong "parent".`);
  if (from?.role === 'user') {
    const pictures = Array.isArray(from.pictures) ? from.pictures.filter(isPicture) : [];
    const sideBySide = Array.isArray(from.sideBySide) ? { sideBySide: from.sideBySide.filter(isString) } : {};
    return { ...newQuestion({ ...fields, text: string(from.text), pictures }), ...sideBySide };
  }
  if (from?.role !== 'assistant') throw new SyntaxError(`${where}: message ${id} has the role "${from?.role}". It must be "user" or "assistant".`);
  const answer = newAnswer({ ...fields, settings: settingsOf(from.settings), prefix: string(from.prefix) });
  return { ...answer, turn: turnOf(from.turn, answer.turn) };
}

/** @param {any} from @param {Turn} empty @returns {Turn} */
function turnOf(from, empty) {
  const { stats, usage } = from ?? {};
  return {
    ...empty,
    modelId: typeof from?.modelId === 'string' ? from.modelId : null,
    text: string(from?.text),
    reasoning: string(from?.reasoning),
    reasoningMs: typeof from?.reasoningMs === 'number' ? from.reasoningMs : null,
    toolCalls: Array.isArray(from?.toolCalls)
      ? from.toolCalls.map((/** @type {any} */ call) => ({ id: string(call?.id), name: string(call?.name), arguments: string(call?.arguments) })) : [],
    finishReason: typeof from?.finishReason === 'string' ? from.finishReason : null,
    outcome: from?.outcome === 'completed' || from?.outcome === 'failed' ? from.outcome : 'cancelled',
    error: typeof from?.error?.message === 'string' ? { code: string(from.error.code), message: from.error.message, hint: string(from.error.hint) } : null,
    usage: typeof usage?.completion_tokens === 'number' && typeof usage.prompt_tokens === 'number' ? usage : null,
    stats: typeof stats === 'object' ? stats : null,
    sentAt: null,
  };
}

/** @param {any} from @returns {Settings} */
function settingsOf(from) {
  const { parameters } = from ?? {};
  // Everything else would become part of the next request.
  const known = Object.entries(parameters ?? {}).filter(([name, value]) =>
    (NUMERIC_PARAMETERS.includes(/** @type {any} */ (name)) && Number.isFinite(value)) || (name === 'reasoning_effort' && isString(value)) || (name === 'stop' && [value].flat().every(isString)));
  return { model: typeof from?.model === 'string' ? from.model : null, system: string(from?.system), parameters: Object.fromEntries(known) };
}

/** @param {any} picture @returns {picture is Picture} */
function isPicture(picture) {
  return typeof picture?.url === 'string' && /^data:image\/(?:png|jpeg|webp|gif);base64,/.test(picture.url) && typeof picture.name === 'string';
}

/** @param {unknown} value */
const isString = (value) => typeof value === 'string';

/** @param {unknown} value */
const string = (value) => (typeof value === 'string' ? value : '');

/** @param {unknown} value */
const time = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
