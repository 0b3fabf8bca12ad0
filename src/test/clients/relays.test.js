import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BASE_URL, LmStudio, SERVER } from './support/lm-studio.js';
import { KEYS } from './support/packaged-server.js';

/** Anthropic's client, and the `responses` of OpenAI's client: the server passes requests and events on unchanged. */

/** @type {LmStudio} */
let lmStudio;
beforeAll(async () => {
  lmStudio = await LmStudio.open();
});
afterAll(() => lmStudio.close());

const anthropic = () => new Anthropic({ baseURL: SERVER, apiKey: KEYS.alice, maxRetries: 0 });
const openai = () => new OpenAI({ baseURL: BASE_URL, apiKey: KEYS.alice, maxRetries: 0 });

const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'scripted', content: [], stop_reason: null, stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 1 } };
/** @param {string} text */
const textBlock = (text) => [
  ['content_block_start', { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }],
  ['content_block_delta', { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }],
];
const messageEnd = [
  ['content_block_stop', { type: 'content_block_stop', index: 0 }],
  ['message_delta', { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } }],
  ['message_stop', { type: 'message_stop' }],
];
/** @type {import('@anthropic-ai/sdk/resources/messages').MessageCreateParamsNonStreaming} */
const question = { model: 'scripted', max_tokens: 16, messages: [{ role: 'user', content: 'Hello' }] };

/** @param {PromiseLike<unknown>} call */
const errorOf = async (call) => Promise.resolve(call).then(() => expect.unreachable('The call succeeded.'), (error) => error);

it('anthropicsMessage_isThatOfLmStudio', async () => {
  lmStudio.script('/v1/messages', (answer) => answer.json({ ...message, content: [{ type: 'text', text: 'Good day' }], stop_reason: 'end_turn' }));
  const { content } = await anthropic().messages.create(question);
  expect(content).toEqual([{ type: 'text', text: 'Good day' }]);
  expect(lmStudio.bodiesOf('/v1/messages').at(-1)).toEqual(question);
});

it('anthropicsStream_hasAllEventsAndTheFinalMessage', async () => {
  lmStudio.script('/v1/messages', (answer) => answer.events(['message_start', { type: 'message_start', message }], ...textBlock('Good day'), ...messageEnd).end());
  const stream = anthropic().messages.stream(question);
  const final = await stream.finalMessage();
  expect(final.content).toEqual([{ type: 'text', text: 'Good day' }]);
  expect(final.stop_reason).toBe('end_turn');
});

it('anthropicsStreamThatBreaks_isAnError', async () => {
  lmStudio.script('/v1/messages', (answer) => answer.events(['message_start', { type: 'message_start', message }], ...textBlock('Good')).cut());
  const stream = anthropic().messages.stream(question);
  expect(await errorOf(stream.finalMessage())).toBeInstanceOf(Anthropic.AnthropicError);
});

it('anthropicsAbort_closesTheConnectionToLmStudio', async () => {
  const generation = lmStudio.script('/v1/messages', (answer) => answer.events(['message_start', { type: 'message_start', message }], ...textBlock('one')));
  const stream = anthropic().messages.stream(question);
  await new Promise((seen) => stream.once('text', seen));
  stream.abort();
  expect(await errorOf(stream.done())).toBeInstanceOf(Anthropic.APIUserAbortError);
  await (await generation).closed;
});

it('refusalOfLmStudio_isAnthropicsError', async () => {
  lmStudio.script('/v1/messages', (answer) => answer.json({ type: 'error', error: { type: 'not_found_error', message: 'no such model' } }, 404));
  const error = await errorOf(anthropic().messages.create(question));
  expect(error).toBeInstanceOf(Anthropic.NotFoundError);
  expect(error.message).toContain('no such model');
});

it('wrongKey_isAnthropicsAuthenticationError', async () => {
  const error = await errorOf(new Anthropic({ baseURL: SERVER, apiKey: 'wrong', maxRetries: 0 }).messages.create(question));
  expect(error).toBeInstanceOf(Anthropic.AuthenticationError);
});

const response = { id: 'resp_1', object: 'response', created_at: 1_760_000_000, status: 'completed', model: 'scripted', error: null, top_p: false,
  output: [{ id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: 'Good day', annotations: [] }] }] };

it('openAisResponse_isThatOfLmStudio', async () => {
  lmStudio.script('/v1/responses', (answer) => answer.json(response));
  const answer = await openai().responses.create({ model: 'scripted', input: 'Hello' });
  expect(answer.output_text).toBe('Good day');
});

it('openAisResponseStream_hasNamedEvents', async () => {
  lmStudio.script('/v1/responses', (answer) => answer.events(
    ['response.created', { type: 'response.created', response: { ...response, status: 'in_progress', output: [] }, sequence_number: 0 }],
    ['response.output_text.delta', { type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, content_index: 0, delta: 'Good day', sequence_number: 1 }],
    ['response.completed', { type: 'response.completed', response, sequence_number: 2 }]).end());
  const types = [];
  for await (const event of await openai().responses.create({ model: 'scripted', input: 'Hello', stream: true })) types.push(event.type);
  expect(types).toEqual(['response.created', 'response.output_text.delta', 'response.completed']);
});

it('openAisResponseStreamThatBreaks_throws', async () => {
  lmStudio.script('/v1/responses', (answer) => answer.events(
    ['response.created', { type: 'response.created', response: { ...response, status: 'in_progress', output: [] }, sequence_number: 0 }]).cut());
  const stream = await openai().responses.create({ model: 'scripted', input: 'Hello', stream: true });
  const read = async () => {
    for await (const event of stream) expect(event.type).toBe('response.created');
  };
  expect(await errorOf(read())).toBeInstanceOf(OpenAI.APIError);
});

it('storedResponse_isReadAndDeleted', async () => {
  lmStudio.script('/v1/responses/resp_1', (answer) => answer.json(response));
  expect((await openai().responses.retrieve('resp_1')).output_text).toBe('Good day');
  lmStudio.script('/v1/responses/resp_1', (answer) => answer.json({ id: 'resp_1', object: 'response', deleted: true }));
  await openai().responses.delete('resp_1');
  expect(lmStudio.requests.at(-1)).toMatchObject({ method: 'DELETE', path: '/v1/responses/resp_1' });
});
