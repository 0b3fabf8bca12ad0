/** Compares our parser of event streams with the package eventsource-parser: `node src/test/js/bench/sse-parsers.mjs`. */
import { readFileSync } from 'node:fs';
import { createParser } from 'eventsource-parser';
import { SseParser } from '../../../main/webapp/js/sdk/stream/sse-parser.js';

/** @typedef {{name: string, bytes_base64: string, normative: boolean, expected: {event: string, data: string, id: string}[], final: {id: string, retry: number|null}}} Case */

const ROUNDS = 7;
const TOKENS = 50_000;

/** @param {Uint8Array[]} pieces */
function ours(pieces) {
  const parser = new SseParser();
  const events = pieces.flatMap((piece) => parser.push(piece));
  return { events: events.map(({ type, data, id }) => ({ event: type, data, id })), retry: parser.retryMs };
}

/** @param {Uint8Array[]} pieces */
function theirs(pieces) {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** @type {{event: string, data: string, id: string}[]} */
  const events = [];
  /** @type {number|null} */
  let retry = null;
  // The package leaves it to its caller to keep the last id.
  let lastId = '';
  const parser = createParser({
    onEvent: ({ event = 'message', data, id }) => {
      lastId = id ?? lastId;
      events.push({ event, data, id: lastId });
    },
    onRetry: (ms) => (retry = ms),
  });
  for (const piece of pieces) parser.feed(decoder.decode(piece, { stream: true }));
  return { events, retry };
}

const PARSERS = { 'SseParser (ours)': ours, 'eventsource-parser': theirs };

/** @param {Uint8Array} bytes @param {number} size */
function piecesOf(bytes, size) {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

/** @type {Case[]} */
const cases = JSON.parse(readFileSync(new URL('../../resources/sse-cases.json', import.meta.url), 'utf8'));
for (const [name, parse] of Object.entries(PARSERS)) {
  /** @type {string[]} */
  const wrong = [];
  for (const one of cases) {
    const bytes = Buffer.from(one.bytes_base64, 'base64');
    const expected = JSON.stringify({ events: one.expected.map(({ event, data, id }) => ({ event, data, id })), retry: one.final.retry });
    for (const size of [bytes.length || 1, 1]) {
      let got;
      try {
        got = JSON.stringify(parse(piecesOf(bytes, size)));
      } catch (error) {
        got = String(error);
      }
      if (got !== expected) wrong.push(`${one.name}${size === 1 ? ' (byte by byte)' : ''}${one.normative ? '' : ' [not normative]'}`);
    }
  }
  console.log(`${name}: ${wrong.length} of ${cases.length * 2} runs of the cases are wrong${wrong.length > 0 ? `:\n  ${wrong.join('\n  ')}` : ''}`);
}

const stream = Array.from({ length: TOKENS }, (_, i) => `id: ${i + 1}\nevent: delta\ndata: ${JSON.stringify({
  stream_id: '8392a2d180456c6ccf35fe3eb27e1161', model_id: 'sim-chat', prompt_hash: `sha256:${'0'.repeat(64)}`, cursor: i + 1, content: ' token',
})}\n\n`).join('');
const tokens = new TextEncoder().encode(`retry: 1000\n\n${stream}`);
const snapshot = new TextEncoder().encode(`id: 1\nevent: snapshot\ndata: ${'x'.repeat(16 * 1024 * 1024)}\n\n`);

/** @param {string} what @param {Uint8Array} bytes @param {number} size */
function measure(what, bytes, size) {
  const pieces = piecesOf(bytes, size);
  const figures = Object.entries(PARSERS).map(([name, parse]) => {
    const times = Array.from({ length: ROUNDS }, () => {
      const start = performance.now();
      parse(pieces);
      return performance.now() - start;
    });
    const median = times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)];
    return `${name} ${(bytes.length / 1e3 / median).toFixed(0)} MB/s`;
  });
  console.log(`${what}, in pieces of ${size} bytes: ${figures.join(', ')}`);
}

for (const size of [64, 256, 1400, 16_384, 1_048_576]) measure(`${TOKENS} tokens`, tokens, size);
for (const size of [1400, 16_384]) measure('one event of 16 MiB', snapshot, size);
