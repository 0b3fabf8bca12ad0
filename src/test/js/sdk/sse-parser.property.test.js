import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SseParser } from '../../../main/webapp/js/sdk/stream/sse-parser.js';

const LINE_END = fc.constantFrom('\n', '\r', '\r\n');
/** Any text of one line. */
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map((value) => value.replace(/[\r\n\0]/g, ''));
const line = fc.oneof(
  text.map((value) => `data:${value}`), text.map((value) => `data: ${value}`), fc.constant('data'),
  text.map((value) => `event: ${value}`), text.map((value) => `id: ${value}`), fc.nat(99_999).map((ms) => `retry: ${ms}`),
  text.map((value) => `:${value}`), text.map((value) => `unknown: ${value}`), text,
);
/** A whole stream, blocks with their blank lines and maybe an unfinished one. */
const stream = fc.tuple(
  fc.boolean(),
  fc.array(fc.tuple(fc.array(fc.tuple(line, LINE_END), { maxLength: 5 }), LINE_END), { maxLength: 6 }),
  text,
).map(([mark, blocks, rest]) => (mark ? '\uFEFF' : '')
  + blocks.map(([lines, blank]) => lines.map(([field, end]) => field + end).join('') + blank).join('') + rest);

/** @param {(Uint8Array|string)[]} pieces */
function parse(pieces) {
  const parser = new SseParser();
  return { events: pieces.flatMap((piece) => parser.push(piece)), id: parser.lastEventId, retryMs: parser.retryMs };
}

/** @template {Uint8Array|string} T @param {T} whole @param {number[]} places @returns {T[]} */
function cut(whole, places) {
  const ends = [...new Set(places.map((place) => place % (whole.length + 1)))].sort((a, b) => a - b);
  return /** @type {T[]} */ ([0, ...ends].map((start, index) => whole.slice(start, ends[index] ?? whole.length)));
}

it('anyCutOfAnyStream_givesTheSameEvents', () => {
  fc.assert(fc.property(stream, fc.array(fc.nat(), { maxLength: 20 }), (source, places) => {
    const bytes = new TextEncoder().encode(source);
    const whole = parse([bytes]);
    expect(parse(cut(bytes, places))).toEqual(whole);
    expect(parse(cut(source, places))).toEqual(whole);
  }), { numRuns: 1000 });
});

it('eventsOfTheHttpApi_areFoundInAnyCut', () => {
  const content = fc.string({ unit: 'binary', maxLength: 20 });
  fc.assert(fc.property(fc.array(content, { minLength: 1, maxLength: 8 }), fc.array(fc.nat(), { maxLength: 20 }), (contents, places) => {
    const data = contents.map((value, index) => JSON.stringify({ cursor: index + 1, content: value }));
    const source = `retry: 1000\n\n${data.map((json, index) => `id: ${index + 1}\nevent: delta\ndata: ${json}\n\n: keep-alive\n\n`).join('')}`;
    const { events, retryMs } = parse(cut(new TextEncoder().encode(source), places));
    expect(events).toEqual(data.map((json, index) => ({ type: 'delta', data: json, id: String(index + 1) })));
    expect(retryMs).toBe(1000);
  }));
});
