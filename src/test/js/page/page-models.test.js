// @vitest-environment jsdom
import { describe, expect, it, vi } from 'vitest';
import { NetworkError } from '../../../main/webapp/js/sdk/errors.js';
import { newAnswer, newConversation, newQuestion, withNode, withTurn } from '../../../main/webapp/js/sdk/store/conversation.js';
import { newTurn } from '../../../main/webapp/js/sdk/store/turn.js';
import { $, MODELS, ask, button, clock, eventually, server, start, storage, usePageForEachTest } from './page-fixture.js';

/** @import { Turn } from '../../../main/webapp/js/sdk/store/turn.js' */

usePageForEachTest();

it('models_areListedWithTheirStatesAndTheLoadedOneIsChosen', async () => {
  await start();
  await eventually(() => expect($('#model').options).toHaveLength(4));
  const options = [...$('#model').options].map(({ text, disabled }) => `${text}${disabled ? ' (off)' : ''}`);
  expect(options).toEqual(['embed · for embeddings, not for chat (off)', 'asleep · not loaded', 'awake · loaded', 'odd · state unknown']);
  expect($('#model').value).toBe('awake');
  expect($('#model-note').hidden).toBe(true);
});

it('modelsWithNamesOfObjectMembers_areListedAsAnyOther', async () => {
  const ids = ['__proto__', 'constructor', 'toString'];
  await start({ models: async () => ({ models: ids.map((id) => ({ id, state: 'loaded' })), meta: {} }) });
  await eventually(() => expect([...$('#model').options].map(({ text }) => text)).toEqual(ids.map((id) => `${id} · loaded`)));
});

it('staleModels_saySo', async () => {
  await start({ models: async () => ({ models: MODELS, meta: { stale: true, fetched_at: '2026-01-01T10:00:00Z' } }) });
  await eventually(() => expect($('#model-note').textContent).toMatch(/^LM Studio cannot be reached. This list is from .*2026/));
});

it('noModels_leaveTheChoiceToTheServer', async () => {
  await start({ models: async () => ({ models: [], meta: {} }) });
  await eventually(() => expect($('#model').options[0].text).toBe('Let the server choose'));
  expect($('#model-note').textContent).toContain('no model');
  await ask('Hi');
  expect(server.calls.infer).toHaveBeenCalledWith({ messages: [{ role: 'user', content: 'Hi' }] }, { key: expect.any(String) });
});

describe('conversationWithAModelThatIsGone', () => {
  /** @param {Partial<Turn>} turn */
  const held = async (turn) => {
    const settings = { model: 'gone', system: '', parameters: {} };
    const asked = withNode(newConversation({ id: 'c', at: 1, settings }), newQuestion({ id: 'q', parent: null, at: 2, text: 'Hi' }));
    const answered = withNode(asked, newAnswer({ id: 'a', parent: 'q', at: 3, settings }));
    await storage.save(withTurn(answered, 'a', { ...newTurn({ modelId: 'gone' }), text: 'Half', ...turn }), null);
    await start();
    await eventually(() => expect($('#model').value).toBe('awake'));
  };
  const models = () => /** @type {any[]} */ (server.calls.infer.mock.calls).map(([{ model }]) => model);

  it.each(/** @type {const} */ ([['Regenerate', 'completed'], ['Continue', 'cancelled'], ['Retry', 'failed']]))('%s_asksTheModelThatIsPicked', async (name, outcome) => {
    await held({ outcome });
    await eventually(() => expect(button(name)).not.toBeNull());
    button(name).click();
    await eventually(() => expect(models()).toEqual(['awake']));
  });

  it('edit_asksThePickedModelAndTheOneBesideIt', async () => {
    await held({ outcome: 'completed' });
    $('#compare').click();
    await eventually(() => expect(button('Edit')).not.toBeNull());
    button('Edit').click();
    $('.editor').requestSubmit();
    await eventually(() => expect(models()).toEqual(['awake', 'asleep']));
  });
});

it('failedModelList_isReadAgainByItself', async () => {
  const models = vi.fn(async () => ({ models: MODELS, meta: {} }));
  models.mockRejectedValueOnce(new NetworkError('No answer.'));
  await start({ models });
  await eventually(() => expect($('#model-note').textContent).toContain('The list of models could not be loaded. This page could not reach its server.'));
  expect($('#model-note').classList.contains('error')).toBe(true);
  clock.advance(2000);
  await eventually(() => expect($('#model').value).toBe('awake'));
  expect($('#model-note').hidden).toBe(true);
});
