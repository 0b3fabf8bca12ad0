import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, Output, embed, embedMany, generateObject, generateText, isStepCount, streamObject, streamText, tool } from 'ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BASE_URL, LmStudio, chunk, finish, text } from './support/lm-studio.js';
import { KEYS } from './support/packaged-server.js';

// generateObject and streamObject are deprecated, but in use.
globalThis.AI_SDK_LOG_WARNINGS = false;

/** The Vercel AI SDK, unmodified, with its provider for servers that speak as OpenAI does. */
const provider = createOpenAICompatible({
  name: 'lmstudio',
  baseURL: BASE_URL,
  apiKey: KEYS.alice,
  includeUsage: true,
  supportsStructuredOutputs: true,
});
const model = provider('sim-chat');
const prompt = 'Tell me about rivers.';
const City = z.object({ city: z.string(), inhabitants: z.number() });

/** @type {LmStudio} */
let lmStudio;
beforeAll(async () => {
  lmStudio = await LmStudio.open();
});
afterAll(() => lmStudio.close());

/** @param {AsyncIterable<string>} stream */
async function joined(stream) {
  let all = '';
  for await (const part of stream) all += part;
  return all;
}

/** @param {PromiseLike<unknown>} call */
const errorOf = async (call) => Promise.resolve(call).then(() => expect.unreachable('The call succeeded.'), (error) => error);

describe('text', () => {
  it('generateText_returnsTextReasonAndUsage', async () => {
    const { text: answer, finishReason, usage } = await generateText({ model, prompt });
    expect(answer.length).toBeGreaterThan(20);
    expect(finishReason).toBe('stop');
    expect(usage.totalTokens).toBe((usage.inputTokens ?? 0) + (usage.outputTokens ?? 0));
  });

  it('streamText_joinsToTheTextOfGenerateText', async () => {
    const whole = await generateText({ model, prompt });
    const stream = streamText({ model, prompt });
    expect(await joined(stream.textStream)).toBe(whole.text);
    expect(await stream.finishReason).toBe('stop');
    expect(await stream.usage).toMatchObject({ totalTokens: whole.usage.totalTokens });
  });

  it('reasoning_isApartFromTheText', async () => {
    const stream = streamText({ model: provider('sim-reasoner'), prompt });
    const kinds = new Set();
    for await (const part of stream.stream) kinds.add(part.type);
    expect([...kinds]).toEqual(expect.arrayContaining(['reasoning-start', 'reasoning-delta', 'reasoning-end', 'text-delta']));
    expect(await stream.reasoningText).toMatch(/\S/);
    expect(await stream.text).not.toContain('<think>');
  });

  it('breakAfterText_isAnErrorPart', async () => {
    lmStudio.scriptChat((answer) => answer.chunks(text('half an answ')).cut());
    const stream = streamText({ model, prompt, maxRetries: 0, onError: () => {} });
    const parts = [];
    for await (const part of stream.stream) parts.push(part);
    expect(parts.filter(({ type }) => type === 'error')).toHaveLength(1);
    expect(parts.flatMap((part) => (part.type === 'text-delta' ? part.text : [])).join('')).toBe('half an answ');
  });

  it('abortInMidStream_closesTheConnectionToLmStudio', async () => {
    const generation = lmStudio.scriptChat((answer) => answer.chunks(text('one'), text('two')));
    const controller = new AbortController();
    const stream = streamText({ model, prompt, abortSignal: controller.signal });
    const kinds = [];
    for await (const { type } of stream.stream) {
      kinds.push(type);
      if (type === 'text-delta') controller.abort();
    }
    expect(kinds).toContain('abort');
    expect(kinds).not.toContain('finish');
    await (await generation).closed;
  });
});

describe('tools', () => {
  const asked = 'How is the weather in Lisbon?';

  it('streamTextWithATool_runsItAndGoesOn', async () => {
    const cities = /** @type {string[]} */ ([]);
    const stream = streamText({
      model,
      prompt: asked,
      stopWhen: isStepCount(3),
      tools: {
        get_weather: tool({
          description: 'Returns the weather of a city.',
          inputSchema: z.object({ city: z.string() }),
          execute: async ({ city }) => {
            cities.push(city);
            return { degrees: 21 };
          },
        }),
      },
    });
    expect(await joined(stream.textStream)).toContain('21');
    expect(cities).toHaveLength(1);
    const steps = await stream.steps;
    expect(steps.map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'stop']);
    expect(lmStudio.bodiesOf('/v1/chat/completions').at(-1).messages.at(-1)).toMatchObject({ role: 'tool', content: '{"degrees":21}' });
  });

  /** LM Studio before 0.3.15 ended tool calls with `stop` and sent an empty name in each fragment. */
  it('fragmentsOfAnOldLmStudio_areOneCall', async () => {
    const fragment = (/** @type {object} */ call) => chunk({ role: 'assistant', tool_calls: [{ index: 0, type: 'function', ...call }] });
    lmStudio.scriptChat((answer) => answer.chunks(
      fragment({ id: '633167655', function: { name: 'get_weather', arguments: '' } }),
      fragment({ function: { name: '', arguments: '{"city":' } }),
      fragment({ function: { name: '', arguments: '"Lisbon"}' } }),
      finish('stop'),
    ).done());
    const stream = streamText({ model, prompt: asked, tools: { get_weather: tool({ inputSchema: z.object({ city: z.string() }) }) } });
    expect(await stream.toolCalls).toMatchObject([{ toolCallId: '633167655', toolName: 'get_weather', input: { city: 'Lisbon' } }]);
    expect(await stream.finishReason).toBe('tool-calls');
  });
});

describe('objects', () => {
  const asked = 'Name a city.';

  it('generateObject_followsTheSchema', async () => {
    const { object } = await generateObject({ model, schema: City, prompt: asked });
    expect(object).toEqual({ city: expect.any(String), inhabitants: expect.any(Number) });
  });

  it('streamObject_growsToTheObjectOfGenerateObject', async () => {
    const whole = await generateObject({ model, schema: City, prompt: asked });
    const stream = streamObject({ model, schema: City, prompt: asked });
    const partial = [];
    for await (const part of stream.partialObjectStream) partial.push(part);
    expect(partial.at(-1)).toEqual(whole.object);
    expect(await stream.object).toEqual(whole.object);
  });

  it('outputOfGenerateText_followsTheSchema', async () => {
    const { output } = await generateText({ model, output: Output.object({ schema: City }), prompt: asked });
    expect(output).toEqual({ city: expect.any(String), inhabitants: expect.any(Number) });
  });
});

describe('embeddings', () => {
  const embedding = provider.embeddingModel('text-embedding-sim');

  /** Numbers of LM Studio's documentation: 32-bit floats with all their digits. */
  it('embed_returnsTheNumbersThatLmStudioSent', async () => {
    const numbers = [-0.016731496900320053, 0.028460891917347908, -0.1407836228609085];
    lmStudio.script('/v1/embeddings', (answer) => answer.json({
      object: 'list',
      model: 'text-embedding-sim',
      data: [{ object: 'embedding', index: 0, embedding: numbers }],
      usage: { prompt_tokens: 2, total_tokens: 2 },
    }));
    const result = await embed({ model: embedding, value: 'rivers' });
    expect(result.embedding).toEqual(numbers);
    expect(result.usage).toEqual({ tokens: 2 });
  });

  it('embedMany_keepsTheOrder', async () => {
    const values = ['rivers', 'mountains', 'seas'];
    const { embeddings } = await embedMany({ model: embedding, values });
    const { embedding: second } = await embed({ model: embedding, value: 'mountains' });
    expect(embeddings).toHaveLength(values.length);
    expect(embeddings[1]).toEqual(second);
  });
});

describe('errors', () => {
  it('wrongKey_isNotRetried', async () => {
    const stranger = createOpenAICompatible({ name: 'lmstudio', baseURL: BASE_URL, apiKey: 'wrong' });
    const error = await errorOf(generateText({ model: stranger('sim-chat'), prompt }));
    expect(APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ statusCode: 401, isRetryable: false, data: { error: { code: 'invalid_api_key' } } });
  });

  it('unknownModel_saysWhichOneAndWhatToDo', async () => {
    const error = await errorOf(generateText({ model: provider('no-such-model'), prompt }));
    expect(error).toMatchObject({ statusCode: 404, isRetryable: false, data: { error: { code: 'model_not_found' } } });
    expect(error.message).toContain('no-such-model');
  });

  it('wrongField_isNamed', async () => {
    const error = await errorOf(generateText({ model, prompt, temperature: 3 }));
    expect(error).toMatchObject({ statusCode: 400, data: { error: { param: 'temperature' } } });
  });
});
