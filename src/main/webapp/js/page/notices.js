import { errorText, textOr } from './texts.js';

/**
 * @import { Status } from '../sdk/store/status.js'
 * @import { Turn } from '../sdk/store/turn.js'
 * @import { Texts } from './texts.js'
 *
 * @typedef {object} Notice
 * @property {'info'|'warning'|'error'} kind
 * @property {string} text
 * @property {boolean} [signIn] whether to show a link to the sign-in page
 *
 * @typedef {object} Moment the state of the page beside the turn
 * @property {Status} status of the answer
 * @property {number|null} retryAt when the next attempt to connect begins; null while the offline switch is on
 * @property {number} now epoch milliseconds
 * @property {boolean} followed whether the answer was requested by another browser or program
 */

/**
 * Returns the notices of an answer, in the order of their causes.
 *
 * @param {Turn} turn
 * @param {Moment} moment
 * @param {Texts} texts
 * @returns {Notice[]}
 */
export function noticesOf(turn, moment, texts) {
  /** @type {Notice[]} */
  const notices = [];
  if (moment.followed && turn.outcome === null) notices.push({ kind: 'info', text: texts('notice.followed') });
  for (const name of /** @type {const} */ (['downgraded', 'reset'])) {
    const happened = turn[name];
    if (happened) notices.push({ kind: 'warning', text: texts(`notice.${name}`, { reason: reasonOf(happened.reason, texts) }) });
  }
  for (const warning of turn.warnings) notices.push({ kind: 'warning', text: texts('notice.warning', { message: warning }) });
  if (turn.finishReason === 'length') notices.push({ kind: 'warning', text: texts('notice.length') });
  if (turn.outcome === 'completed' && turn.text.trim() === '' && turn.toolCalls.length === 0) {
    notices.push({ kind: 'info', text: texts(turn.reasoning === '' ? 'notice.empty' : 'notice.empty.reasoning') });
  }
  if (turn.outcome === 'cancelled') notices.push({ kind: 'info', text: texts(`notice.stopped.${turn.cancelledBy ?? 'client'}`) });
  if (moment.status === 'reconnecting' || moment.status === 'offline') notices.push(lostConnection(turn, moment, texts));
  if (turn.error) notices.push(...failure(turn.error, moment, texts));
  return notices;
}

/** @param {string} reason @param {Texts} texts */
const reasonOf = (reason, texts) => textOr(texts, `reason.${reason}`, reason);

/** @param {Turn} turn @param {Moment} moment @param {Texts} texts @returns {Notice} */
function lostConnection({ streamId }, { status, retryAt, now }, texts) {
  const confirmed = streamId !== null;
  // No attempt is due: the offline switch is on.
  if (retryAt === null) return { kind: 'warning', text: texts(confirmed ? 'notice.switch.answer' : 'notice.switch.question') };
  const seconds = secondsUntil(retryAt, now);
  const text = seconds > 0
    ? texts(confirmed ? `notice.${status}` : 'notice.unreachable', { seconds })
    : texts(confirmed ? `notice.${status}.now` : 'notice.unreachable.now');
  return { kind: 'warning', text };
}

/** @param {NonNullable<Turn['error']>} error @param {Moment} moment @param {Texts} texts @returns {Notice[]} */
function failure(error, { now }, texts) {
  const { code, message, requestId, retryAt, details = [] } = error;
  if (code === 'stream_not_found') return [{ kind: 'error', text: texts('notice.gone') }];
  if (code === 'unauthenticated') return [{ kind: 'error', text: texts('notice.unauthenticated'), signIn: true }];
  if (code === 'stop_not_delivered') return [{ kind: 'warning', text: texts('notice.stop_not_delivered', { message }) }];
  const lines = [errorText(texts, error)];
  for (const { field, message: wrong } of details) lines.push(texts('notice.field', { field, message: wrong }));
  if (requestId) lines.push(texts('notice.request', { id: requestId }));
  /** @type {Notice[]} */
  const notices = [{ kind: 'error', text: lines.join('\n') }];
  if (typeof retryAt === 'number') {
    const seconds = secondsUntil(retryAt, now);
    notices.push({ kind: 'info', text: seconds > 0 ? texts('notice.wait', { seconds }) : texts('notice.wait.over') });
  }
  return notices;
}

/** @param {number|null} time @param {number} now */
const secondsUntil = (time, now) => (time === null ? 0 : Math.max(0, Math.ceil((time - now) / 1000)));
