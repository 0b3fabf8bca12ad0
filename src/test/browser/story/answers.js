import { promptOf } from '../../../main/webapp/js/sdk/mocks/index.js';

/**
 * The models and the answers of the story. They are written by hand, so that every run shows the same text.
 *
 * @import { StreamLog } from '../../../main/webapp/js/sdk/mocks/index.js'
 * @import { Model } from '../../../main/webapp/js/sdk/client.js'
 */

const TOKENS_PER_SECOND = 58.7;
const FIRST_TOKEN_MS = 420;

/** @type {(Model & {object: string, status: string})[]} */
export const MODELS = [
  { id: 'qwen3-8b', owned_by: 'qwen', type: 'llm', state: 'loaded', capabilities: ['tool_use', 'reasoning'], context_length: 8192, parameter_size: '8B' },
  { id: 'gemma-3-4b-it', owned_by: 'google', type: 'vlm', state: 'loaded', capabilities: ['vision'], context_length: 8192, parameter_size: '4B' },
  { id: 'llama-3.2-3b-instruct', owned_by: 'meta', type: 'llm', state: 'not-loaded', capabilities: ['tool_use'], context_length: 131072, parameter_size: '3B' },
  { id: 'nomic-embed-text-v1.5', owned_by: 'nomic-ai', type: 'embeddings', state: 'loaded', capabilities: [], context_length: 2048, parameter_size: '0.1B' },
].map(({ context_length, parameter_size, state, ...model }) => ({
  ...model, object: 'model', state, status: state, metadata: { context_length, parameter_size, format: 'gguf', quantization_level: 'Q4_K_M' },
}));

export const BACKOFF = 'How long should a client wait between two attempts to reconnect? Show it in JavaScript.';
export const LAKES = 'Compare Lake Constance, Lake Geneva and Lake Balaton. How is the mean depth computed?';
export const RIVERS = 'Which is longer, the Danube or the Rhine?';
export const RIVERS_EDITED = 'Which is longer, the Danube or the Volga?';

const BACKOFF_ANSWER = `A client should wait **longer after each failed attempt**, and add a little randomness, so that a thousand clients do not come back at the same moment. This is called *exponential backoff with jitter*.

\`\`\`js
export function backoff(attempt, { baseMs = 1000, maxMs = 10_000 } = {}) {
  const pause = Math.min(maxMs, baseMs * 2 ** (attempt - 1));
  return pause * (1 + Math.random() / 4); // up to a quarter more
}
\`\`\`

For attempt $n$, the pause lies between $p_n$ and $1.25\\,p_n$, where

$$p_n = \\min\\left(10\\,\\text{s},\\; 1\\,\\text{s} \\cdot 2^{\\,n-1}\\right)$$

Three rules make this work in practice:

1. If the server sends \`Retry-After\`, **use that value** instead.
2. Reset the count as soon as the connection delivers something new.
3. Try at once when the device is back online, instead of waiting for the pause to end.
`;

const LAKES_ANSWER = `All three are among the largest lakes of Central Europe, but they could hardly be more different:

| Lake | Area (km²) | Greatest depth (m) | Volume (km³) |
|---|--:|--:|--:|
| Lake Geneva | 580 | 310 | 89 |
| Lake Constance | 536 | 251 | 48 |
| Lake Balaton | 592 | 12 | 1.9 |

The mean depth $\\bar{d}$ is the volume divided by the area:

$$\\bar{d} = \\frac{V}{A}$$

For Lake Balaton, this gives $\\bar{d} = \\frac{1.9\\ \\text{km}^3}{592\\ \\text{km}^2} \\approx 3.2\\ \\text{m}$. For Lake Geneva, it is about 153 m, so Lake Geneva holds almost **fifty times** as much water on nearly the same area.
`;

/** By prompt, and for each model if they differ. @type {Record<string, {reasoning?: string, text: string, byModel?: Record<string, string>}>} */
const ANSWERS = {
  [BACKOFF]: { text: BACKOFF_ANSWER },
  [LAKES]: {
    reasoning: 'The user wants a comparison of three lakes and the formula of the mean depth. A table fits. I need the areas, the greatest depths and the volumes. Then I show the formula with one example.',
    text: LAKES_ANSWER,
  },
  [RIVERS]: {
    text: 'The **Danube** is longer: it flows about 2,850 km from the Black Forest to the Black Sea. The Rhine is about 1,230 km long, so the Danube is more than twice as long.',
    byModel: {
      'gemma-3-4b-it': 'The Danube! Here are the figures:\n\n* **Danube:** about 2,850 km\n* **Rhine:** about 1,230 km\n\nThe Danube passes ten countries, more than any other river in the world.',
    },
  },
  [RIVERS_EDITED]: {
    text: 'The **Volga** is longer. With about 3,530 km it is the longest river of Europe. The Danube follows with about 2,850 km.',
  },
};

/**
 * Answers at the speed of a model on a workstation. A pause at a given text makes every run take the same picture.
 */
export class Narrator {
  /** @type {string|null} */
  #pauseAt = null;
  #goOn = () => {};

  /** Interrupts the next answer as soon as it contains a text, until {@link Narrator#goOn}. @param {string} text */
  pauseAt(text) {
    this.#pauseAt = text;
  }

  /** @param {string} [text] of the next pause; default none */
  goOn(text) {
    this.#pauseAt = text ?? null;
    this.#goOn();
  }

  /** Writes the answer of one stream. @param {StreamLog} stream */
  answer = (stream) => {
    const script = ANSWERS[promptOf(stream.request)] ?? { text: 'Ask me about lakes, rivers or reconnecting.' };
    const text = script.byModel?.[stream.modelId ?? ''] ?? script.text;
    const parts = [
      ...tokensOf(script.reasoning ?? '').map((token) => ({ reasoning: token })),
      ...tokensOf(text).map((token) => ({ content: token })),
    ];
    /** @type {Set<NodeJS.Timeout>} */
    const timers = new Set();
    /** @param {number} ms @param {() => void} run */
    const after = (ms, run) => void timers.add(setTimeout(run, ms));
    /** @param {number} at */
    const write = (at) => {
      if (!stream.running) return;
      if (at === parts.length) {
        const prompt = Math.ceil(JSON.stringify(stream.request.messages).length / 4);
        stream.complete({
          usage: { prompt_tokens: prompt, completion_tokens: at, total_tokens: prompt + at, synthesized: false },
          stats: { time_to_first_token_ms: FIRST_TOKEN_MS, tokens_per_second: TOKENS_PER_SECOND },
        });
        return;
      }
      stream.append('delta', parts[at]);
      const next = () => write(at + 1);
      if (this.#pauseAt !== null && (stream.reasoning + stream.content).includes(this.#pauseAt)) this.#goOn = next;
      // Not all tokens take the same time. Every 40th waits as if the machine had something else to do.
      else after(1000 / TOKENS_PER_SECOND - 3 + (at % 7) + (at % 40 === 39 ? 90 : 0), next);
    };
    stream.append('progress', { phase: 'processing_prompt' });
    after(FIRST_TOKEN_MS, () => write(0));
    stream.onCancel = () => timers.forEach(clearTimeout);
  };
}

/** Splits a text as a model would: words, and long words in two. @param {string} text */
const tokensOf = (text) => text.match(/\s*\S{1,7}|\s+$/gu) ?? [];
