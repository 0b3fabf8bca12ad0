import { beforeEach, describe, expect, it } from 'vitest';
import { filler, read, write } from '../../bench/base/script.mjs';
import { parser } from '../../bench/base/sse.mjs';
import { leftOver } from '../../bench/report/soak-table.mjs';
import { Reading } from '../../bench/soak/reading.mjs';

const script = read(write({ tokens: 3, fill: 12, key: 'k' }));
const token = (/** @type {number} */ i) => ` t${i}@${1000 + i}.50${filler(script, i)}`;

describe('what the soak checks of a stream', () => {
  /** @type {Reading} */
  let reading;
  const take = (/** @type {string} */ event, /** @type {number} */ id, more = {}) => reading.take({ event, id, data: { cursor: id, ...more } });
  const text = (/** @type {number} */ id, /** @type {number} */ i) => take('delta', id, { content: token(i) });

  beforeEach(() => {
    reading = new Reading(script);
    take('started', 1);
  });

  it('wholeStream_isFine', () => {
    [0, 1, 2].forEach((i) => text(i + 2, i));
    take('completed', 5);
    reading.endedAs('completed', { started: 1, delta: 3, reset: 0 });
  });

  it('streamAfterAReset_isFineOnlyFromItsBeginning', () => {
    text(2, 0);
    take('reset', 3);
    [0, 1, 2].forEach((i) => text(i + 4, i));
    take('completed', 7);
    reading.endedAs('completed', { reset: 1 });
  });

  it('snapshot_standsForWhatItCovers', () => {
    take('snapshot', 3, { content: token(0) + token(1) });
    text(4, 2);
    take('completed', 5);
    reading.endedAs('completed', { snapshot: 1 });
  });

  it.each(/** @type {[string, () => void][]} */ ([
    ['a lost event', () => text(3, 0)],
    ['a repeated event', () => { text(2, 0); text(2, 0); }],
    ['a lost token', () => { text(2, 0); text(3, 2); }],
    ['a repeated token', () => { text(2, 0); text(3, 0); }],
    ['a damaged token', () => take('delta', 2, { content: token(0).replace('|', '!') })],
    ['a token without a reset', () => { text(2, 0); text(3, 1); text(4, 0); }],
    ['an early end', () => { text(2, 0); take('completed', 3); }],
    ['something after the end', () => { take('cancelled', 2); text(3, 0); }],
    ['a snapshot of less than was shown', () => { text(2, 0); text(3, 1); take('snapshot', 2, { content: token(0) }); }],
    ['another cursor than id', () => take('delta', 2, { cursor: 7, content: token(0) })],
  ]))('%s_isWrong', (_, happen) => {
    happen();
    expect(reading.fault).toBeInstanceOf(Error);
    expect(() => reading.endedAs('completed')).toThrow();
  });

  it('otherEnd_isWrong', () => {
    take('failed', 2, { error: { code: 'upstream_error' } });
    expect(() => reading.endedAs('completed')).toThrow('upstream_error');
  });
});

describe('event streams', () => {
  it('anySplit_givesTheSameEvents', () => {
    const stream = 'retry: 1000\n\nid: 1\nevent: delta\ndata: {"content":"a\\n\\nb"}\n\n: keep-alive\n\nid: 2\nevent: completed\ndata: {}\n\n';
    for (let size = 1; size <= stream.length; size++) {
      /** @type {any[]} */
      const events = [];
      const feed = parser((event) => events.push(event));
      for (let i = 0; i < stream.length; i += size) feed(stream.slice(i, i + size));
      expect(events).toEqual([{ event: 'delta', id: 1, data: { content: 'a\n\nb' } }, null, { event: 'completed', id: 2, data: {} }]);
    }
  });
});

describe('what is left over', () => {
  const idle = { sockets: 10, files: 300, virtual_threads: 2, running: 0, kept: 0 };

  it('sameAsBefore_isNothing', () => expect(leftOver(idle, { ...idle, files: 301 })).toEqual([]));

  it('moreThanBefore_isNamed', () => {
    expect(leftOver(idle, { ...idle, sockets: 40, kept: 1 })).toEqual(['sockets: 10 → 40', 'kept: 0 → 1']);
  });
});
