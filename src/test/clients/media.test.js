import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASE_URL, LmStudio } from './support/lm-studio.js';
import { KEYS } from './support/packaged-server.js';

/** Tests audio and images with OpenAI's official client, and with a version of LM Studio that has them. */
const client = new OpenAI({ baseURL: BASE_URL, apiKey: KEYS.alice, maxRetries: 0 });
const SPEECH = '/v1/audio/speech';
const talk = { model: 'sim-voice', voice: 'alto', input: 'Rivers run.' };

/** @type {LmStudio} */
let lmStudio;
beforeAll(async () => {
  lmStudio = await LmStudio.open('0.2.21');
});
afterAll(() => lmStudio.close());

const recording = () => toFile(Buffer.from('RIFF a recording'), 'speech.wav');

describe('transcription', () => {
  it('recording_becomesText', async () => {
    const { text } = await client.audio.transcriptions.create({ file: await recording(), model: 'whisper-sim' });
    expect(text).toMatch(/\w+ \w+/);
  });

  it('verboseAndPlainTranscript_haveTheSameText', async () => {
    const file = await recording();
    const verbose = await client.audio.transcriptions.create({
      file, model: 'whisper-sim', response_format: 'verbose_json', timestamp_granularities: ['word', 'segment'],
    });
    expect(verbose.segments?.length).toBeGreaterThan(0);
    const plain = await client.audio.transcriptions.create({ file, model: 'whisper-sim', response_format: 'text' });
    expect(plain.trim()).toBe(verbose.text);
    const sent = String(lmStudio.bodiesOf('/v1/audio/transcriptions').at(-2));
    expect(sent).toContain('RIFF a recording');
    expect(sent.match(/name="timestamp_granularities\[\]"/g)).toHaveLength(2);
  });

  it('stream_hasTheWholeText', async () => {
    const file = await recording();
    const events = [];
    for await (const event of await client.audio.transcriptions.create({ file, model: 'whisper-sim', stream: true })) {
      events.push(event);
    }
    expect(events.map(({ type }) => type)).toEqual(['transcript.text.delta', 'transcript.text.done']);
    expect(events.at(-1)).toMatchObject({ text: (await client.audio.transcriptions.create({ file, model: 'whisper-sim' })).text });
  });

  it('translation_isText', async () => {
    const { text } = await client.audio.translations.create({ file: await recording(), model: 'whisper-sim' });
    expect(text).toMatch(/\w+ \w+/);
  });

  it('missingRecording_isABadRequestError', async () => {
    const call = client.audio.transcriptions.create({ file: await toFile(Buffer.alloc(0), 'empty.wav'), model: 'whisper-sim' });
    await expect(call).rejects.toMatchObject({ status: 400, param: 'file', code: 'validation_failed' });
  });
});

describe('speech', () => {
  it('audio_isWhatLmStudioSent', async () => {
    const answer = await client.audio.speech.create(talk);
    expect(answer.headers.get('content-type')).toBe('audio/wav');
    expect(Buffer.from(await answer.arrayBuffer()).subarray(0, 4).toString()).toBe('RIFF');
  });

  it('abort_closesTheConnectionToLmStudio', async () => {
    const begun = lmStudio.script(SPEECH, (answer) => answer.part('audio/wav', Buffer.alloc(1000)));
    const controller = new AbortController();
    const call = client.audio.speech.create(talk, { signal: controller.signal });
    const { closed } = await begun;
    controller.abort();
    await expect(call).rejects.toThrow('aborted');
    await closed;
  });
});

describe('images', () => {
  it('image_isAPng', async () => {
    const { data } = await client.images.generate({ model: 'sim-image', prompt: 'A river', response_format: 'b64_json' });
    expect(Buffer.from(data?.[0].b64_json ?? '', 'base64').subarray(1, 4).toString()).toBe('PNG');
  });

  it('stream_hasTheImages', async () => {
    const types = [];
    for await (const event of await client.images.generate({ model: 'sim-image', prompt: 'A river', stream: true })) {
      types.push(event.type);
    }
    expect(types).toEqual(['image_generation.completed']);
  });
});
