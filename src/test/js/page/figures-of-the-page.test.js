// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { contextOf } from '../../../main/webapp/js/page/context-gauge.js';
import { canSee } from '../../../main/webapp/js/page/pictures.js';
import { gapsOf } from '../../../main/webapp/js/page/timeline.js';
import { curl } from '../../../main/webapp/js/page/wire-tab.js';
import { newAnswer, newQuestion } from '../../../main/webapp/js/sdk/store/conversation.js';
import { WireLog } from '../../../main/webapp/js/sdk/store/wire-log.js';

const settings = { model: null, system: '', parameters: {} };

it('context_isWhatTheServerCountedAndAnEstimateOfTheRest', () => {
  const question = newQuestion({ id: 'q', parent: null, at: 1, text: 'x'.repeat(40) });
  const answer = newAnswer({ id: 'a', parent: 'q', at: 2, settings });
  expect(contextOf([], '')).toEqual({ tokens: 0, estimated: false });
  expect(contextOf([question], '')).toEqual({ tokens: 10, estimated: true });
  const counted = { ...answer, turn: { ...answer.turn, text: 'y'.repeat(400), usage: { prompt_tokens: 12, completion_tokens: 90, total_tokens: 102 } } };
  expect(contextOf([question, counted], '')).toEqual({ tokens: 102, estimated: false });
  expect(contextOf([question, counted, { ...question, id: 'q2' }], 'abcd')).toEqual({ tokens: 113, estimated: true });
});

it('gaps_beginWithTheFirstTokenAndKeepTheLongestOfMany', () => {
  const wire = new WireLog();
  wire.events = [['started', 1], ['delta', 200], ['delta', 230], ['completed', 300]].map(([type, offsetMs]) => ({ type: String(type), offsetMs: Number(offsetMs), data: '' }));
  expect(gapsOf(wire)).toEqual({ first: 200, gaps: [{ at: 200, ms: 200 }, { at: 230, ms: 30 }] });
  wire.events = Array.from({ length: 20_000 }, (_, index) => ({ type: 'delta', offsetMs: index * 5 + (index > 7000 ? 900 : 0), data: '' }));
  const { gaps } = gapsOf(wire);
  expect(gaps).toHaveLength(2000);
  expect(Math.max(...gaps.map(({ ms }) => ms))).toBe(905);
});

it('curl_quotesTheBodyAndNamesNoToken', () => {
  const line = curl('https://ai.example/api/v1/ai/lmstudio', { messages: [{ role: 'user', content: "It's $HOME `id`" }] });
  expect(line).toContain(String.raw`"content":"It'\''s $HOME ` + '`id`"');
  expect(line).toContain('Bearer $TOKEN');
});

it('visionIsKnown_fromTypeAndCapabilities', () => {
  expect([undefined, { id: 'x' }, { id: 'x', type: 'llm' }, { id: 'x', type: 'vlm' }, { id: 'x', type: 'llm', capabilities: ['vision'] }].map(canSee))
    .toEqual([null, null, false, true, true]);
});
