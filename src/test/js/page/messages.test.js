// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest';
import { Messages } from '../../../main/webapp/js/page/messages.js';
import { Chat } from '../../../main/webapp/js/sdk/store/chat.js';
import { newAnswer, newConversation, newQuestion, withNode } from '../../../main/webapp/js/sdk/store/conversation.js';

/** @import { Client } from '../../../main/webapp/js/sdk/client.js' */

const settings = { model: null, system: '', parameters: {} };
/** @type {Chat} */
let chat;
/** @type {Messages} */
let messages;
/** @param {string} selector @returns {any} */
const $ = (selector) => document.querySelector(selector);

/** @param {string} id @param {string} parent @param {string} text */
function ended(id, parent, text) {
  const answer = newAnswer({ id, parent, at: Number(id.slice(1)), settings });
  return { ...answer, turn: { ...answer.turn, text, outcome: /** @type {const} */ ('completed') } };
}

beforeEach(() => {
  vi.stubGlobal('ResizeObserver', class { observe() {} });
  const [log, live] = [document.createElement('div'), document.createElement('div')];
  document.body.replaceChildren(log, live);
  const pair = { ...newQuestion({ id: 'q3', parent: null, at: 3, text: 'Both?' }), sideBySide: ['a4', 'a5'] };
  const nodes = [newQuestion({ id: 'q1', parent: null, at: 1, text: 'First?' }), ended('a2', 'q1', 'One.'), pair, ended('a4', 'q3', 'Left.'), ended('a5', 'q3', 'Right.')];
  const conversation = nodes.reduce(withNode, newConversation({ id: 'c', at: 0 }));
  chat = new Chat({ client: /** @type {Client} */ ({}), conversation });
  const nothing = () => {};
  messages = new Messages({
    texts: (key) => key, log, live, signInAddress: '/login',
    actions: { onEdit: nothing, onRegenerate: nothing, onContinue: nothing, onRetry: nothing, onSelect: nothing, onInspect: nothing, onCopy: nothing },
  });
  messages.update(chat, 10);
});

it('answersSideBySide_areKeptOnlyWhileTheyAreShown', () => {
  const pair = $('.side-by-side');
  expect(pair.textContent).toContain('Left.');
  messages.update(chat, 11);
  expect($('.side-by-side')).toBe(pair);
  chat.select('q1');
  messages.update(chat, 12);
  expect($('.side-by-side')).toBeNull();
  chat.select('q3');
  messages.update(chat, 13);
  expect($('.side-by-side')).not.toBe(pair);
  expect($('.side-by-side').textContent).toContain('Left.');
});

it('storedQuestionWithForeignAnswersSideBySide_showsItsOwn', () => {
  const broken = chat.conversation.get();
  const question = { ...broken.nodes.q3, sideBySide: ['a4', 'a4', 'constructor', 'toString', 'a2', 'q1', 'a5'] };
  const other = new Chat({ client: /** @type {Client} */ ({}), conversation: { ...broken, nodes: { ...broken.nodes, q3: /** @type {any} */ (question) } } });
  messages.update(other, 11);
  expect([...document.querySelectorAll('.side-by-side .answer-text')].map(({ textContent }) => textContent?.trim())).toEqual(['Left.', 'Right.']);
});

it('messageOfAnotherBranch_isDrawnAnewWhenItComesBack', () => {
  const question = $('.question');
  chat.select('q1');
  messages.update(chat, 11);
  chat.select('q3');
  messages.update(chat, 12);
  expect($('.question')).not.toBe(question);
  expect($('.question-text').textContent).toBe('Both?');
});

it('questionThatIsBeingEdited_keepsItsTextWhileSomethingElseIsShown', () => {
  const edit = () => /** @type {HTMLElement} */ ([...document.querySelectorAll('.question button')].find(({ textContent }) => textContent === 'edit')).click();
  edit();
  const field = $('.editor textarea');
  expect(document.activeElement).toBe(field);
  field.value = 'Both, but shorter?';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  const other = new Chat({ client: /** @type {Client} */ ({}), conversation: newConversation({ id: 'd', at: 0 }) });
  messages.update(other, 11);
  expect($('.editor')).toBeNull();
  messages.update(chat, 12);
  expect($('.editor textarea').value).toBe('Both, but shorter?');
  $('.editor button').click();
  edit();
  expect($('.editor textarea').value).toBe('Both?');
});

it.each(/** @type {const} */ ([
  ['running', null, '[1,2]', '[1,2]'],
  ['complete', 'completed', '[1,2]', '[\n  1,\n  2\n]'],
  ['incomplete', 'cancelled', '[1,', '[1,'],
  ['veryLong', 'completed', `[${'1,'.repeat(10_000)}1]`, `[${'1,'.repeat(10_000)}1]`],
]))('argumentsOfAToolCallThatIs %s_areIndentedIfThatIsCheap', (_, outcome, given, expected) => {
  const answer = ended('a7', 'q1', '');
  const turn = { ...answer.turn, outcome, toolCalls: [{ id: 't', name: 'f', arguments: given }] };
  messages.update(new Chat({ client: /** @type {Client} */ ({}), conversation: withNode(chat.conversation.get(), { ...answer, turn }) }), 11);
  expect($('.tool-call pre').textContent).toBe(expected);
});
