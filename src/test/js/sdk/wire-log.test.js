import { expect, it } from 'vitest';
import { WireLog } from '../../../main/webapp/js/sdk/store/wire-log.js';
import { ManualClock } from '../mock/manual-clock.js';

it('offsets_countFromTheRequest', () => {
  const clock = new ManualClock();
  const wire = new WireLog(clock);
  clock.advance(500);
  wire.onRequest({ messages: [] });
  clock.advance(40);
  wire.onEvent({ type: 'started', data: '{}' });
  expect(wire.events).toEqual([{ offsetMs: 40, type: 'started', data: '{}' }]);
});

it('tooManyEvents_dropTheOldestHalf', () => {
  const wire = new WireLog(new ManualClock());
  const data = 'x'.repeat(1024 * 1024);
  for (let event = 0; event < 9; event++) wire.onEvent({ type: `e${event}`, data });
  expect(wire.dropped).toBe(5);
  expect(wire.events.map(({ type }) => type)).toEqual(['e5', 'e6', 'e7', 'e8']);
});

it('onlyTheNewestAnswers_haveALog', () => {
  const logs = new Map(Array.from({ length: 12 }, (_, index) => [`a${index}`, new WireLog()]));
  WireLog.forgetOld(logs);
  expect([...logs.keys()]).toEqual(Array.from({ length: 10 }, (_, index) => `a${index + 2}`));
});
