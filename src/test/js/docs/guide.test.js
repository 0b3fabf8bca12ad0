import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Chat, createClient, newConversation } from '../../../main/webapp/js/sdk/index.js';
import { createMockServer, playAnswers } from '../../../main/webapp/js/sdk/mocks/index.js';
import { ROOT, blocksOf, htmlOf, matches, moduleOf } from './guide-blocks.js';

/**
 * @import { MockServer } from '../../../main/webapp/js/sdk/mocks/index.js'
 * @import { Block } from './guide-blocks.js'
 */

/** jsdom has no type declarations. */
const { JSDOM } = createRequire(import.meta.url)('jsdom');
/** Inside the project, so that the blocks find vue, react and pinia. */
const FOLDER = path.join(ROOT, 'target/guide');
const BLOCKS = blocksOf('docs/guides/javascript-sdk.md');
const PAGE_GLOBALS = /** @type {const} */ (['document', 'addEventListener', 'removeEventListener', 'requestAnimationFrame', 'localStorage', 'HTMLElement', 'HTMLIFrameElement', 'Node', 'navigator']);

/** @param {string} prompt */
const text = (prompt) => (prompt.includes('story') ? 'Once upon a time there was a stream. '.repeat(40)
  : prompt.includes('sunset') ? 'The air scatters blue light away.' : 'The air scatters blue light more than red light.');

/** @type {MockServer} */
let mock;
/** @type {string[]} */
let printed;
/** What the block wrote to the standard output by itself. */
let written = '';
/** What the block wrote to the standard error. @type {string[]} */
let complained;
/** @type {any} */
let dom = null;
/** The chat of the guide, with the question of the section "A conversation". */
let chat = /** @type {Chat|null} */ (null);
let runs = 0;

beforeAll(() => void mkdirSync(FOLDER, { recursive: true }));
afterAll(() => rmSync(FOLDER, { recursive: true }));

beforeEach(async () => {
  mock = createMockServer({ answer: playAnswers(1, { text }), retryMs: 100 });
  printed = [];
  complained = [];
  written = '';
  /** @param {unknown} value */
  const shown = (value) => (typeof value === 'object' ? JSON.stringify(value).replace(/"(\w+)":/g, ' $1: ').replace(/,(?= )/g, ',').replace(/}/g, ' }') : String(value));
  /** @param {string} part */
  const write = (part) => {
    written += part;
  };
  const client = createClient({ fetch: mock.fetch, accessToken: mock.token });
  chat = new Chat({ client, conversation: newConversation({ id: 'guide', at: 0 }) });
  await chat.send('Why is the sky blue?');
  vi.stubGlobal('fetch', mock.fetch);
  // The blocks of a page have an address.
  vi.stubGlobal('location', new URL('http://127.0.0.1:8080/'));
  vi.stubGlobal('guide', {
    client, chat,
    console: {
      log: (/** @type {unknown[]} */ ...values) => printed.push(values.map(shown).join(' ')),
      error: (/** @type {unknown[]} */ ...values) => complained.push(values.map(shown).join(' ')),
    },
    process: { env: { TOKEN: mock.token }, stdout: { write } },
  });
});

afterEach(async () => {
  chat?.detach();
  /** @type {any} */ (globalThis).guide.root?.unmount();
  // React ends its work in the next task, which still needs the window.
  if (dom) await new Promise(setImmediate);
  dom?.window.close();
  dom = null;
});

/** A page in which the user is signed in. @param {string} [html] */
function openPage(html = '<!doctype html><title>Guide</title>') {
  const page = (dom = new JSDOM(html, { url: 'http://127.0.0.1:8080/page', pretendToBeVisual: true }));
  const { window } = page;
  vi.stubGlobal('window', window);
  for (const name of PAGE_GLOBALS) {
    const value = /** @type {any} */ (window)[name];
    vi.stubGlobal(name, typeof value === 'function' && !/^[A-Z]/.test(name) ? value.bind(window) : value);
  }
  const { fetch } = mock;
  vi.stubGlobal('fetch', /** @type {typeof fetch} */ ((input, init = {}) =>
    fetch(new URL(String(input), window.location.href), { ...init, headers: { ...init.headers, authorization: `Bearer ${mock.token}` } })));
  return window;
}

/** @param {Block} block */
async function run(block) {
  const file = path.join(FOLDER, `line-${block.line}-${runs++}.mjs`);
  writeFileSync(file, moduleOf(block));
  await import(/* @vite-ignore */ file);
}

/** @param {string[]} expected */
function expectPrinted(expected) {
  let at = 0;
  for (const line of printed) if (at < expected.length && matches(line, expected[at])) at++;
  expect(expected.slice(at), `printed:\n${printed.join('\n')}\n`).toEqual([]);
}

/** @param {string} heading */
const blockOf = (heading) => /** @type {Block} */ (BLOCKS.find((block) => block.heading === heading));

describe('everyBlock_runsAndPrintsWhatTheGuideSays', () => {
  const plain = BLOCKS.filter(({ mark }) => mark !== 'reload');
  it.each(plain.map((block) => /** @type {const} */ ([`${block.heading}, line ${block.line}`, block])))('%s', async (_, block) => {
    if (block.mark === 'page') openPage();
    await run(block);
    expectPrinted(block.printed);
  });
});

it('readme_hasOneBlock', () => {
  expect(blocksOf('README.md').length).toBe(1);
});

/** The first program of each document, which a reader copies before reading the rest. */
const FIRST = /** @type {const} */ ([
  ['README.md', blocksOf('README.md')[0]],
  ['src/main/npm/README.md', blocksOf('src/main/npm/README.md')[0]],
  ['docs/guides/javascript-sdk.md', blockOf('The first stream')],
]);

it.each(FIRST)('firstProgramOf_%s_isShortAndWritesTheAnswer', async (_, block) => {
  expect(block.code.split('\n').filter(Boolean).length).toBeLessThanOrEqual(11);
  await run(block);
  expect(written).toBe('The air scatters blue light more than red light.');
  expect(complained).toEqual([]);
});

it.each(FIRST)('firstProgramOf_%s_writesWhyItFailed', async (_, block) => {
  mock.fail('POST', /infer$/, 401, { code: 'unauthenticated', message: 'The access token is missing.', hint: 'Send an access token.' });
  await run(block);
  expect(complained).toEqual(['The access token is missing. Send an access token.']);
});

it('pageOfOnesOwn_showsTheAnswerOrTheError', async () => {
  const [{ html, script }, ...more] = htmlOf('docs/guides/javascript-sdk.md');
  expect(more).toEqual([]);
  const { document } = openPage(html);
  await run(script);
  const shown = (/** @type {string} */ id) => document.querySelector(id)?.textContent;
  document.querySelector('button')?.click();
  await vi.waitFor(() => expect(shown('#answer')).toBe('The air scatters blue light more than red light.'));
  expect(shown('#error')).toBe('');
  mock.fail('POST', /infer$/, 401, { code: 'unauthenticated', message: 'Your session has ended.', hint: 'Sign in again.' });
  document.querySelector('button')?.click();
  await vi.waitFor(() => expect(shown('#error')).toBe('Your session has ended. Sign in again.'));
});

it('reloadInMidAnswer_continuesAndAsksOnce', async () => {
  const block = blockOf('Resume after a reload');
  /** @type {Map<string, string>} */
  const stored = new Map();
  vi.stubGlobal('sessionStorage', { getItem: (/** @type {string} */ key) => stored.get(key) ?? null, setItem: (/** @type {string} */ key, /** @type {string} */ value) => void stored.set(key, value) });
  const saved = () => JSON.parse(stored.get('answer') ?? '{}');
  const asked = mock.counts.infer;
  mock.answer = () => {};
  const next = mock.nextStream();
  await run(block);
  const stream = await next;
  stream.deltas('Once', ' upon');
  await vi.waitFor(() => expect(saved().text).toBe('Once upon'));
  await run(block);
  stream.deltas(' a time');
  stream.complete();
  await vi.waitFor(() => expect(saved()).toMatchObject({ text: 'Once upon a time', outcome: 'completed' }));
  expect(mock.counts.infer).toBe(asked + 1);
  // The page that was left still reads here, and would write into the storage of the next test.
  await vi.waitFor(() => expect(stream.listeners.size).toBe(0));
});

it('storage_hasWhatAReloadNeeds', async () => {
  const window = openPage();
  await run(blockOf('Storage'));
  const [conversation] = Object.values(JSON.parse(window.localStorage.getItem('conversations') ?? '{}'));
  expect(Object.values(conversation.nodes).map(({ role }) => role)).toEqual(['user', 'assistant']);
});

it('react_showsTheAnswerAfterAClick', async () => {
  const window = openPage();
  await run(blockOf('React'));
  await vi.waitFor(() => expect(window.document.querySelector('button')?.textContent).toBe('idle: '));
  window.document.querySelector('button')?.click();
  await vi.waitFor(() => expect(window.document.querySelector('button')?.textContent).toBe('done: The air scatters blue light away.'));
});

it('blocks_areAllOfAKnownKind', () => {
  expect(new Set(BLOCKS.map(({ mark }) => mark))).toEqual(new Set(['', 'page', 'reload']));
  expect(BLOCKS.length).toBeGreaterThanOrEqual(18);
});
