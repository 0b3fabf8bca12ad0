// @vitest-environment jsdom
import { expect, it, vi } from 'vitest';
import { contextOf } from '../../../main/webapp/js/page/context-gauge.js';
import { streamSlots } from '../../../main/webapp/js/page/connections.js';
import { Gaps } from '../../../main/webapp/js/page/gaps.js';
import { canSee } from '../../../main/webapp/js/page/pictures.js';
import { curl } from '../../../main/webapp/js/page/wire-tab.js';
import { newAnswer, newQuestion } from '../../../main/webapp/js/sdk/store/conversation.js';
import { WireLog } from '../../../main/webapp/js/sdk/store/wire-log.js';

const settings = { model: null, system: '', parameters: {} };

const NEXT = { draft: '', pictures: [], system: '' };

it('context_countsTheSystemPromptOnceAndThePictures', () => {
  const system = 's'.repeat(400);
  const picture = { name: 'p', url: 'data:', width: 560, height: 560 };
  expect(contextOf([], { ...NEXT, system })).toEqual({ tokens: 100, estimated: true });
  expect(contextOf([], { ...NEXT, pictures: [picture] })).toEqual({ tokens: 400, estimated: true });
  const question = newQuestion({ id: 'q', parent: null, at: 1, text: '', pictures: [picture, picture] });
  expect(contextOf([question], { ...NEXT, system })).toEqual({ tokens: 900, estimated: true });
  const answer = newAnswer({ id: 'a', parent: 'q', at: 2, settings });
  const counted = { ...answer, turn: { ...answer.turn, usage: { prompt_tokens: 800, completion_tokens: 5, total_tokens: 805 } } };
  expect(contextOf([question, counted], { ...NEXT, system })).toEqual({ tokens: 805, estimated: false });
});

it('context_isWhatTheServerCountedAndAnEstimateOfTheRest', () => {
  const question = newQuestion({ id: 'q', parent: null, at: 1, text: 'x'.repeat(40) });
  const answer = newAnswer({ id: 'a', parent: 'q', at: 2, settings });
  expect(contextOf([], NEXT)).toEqual({ tokens: 0, estimated: false });
  expect(contextOf([question], NEXT)).toEqual({ tokens: 10, estimated: true });
  const counted = { ...answer, turn: { ...answer.turn, text: 'y'.repeat(400), usage: { prompt_tokens: 12, completion_tokens: 90, total_tokens: 102 } } };
  expect(contextOf([question, counted], NEXT)).toEqual({ tokens: 102, estimated: false });
  expect(contextOf([question, counted, { ...question, id: 'q2' }], { ...NEXT, draft: 'abcd' })).toEqual({ tokens: 113, estimated: true });
});

/** @param {[string, number][]} events type and offset @param {Partial<WireLog>} [fields] */
function wireWith(events, fields = {}) {
  const wire = Object.assign(new WireLog(), { request: { messages: [] }, ...fields });
  wire.events = events.map(([type, offsetMs]) => ({ type, offsetMs, data: '' }));
  return wire;
}

/** @param {WireLog} wire */
function gapsOf(wire) {
  const gaps = new Gaps(wire);
  gaps.read();
  return gaps;
}

it('gaps_beginWithTheFirstTokenAndKeepTheLongestOfMany', () => {
  const few = gapsOf(wireWith([['started', 1], ['delta', 200], ['delta', 230], ['completed', 300]]));
  expect(few.first).toEqual({ at: 200, ms: 200 });
  expect(few.points()).toEqual([{ at: 200, ms: 200 }, { at: 230, ms: 30 }]);
  const many = gapsOf(wireWith(Array.from({ length: 20_000 }, (_, index) => ['delta', 7 + index * 5 + (index > 7000 ? 900 : 0)])));
  expect(many.points().length).toBeLessThanOrEqual(2001);
  expect(many.points()[0]).toEqual({ at: 7, ms: 7 });
  expect(many.summary()).toEqual({ median: 5, longest: 905 });
});

it('firstToken_isNotMarkedWhereItIsNotKnown', () => {
  const read = gapsOf(wireWith([['delta', 2], ['delta', 3]], { request: null }));
  expect([read.first, read.points()]).toEqual([null, [{ at: 3, ms: 1 }]]);
  const cut = gapsOf(wireWith([['delta', 9000], ['delta', 9100]], { dropped: 700 }));
  expect([cut.first, cut.points()]).toEqual([null, [{ at: 9100, ms: 100 }]]);
});

it('gaps_readEachEventOnceAndSurviveThatOldOnesAreDropped', () => {
  const wire = wireWith([['delta', 100], ['delta', 110]]);
  const gaps = gapsOf(wire);
  wire.events.push({ type: 'delta', offsetMs: 130, data: '' });
  const reads = vi.fn();
  wire.events = wire.events.map((event) => ({ ...event, get type() {
    reads();
    return 'delta';
  } }));
  gaps.read();
  expect(reads).toHaveBeenCalledTimes(1);
  wire.events.splice(0, 2);
  wire.dropped = 2;
  wire.events.push({ type: 'delta', offsetMs: 170, data: '' });
  gaps.read();
  expect(gaps.points()).toEqual([{ at: 100, ms: 100 }, { at: 110, ms: 10 }, { at: 130, ms: 20 }, { at: 170, ms: 40 }]);
});

it('tabs_takeTwoConnectionsEachIfTheyCannotCountTogether', async () => {
  const alone = streamSlots(undefined);
  expect([await alone(), await alone(), await alone()].map((release) => release !== null)).toEqual([true, true, false]);
  const names = new Set();
  const locks = /** @type {any} */ ({ request: (/** @type {string} */ name, /** @type {object} */ _, /** @type {(lock: object|null) => any} */ run) => {
    const free = !names.has(name);
    names.add(name);
    return Promise.resolve(run(free ? {} : null));
  } });
  const together = streamSlots(locks);
  for (let slot = 0; slot < 4; slot++) expect(await together()).not.toBeNull();
  expect(await together()).toBeNull();
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
