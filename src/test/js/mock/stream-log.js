import { randomBytes } from 'node:crypto';

/** One stream of the mock: entries that are appended, and the connections that listen to them. */
export class StreamLog {
  id = randomBytes(16).toString('hex');
  startedAt = new Date();
  /** @type {{cursor: number, type: string, payload: Record<string, any>}[]} */
  entries = [];
  cursor = 0;
  status = 'running';
  content = '';
  reasoning = '';
  /** @type {any} */
  end = {};
  /** @type {Set<import('./sse-connection.js').SseConnection>} */
  listeners = new Set();
  /** Ran once, when the stream is cancelled: what closes "upstream". */
  onCancel = () => {};

  /** @param {Record<string, any>} request */
  constructor(request) {
    this.request = request;
    this.modelId = request.model ?? 'mock-chat';
  }

  get running() {
    return this.status === 'running';
  }

  /** @param {string} type @param {Record<string, any>} [fields] */
  append(type, fields = {}) {
    if (!this.running) throw new Error(`Stream ${this.id} has ended: no ${type} after it.`);
    this.cursor++;
    const payload = { stream_id: this.id, model_id: this.modelId, prompt_hash: 'sha256:00', cursor: this.cursor, ...fields };
    const entry = { cursor: this.cursor, type, payload };
    this.entries.push(entry);
    if (type === 'delta') {
      this.content += fields.content ?? '';
      this.reasoning += fields.reasoning ?? '';
    }
    if (type === 'reset') this.content = this.reasoning = '';
    if (['completed', 'failed', 'cancelled'].includes(type)) {
      this.status = type;
      this.end = fields;
    }
    for (const listener of this.listeners) listener.deliver(entry);
  }

  /** @param {...string} texts */
  deltas(...texts) {
    for (const content of texts) this.append('delta', { content });
  }

  /** @param {Record<string, any>} [fields] */
  complete(fields = {}) {
    const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12, synthesized: false };
    const stats = { time_to_first_token_ms: 120, tokens_per_second: 41.5 };
    this.append('completed', { finish_reason: 'stop', usage, stats, warnings: [], ...fields });
  }

  cancel() {
    if (!this.running) return;
    this.append('cancelled', { by: 'client' });
    this.onCancel();
  }

  /** Drops entries that a listener could want, as a server under memory pressure may. @param {number} upTo */
  forget(upTo) {
    this.entries = this.entries.filter(({ cursor }) => cursor > upTo);
  }

  state() {
    return {
      stream_id: this.id, model_id: this.modelId, prompt_hash: 'sha256:00', cursor: this.cursor, status: this.status,
      content: this.content, reasoning: this.reasoning, tool_calls: null, finish_reason: this.end.finish_reason ?? null,
      usage: this.end.usage ?? null, error: this.end.error ?? null, started_at: this.startedAt.toISOString(), finished_at: null,
    };
  }
}
