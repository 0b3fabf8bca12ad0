import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { createClient } from '../../../main/webapp/js/sdk/client.js';
import { Chat } from '../../../main/webapp/js/sdk/store/chat.js';
import { newConversation, pathOf } from '../../../main/webapp/js/sdk/store/conversation.js';
import { ManualClock } from '../mock/manual-clock.js';
import { MockServer } from '../mock/mock-server.js';

/**
 * A chat with the mock over HTTP, and a clock that stands still. The bindings of this module change with every test, and
 * with every call of {@link open}.
 *
 * @import { Answer } from '../../../main/webapp/js/sdk/store/conversation.js'
 *
 * @typedef {Parameters<typeof createClient>[0]} ClientOptions
 */

export const server = new MockServer();
/** @type {ManualClock} */
export let clock;
/** @type {Chat} */
export let chat;
/** The statuses of the chat since it was opened. @type {string[]} */
export let statuses;
let ids = 0;
/** Whether the device has a network. */
export const device = { online: true };

/** Opens a chat for each test of the file. */
export function openForEachTest() {
  beforeAll(async () => {
    await server.listen();
  });
  afterAll(() => server.close());
  beforeEach(() => {
    device.online = true;
    ids = 0;
    // The ids begin anew, so the server must forget the keys of the test before.
    server.restart();
    Object.assign(server.counts, { infer: 0, cancels: 0, upstreamClosed: 0, events: 0 });
    server.requests = [];
    clock = new ManualClock();
    open();
  });
  afterEach(() => chat.detach());
}

/** Opens another chat. @param {{conversation?: import('../../../main/webapp/js/sdk/store/conversation.js').Conversation, client?: ClientOptions}} [options] */
export function open({ conversation = newConversation({ id: 'c', at: clock.now() }), client: options = {} } = {}) {
  const client = createClient({ contextRoot: server.url, accessToken: server.token, ...options });
  chat = new Chat({ client, clock, conversation, isOnline: () => device.online, newId: () => `x${ids++}`, random: () => 0 });
  const seen = (statuses = /** @type {string[]} */ ([]));
  chat.status.subscribe((status) => seen.push(status));
}

/** @param {() => void} assertion */
export const eventually = (assertion) => vi.waitFor(assertion, { timeout: 20_000, interval: 2 });

export const path = () => pathOf(chat.conversation.get());
export const leaf = () => /** @type {Answer} */ (path().at(-1));
export const turn = () => leaf().turn;
export const questions = () => path().filter(({ role }) => role === 'user');

/** Sends and waits until the answer's first text is shown. @param {string} prompt @param {string} first */
export async function streamingAnswer(prompt, first) {
  const next = server.nextStream();
  const sent = chat.send(prompt);
  const stream = await next;
  stream.deltas(first);
  await eventually(() => expect(turn().text).toBe(first));
  return { stream, sent };
}
