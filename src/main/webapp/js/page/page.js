import { systemClock } from '../sdk/clock.js';
import { DEFAULT_SETTINGS, pathOf, textOf } from '../sdk/store/conversation.js';
import { Conversations } from '../sdk/store/conversations.js';
import { exportJson, exportMarkdown, importJson } from '../sdk/store/files.js';
import { createTransports } from '../sdk/stream/transports.js';
import { Announcer } from './announcer.js';
import { Composer } from './composer.js';
import { streamSlots } from './connections.js';
import { ContextGauge } from './context-gauge.js';
import { confirmBy, saveFile } from './dialogs.js';
import { byId, element, setText } from './dom.js';
import { figuresLine } from './figures-line.js';
import { followEnd, oncePerFrame } from './frame.js';
import { listenToKeys } from './keys.js';
import { copyText } from './markdown/copy.js';
import { holdLoadingWhile } from './markdown/libraries.js';
import { Messages } from './messages.js';
import { ModelStore, canChat } from './model-list.js';
import { ModelPicker } from './model-picker.js';
import { ModelsTab } from './models-tab.js';
import { Panel } from './panel.js';
import { canSee } from './pictures.js';
import { Preferences } from './preferences.js';
import { ServerTab } from './server-tab.js';
import { SettingsForm } from './settings-form.js';
import { Sidebar } from './sidebar.js';
import { readTexts } from './texts.js';
import { WireTab } from './wire-tab.js';

/**
 * @import { Client } from '../sdk/client.js'
 * @import { Clock } from '../sdk/clock.js'
 * @import { Atom } from '../sdk/store/atom.js'
 * @import { Chat } from '../sdk/store/chat.js'
 * @import { Settings } from '../sdk/store/conversation.js'
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
  const texts = readTexts(byId('texts', HTMLTemplateElement));
  holdLoadingWhile(offline);
  const preferences = new Preferences(localStorage, contextRoot);
  const ofThisTab = new Preferences(sessionStorage, contextRoot);
  const page = document.documentElement;
  const slots = streamSlots(navigator.locks);
  const conversations = new Conversations({
    client, clock, storage, isOnline: () => navigator.onLine,
    transports: createTransports(client, { clock }), slots,
  });
  const confirm = confirmBy(byId('confirm', HTMLDialogElement));
  const status = byId('status', HTMLElement);
  const unsaved = element('p', 'notice warning', texts('notice.unsaved'));
  let goToEnd = true;
  const toEnd = followEnd([byId('main', HTMLElement), byId('composer', HTMLFormElement)]);

  /** @returns {Chat} */
  const chat = () => /** @type {Chat} */ (conversations.current.get());
  /** @returns {Settings} */
  const settings = () => conversations.current.get()?.conversation.get().settings ?? DEFAULT_SETTINGS;

  const copy = async (/** @type {string} */ text) => {
    announce((await copyText(text)) ? 'copied' : 'markdown.copy.failed');
  };
  const announce = (/** @type {string} */ name) => setText(byId('announcement', HTMLElement), texts(name));

  const models = new ModelStore({ client, clock });
  const picker = new ModelPicker({
    store: models, texts,
    select: byId('model', HTMLSelectElement),
    note: byId('model-note', HTMLElement),
    onPick(model) {
      conversations.current.get()?.change({ settings: { ...settings(), model } });
      preferences.set('model', model ?? '');
      composer.refresh();
    },
  });
  const second = new ModelPicker({ store: models, texts, select: byId('second-model', HTMLSelectElement), note: null, onPick: (model) => preferences.set('second-model', model ?? '') });
  second.pick(preferences.get('second-model'));

  const composer = new Composer({
    form: byId('composer', HTMLFormElement),
    message: byId('message', HTMLTextAreaElement),
    send: byId('send', HTMLButtonElement),
    stop: byId('stop', HTMLButtonElement),
    attach: byId('attach', HTMLButtonElement),
    files: byId('files', HTMLInputElement),
    attached: byId('attached', HTMLElement),
  }, {
    onSend(text, pictures) {
      goToEnd = true;
      chat().change({ settings: { ...settings(), model: picker.model } });
      act(chat().send(text, { pictures, models: comparing() ? [picker.model, second.model] : [] }));
    },
    onStop: () => act(chat().stop()),
    onDraft: (draft) => chat().change({ draft }),
    onPictures: () => drawSoon(),
    earlierPictures: () => pathOf(chat().conversation.get()).flatMap((node) => (node.role === 'user' ? node.pictures : [])),
    whyNoPictures: () => (canSee(models.find(picker.model)) === false ? texts('pictures.blind', { model: picker.model ?? '' }) : ''),
  }, texts);

  const compare = byId('compare', HTMLButtonElement);
  const comparing = () => compare.getAttribute('aria-pressed') === 'true';
  compare.addEventListener('click', () => {
    compare.setAttribute('aria-pressed', String(!comparing()));
    byId('second', HTMLElement).hidden = !comparing();
    // Two answers of one model are seldom what a comparison is for.
    const other = models.models.get().list.find((model) => canChat(model) && model.id !== picker.model);
    if (other && second.model === picker.model) second.pick(other.id);
  });

  const wire = new WireTab({
    element: byId('tab-wire', HTMLElement), texts, address: `${location.origin}${contextRoot}/api/v1/ai/lmstudio`,
    chat: () => conversations.current.get(), onCopy: (text) => act(copy(text)), clock,
  });
  const figures = () => {
    const current = conversations.current.get();
    const leaf = current?.answer(current.conversation.get().leaf ?? '');
    return leaf ? figuresLine(leaf.turn, clock.now(), texts) : [];
  };
  const panel = new Panel({
    panel: byId('panel', HTMLElement),
    toggle: byId('panel-toggle', HTMLButtonElement),
    close: byId('panel-close', HTMLButtonElement),
    tabs: {
      'tab-settings': { draw: () => settingsForm.show(settings()) },
      'tab-wire': wire,
      'tab-models': new ModelsTab({ store: models, client, slots, texts, element: byId('tab-models', HTMLElement), isAdmin: page.dataset.admin === 'true' }),
      'tab-server': new ServerTab({ client, store: models, clock, texts, element: byId('tab-server', HTMLElement), figures }),
    },
    onChange: (open) => document.body.toggleAttribute('data-panel', open),
  });
  const settingsForm = new SettingsForm({ form: byId('settings', HTMLFormElement), texts, onChange: (changed) => conversations.current.get()?.change({ settings: changed }) });

  const messages = new Messages({
    texts,
    log: byId('conversation', HTMLElement),
    live: byId('live', HTMLElement),
    signInAddress: `${contextRoot}/login`,
    actions: {
      onEdit: (id, text) => act(chat().edit(id, text)),
      onRegenerate: (id) => act(chat().regenerate(id)),
      onContinue: () => act(chat().continueAnswer()),
      onRetry: () => act(chat().retry()),
      onSelect: (id) => chat().select(id),
      onCopy: (text) => act(copy(text)),
      onInspect(id) {
        wire.choose(id);
        panel.open('tab-wire');
      },
    },
  });
  const announcer = new Announcer({ element: byId('spoken', HTMLElement), clock });
  const gauge = new ContextGauge({ texts, element: byId('context', HTMLElement) });

  const menu = byId('menu', HTMLButtonElement);
  const showSidebar = (/** @type {boolean} */ open) => {
    document.body.toggleAttribute('data-sidebar', open);
    menu.setAttribute('aria-expanded', String(open));
  };
  menu.addEventListener('click', (event) => {
    event.stopPropagation();
    showSidebar(!document.body.hasAttribute('data-sidebar'));
  });
  document.querySelector('.stage')?.addEventListener('click', () => showSidebar(false));
  new Sidebar({
    conversations, texts, confirm,
    list: byId('conversations', HTMLElement),
    search: byId('search', HTMLInputElement),
    onOpen: () => showSidebar(false),
  });
  const newChat = () => {
    conversations.create();
    showSidebar(false);
    composer.focus();
  };
  byId('new-chat', HTMLButtonElement).addEventListener('click', newChat);

  function draw() {
    const current = conversations.current.get();
    if (!current) return;
    const conversation = current.conversation.get();
    const path = pathOf(conversation);
    const state = current.busy && current.status.get() === 'done' ? 'streaming' : current.status.get();
    const lostFocus = document.activeElement;
    messages.update(current, clock.now());
    byId('welcome', HTMLElement).hidden = path.length > 0;
    if (goToEnd) toEnd();
    goToEnd = false;
    const leaf = current.answer(conversation.leaf ?? '');
    announcer.update(leaf?.id ?? '', leaf ? textOf(leaf) : '', { running: current.isRunning(leaf?.id ?? '') });
    setText(status, texts(offline.get() && state === 'idle' ? 'status.offline.idle' : `status.${state}`));
    document.body.dataset.status = state;
    composer.update(current.busy);
    gauge.update(path, { draft: conversation.draft, pictures: composer.pictures, system: conversation.settings.system }, models.find(picker.model));
    panel.draw();
    // A button that was pressed may be gone now, such as Retry.
    if (lostFocus && !lostFocus.isConnected) composer.focus();
  }
  const drawSoon = oncePerFrame(draw);

  let unsubscribe = () => {};
  conversations.current.subscribe((current) => {
    unsubscribe();
    if (byId('import-note', HTMLElement).className.includes('error')) byId('import-note', HTMLElement).hidden = true;
    if (!current) return;
    const { draft, settings: chosen } = current.conversation.get();
    composer.show(draft, current);
    picker.pick(chosen.model ?? preferences.get('model'));
    wire.choose(null);
    goToEnd = true;
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
  conversations.unsaved.subscribe((failed) => (failed ? byId('main', HTMLElement).append(unsaved) : unsaved.remove()));
  models.models.subscribe(() => {
    composer.refresh();
    drawSoon();
  });

  bindOfflineSwitch(offline, preferences, () => {
    conversations.wake();
    // Also loads the list for the first time.
    void models.refresh();
    drawSoon();
  });
  bindFiles({ conversations, texts, chat });
  bindTheme(byId('theme', HTMLSelectElement), preferences);
  listenToKeys({
    shortcuts: byId('shortcuts', HTMLDialogElement), newChat,
    focusMessage: () => composer.focus(),
    escape() {
      if (document.body.hasAttribute('data-sidebar')) {
        showSidebar(false);
        menu.focus();
      } else if (conversations.current.get()?.busy) act(chat().stop());
      else panel.close();
    },
  });

  const tick = () => {
    if (needsTicks(conversations.current.get(), clock.now()) || panel.tab === 'tab-server') drawSoon();
    clock.after(TICK_MS, tick);
  };
  tick();

  const signOut = byId('signout', HTMLFormElement);
  signOut.addEventListener('submit', (event) => {
    event.preventDefault();
    act(leave());
  });
  async function leave() {
    const { length } = conversations.entries.get();
    if (length > 0 && !(await confirm(texts('signout.question', { count: length }), texts('demo.signout')))) return;
    // The next user may be somebody else, so nothing is kept here. The server continues the running answers.
    await conversations.forget();
    preferences.forget();
    leaving = true;
    signOut.submit();
  }

  let leaving = false;
  addEventListener('pagehide', () => {
    void conversations.flush();
    // The database may be too slow for a page that is being left. Everything but the draft can be restored from the server.
    if (!leaving && conversations.current.get()) ofThisTab.set('draft', chat().conversation.get().draft);
  });
  addEventListener('pageshow', () => conversations.wake());
  addEventListener('online', () => conversations.wake());
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) void conversations.flush();
    else conversations.wake();
  });

  const wanted = new URLSearchParams(location.hash.slice(1));
  await conversations.load(wanted.get('chat') ?? '', { streamId: wanted.get('stream') ?? '' });
  const draft = ofThisTab.get('draft');
  ofThisTab.set('draft', '');
  if (draft !== '') {
    chat().change({ draft });
    composer.show(draft);
  }
  composer.start();
}

/** Actions show their failures on the page, so an exception here is a defect. @param {Promise<unknown>} action */
function act(action) {
  action.catch(reportError);
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

/** @param {Atom<boolean>} offline @param {Preferences} preferences @param {() => void} onChange */
function bindOfflineSwitch(offline, preferences, onChange) {
  const button = byId('offline', HTMLButtonElement);
  button.addEventListener('click', () => offline.set(!offline.get()));
  offline.subscribe((off) => {
    button.setAttribute('aria-checked', String(off));
    document.body.toggleAttribute('data-offline', off);
    byId('offline-note', HTMLElement).hidden = !off;
    preferences.set('offline', off ? 'true' : '');
    onChange();
  });
}

/** @param {{conversations: Conversations, texts: import('./texts.js').Texts, chat: () => Chat}} page */
function bindFiles({ conversations, texts, chat }) {
  const names = { you: texts('you'), assistant: texts('assistant') };
  const day = () => new Date().toISOString().slice(0, 10);
  const files = byId('import-file', HTMLInputElement);
  byId('export', HTMLButtonElement).addEventListener('click', () => saveFile(`conversations-${day()}.json`, 'application/json', exportJson(conversations.all())));
  byId('export-markdown', HTMLButtonElement).addEventListener('click', () =>
    saveFile(`conversation-${day()}.md`, 'text/markdown', exportMarkdown(chat().conversation.get(), names)));
  byId('import', HTMLButtonElement).addEventListener('click', () => files.click());
  files.addEventListener('change', async () => {
    const note = byId('import-note', HTMLElement);
    try {
      const read = importJson((await files.files?.[0]?.text()) ?? '');
      note.textContent = texts('import.done', { added: conversations.add(read), count: read.length });
      note.className = 'notice info';
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      note.textContent = texts('import.failed', { message: error.message });
      note.className = 'notice error';
    }
    note.hidden = false;
    files.value = '';
  });
}

/** @param {HTMLSelectElement} select @param {Preferences} preferences */
function bindTheme(select, preferences) {
  const show = () => (select.value === '' ? delete document.documentElement.dataset.theme : (document.documentElement.dataset.theme = select.value));
  select.value = preferences.get('theme');
  show();
  select.addEventListener('change', () => {
    preferences.set('theme', select.value);
    show();
  });
}
