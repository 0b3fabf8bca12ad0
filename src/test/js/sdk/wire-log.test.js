import { expect, it } from 'vitest';
import { WireLog, WireLogs } from '../../../main/webapp/js/sdk/store/wire-log.js';
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
  const logs = new WireLogs(new ManualClock());
  for (let index = 0; index < 12; index++) logs.open(`a${index}`);
  expect(logs.open('a2')).toBe(logs.get('a2'));
  expect(Array.from({ length: 12 }, (_, index) => index).filter((index) => logs.get(`a${index}`))).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

it('logsOfEarlierAnswers_areDroppedIfTheyAreLong', () => {
  const logs = new WireLogs(new ManualClock());
  const data = 'x'.repeat(3 * 1024 * 1024);
  for (const id of ['a', 'b', 'c']) for (const type of ['e1', 'e2']) logs.open(id).onEvent({ type, data });
  logs.open('d');
  expect(['a', 'b', 'c', 'd'].filter((id) => logs.get(id))).toEqual(['c', 'd']);
});
