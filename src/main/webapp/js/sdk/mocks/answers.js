import { systemClock } from '../clock.js';

/**
 * Answers that play by themselves, for demos and tests: readable, and the same for the same prompt.
 *
 * @import { Clock } from '../clock.js'
 * @import { StreamLog } from './stream-log.js'
 */

const SENTENCES = [
  'A stream is a log: the server writes it once, and each listener reads it at its own speed.',
  'A listener that comes late starts at the beginning; a listener that was cut off continues after its last entry.',
  'Grüße aus Köln, 東京 and Αθήνα — and a 👩‍💻 made of several code points.',
  'Nothing is lost when a connection breaks, as long as the page remembers its cursor.',
  'Tabs\tand   runs of spaces\nand line breaks stay as they are.',
];

/** Returns the answer to a prompt. @param {string} prompt */
export function textFor(prompt) {
  const start = [...prompt].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0);
  const body = Array.from({ length: 10 }, (_, index) => SENTENCES[(start + index) % SENTENCES.length]).join(' ');
  return `You asked: ${prompt}\n\n${body}`;
}

/** Returns the text of the last message, or the prompt of a completion. @param {Record<string, any>} request */
export function promptOf({ messages, prompt = '' }) {
  const content = messages?.at(-1)?.content ?? prompt;
  return typeof content === 'string' ? content : content.map((/** @type {{text?: string}} */ part) => part.text ?? '').join('');
}

/**
 * Returns a script that plays an answer token by token.
 *
 * @param {number} gapMs the time between two tokens
 * @param {{clock?: Clock, text?: (prompt: string) => string}} [options]
 * @returns {(stream: StreamLog) => void}
 */
export function playAnswers(gapMs, { clock = systemClock, text = textFor } = {}) {
  return (stream) => {
    const tokens = text(promptOf(stream.request)).match(/\s*\S+|\s+$/gu) ?? [];
    const started = clock.now();
    let sent = 0;
    let cancelTimer = () => {};
    const play = () => {
      if (!stream.running) return;
      if (sent < tokens.length) {
        stream.deltas(tokens[sent++]);
        cancelTimer = clock.after(gapMs, play);
        return;
      }
      const seconds = Math.max(clock.now() - started, 1) / 1000;
      stream.complete({
        usage: { prompt_tokens: 12, completion_tokens: sent, total_tokens: sent + 12, synthesized: false },
        stats: { time_to_first_token_ms: gapMs, tokens_per_second: sent / seconds },
      });
    };
    stream.append('progress', { phase: 'processing_prompt' });
    cancelTimer = clock.after(gapMs, play);
    const { onCancel } = stream;
    stream.onCancel = () => {
      cancelTimer();
      onCancel();
    };
  };
}
