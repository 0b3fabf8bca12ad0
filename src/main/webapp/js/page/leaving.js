import { byId } from './dom.js';
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
  const ofThisTab = new Preferences(sessionStorage, contextRoot);
  const signOut = byId('signout', HTMLFormElement);
  let leaving = false;
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

  addEventListener('pagehide', () => {
    void conversations.flush();
    // The database may be too slow for a page that is being left. Everything but the draft can be restored from the server.
    if (!leaving && shared.current) ofThisTab.set('draft', shared.current.conversation.get().draft);
  });
  addEventListener('pageshow', () => conversations.wake());
  addEventListener('online', () => conversations.wake());
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) void conversations.flush();
    else conversations.wake();
  });

  return async () => {
    const wanted = new URLSearchParams(location.hash.slice(1));
    await conversations.load(wanted.get('chat') ?? '', { streamId: wanted.get('stream') ?? '' });
    const draft = ofThisTab.get('draft');
    ofThisTab.set('draft', '');
    if (draft === '') return;
    shared.chat.change({ draft });
    composer.show(draft);
  };
}
