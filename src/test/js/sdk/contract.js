import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../../main/webapp/js/sdk/client.js';
import { ApiError, OfflineError } from '../../../main/webapp/js/sdk/errors.js';
import { atom, until } from '../../../main/webapp/js/sdk/store/atom.js';
import { Generation } from '../../../main/webapp/js/sdk/store/generation.js';
import { newTurn } from '../../../main/webapp/js/sdk/store/turn.js';
import { StreamReading } from '../../../main/webapp/js/sdk/stream/reading.js';
import { createTransports } from '../../../main/webapp/js/sdk/stream/transports.js';

/**
 * @import { Client, InferRequest } from '../../../main/webapp/js/sdk/client.js'
 * @import { Turn } from '../../../main/webapp/js/sdk/store/turn.js'
 *
 * @typedef {object} Target a server that follows the HTTP API
 * @property {string} contextRoot its address
 * @property {string} accessToken
 * @property {string} [otherToken] the token of a caller who is not an admin
 * @property {typeof globalThis.fetch} [fetch]
 * @property {typeof globalThis.EventSource} [EventSource] signed in as the caller of the access token
 * @property {string} model a model whose answer is short
 * @property {string|null} slowModel a model whose answer takes a few seconds; null if every answer does
 * @property {() => Promise<void>} close
 */


/** @param {Promise<unknown>} promise @returns {Promise<any>} */
const failureOf = (promise) => promise.then(() => expect.fail('expected a failure'), (error) => error);

/**
 * Checks that the SDK and a server understand each other. The same checks run against the mock and against the real server.
 *
 * @param {string} name
 * @param {() => Promise<Target>} open
 */
export function describeClientContract(name, open) {
  describe(name, () => {
    /** @type {Target} */
    let target;
    /** @type {Client} */
    let client;
    /** @type {InferRequest} */
    let question;
    let keys = 0;

    beforeAll(async () => {
      target = await open();
      client = connect();
      // The model is named, because LM Studio refuses to choose one when several are loaded.
      question = { model: target.model, messages: [{ role: 'user', content: 'Tell me about streams.' }] };
    });
    afterAll(() => target.close());

    /** @param {Partial<Parameters<typeof createClient>[0]>} [options] */
    function connect(options = {}) {
      const { contextRoot, accessToken, fetch } = target;
      return createClient({ contextRoot, accessToken, ...(fetch ? { fetch } : {}), ...options });
    }

    const slow = () => (target.slowModel === null ? question : { ...question, model: target.slowModel });
    const newKey = () => `contract-${Date.now()}-${keys++}`;

    /** @param {string} streamId @param {{prefer?: 'fetch'|'event-source'|'polling', known?: Partial<Turn>, onTurn?: (turn: Turn) => void}} [options] */
    function read(streamId, { prefer, known = {}, onTurn = () => {} } = {}) {
      const transports = createTransports(client, { prefer, EventSource: target.EventSource });
      return new StreamReading({ client, transports, onTurn, turn: { ...newTurn({ streamId }), ...known } });
    }

    it('models_areListedWithTheirStates', async () => {
      const { models, meta } = await client.models();
      expect(models.length).toBeGreaterThan(0);
      for (const model of models) expect(model).toMatchObject({ id: expect.any(String), state: expect.stringMatching(/^(loaded|loading|not-loaded)$/) });
      expect(meta).toMatchObject({ stale: false, fetched_at: expect.any(String), request_id: expect.any(String) });
    });

    it('health_tellsTheVersionOfLmStudio', async () => {
      expect(await client.health()).toMatchObject({ status: 'ok', lmstudio_version: expect.any(String), version_detected_by: expect.any(String) });
    });

    it('infer_namesTheStreamAtOnce', async () => {
      const started = await client.infer(question);
      expect(started).toMatchObject({ stream_id: expect.any(String), status: 'running', prompt_hash: expect.stringMatching(/^sha256:/) });
      expect(started.events_url).toContain(`/api/v1/ai/lmstudio/streams/${started.stream_id}`);
      await client.cancel(started.stream_id);
    });

    it.each(/** @type {const} */ (['fetch', 'event-source', 'polling']))('%s_readsTheAnswerToItsEnd', async (prefer) => {
      const { stream_id: id } = await client.infer(question);
      const turn = await read(id, { prefer }).done;
      expect(turn).toMatchObject({ outcome: 'completed', error: null, finishReason: 'stop', usage: { completion_tokens: expect.any(Number) } });
      expect(turn.text.length).toBeGreaterThan(20);
      expect(await client.streamState(id)).toMatchObject({ status: 'completed', content: turn.text, cursor: turn.cursor, finished_at: expect.any(String) });
    });

    it.each(/** @type {const} */ (['fetch', 'event-source', 'polling']))('%s_continuesAfterACursor', async (prefer) => {
      const { stream_id: id } = await client.infer(slow());
      /** @type {Turn} */
      let half = newTurn();
      const first = read(id, { onTurn: (turn) => {
        half = turn;
        if (turn.text !== '') first.detach();
      } });
      await first.done;
      expect(half).toMatchObject({ outcome: null, text: expect.stringMatching(/./) });
      const turn = await read(id, { prefer, known: half }).done;
      expect(turn.outcome).toBe('completed');
      expect(turn.text.startsWith(half.text)).toBe(true);
      expect(turn.text).toBe((await read(id).done).text);
    });

    it('lastCursorOfAFinishedStream_hasNothingAfterIt', async () => {
      const { stream_id: id } = await client.infer(question);
      const { cursor } = await read(id).done;
      const signal = AbortSignal.timeout(20_000);
      expect((await client.events(id, { cursor, signal })).status).toBe(204);
      const last = await (await client.events(id, { cursor: cursor - 1, signal })).text();
      expect(last).toMatch(new RegExp(`^retry: \\d+\\n\\nid: ${cursor}\\nevent: completed\\ndata: `));
      const all = await (await client.events(id, { cursor: cursor + 100, signal })).text();
      expect(all).toMatch(/^retry: \d+\n\nid: 1\nevent: started\n/);
    });

    it('cancel_endsTheStreamOnceForEverybody', async () => {
      const { stream_id: id } = await client.infer(slow());
      const reading = read(id);
      expect(await client.cancel(id)).toMatchObject({ stream_id: id, status: 'cancelled' });
      expect(await reading.done).toMatchObject({ outcome: 'cancelled' });
      const state = await client.cancel(id);
      expect(state).toMatchObject({ status: 'cancelled' });
      expect(await client.streamState(id)).toEqual(state);
    });

    it('repeatedKey_findsTheSameStream', async () => {
      const key = newKey();
      const first = await client.infer(question, { key });
      expect((await client.infer(question, { key })).stream_id).toBe(first.stream_id);
      const conflict = await failureOf(client.infer({ ...question, top_p: 0.5 }, { key }));
      expect(conflict).toMatchObject({ status: 409, code: 'idempotency_conflict', hint: expect.stringMatching(/./) });
      await client.cancel(first.stream_id);
      expect((await client.infer(question, { key })).stream_id).toBe(first.stream_id);
    });

    it('wrongRequest_isRefusedWithEveryWrongField', async () => {
      const wrong = { messages: [{ role: 'x', content: 3 }], temperature: 3, nope: 1, stop: [1], top_k: 1.5 };
      const error = await failureOf(client.infer(/** @type {any} */ (wrong)));
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ status: 422, code: 'validation_failed', requestId: expect.any(String) });
      const fields = error.details.map((/** @type {{field: string}} */ { field }) => field).sort();
      expect(fields).toEqual(['messages[0].content', 'messages[0].role', 'nope', 'stop[0]', 'temperature', 'top_k']);
      expect((await failureOf(client.infer(/** @type {any} */ ({})))).details).toEqual([{ field: 'messages', message: 'is missing' }]);
      expect((await failureOf(client.infer(question, { key: 'x'.repeat(256) }))).details).toMatchObject([{ field: 'Idempotency-Key' }]);
    });

    it('withoutAToken_isUnauthenticated', async () => {
      for (const accessToken of [undefined, 'wrong']) {
        expect(await failureOf(connect({ accessToken }).models())).toMatchObject({ status: 401, code: 'unauthenticated', hint: expect.stringMatching(/./) });
      }
    });

    it('unknownStream_isNotFound', async () => {
      const calls = [client.streamState('nope'), client.cancel('nope'), client.events('nope', { cursor: 0, signal: AbortSignal.timeout(20_000) })];
      for (const failure of calls.map(failureOf)) {
        expect(await failure).toMatchObject({ status: 404, code: 'stream_not_found', foreign: false });
      }
    });

    it('streamOfAnotherCaller_doesNotExist', async () => {
      const { stream_id: id } = await client.infer(question);
      const other = connect({ accessToken: target.otherToken });
      expect(await failureOf(other.streamState(id))).toMatchObject({ status: 404, code: 'stream_not_found' });
      expect((await other.streams()).map(({ stream_id }) => stream_id)).not.toContain(id);
      const mine = (await client.streams()).find(({ stream_id }) => stream_id === id);
      expect(mine).toBeDefined();
      expect(mine).not.toHaveProperty('content');
      await client.cancel(id);
    });

    it('loadingAModel_isForAdmins', async () => {
      const other = connect({ accessToken: target.otherToken });
      expect(await failureOf(other.loadModel({ model: 'any' }))).toMatchObject({ status: 403, code: 'forbidden' });
    });

    it('offlineSwitch_sendsNothingAndTheAnswerGoesOnAfterwards', async () => {
      const offline = atom(true);
      let sent = 0;
      const careful = connect({ offline, fetch: (...call) => {
        sent++;
        return (target.fetch ?? fetch)(...call);
      } });
      expect(await failureOf(careful.models())).toBeInstanceOf(OfflineError);
      const generation = new Generation({ client: careful, transports: createTransports(careful) });
      const done = generation.start(question, { key: newKey() });
      await until(generation.status, (status) => status === 'offline');
      expect(sent).toBe(0);
      offline.set(false);
      await done;
      expect(generation.turn.get()).toMatchObject({ outcome: 'completed' });
      expect(generation.status.get()).toBe('done');
    });
  });
}
