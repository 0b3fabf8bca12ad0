import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createClient } from '../../../main/webapp/js/sdk/client.js';
import { NetworkError } from '../../../main/webapp/js/sdk/errors.js';
import { MODELS, createMockServer, playAnswers, promptOf, textFor } from '../../../main/webapp/js/sdk/mocks/index.js';
import { newTurn } from '../../../main/webapp/js/sdk/store/turn.js';
import { StreamReading } from '../../../main/webapp/js/sdk/stream/reading.js';
import { ManualClock } from '../mock/manual-clock.js';

const API = '/api/v1/ai/lmstudio';
const QUESTION = { messages: [/** @type {const} */ ({ role: 'user', content: 'Hi' })] };

/** @type {ManualClock} */
let clock;
/** @type {import('../../../main/webapp/js/sdk/mocks/index.js').MockServer} */
let mock;
/** @type {import('../../../main/webapp/js/sdk/client.js').Client} */
let client;

beforeEach(() => {
  clock = new ManualClock();
  const callers = [{ name: 'admin', token: 'a', admin: true }, { name: 'user', token: 'u' }];
  mock = createMockServer({ clock, callers });
  client = createClient({ fetch: mock.fetch, accessToken: 'a' });
});

/** @param {string} path @param {RequestInit & {token?: string}} [init] */
async function call(path, { token = 'a', headers, ...init } = {}) {
  const response = await mock.fetch(API + path, { ...init, headers: { authorization: `Bearer ${token}`, ...headers } });
  return { status: response.status, headers: response.headers, body: response.status === 204 ? null : await response.json() };
}

/** @param {string} path @param {unknown} body @param {Record<string, string>} [headers] */
const post = (path, body, headers = {}) => call(path, {
  method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
});

async function start() {
  const { stream_id: id } = await client.infer(QUESTION);
  return /** @type {import('../../../main/webapp/js/sdk/mocks/index.js').StreamLog} */ (mock.streams.get(id));
}

/** @param {string} id @param {number} [cursor] */
const eventsOf = async (id, cursor = 0) => {
  const response = await client.events(id, { cursor, signal: AbortSignal.timeout(20_000) });
  return /** @type {ReadableStreamDefaultReader<Uint8Array>} */ (response.body?.getReader());
};

/** @param {ReadableStreamDefaultReader<Uint8Array>} reader */
const textOf = async (reader) => new TextDecoder().decode((await reader.read()).value);

describe('answers', () => {
  it('answerNotStreamed_isWholeAndCancelledWhenTheClientLeaves', async () => {
    mock.answer = (stream) => {
      stream.append('delta', { reasoning: 'Hm.' });
      stream.append('delta', { tool_calls: [{ index: 0, id: 't', function: { name: 'f', arguments: '{"a"' } }] });
      stream.append('delta', { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] });
      stream.complete();
    };
    const { status, body } = await post('/infer', { ...QUESTION, stream: false });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({ model_id: 'mock-chat', content: '', reasoning: 'Hm.', finish_reason: 'tool_calls', tool_calls: [{ id: 't', function: { arguments: '{"a":1}' } }] });
    mock.answer = (stream) => stream.fail({ code: 'model_not_found' });
    expect(await post('/infer', { ...QUESTION, stream: false })).toMatchObject({ status: 404, body: { error: { code: 'model_not_found' } } });
    mock.answer = () => {};
    const left = new AbortController();
    const next = mock.nextStream();
    const answer = mock.fetch(`${API}/infer`, { method: 'POST', signal: left.signal, body: JSON.stringify({ ...QUESTION, stream: false }), headers: { authorization: 'Bearer a', 'content-type': 'application/json' } });
    const stream = await next;
    left.abort(new Error('left'));
    await expect(answer).rejects.toThrow('left');
    await vi.waitFor(() => expect(stream.status).toBe('cancelled'));
  });

  it('inferAcceptingEvents_isTheStreamItself', async () => {
    mock.answer = (stream) => stream.complete();
    const response = await mock.fetch(`${API}/infer`, { method: 'POST', body: JSON.stringify(QUESTION), headers: { authorization: 'Bearer a', 'content-type': 'application/json' } });
    expect(response.headers.get('location')).toContain(`${API}/streams/`);
    expect(await response.text()).toMatch(/^retry: 1000\n\nid: 1\nevent: started\n.*\n\nid: 2\nevent: completed\n/);
  });

  it('playedAnswer_isTheSameForTheSamePrompt', async () => {
    mock.answer = playAnswers(20, { clock });
    const stream = await start();
    clock.advance(20_000);
    expect(stream).toMatchObject({ status: 'completed', content: textFor('Hi') });
    expect(promptOf({ messages: [{ content: [{ type: 'text', text: 'a' }, { type: 'image_url' }] }] })).toBe('a');
    const cancelled = await start();
    clock.advance(40);
    await client.cancel(cancelled.id);
    clock.advance(40);
    expect(cancelled.status).toBe('cancelled');
    expect(clock.waiting).toEqual([]);
  });
});

describe('errors', () => {
  it.each([
    ['unknownPath', () => call('/nope'), 404, 'not_found'],
    ['wrongMethod', () => call('/models', { method: 'DELETE' }), 405, 'method_not_allowed'],
    ['wrongAccept', () => call('/models', { headers: { accept: 'text/plain' } }), 406, 'not_acceptable'],
    ['eventsWithoutStream', () => post('/infer', { ...QUESTION, stream: false }, { accept: 'text/event-stream' }), 406, 'not_acceptable'],
    ['wrongType', () => post('/infer', QUESTION, { 'content-type': 'text/plain' }), 415, 'unsupported_media_type'],
    ['notJson', () => post('/infer', '{'), 400, 'malformed_json'],
    ['wrongToken', () => call('/nope', { token: 'x' }), 401, 'unauthenticated'],
    ['notAnAdmin', () => call('/models/load', { token: 'u', method: 'POST' }), 403, 'forbidden'],
    ['wrongLimit', () => call('/models?limit=0'), 422, 'validation_failed'],
  ])('%s_hasItsStatusAndCode', async (_, request, status, code) => {
    const answer = await request();
    expect(answer).toMatchObject({ status, body: { status: 'error', error: { code, message: expect.any(String) }, meta: { request_id: expect.any(String) } } });
  });

  it.each([
    [[], ['']],
    [{ ...QUESTION, prompt: 'x' }, ['messages']],
    [{ messages: [] }, ['messages']],
    [{ messages: 3, prompt: null }, ['messages']],
    [{ prompt: '' }, ['prompt']],
    [{ ...QUESTION, max_tokens: 0, stream: 1, extra: { model: 'x', stream_options: {} } }, ['max_tokens', 'stream', 'extra.model', 'extra.stream_options']],
    [{ ...QUESTION, stop: ['a', 'b', 'c', 'd', 'e'], top_p: 'x', seed: '1' }, ['stop', 'top_p', 'seed']],
    [{ messages: [3, { role: 'user', content: [] }, { role: 'user', content: [{}] }] }, ['messages[0]', 'messages[1].content', 'messages[2].content[0].type']],
  ])('wrongBody_%j_hasDetails', async (body, fields) => {
    const { status, body: { error } } = await post('/infer', body);
    expect(status).toBe(422);
    expect(error.details.map((/** @type {{field: string}} */ { field }) => field)).toEqual(fields);
  });

  it('legalBody_isTaken', async () => {
    const tool = { role: 'assistant', content: null, tool_calls: [{ id: 't' }] };
    expect((await post('/infer', { messages: [tool], temperature: null, max_tokens: -1, stop: 'x', tool_choice: {}, extra: { n: 2 } })).status).toBe(202);
    expect((await post('/infer', { prompt: 'Once' })).status).toBe(202);
  });

  it('requestId_isTakenOver', async () => {
    expect((await call('/health', { headers: { 'x-request-id': 'r-1' } })).body.meta.request_id).toBe('r-1');
    expect((await call('/health', { headers: { 'x-request-id': 'not valid' } })).body.meta.request_id).not.toBe('not valid');
  });
});

describe('models', () => {
  it('filtersAndPages_areApplied', async () => {
    const { body } = await call('/models?status=loaded&limit=1');
    expect(body).toMatchObject({ data: [{ id: 'mock-chat' }], meta: { next_cursor: '1' } });
    expect((await call('/models?status=loaded&limit=1&cursor=1')).body).toMatchObject({ data: [{ id: 'mock-embed' }], meta: { next_cursor: null } });
    expect((await call('/models?owned_by=nobody')).body.data).toEqual([]);
  });

  it('loading_showsItsProgressAndIsShared', async () => {
    const one = await client.loadModel({ model: 'mock-asleep' });
    expect((await client.loadModel({ model: 'mock-asleep' })).stream_id).toBe(one.stream_id);
    const state = async () => (await client.models()).models.find(({ id }) => id === 'mock-asleep')?.state;
    expect(await state()).toBe('loading');
    clock.advance(2000);
    expect(await state()).toBe('loaded');
    const stream = mock.streams.get(one.stream_id);
    expect(stream?.entries.map(({ payload }) => payload.progress)).toEqual([undefined, undefined, 0.25, 0.5, 0.75, undefined]);
    expect(stream?.end.finish_reason).toBe('loaded');
    const { stream_id: unloaded } = await client.unloadModel({ model: 'mock-asleep' });
    expect(mock.streams.get(unloaded)?.end.finish_reason).toBe('unloaded');
    expect(await state()).toBe('not-loaded');
    expect(MODELS[2].state).toBe('not-loaded');
  });

  it('loadingThatIsCancelledOrImpossible_saysSo', async () => {
    const { stream_id: id } = await client.loadModel({ model: 'mock-asleep' });
    expect(await client.cancel(id)).toMatchObject({ status: 'cancelled' });
    expect(mock.models[2].state).toBe('not-loaded');
    const end = async (/** @type {Promise<{stream_id: string}>} */ started) => mock.streams.get((await started).stream_id)?.end;
    expect(await end(client.loadModel({ model: 'none' }))).toMatchObject({ error: { code: 'model_not_found' } });
    expect(await end(client.loadModel({ model: 'mock-chat' }))).toMatchObject({ finish_reason: 'already_loaded' });
    expect(await end(client.unloadModel({ model: 'mock-asleep' }))).toMatchObject({ error: { code: 'model_not_loaded' } });
    expect((await post('/models/unload', {})).body.error.details).toEqual([{ field: 'model', message: 'is missing' }]);
  });
});

describe('streams', () => {
  it('cursorInTheAddress_isOverruledByTheHeader', async () => {
    const stream = await start();
    stream.deltas('a', 'b');
    stream.complete();
    const read = async (/** @type {Record<string, string>} */ headers) =>
      (await mock.fetch(`${API}/streams/${stream.id}?cursor=3`, { headers: { authorization: 'Bearer a', accept: 'text/event-stream', ...headers } })).text();
    expect(await read({})).toMatch(/^retry: 1000\n\nid: 4\n/);
    expect(await read({ 'last-event-id': '2' })).toMatch(/^retry: 1000\n\nid: 3\n/);
    expect(await read({ 'last-event-id': 'x' })).toMatch(/^retry: 1000\n\nid: 1\n/);
  });

  it('cursorNoLongerHeld_getsASnapshotWithoutTheEnd', async () => {
    const stream = await start();
    stream.deltas('a', 'b');
    stream.complete();
    stream.forget(4);
    const text = await (await client.events(stream.id, { cursor: 1, signal: AbortSignal.timeout(20_000) })).text();
    expect(text).toMatch(/^retry: 1000\n\nid: 3\nevent: snapshot\ndata: {.*"content":"ab".*}\n\nid: 4\nevent: completed\n/);
    expect(text).toContain('"status":"running"');
  });

  it('silentStream_getsKeepAlives', async () => {
    const stream = await start();
    const reader = await eventsOf(stream.id, 1);
    expect(await textOf(reader)).toBe('retry: 1000\n\n');
    clock.advance(10_000);
    expect(await textOf(reader)).toBe(': keep-alive\n\n');
    await reader.cancel();
    expect(stream.listeners.size).toBe(0);
    expect(clock.waiting).toEqual([]);
  });

  it('streamWithoutAListener_isCancelledAfterTheGraceAndForgottenLater', async () => {
    const stream = await start();
    clock.advance(59_000);
    expect((await client.streamState(stream.id)).status).toBe('running');
    clock.advance(59_000);
    expect((await client.streamState(stream.id)).status).toBe('running');
    clock.advance(61_000);
    expect(await client.streamState(stream.id)).toMatchObject({ status: 'cancelled' });
    expect(stream.end).toEqual({ by: 'listener_gone' });
    clock.advance(11 * 60_000);
    await expect(client.streamState(stream.id)).rejects.toThrow('no stream with this id');
  });

  it('allStreams_areListedForAdmins', async () => {
    await createClient({ fetch: mock.fetch, accessToken: 'u' }).infer(QUESTION);
    expect((await call('/streams')).body.data).toEqual([]);
    expect((await call('/streams?all=true')).body.data).toHaveLength(1);
    expect((await call('/streams?all=true', { token: 'u' })).body.data).toHaveLength(1);
  });

  it('queuedStream_isRunningAfterItsTurn', async () => {
    const stream = await start();
    stream.append('progress', { phase: 'queued', position: 1 });
    expect((await client.streamState(stream.id)).status).toBe('queued');
    stream.append('reset', { reason: 'break' });
    expect(stream.status).toBe('running');
    stream.complete();
    expect(() => stream.deltas('x')).toThrow('has ended');
  });
});

describe('faults', () => {
  it('lostAnswer_wasCarriedOut', async () => {
    mock.disconnect('POST', /infer/, { afterwards: true });
    await expect(client.infer(QUESTION, { key: 'k' })).rejects.toThrow(NetworkError);
    expect((await client.infer(QUESTION, { key: 'k' })).stream_id).toBe([...mock.streams.keys()][0]);
    mock.disconnect('GET', /models/);
    await expect(client.models()).rejects.toThrow(NetworkError);
  });

  it('serverThatIsDown_answersNothingUntilItComesBack', async () => {
    mock.goDown();
    await expect(client.models()).rejects.toThrow(NetworkError);
    mock.comeBack();
    expect((await client.models()).models).toHaveLength(4);
    mock.signedOut = true;
    await expect(client.models()).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('heldBackStream_deliversWhenItIsReleased', async () => {
    const stream = await start();
    mock.hold();
    const reader = await eventsOf(stream.id, 1);
    const first = textOf(reader);
    const raced = await Promise.race([first, client.health().then(() => 'nothing yet')]);
    expect(raced).toBe('nothing yet');
    mock.release();
    expect(await first).toBe('retry: 1000\n\n');
    mock.hold();
    mock.cutAll();
    await expect(reader.read()).rejects.toThrow('broke');
  });

  it('cutAtEveryByte_losesNothing', async () => {
    // With pauses of a second, the stream would be forgotten before the last cut.
    mock.retryMs = 100;
    const stream = await start();
    stream.deltas('Grüße ', '😀');
    stream.complete();
    const { byteLength } = await (await client.events(stream.id, { cursor: 0, signal: AbortSignal.timeout(20_000) })).arrayBuffer();
    for (let at = 0; at < byteLength; at++) {
      mock.cuts = [at];
      const reading = new StreamReading({
        client, clock, turn: newTurn({ streamId: stream.id }), onTurn: () => {},
        onPause: (retryAt) => queueMicrotask(() => clock.advance((retryAt ?? 0) - clock.now())),
      });
      expect(await reading.done).toMatchObject({ text: 'Grüße 😀', outcome: 'completed' });
    }
  });

  it('silence_endsWithTheCallersSignal', async () => {
    mock.silence('GET', /models/);
    await expect(client.models({ signal: AbortSignal.timeout(5) })).rejects.toThrow(NetworkError);
    mock.fail('GET', /models/, 503, { code: 'overloaded' }, { 'retry-after': '7' });
    await expect(client.models()).rejects.toMatchObject({ code: 'overloaded', retryAfterMs: 7000 });
  });

  it('restart_forgetsStreamsAndKeys', async () => {
    const { stream_id: id } = await client.infer(QUESTION, { key: 'k' });
    mock.restart();
    await expect(client.streamState(id)).rejects.toMatchObject({ code: 'stream_not_found' });
    expect((await client.infer(QUESTION, { key: 'k' })).stream_id).not.toBe(id);
  });
});

describe('EventSource', () => {
  it('brokenConnection_isContinuedAfterTheRetryTime', async () => {
    const stream = await start();
    /** @type {string[]} */
    const seen = [];
    const source = new mock.EventSource(client.eventsUrl(stream.id));
    const opened = new Promise((resolve) => (source.onopen = resolve));
    source.addEventListener('started', ({ lastEventId }) => seen.push(lastEventId));
    source.addEventListener('delta', ({ lastEventId }) => seen.push(lastEventId));
    await opened;
    stream.deltas('a');
    await vi.waitFor(() => expect(seen).toEqual(['1', '2']));
    const failed = new Promise((resolve) => (source.onerror = resolve));
    mock.cutAll();
    await failed;
    expect(source.readyState).toBe(source.CONNECTING);
    stream.deltas('b');
    clock.advance(1000);
    await vi.waitFor(() => expect(seen).toEqual(['1', '2', '3']));
    source.close();
    expect(source.readyState).toBe(source.CLOSED);
    await vi.waitFor(() => expect(stream.listeners.size).toBe(0));
  });

  it('refusedConnection_isClosed', async () => {
    const source = new mock.EventSource(client.eventsUrl('nope'), { withCredentials: true });
    await new Promise((resolve) => source.addEventListener('error', resolve));
    expect(source.readyState).toBe(2);
    expect(clock.waiting).toEqual([]);
  });
});
