// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest';
import { Composer } from '../../../main/webapp/js/page/composer.js';
import { LONGEST_URLS, pictureOf } from '../../../main/webapp/js/page/pictures.js';
import { loadPage } from './fixture.js';

/** @import { Picture } from '../../../main/webapp/js/sdk/store/conversation.js' */

vi.mock('../../../main/webapp/js/page/pictures.js', async (original) => ({ .../** @type {object} */ (await original()), pictureOf: vi.fn() }));

const texts = (/** @type {string} */ key, /** @type {Record<string, string|number>} */ values = {}) => [key, ...Object.values(values)].join(' ');
/** @type {Picture[]} */
let earlier;
const actions = { onSend: vi.fn(), onStop: vi.fn(), onDraft: vi.fn(), onPictures: vi.fn(), whyNoPictures: () => '', earlierPictures: () => earlier };
/** @type {Composer} */
let composer;
/** @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id);
const shown = () => [...document.querySelectorAll('#attached img')].map((image) => image.getAttribute('alt'));
const alert = () => document.querySelector('#attached [role=alert]')?.textContent;
const [ONE, TWO] = [{}, {}];
/** @param {string} name @param {number} [length] */
const picture = (name, length = 10) => ({ name, url: 'x'.repeat(length), width: 1, height: 1 });
const file = (/** @type {string} */ name) => new File([], name);

beforeEach(() => {
  loadPage();
  earlier = [];
  for (const action of [actions.onSend, actions.onDraft, actions.onPictures]) action.mockClear();
  vi.mocked(pictureOf).mockImplementation(async ({ name }) => picture(name));
  composer = new Composer({
    form: byId('composer'), message: byId('message'), send: byId('send'), stop: byId('stop'),
    attach: byId('attach'), files: byId('files'), attached: byId('attached'),
  }, actions, texts);
});

/** Shows the first conversation, as a page that has started does. */
function begin() {
  composer.show('', ONE);
  composer.start();
}

it('picturesOfADraft_areThereAgainWhenItsConversationIsShownAgain', async () => {
  begin();
  await composer.attach([file('a.png')]);
  composer.show('', TWO);
  expect(shown()).toEqual([]);
  composer.show('', ONE);
  expect(shown()).toEqual(['a.png']);
  byId('composer').requestSubmit();
  expect(actions.onSend).toHaveBeenCalledWith('', [picture('a.png')]);
  composer.show('', TWO);
  composer.show('', ONE);
  expect(shown()).toEqual([]);
});

it('pictureThatIsBeingRead_staysWithItsConversation', async () => {
  begin();
  /** @type {(picture: Picture) => void} */
  let finish = () => {};
  vi.mocked(pictureOf).mockReturnValueOnce(new Promise((resolve) => (finish = resolve)));
  const attaching = composer.attach([file('slow.png')]);
  composer.show('', TWO);
  finish(picture('slow.png'));
  await attaching;
  expect(shown()).toEqual([]);
  composer.show('', ONE);
  expect(shown()).toEqual(['slow.png']);
});

it('messageWhosePictureIsBeingRead_waitsForIt', async () => {
  begin();
  vi.mocked(pictureOf).mockResolvedValueOnce(null);
  await composer.attach([file('broken.png')]);
  expect(alert()).toBe('pictures.unreadable broken.png');
  /** @type {(picture: Picture) => void} */
  let finish = () => {};
  vi.mocked(pictureOf).mockReturnValueOnce(new Promise((resolve) => (finish = resolve)));
  const attaching = composer.attach([file('slow.png')]);
  const reading = () => document.querySelector('#attached [role=status]')?.textContent;
  expect([reading(), alert()]).toEqual(['pictures.reading', undefined]);
  byId('message').value = 'What is this?';
  byId('composer').requestSubmit();
  expect([actions.onSend.mock.calls.length, byId('message').value]).toEqual([0, 'What is this?']);
  finish(picture('slow.png'));
  await attaching;
  expect(reading()).toBeUndefined();
  byId('composer').requestSubmit();
  expect(actions.onSend).toHaveBeenCalledWith('What is this?', [picture('slow.png')]);
});

it('pictureThatCannotBeRead_isToldOnlyInItsConversation', async () => {
  begin();
  /** @type {(picture: null) => void} */
  let finish = () => {};
  vi.mocked(pictureOf).mockReturnValueOnce(new Promise((resolve) => (finish = resolve)));
  const attaching = composer.attach([file('broken.png')]);
  composer.show('', TWO);
  finish(null);
  await attaching;
  expect(alert()).toBeUndefined();
});

it('pictureThatDoesNotFitBesideTheEarlierOnes_isRefusedWithTheReason', async () => {
  begin();
  earlier = [picture('before.png', LONGEST_URLS - 15)];
  await composer.attach([file('fits.png'), file('over.png')]);
  expect(shown()).toEqual(['fits.png']);
  expect(alert()).toBe('pictures.full over.png');
  // Another version of the conversation may have more pictures.
  earlier = [picture('before.png', LONGEST_URLS)];
  byId('composer').requestSubmit();
  expect(actions.onSend).not.toHaveBeenCalled();
  expect(alert()).toBe('pictures.full fits.png');
});

it('picturesThatChange_areTold', async () => {
  begin();
  actions.onPictures.mockClear();
  await composer.attach([file('a.png')]);
  expect(actions.onPictures).toHaveBeenCalled();
});

it('textBeforeThePageHasStarted_isKeptAndNotSent', async () => {
  byId('message').value = 'typed early';
  byId('message').dispatchEvent(new Event('input'));
  byId('composer').requestSubmit();
  await composer.attach([file('early.png')]);
  expect(byId('send').disabled).toBe(true);
  composer.show('', ONE);
  composer.start();
  expect([byId('message').value, byId('send').disabled, shown()]).toEqual(['typed early', false, ['early.png']]);
  expect(actions.onDraft.mock.calls).toEqual([['typed early']]);
  expect(actions.onSend).not.toHaveBeenCalled();
});

it.each([
  ['typed', '', 'typed'], ['', 'stored', 'stored'], ['same', 'same', 'same'], ['typed', 'stored', 'stored\ntyped'],
])('typed %j beside the draft %j becomes %j', (typed, draft, expected) => {
  byId('message').value = typed;
  composer.show(draft, ONE);
  composer.start();
  expect(byId('message').value).toBe(expected);
});
