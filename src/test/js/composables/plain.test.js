import { expect, it, vi } from 'vitest';
import { bind, bindPerFrame, derived, pathAtom, together } from '../../../main/webapp/js/sdk/composables/index.js';
import { atom } from '../../../main/webapp/js/sdk/store/atom.js';
import { openChat, textOfPath } from './fixture.js';

it('bind_callsNowAndAfterEveryChangeUntilItIsEnded', () => {
  const count = atom(1);
  const show = vi.fn();
  const unbind = bind(count, show);
  count.set(2);
  unbind();
  unbind();
  count.set(3);
  expect(show.mock.calls).toEqual([[1], [2]]);
});

it('bindPerFrame_showsTheNewestValueOncePerFrame', () => {
  /** @type {(() => void)[]} */
  const frames = [];
  const count = atom(1);
  const show = vi.fn();
  const unbind = bindPerFrame(count, show, { requestFrame: (draw) => frames.push(draw) });
  count.set(2);
  expect(show).not.toHaveBeenCalled();
  frames.shift()?.();
  expect(show.mock.calls).toEqual([[2]]);
  count.set(3);
  unbind();
  frames.shift()?.();
  expect(show).toHaveBeenCalledTimes(1);
});

it('derived_tellsOnlyChangesOfTheDerivedValue', () => {
  const count = atom(1);
  const isOdd = derived(count, (value) => value % 2 === 1);
  const show = vi.fn();
  const unbind = together(bind(isOdd, show));
  count.set(3);
  count.set(4);
  unbind();
  count.set(5);
  expect(show.mock.calls).toEqual([[true], [false]]);
  expect(isOdd.get()).toBe(true);
});

it('pathAtom_followsTheAnswer', async () => {
  const { chat, mock } = openChat();
  let text = '';
  const unbind = bind(pathAtom(chat), (path) => (text = textOfPath(path)));
  const next = mock.nextStream();
  const sent = chat.send('Hi');
  const stream = await next;
  stream.deltas('Hello');
  await vi.waitFor(() => expect(text).toBe('Hi|Hello'));
  stream.complete();
  await sent;
  unbind();
});
