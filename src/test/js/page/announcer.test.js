// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest';
import { Announcer } from '../../../main/webapp/js/page/announcer.js';
import { ManualClock } from '../mock/manual-clock.js';

/** @type {ManualClock} */
let clock;
/** @type {HTMLElement} */
let element;
/** @type {Announcer} */
let announcer;

beforeEach(() => {
  clock = new ManualClock();
  element = document.createElement('p');
  announcer = new Announcer({ element, clock });
  announcer.update('a', '', { running: true });
});

it('unfinishedSentence_isNotAnnounced', () => {
  announcer.update('a', 'A sentence that is', { running: true });
  expect(element.textContent).toBe('');
  announcer.update('a', 'A sentence that is 3.5', { running: true });
  expect(element.textContent).toBe('');
  announcer.update('a', 'A sentence that is 3.5 long. And', { running: true });
  expect(element.textContent).toBe('A sentence that is 3.5 long.');
});

it('sentences_areCollectedForTwoSeconds', () => {
  announcer.update('a', 'One. ', { running: true });
  announcer.update('a', 'One. Two. ', { running: true });
  announcer.update('a', 'One. Two. Three. Fo', { running: true });
  clock.advance(1999);
  expect(element.textContent).toBe('One.');
  clock.advance(1);
  expect(element.textContent).toBe('Two. Three.');
});

it('endOfTheAnswer_isAnnouncedWithoutAFullStop', () => {
  announcer.update('a', 'One. And the rest', { running: true });
  announcer.update('a', 'One. And the rest', { running: false });
  clock.advance(2000);
  expect(element.textContent).toBe('And the rest');
});

it('marksOfMarkdown_areLeftOut', () => {
  announcer.update('a', '## Title\n\n- **bold** `code`\n| a | b |\n', { running: true });
  expect(element.textContent).toBe('Title bold code a b');
});

it('otherAnswer_isNotReadAloudWhenItIsOpened', () => {
  announcer.update('b', 'An old answer.', { running: false });
  clock.advance(5000);
  expect(element.textContent).toBe('');
});

it('discardedText_isFollowedByTheNewOne', () => {
  announcer.update('a', 'The first attempt was this. ', { running: true });
  announcer.update('a', '', { running: true });
  clock.advance(2000);
  announcer.update('a', 'Again. ', { running: true });
  expect(element.textContent).toBe('Again.');
});

it.each([['dots', '.'], ['line ends', '\n'], ['brackets', '.)']])('longRunOf %s_isReadInOnePass', (_, piece) => {
  // Read again from each of its characters, it would take longer than a test may.
  const text = `Wait. ${piece.repeat(1_000_000)}`;
  announcer.update('a', text, { running: true });
  expect(element.textContent).toBe('Wait.');
  announcer.update('a', `${text} Over`, { running: false });
  clock.advance(2000);
  expect(element.textContent).toMatch(/Over$/);
});

it('wordsAreReadOnce_whileASentenceGrows', () => {
  const read = vi.spyOn(String.prototype, 'matchAll');
  let text = '';
  for (let word = 0; word < 100; word++) announcer.update('a', (text += 'word '), { running: true });
  expect(read.mock.contexts.map((part) => String(part).length).reduce((sum, length) => sum + length)).toBe(text.length);
});

it('endOfASentence_isFoundWhenTheSpaceAfterItComesLater', () => {
  announcer.update('a', 'He said "yes', { running: true });
  announcer.update('a', 'He said "yes.', { running: true });
  announcer.update('a', 'He said "yes."', { running: true });
  expect(element.textContent).toBe('');
  announcer.update('a', 'He said "yes." ', { running: true });
  expect(element.textContent).toBe('He said "yes."');
});
