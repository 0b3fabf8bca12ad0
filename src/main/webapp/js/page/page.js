import { systemClock } from '../sdk/clock.js';
import { Conversations } from '../sdk/store/conversations.js';
import { createTransports } from '../sdk/stream/transports.js';
import { streamSlots } from './connections.js';
import { bindFiles, bindOfflineSwitch, bindTheme } from './controls.js';
import { ConversationView } from './conversation-view.js';
import { createDetails } from './details.js';
import { confirmBy } from './dialogs.js';
import { byId } from './dom.js';
import { oncePerFrame } from './frame.js';
import { listenToKeys } from './keys.js';
import { bindLeaving } from './leaving.js';
import { holdLoadingWhile } from './markdown/libraries.js';
import { ModelStore } from './model-list.js';
import { createNavigation } from './navigation.js';
import { Preferences } from './preferences.js';
import { Shared, act } from './shared.js';
import { readTexts } from './texts.js';
import { createWriting } from './writing.js';

/**
 * @import { Client } from '../sdk/client.js'
 * @import { Clock } from '../sdk/clock.js'
 * @import { Atom } from '../sdk/store/atom.js'
 * @import { Chat } from '../sdk/store/chat.js'
 * @import { ConversationStorage } from '../sdk/store/storage.js'
 */

/** How often countdowns and live figures are drawn while nothing else happens. */
const TICK_MS = 250;

/**
 * Binds the conversations of a user to the playground page.
 *
 * @param {object} options
 * @param {Client} options.client
 * @param {Atom<boolean>} options.offline the offline switch of the client
 * @param {string} options.contextRoot
 * @param {ConversationStorage} options.storage
 * @param {Clock} [options.clock]
 * @returns {Promise<void>} resolves when the stored conversations are shown
 */
export async function startPage({ client, offline, contextRoot, storage, clock = systemClock }) {
  holdLoadingWhile(offline);
  const drawSoon = oncePerFrame(draw);
  const slots = streamSlots(navigator.locks);
  const conversations = new Conversations({
    client, clock, storage, isOnline: () => navigator.onLine,
    transports: createTransports(client, { clock }), slots,
  });
  const shared = new Shared({
    client, clock, contextRoot, offline, conversations, slots, drawSoon,
    texts: readTexts(byId('texts', HTMLTemplateElement)),
    preferences: new Preferences('localStorage', contextRoot),
    models: new ModelStore({ client, clock }),
  });
  const confirm = confirmBy(byId('confirm', HTMLDialogElement));
  const writing = createWriting(shared, { onSend: () => void (view.goToEnd = true) });
  const { composer } = writing;
  const details = createDetails(shared);
  const view = new ConversationView(shared, { ...writing, inspect: details.inspect });
  const load = bindLeaving(shared, { confirm, composer });
  const navigation = createNavigation(shared, { confirm, focusMessage: () => composer.focus() });

  function draw() {
    const lostFocus = document.activeElement;
    view.draw();
    if (shared.current) details.panel.draw();
    // A button that was pressed may be gone now, such as Retry.
    if (lostFocus && !lostFocus.isConnected) composer.focus();
  }
  showCurrent(shared, { ...writing, details, view });
  bindOfflineSwitch(shared);
  bindFiles(shared);
  bindTheme(byId('theme', HTMLSelectElement), shared.preferences);
  listenToKeys({
    shortcuts: byId('shortcuts', HTMLDialogElement), newChat: navigation.newChat,
    focusMessage: () => composer.focus(),
    escape() {
      if (navigation.close()) return;
      if (shared.current?.busy) act(shared.current.stop());
      else details.panel.close();
    },
  });
  const tick = () => {
    if (needsTicks(shared.current, clock.now()) || details.panel.tab === 'tab-server') drawSoon();
    clock.after(TICK_MS, tick);
  };
  tick();
  await load();
  composer.start();
}

/**
 * Draws whenever the conversation that is shown changes, and shows another one when it is opened.
 *
 * @param {Shared} shared
 * @param {ReturnType<typeof createWriting> & {details: ReturnType<typeof createDetails>, view: ConversationView}} parts
 */
function showCurrent({ conversations, models, preferences, drawSoon }, { composer, picker, details, view }) {
  let unsubscribe = () => {};
  conversations.current.subscribe((current) => {
    unsubscribe();
    const note = byId('import-note', HTMLElement);
    if (note.className.includes('error')) note.hidden = true;
    if (!current) return;
    const { draft, settings } = current.conversation.get();
    composer.show(draft, current);
    composer.update(current.busy);
    picker.pick(settings.model ?? preferences.get('model'));
    details.forget();
    view.goToEnd = true;
    const ends = [
      current.conversation.subscribe(drawSoon), current.status.subscribe(drawSoon), current.retryAt.subscribe(drawSoon),
      current.conversation.subscribe(() => showAddress(current)),
      current.status.subscribe((state) => {
        if (state === 'done' || state === 'failed') void models.refresh();
      }),
    ];
    unsubscribe = () => ends.forEach((end) => end());
  });
  conversations.entries.subscribe(drawSoon);
  models.models.subscribe(() => {
    composer.refresh();
    drawSoon();
  });
}

/** The page's address names the conversation and its last stream, so that another tab or browser can attach to it. @param {Chat} chat */
function showAddress(chat) {
  const { id, leaf } = chat.conversation.get();
  const streamId = chat.answer(leaf ?? '')?.turn.streamId;
  const hash = leaf === null ? '' : `#chat=${id}${streamId ? `&stream=${streamId}` : ''}`;
  if (location.hash !== hash) history.replaceState(history.state, '', location.pathname + location.search + hash);
}

/** Returns whether figures or a countdown change by themselves. @param {Chat|null} chat @param {number} now */
function needsTicks(chat, now) {
  if (!chat) return false;
  const retryAt = chat.answer(chat.conversation.get().leaf ?? '')?.turn.error?.retryAt;
  return chat.busy || (typeof retryAt === 'number' && retryAt > now - 2 * TICK_MS);
}
