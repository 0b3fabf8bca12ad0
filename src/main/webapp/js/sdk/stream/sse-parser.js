import { ProtocolError } from '../errors.js';

/**
 * @typedef {object} SseEvent
 * @property {string} type the event's name; `message` if the stream does not name one
 * @property {string} data
 * @property {string} id the last event id when the event was dispatched; empty if there was none yet
 */

const LONGEST_FIELD_NAME = 5;
const FIELD_NAMES = new Set(['data', 'event', 'id', 'retry']);

/**
 * An incremental parser of event streams, as the HTML standard defines them (section 9.2.6). It accepts bytes or text cut
 * at any position, and returns each event when its blank line begins. An unfinished event at the end is dropped.
 */
export class SseParser {
  #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #maxEventLength;
  #atStart = true;
  #skipLineFeed = false;
  #ignoringLine = false;
  #nameKnown = false;
  #line = '';
  /** @type {string|null} null until the block has a data line */
  #data = null;
  #type = '';
  #id = '';

  /** The last event id that a finished block set; empty if none did. */
  lastEventId = '';

  /** The reconnection time that the stream asked for, in milliseconds. @type {number|null} */
  retryMs = null;

  /**
   * @param {object} [options]
   * @param {number} [options.maxEventLength] characters that one event may hold (64 Mi by default, since a snapshot
   *   carries up to 16 MiB of text, escaped); more is a {@link ProtocolError}
   */
  constructor({ maxEventLength = 64 * 1024 * 1024 } = {}) {
    this.#maxEventLength = maxEventLength;
  }

  /**
   * @param {Uint8Array|string} chunk
   * @returns {SseEvent[]} the events that this piece completed, in order
   */
  push(chunk) {
    const text = this.#decode(chunk);
    /** @type {SseEvent[]} */
    const events = [];
    let position = 0;
    let carriageReturn = -1;
    let lineFeed = -1;
    while (position < text.length) {
      if (this.#skipLineFeed) {
        this.#skipLineFeed = false;
        if (text[position] === '\n') {
          position++;
          continue;
        }
      }
      // A search is repeated only when its last result is behind the position, so no chunk is scanned more than twice.
      if (carriageReturn < position) carriageReturn = find(text, '\r', position);
      if (lineFeed < position) lineFeed = find(text, '\n', position);
      const end = Math.min(carriageReturn, lineFeed);
      this.#collect(text.slice(position, end));
      if (end === text.length) break;
      this.#skipLineFeed = end === carriageReturn;
      position = end + 1;
      this.#endLine(events);
    }
    return events;
  }

  /** @param {Uint8Array|string} chunk */
  #decode(chunk) {
    const text = typeof chunk === 'string' ? chunk : this.#decoder.decode(chunk, { stream: true });
    if (!this.#atStart || text === '') return text;
    this.#atStart = false;
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  }

  /** @param {string} piece a part of the current line; a line that will be ignored is not stored */
  #collect(piece) {
    if (this.#ignoringLine) return;
    this.#line += piece;
    // Once the name is known, the line is not looked at until its end. Searching it again after each piece would take a time
    // that grows with the square of its length, and a snapshot is one line of up to 16 MiB.
    if (!this.#nameKnown && isIgnored(this.#line)) {
      this.#ignoringLine = true;
      this.#line = '';
    }
    this.#nameKnown ||= this.#line.length > LONGEST_FIELD_NAME;
    if (this.#line.length + (this.#data?.length ?? 0) > this.#maxEventLength) {
      throw new ProtocolError(`An event of the stream is longer than ${this.#maxEventLength} characters.`);
    }
  }

  /** @param {SseEvent[]} events */
  #endLine(events) {
    const line = this.#line;
    this.#line = '';
    this.#nameKnown = false;
    if (this.#ignoringLine) this.#ignoringLine = false;
    else if (line === '') this.#endBlock(events);
    else this.#field(line);
  }

  /** @param {string} line */
  #field(line) {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'data') this.#data = this.#data === null ? value : `${this.#data}\n${value}`;
    else if (name === 'event') this.#type = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
    else if (name === 'retry' && /^[0-9]+$/.test(value)) this.retryMs = Number(value);
  }

  /** @param {SseEvent[]} events */
  #endBlock(events) {
    this.lastEventId = this.#id;
    if (this.#data !== null) events.push({ type: this.#type || 'message', data: this.#data, id: this.#id });
    this.#data = null;
    this.#type = '';
  }
}

/** @param {string} text @param {string} character @param {number} from */
function find(text, character, from) {
  const index = text.indexOf(character, from);
  return index < 0 ? text.length : index;
}

/** @param {string} line as far as it is known */
function isIgnored(line) {
  const colon = line.indexOf(':');
  if (colon < 0) return line.length > LONGEST_FIELD_NAME;
  return !FIELD_NAMES.has(line.slice(0, colon));
}
