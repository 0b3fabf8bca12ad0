import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClient } from '../../../main/webapp/js/sdk/client.js';
import { ApiError, NetworkError, ProtocolError, isRetryable } from '../../../main/webapp/js/sdk/errors.js';
import { MODELS, MockServer } from '../mock/mock-server.js';

const server = new MockServer({ contextRoot: '/any/root' });
/** @type {import('../../../main/webapp/js/sdk/client.js').Client} */
let client;
const question = { messages: [/** @type {const} */ ({ role: 'user', content: 'Hi' })] };

beforeAll(async () => void (await server.listen()));
afterAll(() => server.close());
beforeEach(() => {
  server.requests = [];
  client = createClient({ contextRoot: server.url, accessToken: server.token });
});

/** @param {Promise<unknown>} promise @returns {Promise<any>} */
const failureOf = (promise) => promise.then(() => expect.fail('expected a failure'), (error) => error);

it('models_givesListAndMeta', async () => {
  expect(await client.models()).toMatchObject({ models: MODELS, meta: { request_id: 'req-mock', stale: false } });
});

it('trailingSlashOfTheContextRoot_isIgnored', async () => {
  const same = createClient({ contextRoot: `${server.url}//`, accessToken: server.token });
  expect((await same.models()).models).toEqual(MODELS);
});

it.each(['', '127.0.0.1:8080', 'localhost:8080', '/app'])('contextRootWithoutAnAddressInAProgram_isRefused_%s', (contextRoot) => {
  expect(() => createClient({ contextRoot })).toThrow(`contextRoot is '${contextRoot}'`);
});

it('accessTokenThatNoHeaderCanHave_isRefused', () => {
  expect(() => createClient({ contextRoot: server.url, accessToken: 'gehört mir' })).toThrow(/accessToken has a character/);
});

it.each([Infinity, NaN, -1, 0, 1e12])('timeLimitThatNoTimerCanHave_isRefused_%s', (timeoutMs) => {
  expect(() => createClient({ contextRoot: server.url, timeoutMs })).toThrow(`timeoutMs is ${timeoutMs}`);
});

it.each(['gehört mir', 'two\nlines', ''])('keyThatNoHeaderCanHave_isRefused_%j', async (key) => {
  expect(await failureOf(client.infer(question, { key }))).toBeInstanceOf(TypeError);
  expect(server.requests).toEqual([]);
});

it.each(['', '.', '..'])('idThatLeadsToAnotherResource_isRefused_%j', async (id) => {
  for (const call of [client.streamState(id), client.cancel(id), client.events(id, { cursor: 0, signal: AbortSignal.timeout(20_000) })]) {
    expect((await failureOf(call)).message).toBe(`'${id}' is not the id of a stream.`);
  }
  expect(() => client.eventsUrl(id)).toThrow(TypeError);
});

it('timerOfTheLimit_endsWithTheCall', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const timers = vi.fn(vi.getTimerCount);
    const fetch = async () => {
      timers();
      return Response.json({ status: 'success', data: [] });
    };
    await createClient({ fetch }).models();
    expect([timers.mock.results[0].value, vi.getTimerCount()]).toEqual([1, 0]);
  } finally {
    vi.useRealTimers();
  }
});

it('infer_asksForAStreamAndAnswersWithItsId', async () => {
  const accepted = await client.infer({ model: 'mock-chat', ...question });
  expect(server.streams.has(accepted.stream_id)).toBe(true);
  const { headers, body } = server.requests[0];
  expect(headers.accept).toBe('application/json');
  expect(body).toEqual({ model: 'mock-chat', ...question, stream: true });
});

it('cancel_endsTheStreamAndAnswersWithItsState', async () => {
  const { stream_id: id } = await client.infer(question);
  expect(await client.cancel(id)).toMatchObject({ stream_id: id, status: 'cancelled' });
  expect(await client.streamState(id)).toMatchObject({ status: 'cancelled', cursor: 2 });
});

it('events_sendTheCursorAsLastEventId', async () => {
  const { stream_id: id } = await client.infer(question);
  server.streams.get(id)?.complete();
  const whole = await client.events(id, { cursor: 0, signal: AbortSignal.timeout(20_000) });
  expect(await whole.text()).toMatch(/^retry: 5\n\nid: 1\nevent: started\n/);
  const rest = await client.events(id, { cursor: 1, signal: AbortSignal.timeout(20_000) });
  expect(await rest.text()).toMatch(/^retry: 5\n\nid: 2\nevent: completed\n/);
  expect((await client.events(id, { cursor: 2, signal: AbortSignal.timeout(20_000) })).status).toBe(204);
});

it('statedError_isTypedWithAllItsFields', async () => {
  server.fail('POST', /infer$/, 422, { code: 'validation_failed', message: 'Wrong.', hint: 'Fix it.', details: [{ field: 'top_p', message: 'too large' }] });
  const error = await failureOf(client.infer(question));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    status: 422, code: 'validation_failed', message: 'Wrong.', hint: 'Fix it.', requestId: 'req-mock',
    details: [{ field: 'top_p', message: 'too large' }], retryAfterMs: null, name: 'ApiError',
  });
  expect(isRetryable(error)).toBe(false);
});

it('errorWithFieldsOfWrongTypes_isStillTold', async () => {
  server.intercept('GET', /models$/, (_, response) => response.writeHead(500).end('{"error":{"code":"internal","message":{"a":1},"hint":[],"details":{}}}'));
  expect(await failureOf(client.models())).toMatchObject({ code: 'internal', message: 'The server answered 500 Internal Server Error.', hint: '', details: [] });
});

it.each([
  ['7', 7000, 7000],
  [new Date(Date.now() + 20_000).toUTCString(), 15_000, 20_000],
  [new Date(0).toUTCString(), 0, 0],
])('retryAfter_%s_isMilliseconds', async (value, least, most) => {
  server.fail('GET', /models$/, 429, { code: 'rate_limited' }, { 'retry-after': value });
  const error = await failureOf(client.models());
  expect(error.retryAfterMs).toBeGreaterThanOrEqual(least);
  expect(error.retryAfterMs).toBeLessThanOrEqual(most);
  expect(isRetryable(error)).toBe(true);
});

it('unreadableRetryAfter_isNone', async () => {
  server.fail('GET', /models$/, 503, { code: 'overloaded' }, { 'retry-after': 'soon' });
  expect((await failureOf(client.models())).retryAfterMs).toBeNull();
});

it('proxysErrorPage_isAnApiErrorWithTheStatus', async () => {
  server.intercept('GET', /models$/, (_, response) => response.writeHead(502, { 'x-request-id': 'r9' }).end('<h1>Bad gateway</h1>'));
  expect(await failureOf(client.models())).toMatchObject({ status: 502, code: 'http_502', message: 'The server answered 502 Bad Gateway.', requestId: 'r9' });
});

describe('answersOutsideTheContract', () => {
  it.each([
    ['notJson', '<html>', 'not JSON'],
    ['noEnvelope', '{"models":[]}', 'not an envelope'],
    ['null', 'null', 'not an envelope'],
    ['noData', '{"status":"success","data":null}', 'not an envelope'],
    ['noList', '{"status":"success","data":{}}', 'not a list'],
  ])('%s_isAProtocolError', async (_, body, message) => {
    server.intercept('GET', /models$/, (_request, response) => response.writeHead(200).end(body));
    const error = await failureOf(client.models());
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error.message).toContain(message);
  });

  it('noStreamId_isAProtocolError', async () => {
    server.intercept('POST', /infer$/, (_, response) => response.writeHead(202).end('{"status":"success","data":{}}'));
    expect(await failureOf(client.infer(question))).toBeInstanceOf(ProtocolError);
  });

  it('pageInsteadOfEvents_isAProtocolError', async () => {
    server.intercept('GET', /streams/, (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'));
    const error = await failureOf(client.events('x', { cursor: 0, signal: AbortSignal.timeout(20_000) }));
    expect(error.message).toContain('expected an event stream, got "text/html"');
  });
});

it('answerOfAServerThatIsStillStarting_isRetryable', async () => {
  server.intercept('GET', /models$/, (_, response) => response.writeHead(404).end('<h1>Not found</h1>'));
  const error = await failureOf(client.models());
  expect(error).toMatchObject({ status: 404, code: 'http_404', foreign: true });
  expect(isRetryable(error)).toBe(true);
  server.fail('GET', /models$/, 404, { code: 'not_found' });
  expect(isRetryable(await failureOf(client.models()))).toBe(false);
});

it('noServer_isANetworkError', async () => {
  const gone = await new MockServer().listen();
  await gone.close();
  const error = await failureOf(createClient({ contextRoot: gone.url }).models());
  expect(error).toBeInstanceOf(NetworkError);
  expect(error.cause).toBeDefined();
  expect(isRetryable(error)).toBe(true);
});

it('answerThatBreaksOff_isANetworkError', async () => {
  server.intercept('GET', /models$/, (_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"status"', () => response.socket?.destroy());
  });
  expect(await failureOf(client.models())).toBeInstanceOf(NetworkError);
});

it('silentServer_isANetworkErrorAfterTheLimit', async () => {
  server.intercept('GET', /models$/, () => {});
  const impatient = createClient({ contextRoot: server.url, accessToken: server.token, timeoutMs: 20 });
  expect(await failureOf(impatient.models())).toBeInstanceOf(NetworkError);
});

it('callersAbort_isTheCallersReason', async () => {
  server.intercept('GET', /models$/, () => {});
  const caller = new AbortController();
  const failure = failureOf(client.models({ signal: caller.signal }));
  const reason = new Error('changed my mind');
  caller.abort(reason);
  expect(await failure).toBe(reason);
});

it('withoutToken_isUnauthenticated', async () => {
  const error = await failureOf(createClient({ contextRoot: server.url }).models());
  expect(error).toMatchObject({ status: 401, code: 'unauthenticated' });
  expect(isRetryable(error)).toBe(false);
});

it('switchedOffModule_isNotRetryable', () => {
  expect(isRetryable(new ApiError({ status: 503, code: 'feature_disabled', message: '' }))).toBe(false);
  expect(isRetryable(new Error('a bug'))).toBe(false);
});

it('answers_areNeverTakenFromTheCacheOfTheBrowser', async () => {
  const other = vi.fn(globalThis.fetch);
  const cached = createClient({ contextRoot: server.url, accessToken: server.token, fetch: other });
  await cached.models();
  expect(other.mock.lastCall?.[1]).toMatchObject({ cache: 'no-store' });
});

it('idOfAStream_cannotLeadToAnotherPath', async () => {
  expect(client.eventsUrl('../models?x')).toBe(`${server.url}/api/v1/ai/lmstudio/streams/..%2Fmodels%3Fx`);
  expect((await failureOf(client.streamState('../models'))).status).toBe(404);
});
