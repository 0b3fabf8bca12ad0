import { pathOf, textOf } from '../sdk/store/conversation.js';
import { Announcer } from './announcer.js';
import { ContextGauge } from './context-gauge.js';
import { byId, element, setText } from './dom.js';
import { followEnd } from './frame.js';
import { Messages } from './messages.js';
import { act } from './shared.js';

/**
 * @import { Chat } from '../sdk/store/chat.js'
 * @import { Shared } from './shared.js'
 * @import { createWriting } from './writing.js'
 */

/** Shows the current conversation: its messages, its status, and what follows from them. */
export class ConversationView {
  #shared;
  #composer;
  #picker;
  #messages;
  #announcer;
  #gauge;
  #status = byId('status', HTMLElement);
  #toEnd = followEnd([byId('main', HTMLElement), byId('composer', HTMLFormElement)]);
  /** Whether the next drawing scrolls to the end. */
  goToEnd = true;

  /** @param {Shared} shared @param {ReturnType<typeof createWriting> & {inspect: (id: string) => void}} parts */
  constructor(shared, { composer, picker, settle, compared, inspect }) {
    this.#shared = shared;
    this.#composer = composer;
    this.#picker = picker;
    const { texts, clock, contextRoot, conversations } = shared;
    /** @param {(chat: Chat) => Promise<void>} action */
    const ask = (action) => {
      settle();
      act(action(shared.chat));
    };
    this.#messages = new Messages({
      texts,
      log: byId('conversation', HTMLElement),
      live: byId('live', HTMLElement),
      signInAddress: `${contextRoot}/login`,
      actions: {
        onEdit: (id, text) => ask((chat) => chat.edit(id, text, { models: compared() })),
        onRegenerate: (id) => ask((chat) => chat.regenerate(id)),
        onContinue: (id) => ask((chat) => chat.continueAnswer(id)),
        onRetry: (id) => ask((chat) => chat.retry(id)),
        onSelect: (id) => shared.chat.select(id),
        onCopy: (text) => act(shared.copy(text)),
        onInspect: inspect,
      },
    });
    this.#announcer = new Announcer({ element: byId('spoken', HTMLElement), clock });
    this.#gauge = new ContextGauge({ texts, element: byId('context', HTMLElement) });
    const unsaved = element('p', 'notice warning', texts('notice.unsaved'));
    conversations.unsaved.subscribe((failed) => (failed ? byId('main', HTMLElement).append(unsaved) : unsaved.remove()));
  }

  draw() {
    const { current, clock, texts, offline, models } = this.#shared;
    if (!current) return;
    const conversation = current.conversation.get();
    const path = pathOf(conversation);
    const state = current.busy && current.status.get() === 'done' ? 'streaming' : current.status.get();
    this.#messages.update(current, clock.now());
    byId('welcome', HTMLElement).hidden = path.length > 0;
    if (this.goToEnd) this.#toEnd();
    this.goToEnd = false;
    const leaf = current.answer(conversation.leaf ?? '');
    this.#announcer.update(leaf?.id ?? '', leaf ? textOf(leaf) : '', { running: current.isRunning(leaf?.id ?? '') });
    setText(this.#status, texts(offline.get() && state === 'idle' ? 'status.offline.idle' : `status.${state}`));
    document.body.dataset.status = state;
    this.#composer.update(current.busy);
    const next = { draft: conversation.draft, pictures: this.#composer.pictures, system: conversation.settings.system };
    this.#gauge.update(path, next, models.find(this.#picker.model));
  }
}
