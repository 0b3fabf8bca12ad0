/**
 * Answers that play by themselves, for people and for tests in a browser: readable, the same for the same prompt.
 *
 * @import { StreamLog } from './stream-log.js'
 */

const SENTENCES = [
  'A stream is a log: it is written once, and everybody reads it at his own speed.',
  'Whoever comes late starts at the beginning; whoever was cut off goes on behind the last entry he saw.',
  'Grüße aus Köln, 東京 and Αθήνα — and a 👩‍💻 made of several code points.',
  'Nothing is lost when the lights go out, as long as somebody remembers where we were.',
  'Tabs\tand   runs of spaces\nand lines of their own stay what they are.',
];

/** @param {string} prompt */
export function textFor(prompt) {
  const start = [...prompt].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0);
  const body = Array.from({ length: 10 }, (_, index) => SENTENCES[(start + index) % SENTENCES.length]).join(' ');
  return `You asked: ${prompt}\n\n${body}`;
}

/** @param {number} gapMs between two tokens @returns {(stream: StreamLog) => void} */
export function playAnswers(gapMs) {
  return (stream) => {
    const prompt = stream.request.messages.at(-1).content;
    const tokens = textFor(prompt).match(/\s*\S+|\s+$/gu) ?? [];
    const started = Date.now();
    let sent = 0;
    stream.append('progress', { phase: 'processing_prompt' });
    const timer = setInterval(() => {
      if (!stream.running) return clearInterval(timer);
      if (sent < tokens.length) return stream.deltas(tokens[sent++]);
      clearInterval(timer);
      const seconds = (Date.now() - started) / 1000;
      stream.complete({
        usage: { prompt_tokens: 12, completion_tokens: sent, total_tokens: sent + 12, synthesized: false },
        stats: { time_to_first_token_ms: gapMs, tokens_per_second: sent / seconds },
      });
    }, gapMs);
    const { onCancel } = stream;
    stream.onCancel = () => {
      clearInterval(timer);
      onCancel();
    };
  };
}
