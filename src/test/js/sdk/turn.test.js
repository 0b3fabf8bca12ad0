import { expect, it } from 'vitest';
import { figuresOf } from '../../../main/webapp/js/sdk/store/figures.js';
import { applyEvent, applyState, newTurn } from '../../../main/webapp/js/sdk/store/turn.js';

/** @param {import('../../../main/webapp/js/sdk/store/turn.js').Turn} turn @param {[string, Record<string, any>, number?][]} events */
const after = (turn, events) =>
  events.reduce((value, [type, fields, now = 1500]) => applyEvent(value, type, { cursor: value.cursor + 1, ...fields }, now), turn);

it('deltas_addUpToTextAndReasoning', () => {
  const turn = after(newTurn(), [['started', {}], ['delta', { reasoning: 'hm' }], ['delta', { content: 'a' }], ['delta', { content: 'b' }]]);
  expect(turn).toMatchObject({ text: 'ab', reasoning: 'hm', cursor: 4, tokens: 3, outcome: null });
});

it('surrogatePairCutInTwo_isWholeAgain', () => {
  expect(after(newTurn(), [['delta', { content: '\ud83d' }], ['delta', { content: '\ude00' }]]).text).toBe('😀');
});

it('modelId_isWhoAnswers', () => {
  expect(after(newTurn({ modelId: 'asked' }), [['started', { model_id: null }]]).modelId).toBe('asked');
  expect(after(newTurn({ modelId: 'asked' }), [['delta', { model_id: 'other', content: 'x' }]]).modelId).toBe('other');
});

it('progress_isShownUntilTextComes', () => {
  const loading = after(newTurn(), [['progress', { phase: 'loading_model', progress: 0.4 }]]);
  expect(loading.progress).toEqual({ phase: 'loading_model', progress: 0.4 });
  expect(after(loading, [['delta', { content: 'a' }]]).progress).toBeNull();
  expect(after(newTurn(), [['progress', { phase: 'queued', position: 3 }]]).progress).toEqual({ phase: 'queued', position: 3 });
});

it('reset_discardsTheTextAndSaysWhy', () => {
  const turn = after(newTurn(), [['delta', { content: 'old', reasoning: 'old' }], ['downgraded', { reason: 'break', attempts: 2 }], ['reset', { reason: 'break' }], ['delta', { content: 'new' }]]);
  expect(turn).toMatchObject({ text: 'new', reasoning: '', tokens: 1, reset: { reason: 'break' }, downgraded: { reason: 'break', attempts: 2 } });
});

it('unknownEvent_onlyMovesTheCursor', () => {
  const turn = after(newTurn(), [['delta', { content: 'a' }]]);
  expect(after(turn, [['telepathy', { content: 'b' }]])).toEqual({ ...turn, cursor: 2 });
});

it.each([
  ['completed', { finish_reason: 'stop' }, { outcome: 'completed', finishReason: 'stop', usage: null, warnings: [] }],
  ['failed', { error: { code: 'upstream_error', message: 'm', hint: 'h' } }, { outcome: 'failed', error: { code: 'upstream_error', message: 'm', hint: 'h' } }],
  ['cancelled', { by: 'shutdown' }, { outcome: 'cancelled', cancelledBy: 'shutdown' }],
])('%s_endsTheTurnAndKeepsTheText', (type, fields, expected) => {
  expect(after(newTurn(), [['delta', { content: 'kept' }], [type, fields]])).toMatchObject({ ...expected, text: 'kept' });
});

it('state_replacesWhatWasKnown', () => {
  const turn = after(newTurn({ streamId: 's' }), [['delta', { content: 'half' }]]);
  const state = { stream_id: 's', model_id: 'm', cursor: 9, content: 'whole text', finish_reason: 'stop' };
  expect(applyState(turn, { ...state, status: 'completed' }, 2000)).toMatchObject({ text: 'whole text', cursor: 9, outcome: 'completed', modelId: 'm', finishReason: 'stop' });
  expect(applyState(turn, { ...state, status: 'running', content: null }, 2000)).toMatchObject({ text: '', outcome: null });
});

it('figures_areEstimatesWhileStreaming', () => {
  const turn = after(newTurn({ sentAt: 1000 }), [['delta', { content: 'a' }, 1250], ['delta', { content: 'b' }, 1500]]);
  expect(figuresOf(turn, 2250)).toEqual({
    firstTokenMs: { value: 250, estimated: true },
    tokensPerSecond: { value: 2, estimated: true },
    completionTokens: { value: 2, estimated: true },
    promptTokens: null,
  });
});

it('figures_areTheServersAtTheEnd', () => {
  const turn = after(newTurn({ sentAt: 1000 }), [
    ['delta', { content: 'a' }],
    ['completed', { usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 }, stats: { time_to_first_token_ms: 333, tokens_per_second: 12.5 } }],
  ]);
  expect(figuresOf(turn, 9999)).toEqual({
    firstTokenMs: { value: 333, estimated: false },
    tokensPerSecond: { value: 12.5, estimated: false },
    completionTokens: { value: 5, estimated: false },
    promptTokens: { value: 7, estimated: false },
  });
});

it('synthesizedUsage_isAnEstimate', () => {
  const turn = after(newTurn(), [['completed', { usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12, synthesized: true } }]]);
  expect(figuresOf(turn, 1)).toMatchObject({ completionTokens: { value: 5, estimated: true }, promptTokens: { estimated: true } });
});

it('whoAttachedLater_showsNoTimesOfItsOwn', () => {
  const turn = after(newTurn({ sentAt: null }), [['delta', { content: 'a' }]]);
  expect(figuresOf(turn, 5000)).toMatchObject({ firstTokenMs: null, tokensPerSecond: null });
});

it('toolCalls_areJoinedFromTheirFragments', () => {
  const turn = after(newTurn(), [
    ['delta', { tool_calls: [{ index: 0, id: 'a', function: { name: 'get_', arguments: '{"city"' } }] }],
    ['delta', { tool_calls: [{ index: 0, function: { name: 'weather', arguments: ':"Köln"}' } }, { index: 1, id: 'b', function: { name: 'now' } }] }],
    ['delta', { tool_calls: [{ index: 1, id: 'b', function: { name: 'now', arguments: '{}' } }] }],
  ]);
  expect(turn.toolCalls).toEqual([
    { id: 'a', name: 'get_weather', arguments: '{"city":"Köln"}' }, { id: 'b', name: 'now', arguments: '{}' },
  ]);
});

it('toolCallWithAHugeIndex_isTheNextOne', () => {
  const turn = after(newTurn(), [['delta', { tool_calls: [{ index: 2 ** 31, id: 'a' }, { id: 'b' }] }]]);
  expect(turn.toolCalls).toHaveLength(1);
});

it('reasoning_isTimedUntilTheAnswerBegins', () => {
  const reasoning = applyEvent(newTurn(), 'delta', { cursor: 1, reasoning: 'Hm.' }, 1000);
  expect(reasoning).toMatchObject({ reasoningAt: 1000, reasoningMs: null, firstTokenAt: 1000 });
  const answering = applyEvent(reasoning, 'delta', { cursor: 2, content: 'Yes' }, 3500);
  expect(applyEvent(answering, 'delta', { cursor: 3, content: '.' }, 9000).reasoningMs).toBe(2500);
  expect(applyEvent(reasoning, 'completed', { cursor: 2 }, 4000).reasoningMs).toBe(3000);
});

it('stateOfTheServer_hasToolCallsAndThePlaceInTheQueue', () => {
  const state = { stream_id: 's', model_id: null, cursor: 3, status: /** @type {const} */ ('queued'), tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{}' } }] };
  expect(applyState(newTurn(), state, 2000)).toMatchObject({ outcome: null, progress: { phase: 'queued' }, toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }] });
});

it('toolCallsThatAreNone_areIgnored', () => {
  for (const tool_calls of [null, 'x', {}, [null], ['x']]) {
    expect(after(newTurn(), [['delta', { tool_calls }]]).toolCalls).toEqual([]);
  }
  const odd = [{ index: -1, function: { name: 'f' } }, { index: 0.5, function: { name: 7, arguments: { a: 1 } } }, { function: null, id: 3 }];
  expect(after(newTurn(), [['delta', { tool_calls: odd }]]).toolCalls).toEqual([{ id: '', name: 'f', arguments: '' }]);
});

it('states_giveEstimatesOfTheFigures', () => {
  const state = { stream_id: 's', model_id: null, status: /** @type {const} */ ('running') };
  const asked = newTurn({ sentAt: 1000 });
  const waiting = applyState(asked, { ...state, cursor: 1 }, 1100);
  expect(waiting).toMatchObject({ firstTokenAt: null, tokens: 0 });
  expect(figuresOf(waiting, 9000).tokensPerSecond).toBeNull();
  const reasoning = applyState(waiting, { ...state, cursor: 3, reasoning: 'Hm.' }, 1500);
  expect(reasoning).toMatchObject({ firstTokenAt: 1500, reasoningAt: 1500, reasoningMs: null, tokens: 2 });
  const answering = applyState(reasoning, { ...state, cursor: 5, reasoning: 'Hm.', content: 'Yes.' }, 2500);
  expect(answering).toMatchObject({ firstTokenAt: 1500, reasoningMs: 1000, tokens: 4 });
  expect(figuresOf(answering, 2500)).toMatchObject({ firstTokenMs: { value: 500, estimated: true }, tokensPerSecond: { value: 4, estimated: true } });
  expect(applyState(answering, { ...state, cursor: 6, status: 'completed', reasoning: 'Hm.', content: 'Yes.' }, 3000)).toMatchObject({ reasoningMs: 1000, tokens: 4 });
  expect(applyState(waiting, { ...state, cursor: 5, reasoning: 'Hm.', content: 'Yes.' }, 2500)).toMatchObject({ reasoningAt: null, reasoningMs: null });
});
