import { createClient } from '../../../main/webapp/js/sdk/client.js';
import { createMockServer } from '../../../main/webapp/js/sdk/mocks/index.js';
import { Chat } from '../../../main/webapp/js/sdk/store/chat.js';
import { newConversation, textOf } from '../../../main/webapp/js/sdk/store/conversation.js';
import { ManualClock } from '../mock/manual-clock.js';

/** @import { Node } from '../../../main/webapp/js/sdk/store/conversation.js' */

/** A chat with the mock server behind it. */
export function openChat() {
  const clock = new ManualClock();
  const mock = createMockServer({ clock });
  const client = createClient({ fetch: mock.fetch, accessToken: mock.token });
  const chat = new Chat({ client, clock, conversation: newConversation({ id: 'c', at: clock.now() }) });
  /** How many listeners the atoms of the chat have. */
  const counts = { listeners: 0 };
  for (const source of [chat.conversation, chat.status, chat.retryAt]) {
    const { subscribe } = source;
    source.subscribe = (/** @type {(value: any) => void} */ listener) => {
      counts.listeners++;
      const unsubscribe = subscribe(listener);
      let over = false;
      return () => {
        if (!over) counts.listeners--;
        over = true;
        unsubscribe();
      };
    };
  }
  return { chat, mock, counts };
}

/** @param {readonly Node[]} path */
export const textOfPath = (path) => path.map((node) => (node.role === 'user' ? node.text : textOf(node))).join('|');
