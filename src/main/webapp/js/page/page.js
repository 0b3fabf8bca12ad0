import { systemClock } from '../sdk/clock.js';
import { Session } from '../sdk/session.js';
import { isBusy } from '../sdk/store.js';
import { Composer } from './composer.js';
import { ConversationView } from './conversation-view.js';
import { byId, element, setText } from './dom.js';
import { oncePerFrame, stickToEnd } from './frame.js';
import { ModelPicker } from './model-picker.js';
import { Persistence } from './persistence.js';
import { readTexts } from './texts.js';

/**
 * @import { Client } from '../sdk/client.js'
 * @import { Clock } from '../sdk/clock.js'
 * @import { Exchange } from '../sdk/session.js'
 */

/** How often countdowns and live figures are drawn while nothing else happens. */
const TICK_MS = 250;

/**
 * Binds a session to the playground page.
 *
 * @param {{client: Client, contextRoot: string, clock?: Clock}} options
 */
export function startPage({ client, contextRoot, clock = systemClock }) {
  const texts = readTexts(byId('texts', HTMLTemplateElement));
  const stored = new Persistence(sessionStorage, contextRoot);
  const session = new Session({ client, clock, exchanges: stored.exchanges, isOnline: () => navigator.onLine });
  const status = byId('status', HTMLElement);
  const welcome = byId('welcome', HTMLElement);
  const unsaved = element('p', 'notice warning', texts('notice.unsaved'));
  let goToEnd = false;

  const picker = new ModelPicker({
    client, texts, clock,
    select: byId('model', HTMLSelectElement),
    note: byId('model-note', HTMLElement),
    wanted: stored.model,
    onPick: (id) => stored.saveModel(id),
  });

  const conversation = new ConversationView({
    texts,
    log: byId('conversation', HTMLElement),
    live: byId('live', HTMLElement),
    signInAddress: `${contextRoot}/login`,
    onRetry: () => act(session.retry()),
  });

  const composer = new Composer({
    form: byId('composer', HTMLFormElement),
    message: byId('message', HTMLTextAreaElement),
    send: byId('send', HTMLButtonElement),
    stop: byId('stop', HTMLButtonElement),
  }, {
    onSend(text) {
      goToEnd = true;
      act(session.send(text, { model: picker.model }));
    },
    onStop: () => act(session.stop()),
    onDraft: (text) => stored.saveDraft(text),
  });

  function draw() {
    const exchanges = session.exchanges.get();
    const state = session.status.get();
    const busy = isBusy(state);
    const focusWouldBeLost = busy && conversation.retryHasFocus;
    stickToEnd(() => {
      conversation.update({ exchanges, status: state, retryAt: session.retryAt.get(), busy, now: clock.now() });
      welcome.hidden = exchanges.length > 0;
    }, { force: goToEnd });
    goToEnd = false;
    setText(status, texts(`status.${state}`));
    document.body.dataset.status = state;
    composer.update(busy);
    if (focusWouldBeLost) composer.focus();
  }

  function save() {
    const fits = stored.saveExchanges(session.exchanges.get());
    if (fits) unsaved.remove();
    else byId('main', HTMLElement).append(unsaved);
  }

  const drawSoon = oncePerFrame(draw);
  session.status.subscribe(drawSoon);
  session.retryAt.subscribe(drawSoon);
  session.exchanges.subscribe(drawSoon);
  onMilestone(session, () => {
    save();
    showAddress(session.last);
  });
  session.status.subscribe((state) => {
    if (state === 'done' || state === 'failed') void picker.refresh();
  });
  const tick = () => {
    if (isBusy(session.status.get()) || waitsForRetry(session.last, clock.now())) drawSoon();
    clock.after(TICK_MS, tick);
  };
  tick();

  byId('clear', HTMLButtonElement).addEventListener('click', () => act(session.clear()));
  byId('signout', HTMLFormElement).addEventListener('submit', () => {
    // The next user may be somebody else, so nothing is kept here. The server continues the running answer.
    session.detach();
    stored.forget();
  });
  addEventListener('pagehide', save);
  addEventListener('pageshow', () => session.wake());
  addEventListener('online', () => session.wake());
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) save();
    else session.wake();
  });

  composer.restore(stored.draft);
  void picker.refresh();
  act(goOn(session));
}

/** Actions show their failures on the page, so an exception here is a defect. @param {Promise<unknown>} action */
function act(action) {
  action.catch(reportError);
}

/** After a load, continues the running answer, then follows the stream in the address. @param {Session} session */
async function goOn(session) {
  const { streamId } = /^#stream=(?<streamId>[\w-]+)$/.exec(location.hash)?.groups ?? {};
  await session.resume();
  if (streamId) await session.follow(streamId);
}

/** The page's address names the stream, so that another tab can attach to it. @param {Exchange|undefined} last */
function showAddress(last) {
  const hash = last?.turn.streamId ? `#stream=${last.turn.streamId}` : '';
  if (location.hash !== hash) history.replaceState(history.state, '', location.pathname + location.search + hash);
}

/**
 * Calls `tell` when the conversation has changed in a way that a reload could not restore from the server. That excludes
 * the single tokens.
 *
 * @param {Session} session @param {() => void} tell
 */
function onMilestone(session, tell) {
  /** @param {Exchange[]} exchanges */
  const keyOf = (exchanges) => exchanges.map(({ id, turn }) => [id, turn.streamId, turn.outcome, turn.error?.code].join()).join(';');
  let key = keyOf(session.exchanges.get());
  session.exchanges.subscribe((exchanges) => {
    const next = keyOf(exchanges);
    if (next === key) return;
    key = next;
    tell();
  });
}

/** Returns true until the countdown was drawn at zero. @param {Exchange|undefined} last @param {number} now */
function waitsForRetry(last, now) {
  const retryAt = last?.turn.error?.retryAt;
  return typeof retryAt === 'number' && retryAt > now - 2 * TICK_MS;
}
