import { byId, element } from './dom.js';
import { Preferences } from './preferences.js';
import { act } from './shared.js';

/**
 * @import { Composer } from './composer.js'
 * @import { Shared } from './shared.js'
 */

/**
 * Stores what would be lost when the page is left, connects again when it is back, and signs out.
 *
 * @param {Shared} shared
 * @param {{confirm: (question: string, action: string) => Promise<boolean>, composer: Composer}} parts
 * @returns {() => Promise<void>} loads the conversations, and restores the draft that was typed last
 */
export function bindLeaving(shared, { confirm, composer }) {
  const { conversations, preferences, texts, contextRoot } = shared;
  const ofThisTab = new Preferences('sessionStorage', contextRoot);
  const signOut = byId('signout', HTMLFormElement);
  /** The next user of this tab may be another caller. */
  const kept = `draft:${document.documentElement.dataset.caller ?? ''}`;
  let leaving = false;
  signOut.addEventListener('submit', (event) => {
    event.preventDefault();
    act(leave());
  });
  async function leave() {
    const { length } = conversations.entries.get();
    if (length > 0 && !(await confirm(texts('signout.question', { count: length }), texts('demo.signout')))) return;
    // The next user may be somebody else, so nothing is kept here. The server continues the running answers.
    try {
      await conversations.forget();
    } catch (error) {
      console.warn('The conversations could not be deleted.', error);
      if (!(await confirm(texts('signout.remains'), texts('demo.signout')))) return;
    }
    preferences.forget();
    ofThisTab.forget();
    leaving = true;
    signOut.submit();
  }

  conversations.forgotten.subscribe((forgotten) => {
    if (!forgotten) return;
    const link = element('a', '', texts('signin.again'));
    link.href = `${contextRoot}/login`;
    const note = element('p', 'notice warning', `${texts('notice.forgotten')} `, link);
    note.setAttribute('role', 'alert');
    byId('main', HTMLElement).append(note);
    composer.end();
  });

  addEventListener('pagehide', () => {
    void conversations.flush();
    // The database may be too slow for a page that is being left. Everything but the draft can be restored from the server.
    const { id, draft } = shared.current?.conversation.get() ?? { draft: '' };
    if (!leaving) ofThisTab.set(kept, draft === '' ? '' : JSON.stringify({ id, draft }));
  });
  addEventListener('pageshow', () => conversations.wake());
  addEventListener('online', () => conversations.wake());
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) void conversations.flush();
    else conversations.wake();
  });

  return async () => {
    const wanted = inAddress();
    const { id, draft } = JSON.parse(ofThisTab.get(kept) || '{}');
    ofThisTab.set(kept, '');
    const shown = wanted.id ?? id ?? '';
    await conversations.load(shown, wanted);
    // The page itself changes its address without this event.
    addEventListener('hashchange', () => {
      const { id: next = '', streamId } = inAddress();
      conversations.show(next, { streamId });
    });
    if (!draft || shown !== id) return;
    // A new conversation may have been lost with the page.
    if (shared.chat.conversation.get().id !== id) conversations.create();
    shared.chat.change({ draft });
    composer.show(draft, shared.chat);
  };
}

/** Returns what the address of the page names. @returns {{id?: string, streamId: string}} */
function inAddress() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  const streamId = wanted.get('stream') ?? '';
  return { id: wanted.get('chat') ?? undefined, streamId: /^[\w-]*$/.test(streamId) ? streamId : '' };
}
