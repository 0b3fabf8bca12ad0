// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startPage } from '../../../main/webapp/js/page/page.js';
import { createClient } from '../../../main/webapp/js/sdk/client.js';
import { createMockServer } from '../../../main/webapp/js/sdk/mocks/index.js';
import { atom } from '../../../main/webapp/js/sdk/store/atom.js';
import { memoryStorage } from '../../../main/webapp/js/sdk/store/storage.js';
import { ManualClock } from '../mock/manual-clock.js';
import { loadPage } from './fixture.js';

/** What the page keeps when it is left, and two answers side by side. The server is the mock in memory. */

/** @type {ReturnType<typeof createMockServer>} */
let server;
/** @type {ReturnType<typeof memoryStorage>} */
let storage;
/** Aborted when the page is left: it then hears nothing any more. @type {AbortController} */
let left;
/** Mistakes of the page itself. @type {unknown[]} */
let reported;
/** @param {string} selector @returns {any} */
const $ = (selector) => document.querySelector(selector);
/** @param {string} name @returns {any[]} the buttons with this text */
const buttons = (name) => [...document.querySelectorAll('main button')].filter(({ textContent }) => textContent?.trim() === name);
/** @param {() => void|Promise<void>} assertion */
const eventually = (assertion) => vi.waitFor(assertion, { timeout: 20_000, interval: 5 });

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  history.replaceState(null, '', '/root/ai/lmstudio/demo');
  storage = memoryStorage();
  left = new AbortController();
  reported = [];
  vi.stubGlobal('reportError', (/** @type {unknown} */ error) => reported.push(error));
  vi.stubGlobal('ResizeObserver', class { observe() {} });
  vi.stubGlobal('requestAnimationFrame', (/** @type {() => void} */ run) => setTimeout(run, 0));
  const add = globalThis.addEventListener.bind(globalThis);
  vi.stubGlobal('addEventListener', (/** @type {string} */ type, /** @type {() => void} */ listener) => add(type, listener, { signal: left.signal }));
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  server = createMockServer({ answer: (stream) => stream.complete() });
});
afterEach(() => {
  left.abort();
  expect(reported).toEqual([]);
});

async function open(caller = 'ann') {
  loadPage();
  document.documentElement.dataset.caller = caller;
  const offline = atom(false);
  await startPage({ client: createClient({ fetch: server.fetch, accessToken: server.token, offline }), offline, contextRoot: '/root', clock: new ManualClock(), storage });
}

function leave() {
  dispatchEvent(new Event('pagehide'));
  left.abort();
  left = new AbortController();
}

/** @param {string} text */
function type(text) {
  $('#message').value = text;
  $('#message').dispatchEvent(new Event('input'));
}

/** @param {string} text */
async function ask(text) {
  type(text);
  $('#composer').requestSubmit();
  await eventually(() => expect($('#status').textContent).toBe('Finished'));
}

it.each([['stored', true], ['not stored', false]])('draftOfANewChatThatWas %s_isThereAfterAReload', async (_, stored) => {
  await open();
  await ask('Hi');
  $('#new-chat').click();
  type('a new topic');
  if (!stored) vi.spyOn(storage, 'save').mockRejectedValue(new DOMException('full', 'QuotaExceededError'));
  leave();
  await open();
  expect($('#message').value).toBe('a new topic');
  expect($('#conversation').children).toHaveLength(0);
  $('#conversations .open').click();
  expect($('#message').value).toBe('');
});

it('draft_isNotShownToAnotherCaller', async () => {
  await open('ann');
  type('between us');
  leave();
  storage = memoryStorage();
  await open('bob');
  expect($('#message').value).toBe('');
  leave();
  await open('ann');
  expect($('#message').value).toBe('between us');
  expect(Object.values(sessionStorage).join()).not.toContain('between us');
});

it('signOut_deletesTheDraftThatThisTabKept', async () => {
  const submit = vi.spyOn(HTMLFormElement.prototype, 'submit').mockImplementation(() => {});
  await open();
  type('a thought');
  dispatchEvent(new Event('pagehide'));
  $('#signout').requestSubmit();
  await eventually(() => expect(submit).toHaveBeenCalled());
  leave();
  expect(Object.keys(sessionStorage)).toEqual([]);
});

it('signOutWithoutADatabase_saysThatDataMayRemainAndSignsOut', async () => {
  const submit = vi.spyOn(HTMLFormElement.prototype, 'submit').mockImplementation(() => {});
  storage = { ...memoryStorage(), clear: () => Promise.reject(new DOMException('no', 'InvalidStateError')) };
  await open();
  const dialog = $('#confirm');
  const asked = vi.fn();
  dialog.showModal = () => {
    asked(dialog.querySelector('p').textContent);
    dialog.returnValue = 'yes';
    queueMicrotask(() => dialog.dispatchEvent(new Event('close')));
  };
  $('#signout').requestSubmit();
  await eventually(() => expect(submit).toHaveBeenCalled());
  expect(asked.mock.calls).toEqual([[expect.stringContaining('may remain in this browser')]]);
});

it('retryOfTheSecondOfTwoAnswers_asksForThatOne', async () => {
  await open();
  await eventually(() => expect($('#model').value).not.toBe(''));
  $('#compare').click();
  for (let answer = 0; answer < 2; answer++) server.fail('POST', /infer/, 503, { code: 'upstream_unreachable' });
  type('Both?');
  $('#composer').requestSubmit();
  await eventually(() => expect(buttons('Retry')).toHaveLength(2));
  const models = () => server.requests.filter(({ method }) => method === 'POST').map(({ body }) => body.model);
  const [first, second] = models();
  expect(first).not.toBe(second);
  buttons('Retry')[1].click();
  await eventually(() => expect(models()).toEqual([first, second, second]));
  await eventually(() => expect(buttons('Retry')).toHaveLength(1));
  expect(document.querySelectorAll('.side-by-side .answer')).toHaveLength(2);
});

it('messageRightAfterASwitch_isSentAlthoughTheAnswerBeforeIsRunning', async () => {
  await open();
  server.answer = () => {};
  type('One');
  $('#composer').requestSubmit();
  await eventually(() => expect($('#send').hidden).toBe(true));
  $('#new-chat').click();
  type('Two');
  $('#composer').requestSubmit();
  await eventually(() => expect(server.counts.infer).toBe(2));
});

it('signOutInAnotherTab_isToldAndEndsTheMessageBox', async () => {
  /** @type {(id: string|null) => void} */
  let tell = () => {};
  storage.subscribe = (listener) => {
    tell = listener;
    return () => {};
  };
  await open();
  tell(null);
  await eventually(() => expect($('#main [role=alert]').textContent).toContain('You signed out in another tab'));
  expect([$('#main [role=alert] a').getAttribute('href'), $('#message').disabled, $('#send').disabled]).toEqual(['/root/login', true, true]);
});

it('addressThatChangesInTheOpenPage_isFollowed', async () => {
  server.answer = (stream) => {
    stream.deltas('From elsewhere');
    stream.complete();
  };
  await open();
  const { stream_id: id } = await createClient({ fetch: server.fetch, accessToken: server.token }).infer({ messages: [{ role: 'user', content: 'Hi' }] });
  location.hash = `#stream=${id}`;
  await eventually(() => expect($('#conversation .answer-text')?.textContent).toBe('From elsewhere'));
});
