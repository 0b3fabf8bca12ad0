import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { BASE_URL, LmStudio, text } from './support/lm-studio.js';
import { KEYS, LIMIT, LIMIT_PER_CALLER } from './support/packaged-server.js';

/** What the official client does when the server refuses it for now. */

/** @type {LmStudio} */
let lmStudio;
/** @type {{stop: () => void, stopped: Promise<void>}[]} */
let running = [];
beforeAll(async () => {
  lmStudio = await LmStudio.open();
});
afterAll(() => lmStudio.close());
afterEach(async () => {
  vi.restoreAllMocks();
  running.forEach(({ stop }) => stop());
  await Promise.all(running.map(({ stopped }) => stopped));
  running = [];
});

/** @type {import('openai/resources/chat/completions').ChatCompletionCreateParamsStreaming} */
const question = { model: 'sim-chat', messages: [{ role: 'user', content: 'Hello' }], stream: true };

/** @param {keyof typeof KEYS} caller */
const clientOf = (caller, maxRetries = 0) => new OpenAI({ baseURL: BASE_URL, apiKey: KEYS[caller], maxRetries });

/** Starts streams that run until the test ends. @param {keyof typeof KEYS} caller @param {number} count */
async function occupy(caller, count) {
  for (let i = 0; i < count; i++) {
    const generation = lmStudio.scriptChat((answer) => answer.chunks(text('one')));
    const { controller } = await clientOf(caller).chat.completions.create(question);
    running.push({ stop: () => controller.abort(), stopped: (await generation).closed });
  }
}

/** @param {PromiseLike<unknown>} call */
const errorOf = async (call) => Promise.resolve(call).then(() => expect.unreachable('The call succeeded.'), (error) => error);

it('limitOfTheCaller_isARateLimitErrorWithRetryAfter', async () => {
  await occupy('bob', LIMIT_PER_CALLER);
  const error = await errorOf(clientOf('bob').chat.completions.create(question));
  expect(error).toBeInstanceOf(OpenAI.RateLimitError);
  expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'rate_limit_error' });
  expect(error.headers.get('retry-after')).toMatch(/^\d+$/);
});

it('limitOfTheServer_isAnInternalServerErrorWithRetryAfter', async () => {
  await occupy('bob', LIMIT / 2);
  await occupy('carol', LIMIT / 2);
  const error = await errorOf(clientOf('alice').chat.completions.create(question));
  expect(error).toBeInstanceOf(OpenAI.InternalServerError);
  expect(error).toMatchObject({ status: 503, code: 'overloaded' });
  expect(error.headers.get('retry-after')).toMatch(/^\d+$/);
});

it('refusalOfLmStudio_isRetriedAfterTheTimeThatItNames', async () => {
  const timers = vi.spyOn(globalThis, 'setTimeout');
  lmStudio.scriptChat((answer) => answer.json({ error: { message: 'Too many requests.' } }, 429, { 'retry-after': '1' }));
  lmStudio.scriptChat((answer) => answer.chunks(text('at last')).done());
  const { choices } = await clientOf('alice', 1).chat.completions.create({ ...question, stream: false });
  expect(choices[0].message.content).toBe('at last');
  expect(timers).toHaveBeenCalledWith(expect.any(Function), 1000);
});
