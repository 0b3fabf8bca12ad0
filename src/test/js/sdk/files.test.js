import { describe, expect, it } from 'vitest';
import { branchesOf, newAnswer, newConversation, newQuestion, pathOf, requestOf, withBranch, withNode, withTurn } from '../../../main/webapp/js/sdk/store/conversation.js';
import { exportJson, exportMarkdown, importJson } from '../../../main/webapp/js/sdk/store/files.js';

const settings = { model: 'm', system: 'Be brief.', parameters: { temperature: 0.5 } };

/** Two versions of a question, with an answer each. */
function conversation() {
  let made = newConversation({ id: 'c1', at: 1, settings });
  for (const [index, text] of ['Hi', 'Hello'].entries()) {
    const at = 10 + index;
    made = withNode(made, newQuestion({ id: `q${index}`, parent: null, at, text, pictures: [{ name: 'a', url: 'data:image/png;base64,AA==', width: 1, height: 1 }] }));
    made = withNode(made, newAnswer({ id: `a${index}`, parent: `q${index}`, at, settings }));
    const answer = /** @type {any} */ (made.nodes[`a${index}`]);
    made = withTurn(made, `a${index}`, {
      ...answer.turn, text: `Answer to ${text}`, reasoning: 'Hm.', outcome: 'completed', modelId: 'model-7', sentAt: null,
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }, toolCalls: [{ id: 't', name: 'f', arguments: '{}' }],
    });
  }
  return made;
}

it('exportedConversations_areImportedWithTheirBranches', () => {
  const exported = conversation();
  const [imported] = importJson(exportJson([exported]));
  expect(imported).toEqual(exported);
  expect(branchesOf(imported, 'q0')).toEqual(['q0', 'q1']);
  expect(pathOf(withBranch(imported, 'q0')).map(({ id }) => id)).toEqual(['q0', 'a0']);
});

it('markdown_hasTheBranchThatIsShown', () => {
  expect(exportMarkdown(conversation(), { you: 'You', assistant: 'Assistant' })).toBe(
    '# Hi\n\n## You\n\nHello\n\n## Assistant (model-7)\n\nAnswer to Hello\n');
});

it('runningAnswer_isImportedAsStopped', () => {
  const running = withNode(conversation(), newAnswer({ id: 'a9', parent: 'q0', at: 99, settings, streamId: 's' }));
  const [imported] = importJson(exportJson([running]));
  expect(imported.nodes.a9).toMatchObject({ turn: { outcome: 'cancelled', streamId: null } });
});

describe.each(/** @type {[string, (file: any) => void, RegExp][]} */ ([
  ['otherFormat', (file) => (file.format = 'x'), /its "format" is not/],
  ['newerVersion', (file) => (file.version = 2), /reads version 1/],
  ['noList', (file) => delete file.conversations, /no conversations/],
  ['emptyList', (file) => (file.conversations = []), /no conversations/],
  ['nothingInTheList', (file) => (file.conversations = [null]), /Conversation 1 has no id or no messages/],
  ['noId', (file) => delete file.conversations[0].id, /Conversation 1 has no id or no messages/],
  ['noMessages', (file) => delete file.conversations[0].nodes, /Conversation 1 has no id or no messages/],
  ['missingParent', (file) => delete file.conversations[0].nodes.q0, /follows message q0, which is missing/],
  ['circle', (file) => (file.conversations[0].nodes.q0.parent = 'a0'), /follows itself/],
  ['wrongRole', (file) => (file.conversations[0].nodes.q0.role = 'root'), /must be "user" or "assistant"/],
  ['wrongParent', (file) => (file.conversations[0].nodes.q0.parent = 7), /wrong "parent"/],
  ['prototype', (file) => (file.conversations[0].nodes = JSON.parse('{"__proto__": {"role": "user"}}')), /An id has/],
]))('%s', (_, damage, message) => {
  it('isRefusedWithTheReason', () => {
    const file = JSON.parse(exportJson([conversation()]));
    damage(file);
    expect(() => importJson(JSON.stringify(file))).toThrow(message);
    expect(() => importJson(JSON.stringify(file))).toThrow(SyntaxError);
  });
});

it('fileThatIsNotJson_isRefusedInWordsForPeople', () => {
  expect(() => importJson('hello')).toThrow('This file is not JSON. Choose a file that was exported here.');
});

it('wrongFields_areLeftOut', () => {
  const file = JSON.parse(exportJson([conversation()]));
  Object.assign(file.conversations[0], { title: 7, settings: { parameters: [] }, leaf: 'none' });
  Object.assign(file.conversations[0].nodes.q0, { text: {}, pictures: [{ name: 'x', url: 'javascript:alert(1)' }], at: 'soon' });
  file.conversations[0].nodes.a0.turn = null;
  const [imported] = importJson(JSON.stringify(file));
  expect(imported).toMatchObject({ title: '', settings: { model: null, parameters: {} }, nodes: { q0: { text: '', pictures: [], at: 0 }, a0: { turn: { text: '' } } } });
});

it('answersSideBySide_areOnlyThoseOfTheQuestion', () => {
  const file = JSON.parse(exportJson([conversation()]));
  file.conversations[0].nodes.q0.sideBySide = ['a0', 'a0', 'a1', 'q0', 'constructor', 'toString', 7];
  expect(importJson(JSON.stringify(file))[0].nodes.q0).toMatchObject({ sideBySide: ['a0'] });
});

it('parameters_areTakenOnlyIfTheyAreKnownAndOfTheirType', () => {
  const file = JSON.parse(exportJson([conversation()]));
  const good = { temperature: 0.5, max_tokens: -1, stop: ['a', 'b'], reasoning_effort: 'low' };
  file.conversations[0].settings.parameters = { ...good, messages: [{ role: 'user', content: 'Something else' }], model: 'x', tools: [{}], top_p: '1', seed: null };
  file.conversations[0].nodes.a0.settings.parameters = { stop: { a: 1 }, reasoning_effort: 3, temperature: 'x' };
  const [imported] = importJson(JSON.stringify(file));
  expect(imported.settings.parameters).toEqual(good);
  expect(/** @type {any} */ (imported.nodes.a0).settings.parameters).toEqual({});
});

it('parameters_neverReplaceTheMessages', () => {
  const odd = /** @type {any} */ ({ messages: [], model: 'other', temperature: 1 });
  const asked = withNode(conversation(), newAnswer({ id: 'a9', parent: 'q0', at: 99, settings: { ...settings, parameters: odd } }));
  expect(requestOf(asked, 'a9')).toMatchObject({ model: 'm', temperature: 1, messages: [{ role: 'system' }, { role: 'user' }] });
});

it('pathOfALongConversation_isFoundInOnePass', () => {
  /** @type {Record<string, any>} */
  const nodes = {};
  let reads = 0;
  const length = 2000;
  for (let index = 0; index < length; index++) {
    const node = newQuestion({ id: `q${index}`, parent: index === 0 ? null : `q${index - 1}`, at: index, text: 'x' });
    Object.defineProperty(nodes, node.id, { enumerable: true, get: () => (reads++, node) });
  }
  expect(pathOf({ nodes, leaf: `q${length - 1}` })).toHaveLength(length);
  expect(reads).toBeLessThan(5 * length);
});
