import { expect, it } from 'vitest';
import { newAnswer, newConversation, newQuestion, withNode, withTurn } from '../../../main/webapp/js/sdk/store/conversation.js';
import { merge } from '../../../main/webapp/js/sdk/store/merge.js';
import { changedParts } from '../../../main/webapp/js/sdk/store/storage.js';

/** @import { Conversation } from '../../../main/webapp/js/sdk/store/conversation.js' */
/** @import { Turn } from '../../../main/webapp/js/sdk/store/turn.js' */

const { settings } = newConversation({ id: 'c', at: 1 });

/** A question with an answer. @param {Partial<Turn>} [turn] @param {Partial<Conversation>} [fields] @returns {Conversation} */
function conversation(turn = {}, fields = {}) {
  const asked = withNode(newConversation({ id: 'c', at: 1 }), newQuestion({ id: 'q', parent: null, at: 2, text: 'Hi' }));
  const answer = newAnswer({ id: 'a', parent: 'q', at: 2, settings });
  return { ...withTurn(withNode(asked, answer), 'a', { ...answer.turn, ...turn }), ...fields };
}

/** @param {Conversation} own @param {Conversation} stored @param {{saved?: Conversation|null, shown?: boolean, running?: boolean}} [options] */
const merged = (own, stored, { saved = own, shown = false, running = false } = {}) => merge({ own, saved, stored, shown, isRunning: () => running });
/** @param {{own: Conversation, saved: Conversation|null}} versions what this tab would store */
const toStore = ({ own, saved }) => changedParts(own, saved).map(([name]) => name);
/** @param {{own: Conversation}} versions */
const turnOf = ({ own }) => /** @type {any} */ (own.nodes.a).turn;

it.each([
  ['more of the stream', { cursor: 5 }, { cursor: 4 }],
  ['the end', { cursor: 4, outcome: /** @type {const} */ ('cancelled') }, { cursor: 4 }],
  ['the id of the stream', { streamId: 's' }, {}],
])('answerWith %s_replacesTheOtherAndIsNeverReplaced', (_, ahead, behind) => {
  const taken = merged(conversation(behind), conversation(ahead));
  expect(turnOf(taken)).toMatchObject(ahead);
  expect(taken.saved).toBe(taken.own);
  const kept = merged(conversation(ahead), conversation(behind));
  expect(turnOf(kept)).toMatchObject(ahead);
  expect(toStore(kept)).toEqual(['nodes/a']);
});

it('answerThatIsReadHere_isReplacedOnlyByItsEnd', () => {
  const own = conversation({ cursor: 4, text: 'Ha' });
  expect(turnOf(merged(own, conversation({ cursor: 6, text: 'Half' }), { running: true })).text).toBe('Ha');
  expect(turnOf(merged(own, conversation({ cursor: 9, text: 'Half', outcome: 'completed' }), { running: true })).text).toBe('Half');
});

it('equalVersions_leaveNothingToStore', () => {
  const own = conversation({ cursor: 4 });
  expect(toStore(merged(own, structuredClone(own)))).toEqual([]);
});

it('changeThatIsNotStored_remainsToBeStored', () => {
  const saved = conversation();
  const own = { ...saved, title: 'Mine', draft: 'typed' };
  const both = merged(own, { ...structuredClone(saved), title: 'Theirs', settings: { ...settings, system: 'Be brief.' } }, { saved });
  expect(both.own).toMatchObject({ title: 'Mine', draft: 'typed', settings: { system: 'Be brief.' } });
  expect(toStore(both)).toEqual(['title', 'draft']);
});

it('messageThatIsNotStored_remainsToBeStoredAndOneThatWasRemovedIsNotBroughtBack', () => {
  const saved = conversation();
  const { a, ...rest } = saved.nodes;
  const b = { ...a, id: 'b' };
  const both = merged({ ...saved, leaf: 'b', nodes: { ...rest, b } }, structuredClone(saved), { saved });
  expect(Object.keys(both.own.nodes)).toEqual(['q', 'b']);
  expect(toStore(both).sort()).toEqual(['leaf', 'nodes/a', 'nodes/b']);
});

it('messageThatAnotherTabHasRemoved_isRemovedUnlessItIsReadHere', () => {
  const own = conversation();
  const stored = { ...structuredClone(own), leaf: 'q', nodes: { q: own.nodes.q } };
  expect(merged(own, stored).own).toEqual(stored);
  expect(merged(own, stored, { shown: true }).own.leaf).toBe('q');
  expect(Object.keys(merged(own, stored, { shown: true, running: true }).own.nodes)).toEqual(['q', 'a']);
});

it('conversationWhoseStoringFailed_keepsEverythingAndStoresAll', () => {
  const own = conversation({}, { title: 'Mine' });
  const both = merged(own, conversation({}, { title: 'Theirs' }), { saved: null });
  expect(both).toMatchObject({ own: { title: 'Mine' }, saved: null });
});
