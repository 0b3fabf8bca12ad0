import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../main/webapp/js/sdk/errors.js';
import { SseParser } from '../../../main/webapp/js/sdk/stream/sse-parser.js';

/**
 * @typedef {{event: string, data: string, id: string, retry: number|null}} Expected
 * @typedef {{name: string, bytes_base64: string, expected: Expected[], final: {id: string, retry: number|null},
 *   normative: boolean, chunks_base64?: string[], events_after_chunk?: number[]}} Case
 */

/** @type {Case[]} */
const cases = JSON.parse(readFileSync(new URL('../../resources/sse-cases.json', import.meta.url), 'utf8'));
const MAX_SPLIT_LENGTH = 4096;

/** @param {Iterable<Uint8Array|string>} pieces */
function parse(pieces) {
  const parser = new SseParser();
  const events = [];
  for (const piece of pieces) events.push(...parser.push(piece));
  return { events, final: { id: parser.lastEventId, retry: parser.retryMs } };
}

/** @param {string} base64 */
const bytesOf = (base64) => Buffer.from(base64, 'base64');

/** @param {Case} sseCase */
function outcomeOf({ expected, final }) {
  return { events: expected.map(({ event, data, id }) => ({ type: event, data, id })), final };
}

describe.each(cases)('$name', (sseCase) => {
  const bytes = bytesOf(sseCase.bytes_base64);

  it('whole_givesExpectedEvents', () => {
    expect(parse([bytes])).toEqual(outcomeOf(sseCase));
  });

  it('byteByByte_givesExpectedEventsAndRetryTimes', () => {
    const parser = new SseParser();
    const events = [];
    for (const byte of bytes) {
      for (const { type, data, id } of parser.push(Uint8Array.of(byte))) events.push({ event: type, data, id, retry: parser.retryMs });
    }
    expect(events).toEqual(sseCase.expected.map(({ event, data, id, retry }) => ({ event, data, id, retry })));
    expect({ id: parser.lastEventId, retry: parser.retryMs }).toEqual(sseCase.final);
  });
});

it.each(cases.filter(({ bytes_base64: text }) => bytesOf(text).length <= MAX_SPLIT_LENGTH))('$name_atEverySplit_givesExpectedEvents', (sseCase) => {
  const bytes = bytesOf(sseCase.bytes_base64);
  const expected = JSON.stringify(outcomeOf(sseCase));
  const wrong = [];
  for (let at = 0; at <= bytes.length; at++) {
    if (JSON.stringify(parse([bytes.subarray(0, at), bytes.subarray(at)])) !== expected) wrong.push(at);
  }
  expect(wrong).toEqual([]);
});

it.each(cases.filter((sseCase) => sseCase.chunks_base64))('$name_inItsChunks_givesEventsAsSoonAsTheirBlankLineBegins', (sseCase) => {
  const parser = new SseParser();
  let count = 0;
  const counts = sseCase.chunks_base64?.map((chunk) => (count += parser.push(bytesOf(chunk)).length));
  expect(counts).toEqual(sseCase.events_after_chunk);
});

it('text_isParsedAsBytesAre', () => {
  expect(parse(['\uFEFFda', 'ta: ä\r', '\ndata: b\n\n']).events).toEqual([{ type: 'message', data: 'ä\nb', id: '' }]);
});

it('eventLongerThanTheLimit_isRefused', () => {
  const parser = new SseParser({ maxEventLength: 20 });
  parser.push('data: 0123456789\n');
  expect(() => parser.push('data: 0123456789')).toThrow(ProtocolError);
});

it('lineWithoutEnd_isRefusedBeforeItsEnd', () => {
  const parser = new SseParser({ maxEventLength: 100 });
  expect(() => parser.push(`data: ${'x'.repeat(100)}`)).toThrow('longer than 100 characters');
});

it('endlessComment_isNotKept', () => {
  const parser = new SseParser({ maxEventLength: 100 });
  for (let i = 0; i < 100; i++) expect(parser.push(':'.padEnd(50, 'x'))).toEqual([]);
  expect(parser.push('\ndata: a\n\n')).toEqual([{ type: 'message', data: 'a', id: '' }]);
});

it('longEventInSmallPieces_isCollectedInLinearTime', () => {
  const parser = new SseParser();
  const piece = 'x'.repeat(1024);
  parser.push('event: snapshot\ndata: ');
  for (let i = 0; i < 16 * 1024; i++) parser.push(piece);
  const [event] = parser.push('\n\n');
  expect(event.data.length).toBe(16 * 1024 * 1024);
});
