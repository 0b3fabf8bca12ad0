import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BASE_URL, LmStudio, chunk, finish, text, toolCall } from './support/lm-studio.js';
import { KEYS } from './support/packaged-server.js';

/**
 * The official client of OpenAI, unmodified: only its base URL and its key are not the default.
 *
 * @import { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions'
 */
const client = new OpenAI({ baseURL: BASE_URL, apiKey: KEYS.alice, maxRetries: 0 });
const CHAT = '/v1/chat/completions';

/** @type {ChatCompletionMessageParam[]} */
const messages = [{ role: 'user', content: 'Tell me about rivers.' }];
const question = { model: 'sim-chat', messages };

/** @type {ChatCompletionTool} */
const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Returns the weather of a city.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

/** @type {LmStudio} */
let lmStudio;
beforeAll(async () => {
  lmStudio = await LmStudio.open();
});
afterAll(() => lmStudio.close());

/** The chunks of a stream that ends regularly. @template T @param {AsyncIterable<T>} stream @returns {Promise<T[]>} */
async function all(stream) {
  const chunks = [];
  for await (const next of stream) chunks.push(next);
  return chunks;
}

/** The error of a call that fails. @param {PromiseLike<unknown>} call */
const errorOf = async (call) => Promise.resolve(call).then(() => expect.unreachable('The call succeeded.'), (error) => error);

describe('models', () => {
  it('list_hasEveryModelOfLmStudio', async () => {
    const ids = (await all(client.models.list())).map((model) => model.id);
    expect(ids).toEqual(expect.arrayContaining(['sim-chat', 'sim-reasoner', 'text-embedding-sim']));
  });

  it('listedModel_isRetrievedById', async () => {
    const [first] = (await client.models.list()).data;
    expect(await client.models.retrieve(first.id)).toEqual(first);
    expect(first).toMatchObject({ object: 'model', created: expect.any(Number), owned_by: expect.any(String) });
  });

  it('idWithSlash_isRetrieved', async () => {
    const data = [{ id: 'qwen/qwen3-8b', object: 'model', owned_by: 'qwen' }];
    lmStudio.script('/v1/models', (answer) => answer.json({ object: 'list', data }));
    expect(await client.models.retrieve('qwen/qwen3-8b')).toMatchObject(data[0]);
  });

  it('unknownIdWithSlash_isNotFoundByItsWholeName', async () => {
    const error = await errorOf(client.models.retrieve('qwen/none'));
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ status: 404, code: 'model_not_found', message: expect.stringContaining("'qwen/none'") });
  });
});

describe('chat', () => {
  it('plainAnswer_isWhole', async () => {
    const completion = await client.chat.completions.create(question);
    expect(completion).toMatchObject({ object: 'chat.completion', model: 'sim-chat' });
    expect(completion.choices[0]).toMatchObject({ index: 0, finish_reason: 'stop', message: { role: 'assistant' } });
    expect(completion.usage?.total_tokens).toBe((completion.usage?.prompt_tokens ?? 0) + (completion.usage?.completion_tokens ?? 0));
  });

  it('streamedAnswer_joinsToThePlainOne', async () => {
    const whole = await client.chat.completions.create(question);
    const chunks = await all(await client.chat.completions.create({ ...question, stream: true }));
    expect(chunks.map(({ choices }) => choices[0].delta.content ?? '').join('')).toBe(whole.choices[0].message.content);
    expect(chunks.at(-1)?.choices[0].finish_reason).toBe('stop');
    expect(chunks.filter(({ usage }) => usage)).toEqual([]);
  });

  it('streamWithIncludeUsage_endsWithOneUsageChunk', async () => {
    const chunks = await all(await client.chat.completions.create({ ...question, stream: true, stream_options: { include_usage: true } }));
    expect(chunks.filter(({ usage }) => usage)).toEqual([chunks.at(-1)]);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
    expect(chunks.at(-2)?.choices[0].finish_reason).toBe('stop');
  });

  it('streamHelper_assemblesTheAnswer', async () => {
    const whole = await client.chat.completions.create(question);
    const stream = client.chat.completions.stream({ ...question, stream_options: { include_usage: true } });
    let heard = '';
    stream.on('content', (delta) => (heard += delta));
    const final = await stream.finalChatCompletion();
    expect(heard).toBe(whole.choices[0].message.content);
    expect(final.choices[0]).toMatchObject({ finish_reason: 'stop', message: { role: 'assistant', content: heard } });
    expect(final.usage).toEqual(whole.usage);
  });

  it('fieldsThatTheClientDoesNotKnow_arriveAsTheyWere', async () => {
    lmStudio.scriptChat((answer) => answer.chunks({ ...text('a'), x_vendor: { deep: [1.5] } }, finish('stop')).done());
    const [first] = await all(await client.chat.completions.create({ ...question, stream: true }));
    expect(first).toMatchObject({ x_vendor: { deep: [1.5] } });
  });

  it('structuredOutput_isParsedByTheZodHelper', async () => {
    const City = z.object({ city: z.string(), inhabitants: z.number() });
    const completion = await client.chat.completions.parse({
      model: 'sim-chat',
      messages: [{ role: 'user', content: 'Name a city.' }],
      response_format: zodResponseFormat(City, 'city'),
    });
    expect(completion.choices[0].message.parsed).toEqual({ city: expect.any(String), inhabitants: expect.any(Number) });
    expect(lmStudio.bodiesOf(CHAT).at(-1).response_format).toMatchObject({ type: 'json_schema', json_schema: { name: 'city' } });
  });
});

describe('tools', () => {
  /** @type {ChatCompletionMessageParam[]} */
  const asked = [{ role: 'user', content: 'How is the weather in Lisbon?' }];

  it('fragmentsOfACall_areJoinedByTheHelper', async () => {
    lmStudio.scriptChat((answer) => answer.chunks(
      chunk({ role: 'assistant', content: null }),
      toolCall({ id: 'call-7', type: 'function', function: { name: 'get_weather', arguments: '' } }),
      toolCall({ function: { arguments: '{"city":' } }),
      toolCall({ function: { arguments: '"Lisbon"}' } }),
      finish('tool_calls'),
    ).done());
    const { choices } = await client.chat.completions.stream({ model: 'sim-chat', messages: asked, tools: [weather] }).finalChatCompletion();
    expect(choices[0].finish_reason).toBe('tool_calls');
    expect(choices[0].message.tool_calls).toEqual([
      { id: 'call-7', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Lisbon"}' } },
    ]);
  });

  it('secondTurnWithTheResult_getsAnAnswer', async () => {
    const first = await client.chat.completions.create({ model: 'sim-chat', messages: asked, tools: [weather] });
    const { message, finish_reason: reason } = first.choices[0];
    expect(reason).toBe('tool_calls');
    const [call] = message.tool_calls ?? [];
    expect(call).toMatchObject({ type: 'function', function: { name: 'get_weather' } });

    const second = await client.chat.completions.create({
      model: 'sim-chat',
      messages: [...asked, message, { role: 'tool', tool_call_id: call.id, content: '{"degrees":21}' }],
      tools: [weather],
    });
    expect(second.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: expect.stringContaining('21') } });
    expect(lmStudio.bodiesOf(CHAT).at(-1).messages.at(-1)).toMatchObject({ role: 'tool', tool_call_id: call.id });
  });

  it('runTools_callsTheFunctionAndEndsWithText', async () => {
    const cities = /** @type {object[]} */ ([]);
    const runner = client.chat.completions.runTools({
      model: 'sim-chat',
      messages: asked,
      stream: true,
      tools: [{
        type: 'function',
        function: {
          name: 'get_weather',
          description: 'Returns the weather of a city.',
          parameters: weather.function.parameters ?? {},
          function: (/** @type {string} */ city) => {
            cities.push(JSON.parse(city));
            return '{"degrees":21}';
          },
        },
      }],
    });
    expect(await runner.finalContent()).toContain('21');
    expect(cities).toEqual([{ city: expect.any(String) }]);
  });
});

describe('completions', () => {
  it('streamedCompletion_joinsToThePlainOne', async () => {
    const ask = { model: 'sim-chat', prompt: 'Rivers are' };
    const whole = await client.completions.create(ask);
    const chunks = await all(await client.completions.create({ ...ask, stream: true }));
    expect(whole.object).toBe('text_completion');
    expect(chunks.map(({ choices }) => choices[0].text).join('')).toBe(whole.choices[0].text);
    expect(chunks.at(-1)?.choices[0].finish_reason).toBe('stop');
  });
});

describe('embeddings', () => {
  it('defaultSettings_giveTheNumbersThatLmStudioSent', async () => {
    lmStudio.script('/v1/embeddings', (answer) => answer.json({
      object: 'list',
      model: 'text-embedding-sim',
      data: [{ object: 'embedding', index: 0, embedding: [0.25, -1.5, 0] }, { object: 'embedding', index: 1, embedding: [1, 2, -0.125] }],
      usage: { prompt_tokens: 4, total_tokens: 4 },
    }));
    const { data, usage, model } = await client.embeddings.create({ model: 'text-embedding-sim', input: ['a', 'b'] });
    expect(data.map(({ embedding }) => Array.from(embedding))).toEqual([[0.25, -1.5, 0], [1, 2, -0.125]]);
    expect({ usage, model }).toEqual({ usage: { prompt_tokens: 4, total_tokens: 4 }, model: 'text-embedding-sim' });
  });

  it('floats_areTheSameNumbersAsBase64', async () => {
    const ask = { model: 'text-embedding-sim', input: 'rivers' };
    const decoded = await client.embeddings.create(ask);
    const floats = await client.embeddings.create({ ...ask, encoding_format: 'float' });
    expect(decoded.data[0].embedding).toHaveLength(768);
    expect(Array.from(decoded.data[0].embedding)).toEqual(floats.data[0].embedding.map(Math.fround));
  });
});

describe('endings', () => {
  it('abortInMidStream_closesTheConnectionToLmStudio', async () => {
    const generation = lmStudio.scriptChat((answer) => answer.chunks(text('one')));
    const stream = await client.chat.completions.create({ ...question, stream: true });
    for await (const { choices } of stream) {
      expect(choices[0].delta.content).toBe('one');
      stream.controller.abort();
    }
    await (await generation).closed;
  });

  it('loopThatIsLeft_closesTheConnectionToLmStudio', async () => {
    const generation = lmStudio.scriptChat((answer) => answer.chunks(text('one')));
    for await (const { choices } of await client.chat.completions.create({ ...question, stream: true })) {
      expect(choices[0].delta.content).toBe('one');
      break;
    }
    await (await generation).closed;
  });

  it.each([true, false])('abortBeforeTheFirstToken_closesTheConnectionToLmStudio (stream: %s)', async (stream) => {
    const generation = lmStudio.scriptChat(() => {});
    const controller = new AbortController();
    const call = errorOf(client.chat.completions.create({ ...question, stream }, { signal: controller.signal }));
    const { closed } = await generation;
    controller.abort();
    expect(await call).toBeInstanceOf(OpenAI.APIUserAbortError);
    await closed;
  });

  it('abortOfAPlainCallInTheMiddle_closesTheConnectionToLmStudio', async () => {
    const generation = lmStudio.scriptChat((answer) => answer.chunks(text('one')));
    const controller = new AbortController();
    const call = errorOf(client.chat.completions.create(question, { signal: controller.signal }));
    const { closed } = await generation;
    controller.abort();
    expect(await call).toBeInstanceOf(OpenAI.APIUserAbortError);
    await closed;
  });

  it('breakAfterText_isAnErrorAndNeverAnEnd', async () => {
    lmStudio.scriptChat((answer) => answer.chunks(text('half an answ')).cut());
    let read = '';
    const reading = (async () => {
      for await (const { choices } of await client.chat.completions.create({ ...question, stream: true })) {
        read += choices[0].delta.content ?? '';
      }
    })();
    const error = await errorOf(reading);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ type: 'server_error', message: expect.stringContaining('broke after text') });
    expect(read).toBe('half an answ');
  });

  it('breakAfterText_failsTheHelper', async () => {
    lmStudio.scriptChat((answer) => answer.chunks(text('half an answ')).cut());
    const error = await errorOf(client.chat.completions.stream(question).finalChatCompletion());
    expect(error).toBeInstanceOf(OpenAI.APIError);
  });
});

describe('errors', () => {
  it('wrongKey_isAnAuthenticationError', async () => {
    const error = await errorOf(client.withOptions({ apiKey: 'wrong' }).chat.completions.create(question));
    expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  it.each([true, false])('unknownModel_isANotFoundError (stream: %s)', async (stream) => {
    const error = await errorOf(client.chat.completions.create({ ...question, model: 'no-such-model', stream }));
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ status: 404, code: 'model_not_found' });
  });

  it('wrongField_isABadRequestErrorWithItsName', async () => {
    const error = await errorOf(client.chat.completions.create({ ...question, temperature: 3 }));
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ status: 400, param: 'temperature', type: 'invalid_request_error' });
  });

  it('unknownPath_isANotFoundError', async () => {
    const error = await errorOf(client.fineTuning.jobs.list());
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ code: 'unknown_url' });
  });

  it('error_namesTheRequestForTheLog', async () => {
    const error = await errorOf(client.chat.completions.create({ ...question, temperature: 3 }));
    expect(error.requestID).toBe(error.headers.get('x-request-id'));
    expect(error.requestID).toMatch(/\S/);
  });
});
