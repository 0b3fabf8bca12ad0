import { textOf } from '../sdk/store/conversation.js';
import { isEmptyTurn } from '../sdk/store/turn.js';
import { html, nothing, render } from '../vendor/lit-html.js';
import { branchNavigation } from './branch-navigation.js';
import { GrowingText, element, setText } from './dom.js';
import { figuresLine } from './figures-line.js';
import { MarkdownView } from './markdown.js';
import { noticesOf } from './notices.js';
import { textOr } from './texts.js';

/**
 * @import { Answer } from '../sdk/store/conversation.js'
 * @import { Turn } from '../sdk/store/turn.js'
 * @import { MessageContext, Moment } from './messages.js'
 */

/** How often the figures of a running answer are updated. Faster changes would not be readable. */
const FIGURES_EVERY_MS = 250;
/** Longer arguments stay as the model wrote them: a line for each of their values would block the page for too long. */
const MAX_INDENTED = 20_000;
/** Without a connection and the id of a stream, the question may not have arrived. @type {import('../sdk/store/status.js').Status[]} */
const NOT_CONNECTED = ['reconnecting', 'offline'];

/** An answer of the assistant. */
export class AnswerView {
  #context;
  #model = element('p', 'answer-model');
  #progress = element('p', 'answer-progress');
  #reasoning = element('details', 'reasoning');
  #reasoningSummary = element('summary');
  #reasoningText;
  #markdown;
  #toolCalls = element('div', 'tool-calls');
  #notices = element('ul', 'notices');
  #figures = element('ul', 'figures');
  #actions = element('div', 'actions');
  #figuresAt = 0;
  #drawn = { notices: '', actions: '' };
  /** The calls that are shown, and whether they are complete. @type {{calls: Turn['toolCalls'], complete: boolean}} */
  #drawnCalls = { calls: [], complete: false };

  /** @param {Answer} answer @param {MessageContext} context */
  constructor(answer, context) {
    this.#context = context;
    const { texts } = context;
    this.element = element('article', 'answer');
    this.element.setAttribute('aria-label', texts('assistant'));
    const thoughts = element('div');
    thoughts.dir = 'auto';
    const text = element('div', 'answer-text markdown');
    this.#reasoning.append(this.#reasoningSummary, thoughts);
    this.#reasoningText = new GrowingText(thoughts);
    this.#markdown = new MarkdownView(text, { texts });
    this.element.append(this.#model, this.#reasoning, this.#progress, text, this.#toolCalls, this.#notices, this.#figures, this.#actions);
  }

  /** @param {Answer} answer @param {Moment} moment */
  update(answer, moment) {
    const { turn } = answer;
    const running = moment.chat.isRunning(answer.id);
    this.element.dataset.outcome = turn.outcome ?? (turn.error ? 'failed' : '');
    this.element.toggleAttribute('data-running', running);
    setText(this.#model, turn.modelId ?? '');
    this.#model.hidden = turn.modelId === null;
    this.#showReasoning(turn, moment.now);
    this.#markdown.show(textOf(answer), { running });
    this.#showToolCalls(turn);
    this.#showProgress(answer, turn.streamId !== null || !NOT_CONNECTED.includes(moment.chat.statusOf(answer.id)));
    this.#showNotices(answer, moment);
    this.#showFigures(turn, moment.now);
    this.#showActions(answer, moment, running);
  }

  /** @param {Turn} turn @param {number} now */
  #showReasoning({ reasoning, reasoningAt, reasoningMs, outcome }, now) {
    const { texts } = this.#context;
    this.#reasoning.hidden = reasoning === '';
    if (reasoning === '') return;
    const thinking = reasoningMs === null && outcome === null && reasoningAt !== null;
    const ms = thinking ? now - reasoningAt : reasoningMs;
    const seconds = ms === null ? null : Math.max(1, Math.round(ms / 1000));
    setText(this.#reasoningSummary, seconds === null ? texts('reasoning') : texts(thinking ? 'reasoning.running' : 'reasoning.done', { seconds }));
    this.#reasoningText.show(reasoning);
  }

  /** @param {Turn} turn */
  #showToolCalls({ toolCalls: calls, outcome }) {
    const complete = outcome !== null;
    const drawn = this.#drawnCalls;
    if ((calls === drawn.calls && complete === drawn.complete) || calls.length + drawn.calls.length === 0) return;
    this.#drawnCalls = { calls, complete };
    const { texts } = this.#context;
    render(calls.map(({ name, arguments: given }) => html`
      <details class="tool-call" open>
        <summary>${texts('toolcall', { name })}</summary>
        <pre tabindex="0" aria-label=${texts('toolcall.arguments', { name })}>${complete && given.length <= MAX_INDENTED ? indented(given) : given}</pre>
        <p>${texts('toolcall.notrun')}</p>
      </details>`), this.#toolCalls);
  }

  /** @param {Answer} answer @param {boolean} isSent whether the server may be working on it */
  #showProgress({ prefix, turn }, isSent) {
    const { texts } = this.#context;
    const { phase = 'unknown', progress, position } = turn.progress ?? {};
    const share = typeof progress === 'number' ? ` ${Math.round(progress * 100)} %` : '';
    const text = textOr(texts, `phase.${phase}`, phase);
    const waiting = position ? textOr(texts, `phase.${phase}.position`, text, { position }) : text;
    setText(this.#progress, waiting + share);
    this.#progress.hidden = turn.outcome !== null || turn.error !== null || !isEmptyTurn(turn) || prefix !== '' || !isSent;
  }

  /** @param {Answer} answer @param {Moment} moment */
  #showNotices(answer, { chat, now, isLast }) {
    const { texts, signInAddress } = this.#context;
    const status = isLast ? chat.statusOf(answer.id) : 'idle';
    const notices = noticesOf(answer.turn, { status, now, retryAt: chat.retryAtOf(answer.id), followed: answer.parent === null }, texts);
    const key = JSON.stringify(notices);
    if (key === this.#drawn.notices) return;
    this.#drawn.notices = key;
    render(notices.map(({ kind, text, signIn }) => html`
      <li class="notice ${kind}">${text}${signIn ? html` <a href=${signInAddress}>${texts('signin.again')}</a>` : nothing}</li>`), this.#notices);
  }

  /** @param {Turn} turn @param {number} now */
  #showFigures(turn, now) {
    const running = turn.outcome === null;
    if (running && now - this.#figuresAt < FIGURES_EVERY_MS) return;
    this.#figuresAt = running ? now : 0;
    render(figuresLine(turn, now, this.#context.texts).map((text) => html`<li>${text}</li>`), this.#figures);
  }

  /** @param {Answer} answer @param {Moment} moment @param {boolean} running */
  #showActions(answer, { chat, isLast, branch }, running) {
    const { texts, actions } = this.#context;
    const { id, turn, parent } = answer;
    const { busy } = chat;
    const own = parent !== null;
    const offers = {
      branch,
      // A running answer can be copied when it has ended. Until then the text would be cut anywhere.
      copy: !running && textOf(answer) !== '',
      retry: isLast && !busy && turn.outcome !== 'completed' && (own || turn.outcome === null),
      regenerate: !busy && !running && own && turn.outcome === 'completed',
      proceed: isLast && !busy && own && textOf(answer) !== '' && (turn.outcome === 'cancelled' || turn.finishReason === 'length'),
    };
    const key = JSON.stringify(offers);
    if (key === this.#drawn.actions) return;
    this.#drawn.actions = key;
    /** @param {string} name @param {() => void} run @param {string} [kind] */
    const button = (name, run, kind = 'quiet') => html`<button type="button" class="${kind} small" @click=${run}>${texts(name)}</button>`;
    render(html`
      ${branchNavigation(branch, texts, actions.onSelect)}
      ${offers.retry ? button('retry', () => actions.onRetry(id), '') : nothing}
      ${offers.proceed ? button('continue', () => actions.onContinue(id)) : nothing}
      ${offers.copy ? button('copy', () => actions.onCopy(textOf(chat.answer(id) ?? answer))) : nothing}
      ${offers.regenerate ? button('regenerate', () => actions.onRegenerate(id)) : nothing}
      ${button('inspect', () => actions.onInspect(id))}`, this.#actions);
  }
}

/** Returns JSON with line breaks; other text as it is, for example JSON that is not complete yet. @param {string} text */
function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
