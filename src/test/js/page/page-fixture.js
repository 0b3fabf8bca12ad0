import { afterEach, beforeEach, expect, vi } from 'vitest';
import { startPage } from '../../../main/webapp/js/page/page.js';
import { atom } from '../../../main/webapp/js/sdk/store/atom.js';
import { memoryStorage } from '../../../main/webapp/js/sdk/store/storage.js';
import { ManualClock } from '../mock/manual-clock.js';
import { loadPage } from './fixture.js';

/**
 * The whole page in jsdom with a server that the test plays. The bindings of this module change with every test.
 *
 * @import { Client, Model } from '../../../main/webapp/js/sdk/client.js'
 */

export const ID = 'abc123';
/** @type {Model[]} */
export const MODELS = [
  { id: 'embed', type: 'embeddings', state: 'loaded' },
  { id: 'asleep', type: 'llm', state: 'not-loaded' },
  { id: 'awake', type: 'llm', state: 'loaded' },
  { id: 'odd' },
];

/** A client without a network: what the server says is a stream that the test writes. */
function fakeClient() {
  const encoder = new TextEncoder();
  /** @type {ReadableStreamDefaultController<Uint8Array>[]} */
  const listeners = [];
  let cursor = 0;
  const calls = {
    models: vi.fn(async () => ({ models: MODELS, meta: {} })),
    offline: atom(false),
    health: vi.fn(async () => ({ status: 'ok', version_detected_by: 'mock' })),
    streams: vi.fn(async () => []),
    infer: vi.fn(async () => ({ stream_id: ID, model_id: null, status: 'running', events_url: '' })),
    cancel: vi.fn(async () => ({ stream_id: ID, model_id: null, cursor, status: 'cancelled', content: document.querySelector('.answer-text')?.textContent?.trim() })),
    streamState: vi.fn(),
    events: vi.fn(async () => new Response(new ReadableStream({ start: (controller) => void listeners.push(controller) }), { status: 200 })),
  };
  /** @param {string} type @param {object} [fields] */
  const say = (type, fields = {}) => {
    const data = JSON.stringify({ stream_id: ID, cursor: ++cursor, ...fields });
    listeners.at(-1)?.enqueue(encoder.encode(`id: ${cursor}\nevent: ${type}\ndata: ${data}\n\n`));
  };
  return { client: /** @type {Client} */ (/** @type {unknown} */ (calls)), calls, say, cut: () => listeners.at(-1)?.error(new Error('cut')) };
}

/** @type {ReturnType<typeof fakeClient>} */
export let server;
/** @type {ManualClock} */
export let clock;
/** What the browser keeps. @type {ReturnType<typeof memoryStorage>} */
export let storage;
/** Mistakes of the page itself. @type {unknown[]} */
let reported;
/** @param {string} selector @returns {any} */
export const $ = (selector) => document.querySelector(selector);
/** @param {string} name @returns {any} the button with this text, or null */
export const button = (name) => [...document.querySelectorAll('main button')].find(({ textContent }) => textContent?.trim() === name) ?? null;
/** @param {() => void} assertion */
export const eventually = (assertion) => vi.waitFor(assertion, { timeout: 20_000, interval: 5 });
/** @param {string} text */
export const status = (text) => eventually(() => expect($('#status').textContent).toBe(text));

/** Gives each test of the file a new page, and checks that the page itself made no mistake. */
export function usePageForEachTest() {
  beforeEach(() => {
    localStorage.clear();
    storage = memoryStorage();
    history.replaceState(null, '', '/root/ai/lmstudio/demo');
    reported = [];
    vi.stubGlobal('reportError', (/** @type {unknown} */ error) => reported.push(error));
    vi.stubGlobal('ResizeObserver', class { observe() {} });
    vi.stubGlobal('requestAnimationFrame', (/** @type {() => void} */ run) => setTimeout(run, 0));
    loadPage();
    clock = new ManualClock();
    server = fakeClient();
  });
  afterEach(() => expect(reported).toEqual([]));
}

/** @param {Partial<Client>} [other] */
export async function start(other = {}) {
  const client = { ...server.client, ...other };
  await startPage({ client, offline: server.calls.offline, contextRoot: '/root', clock, storage });
}

/** @param {string} text */
export async function ask(text) {
  $('#message').value = text;
  $('#message').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
  await eventually(() => expect(server.calls.events).toHaveBeenCalled());
}
