/**
 * @import { Clock } from '../clock.js'
 * @import { Connection } from './connection.js'
 *
 * @typedef {{cursor: number, type: string, payload: Record<string, any>}} Entry
 */

const ENDS = ['completed', 'failed', 'cancelled'];
const USAGE = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12, synthesized: false };
const STATS = { time_to_first_token_ms: 120, tokens_per_second: 41.5 };

/** One stream of the mock server: entries that are appended, and the connections that listen to them. */
export class StreamLog {
  /** @type {Entry[]} */
  entries = [];
  cursor = 0;
  /** @type {'queued'|'running'|'completed'|'failed'|'cancelled'} */
  status = 'running';
  content = '';
  reasoning = '';
  /** @type {{id: string, type: 'function', function: {name: string, arguments: string}}[]} */
  toolCalls = [];
  /** The fields of the terminal entry. @type {Record<string, any>} */
  end = {};
  /** @type {Set<Connection>} */
  listeners = new Set();
  /** Called once when the stream is cancelled. A script stops its timers here. */
  onCancel = () => {};
  /** @type {number|null} epoch milliseconds */
  finishedAt = null;

  /** @param {{id: string, request: Record<string, any>, owner: string, clock: Clock, orphanGraceMs?: number, modelId?: string|null}} options */
  constructor({ id, request, owner, clock, orphanGraceMs = Infinity, modelId = request.model ?? null }) {
    this.id = id;
    this.request = request;
    this.owner = owner;
    this.modelId = modelId;
    this.clock = clock;
    this.orphanGraceMs = orphanGraceMs;
    this.startedAt = new Date(clock.now());
    this.heardAt = clock.now();
  }

  get running() {
    return this.status === 'running' || this.status === 'queued';
  }

  /** Appends an entry and delivers it to all listeners. @param {string} type @param {Record<string, any>} [fields] */
  append(type, fields = {}) {
    if (!this.running) throw new Error(`Stream ${this.id} has ended (${this.status}), so "${type}" cannot be appended.`);
    this.cancelIfOrphaned();
    if (this.running) this.#append(type, fields);
  }

  /** @param {...string} texts */
  deltas(...texts) {
    for (const content of texts) this.append('delta', { content });
  }

  /** @param {Record<string, any>} [fields] */
  complete(fields = {}) {
    const reason = this.toolCalls.length > 0 ? 'tool_calls' : 'stop';
    this.append('completed', { finish_reason: reason, usage: USAGE, stats: STATS, warnings: [], ...fields });
  }

  /** @param {{code: string, message?: string, hint?: string}} error */
  fail(error) {
    this.append('failed', { error: { message: error.code, hint: '', ...error } });
  }

  /** Cancels the stream. After the end, this has no effect. @param {'client'|'listener_gone'|'shutdown'} [by] */
  cancel(by = 'client') {
    if (!this.running) return;
    this.#append('cancelled', { by });
    this.onCancel();
  }

  /** Cancels the stream if nobody has listened to it for the orphan grace. */
  cancelIfOrphaned() {
    const orphaned = this.running && this.listeners.size === 0 && this.clock.now() - this.heardAt > this.orphanGraceMs;
    if (orphaned) this.cancel('listener_gone');
  }

  /** Drops the first entries, as a server does whose log is too long. The terminal entry is kept. @param {number} upTo a cursor */
  forget(upTo) {
    this.entries = this.entries.filter(({ cursor, type }) => cursor > upTo || ENDS.includes(type));
  }

  /** Delivers everything after the cursor, and what follows. @param {Connection} connection @param {number} cursor */
  attach(connection, cursor) {
    this.listeners.add(connection);
    connection.onClose = () => {
      this.listeners.delete(connection);
      this.heardAt = this.clock.now();
    };
    const held = this.entries[0]?.cursor ?? this.cursor + 1;
    if (cursor + 1 < held) {
      // A snapshot never covers the terminal entry, which follows as the last event.
      const covered = this.running ? this.cursor : this.cursor - 1;
      connection.deliver({ cursor: covered, type: 'snapshot', payload: { ...this.state(), ...(this.running ? {} : UNFINISHED), cursor: covered } });
      cursor = covered;
    }
    for (const entry of this.entries) if (entry.cursor > cursor) connection.deliver(entry);
  }

  /** The state without its texts, as the list of streams has it. */
  summary() {
    return {
      stream_id: this.id, model_id: this.modelId, prompt_hash: 'sha256:00', cursor: this.cursor, status: this.status,
      finish_reason: this.end.finish_reason ?? null, usage: this.end.usage ?? null, error: this.end.error ?? null,
      started_at: this.startedAt.toISOString(), finished_at: this.finishedAt === null ? null : new Date(this.finishedAt).toISOString(),
    };
  }

  state() {
    const toolCalls = structuredClone(this.toolCalls);
    return { ...this.summary(), content: this.content, reasoning: this.reasoning, tool_calls: toolCalls };
  }

  /** @param {string} type @param {Record<string, any>} fields */
  #append(type, fields) {
    this.cursor++;
    const payload = { stream_id: this.id, model_id: this.modelId, prompt_hash: 'sha256:00', cursor: this.cursor, ...fields };
    const entry = { cursor: this.cursor, type, payload };
    this.entries.push(entry);
    if (type === 'delta') this.#collect(fields);
    if (type === 'reset') {
      this.content = this.reasoning = '';
      this.toolCalls = [];
    }
    if (ENDS.includes(type)) {
      this.status = /** @type {StreamLog['status']} */ (type);
      this.end = fields;
      this.finishedAt = this.clock.now();
    } else {
      this.status = type === 'progress' && fields.phase === 'queued' ? 'queued' : 'running';
    }
    for (const listener of [...this.listeners]) listener.deliver(entry);
  }

  /** @param {Record<string, any>} fields */
  #collect({ content = '', reasoning = '', tool_calls: fragments = [] }) {
    this.content += content;
    this.reasoning += reasoning;
    for (const { index = 0, id, function: called } of fragments) {
      const call = (this.toolCalls[index] ??= { id: '', type: 'function', function: { name: '', arguments: '' } });
      call.id ||= id ?? '';
      call.function.name += called?.name ?? '';
      call.function.arguments += called?.arguments ?? '';
    }
  }
}

const UNFINISHED = { status: 'running', finish_reason: null, usage: null, error: null, finished_at: null };
