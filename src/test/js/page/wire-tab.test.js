// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest';
import { plots } from '../../../main/webapp/js/page/markdown/libraries.js';
import { WireTab } from '../../../main/webapp/js/page/wire-tab.js';
import { newAnswer, newConversation } from '../../../main/webapp/js/sdk/store/conversation.js';
import { WireLog } from '../../../main/webapp/js/sdk/store/wire-log.js';
import { ManualClock } from '../mock/manual-clock.js';

/** @import { Chat } from '../../../main/webapp/js/sdk/store/chat.js' */

/** @type {ManualClock} */
let clock;
/** @type {WireLog} */
let wire;
/** @type {HTMLElement} */
let element;
/** @type {WireTab} */
let tab;
const plot = { setData: vi.fn(), redraw: vi.fn(), destroy: vi.fn() };

const texts = (/** @type {string} */ key, /** @type {Record<string, string|number>} */ values = {}) => [key, ...Object.values(values)].join(' ');
const rows = () => [...element.querySelectorAll('tbody tr')].map(({ textContent }) => textContent?.replace(/\s+/g, ' ').trim());
const summary = () => element.querySelector('.timeline .panel-note')?.textContent;

/** @param {string} content */
const say = (content) => wire.onEvent(/** @type {any} */ ({ type: 'delta', data: JSON.stringify({ stream_id: 's', cursor: 1, content }) }));

/** @param {object} [turn] */
function openTab(turn = {}) {
  element = document.createElement('div');
  const settings = { model: null, system: '', parameters: {} };
  const answer = newAnswer({ id: 'a', parent: 'q', at: clock.now(), settings });
  Object.assign(answer.turn, turn);
  const conversation = { ...newConversation({ id: 'c', at: 1 }), leaf: 'a', nodes: { a: answer } };
  const chat = /** @type {Chat} */ (/** @type {unknown} */ ({ conversation: { get: () => conversation }, answer: () => answer, wireOf: () => wire }));
  tab = new WireTab({ element, texts, address: 'https://x.example/api', chat: () => chat, onCopy: () => {}, clock });
}

beforeEach(() => {
  clock = new ManualClock();
  wire = new WireLog(clock);
  vi.stubGlobal('ResizeObserver', class { observe() {} disconnect() {} });
  vi.stubGlobal('matchMedia', () => ({ addEventListener() {}, removeEventListener() {} }));
  for (const call of Object.values(plot)) call.mockClear();
  plots.loaded = /** @type {any} */ (class { constructor() { return plot; } });
  openTab();
});

it('events_areDrawnFourTimesASecondAndTheLastOnesToo', () => {
  wire.onRequest({ messages: [] });
  say('one');
  tab.draw();
  expect(rows()).toHaveLength(1);
  for (let frame = 0; frame < 10; frame++) {
    clock.advance(20);
    say('more');
    tab.draw();
  }
  expect(rows()).toHaveLength(1);
  clock.advance(50);
  expect(rows()).toHaveLength(11);
  tab.draw();
  expect(clock.waiting).toEqual([]);
});

it('knownEventsAndTheRequest_areNotReadAgain', () => {
  wire.onRequest({ messages: [{ role: 'user', content: 'Hi' }] });
  for (let count = 0; count < 50; count++) say(`word ${count}`);
  tab.draw();
  const [read, written] = [vi.spyOn(JSON, 'parse'), vi.spyOn(JSON, 'stringify')];
  say('new');
  clock.advance(250);
  read.mockClear();
  written.mockClear();
  tab.draw();
  expect(rows()).toHaveLength(51);
  expect([read.mock.calls.length, written.mock.calls.length]).toEqual([1, 1]);
});

it('manyEvents_areNumberedAsTheyCame', () => {
  for (let count = 1; count <= 300; count++) say(`word ${count}`);
  tab.draw();
  expect(rows()).toHaveLength(200);
  expect(rows()[19]).toContain('word 20');
  expect(rows()[20]).toContain('word 121');
  expect(element.querySelectorAll('tbody button')[20].getAttribute('aria-label')).toBe('delta: wire.show 121');
});

it('otherAnswerOrAnOpenedEvent_isDrawnAtOnce', () => {
  say('one');
  tab.draw();
  element.querySelector('button')?.click();
  expect(element.querySelector('.wire-event')?.textContent).toContain('"content": "one"');
});

it('firstToken_isTheFigureOfTheAnswerOrUnknown', () => {
  say('one');
  clock.advance(40);
  say('two');
  tab.draw();
  expect(summary()).toBe('timeline.gaps 40 40');
  openTab({ stats: { time_to_first_token_ms: 1200 } });
  tab.draw();
  expect(summary()).toBe('timeline.summary 1.20 40 40');
});

it('plot_isDrawnAgainWhenAThemeIsChosen', async () => {
  wire.onRequest({ messages: [] });
  for (const word of ['one', 'two', 'three']) say(word);
  tab.draw();
  document.documentElement.dataset.theme = 'dark';
  await vi.waitFor(() => expect(plot.redraw).toHaveBeenCalled());
  delete document.documentElement.dataset.theme;
});

it('libraryOfThePlot_isAskedForAgainAfterAFailure', async () => {
  plots.loaded = null;
  const load = vi.spyOn(plots, 'load').mockRejectedValue(new TypeError('Failed to fetch'));
  for (const word of ['one', 'two', 'three']) say(word);
  tab.draw();
  say('four');
  clock.advance(250);
  tab.draw();
  expect(load).toHaveBeenCalledTimes(2);
});
