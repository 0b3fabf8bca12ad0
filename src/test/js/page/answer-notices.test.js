// @vitest-environment jsdom
import { beforeEach, expect, it } from 'vitest';
import { figuresLine } from '../../../main/webapp/js/page/figures-line.js';
import { noticesOf } from '../../../main/webapp/js/page/notices.js';
import { readTexts, textOr } from '../../../main/webapp/js/page/texts.js';
import { newTurn } from '../../../main/webapp/js/sdk/store/turn.js';
import { loadPage } from './fixture.js';

/** @import { Turn } from '../../../main/webapp/js/sdk/store/turn.js' */

/** @type {import('../../../main/webapp/js/page/texts.js').Texts} */
let texts;
const NOW = 10_000;

beforeEach(() => {
  loadPage();
  texts = readTexts(/** @type {HTMLTemplateElement} */ (document.getElementById('texts')));
});

/** @param {Partial<Turn>} turn @param {Partial<import('../../../main/webapp/js/page/notices.js').Moment>} [moment] */
const notices = (turn, moment = {}) =>
  noticesOf({ ...newTurn(), ...turn }, { status: 'idle', retryAt: null, now: NOW, followed: false, ...moment }, texts).map(({ kind, text }) => `${kind}: ${text}`);

it('undisturbedAnswer_hasNoNotices', () => {
  expect(notices({ outcome: 'completed', finishReason: 'stop', text: 'Hi' })).toEqual([]);
  expect(notices({ outcome: 'completed', finishReason: 'tool_calls', toolCalls: [{ id: 't', name: 'f', arguments: '{}' }] })).toEqual([]);
});

it.each(/** @type {[string, Partial<Turn>, string][]} */ ([
  ['downgrade', { downgraded: { reason: 'not_streamed' } }, 'warning: Not streamed: LM Studio did not stream. The answer is shown when it is complete.'],
  ['unknownReason', { downgraded: { reason: 'moon phase' } }, 'warning: Not streamed: moon phase. The answer is shown when it is complete.'],
  ['reset', { reset: { reason: 'break' } }, 'warning: The server started the answer again, because the stream was interrupted. The text of the first attempt was discarded.'],
  ['cutOff', { outcome: 'completed', finishReason: 'length', text: 'Hi' }, 'warning: Cut off: the answer reached its token limit, or the model\'s context is full.'],
  ['warning', { warnings: ['mind {this}'] }, 'warning: mind {this}'],
  ['noText', { outcome: 'completed', text: ' \n' }, 'info: The model wrote no text.'],
  ['onlyReasoning', { outcome: 'completed', reasoning: 'Hm.' }, 'info: The model has only reasoned, and wrote no answer.'],
  ['stopped', { outcome: 'cancelled', cancelledBy: 'client' }, 'info: Stopped. The text so far is kept.'],
  ['abandoned', { outcome: 'cancelled', cancelledBy: 'listener_gone' }, 'info: The server ended the answer, because no page was reading it. The text so far is kept.'],
  ['shutdown', { outcome: 'cancelled', cancelledBy: 'shutdown' }, 'info: The answer ended because the server was shut down. The text so far is kept.'],
  ['gone', { outcome: 'failed', error: { code: 'stream_not_found', message: 'x' } }, 'error: The server does not have this answer any more: the server was restarted, or the answer ended long ago. The text so far is kept. Choose Retry to ask again.'],
  ['signedOut', { error: { code: 'unauthenticated', message: 'x' } }, 'error: Your session has ended. Everything you typed is kept.'],
  ['failed', { outcome: 'failed', error: { code: 'upstream_timeout', message: 'No token for 90 s.', hint: 'Look at LM Studio.' } }, 'error: No token for 90 s. Look at LM Studio.'],
  ['noHint', { outcome: 'failed', error: { code: 'x', message: 'Broken.' } }, 'error: Broken.'],
]))('%s_isToldWithItsReason', (_, turn, expected) => {
  expect(notices(turn)).toEqual([expected]);
});

it('answerWithoutTokens_hasNoRate', () => {
  expect(figuresLine({ ...newTurn(), outcome: 'completed', stats: { tokens_per_second: 0 } }, NOW, texts)).toEqual([]);
});

it('wrongFields_areAllNamedWithTheRequest', () => {
  const error = { code: 'validation_failed', message: 'Two fields are wrong.', details: [{ field: 'top_p', message: 'over 1' }, { field: 'seed', message: 'no number' }], requestId: 'r7' };
  expect(notices({ outcome: 'failed', error })).toEqual(['error: Two fields are wrong.\ntop_p: over 1\nseed: no number\nRequest r7']);
});

it('busyServer_countsDownToTheRetry', () => {
  const error = { code: 'rate_limited', message: 'Too many.', retryAt: NOW + 2100 };
  expect(notices({ outcome: 'failed', error })[1]).toBe('info: You can retry in 3 s.');
  expect(notices({ outcome: 'failed', error }, { now: NOW + 2100 })[1]).toBe('info: You can retry now.');
});

it('stopThatDidNotArrive_isToldBesideTheStop', () => {
  expect(notices({ outcome: 'cancelled', error: { code: 'stop_not_delivered', message: 'No answer.' } })).toEqual([
    'info: Stopped. The text so far is kept.',
    'warning: The stop request did not reach the server. By default, the server stops the answer by itself when no page has read it for 60 s. (No answer.)',
  ]);
});

it('lostConnection_countsDownToTheNextTry', () => {
  const known = { streamId: '5' };
  expect(notices(known, { status: 'reconnecting', retryAt: NOW + 1500 })).toEqual(['warning: Connection lost. Next attempt in 2 s. The server continues the answer meanwhile.']);
  expect(notices(known, { status: 'reconnecting', retryAt: NOW })).toEqual(['warning: Connection lost. Trying again …']);
  expect(notices(known, { status: 'offline', retryAt: null })).toEqual(['warning: Offline mode is on. This answer continues when you switch it off.']);
  expect(notices(known, { status: 'offline', retryAt: NOW + 900 })).toEqual(['warning: This device has no network. Next attempt in 1 s. The server continues the answer meanwhile.']);
});

it('questionThatNeverArrived_isNotToldAsAnAnswerThatContinues', () => {
  for (const status of /** @type {const} */ (['reconnecting', 'offline'])) {
    expect(notices({}, { status, retryAt: NOW + 900 })).toEqual(['warning: The server cannot be reached. Next attempt in 1 s. Your question is kept.']);
  }
  expect(notices({}, { status: 'offline', retryAt: null })).toEqual(['warning: Offline mode is on. Your question is sent when you switch it off.']);
  const error = { code: 'network_error', message: 'POST /infer: no response from /app.', hint: 'Check.' };
  expect(notices({ outcome: 'failed', error })).toEqual(['error: This page could not reach its server. Check that the server is running and that this device can reach it.']);
});

it('followedAnswer_isCalledSo', () => {
  expect(notices({ outcome: 'completed', text: 'Hi' }, { followed: true })).toEqual([]);
  expect(notices({}, { followed: true })).toEqual(['info: This answer was requested by another browser or program. It is shown here while it is generated.']);
});

it('figures_areLabelledWhereTheyAreEstimates', () => {
  const running = { ...newTurn({ sentAt: 1000 }), firstTokenAt: 1240, tokens: 30 };
  expect(figuresLine(running, 2240, texts)).toEqual(['~0.24 s to first token', '~30.0 tokens/s', '~30 tokens']);
  const usage = { prompt_tokens: 12, completion_tokens: 31, total_tokens: 43 };
  const ended = { ...running, outcome: /** @type {const} */ ('completed'), usage, stats: { time_to_first_token_ms: 180, tokens_per_second: 31.25 } };
  expect(figuresLine(ended, 9999, texts)).toEqual(['0.18 s to first token', '31.3 tokens/s', '12 → 31 tokens']);
  expect(figuresLine({ ...ended, usage: { ...usage, completion_tokens: 1 } }, 9999, texts).at(-1)).toBe('12 → 1 token');
  expect(figuresLine({ ...running, tokens: 1 }, 2240, texts).at(-1)).toBe('~1 token');
  expect(figuresLine(newTurn(), 0, texts)).toEqual([]);
});

it('unknownText_isItsKeyOrTheFallback', () => {
  expect(texts('no.such')).toBe('no.such');
  expect(textOr(texts, 'no.such', 'else')).toBe('else');
  expect(textOr(texts, 'retry', 'else')).toBe('Retry');
});
