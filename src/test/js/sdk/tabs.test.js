import { expect, it, vi } from 'vitest';
import { newConversation, newQuestion, withNode } from '../../../main/webapp/js/sdk/store/conversation.js';
import { ask, askToTheEnd, browser, chatOf, clock, eventually, leafOf, open, server, shownBy, useBrowserForEachTest } from './tabs-fixture.js';

useBrowserForEachTest();

/** Lets everything be stored and told that waits. @param {import('../../../main/webapp/js/sdk/store/conversations.js').Conversations[]} tabs */
async function settle(...tabs) {
  for (let second = 0; second < 5; second++) {
    clock.advance(1000);
    for (const tab of tabs) await tab.flush();
  }
}

it('messageOfATab_isShownAfterAReloadAlthoughAnotherTabShowsSomethingElse', async () => {
  const tab = await open();
  await askToTheEnd(tab, 'One', 'First');
  const { id, leaf: first } = chatOf(tab).conversation.get();
  const other = await open();
  other.create();
  await askToTheEnd(tab, 'Two', 'Second');
  await eventually(() => expect(other.all()[0].leaf).not.toBe(first));
  await settle(tab, other);
  tab.close();
  expect(shownBy(await open(id))).toEqual(['One', 'First', 'Two', 'Second']);
});

it('tabThatShowsTheConversation_goesOnToTheNewMessageAndReadsItsAnswer', async () => {
  const tab = await open();
  await askToTheEnd(tab, 'One', 'First');
  await tab.flush();
  const other = await open();
  const stream = await ask(tab, 'Two', 'Second');
  await eventually(() => expect(shownBy(other)).toEqual(['One', 'First', 'Two', 'Second']));
  expect(stream.listeners.size).toBe(2);
  stream.complete();
  await eventually(() => expect(chatOf(other).status.get()).toBe('done'));
});

it('tabThatShowsTheConversation_staysOnItsBranch', async () => {
  const tab = await open();
  await askToTheEnd(tab, 'One', 'First');
  await tab.flush();
  const [other, elsewhere] = [await open(), await open()];
  elsewhere.create();
  const next = server.nextStream();
  void chatOf(tab).regenerate();
  (await next).deltas('Second');
  (await next).complete();
  await eventually(() => expect(other.search('Second')).toHaveLength(1));
  chatOf(other).change({ draft: 'typed' });
  await settle(tab, other, elsewhere);
  expect(shownBy(other)).toEqual(['One', 'First']);
  const { id, leaf } = chatOf(tab).conversation.get();
  expect(await browser.memory.get(id)).toMatchObject({ leaf, draft: 'typed' });
  elsewhere.open(id);
  expect(shownBy(elsewhere)).toEqual(['One', 'Second']);
  expect(chatOf(elsewhere).conversation.get().draft).toBe('typed');
});

it('messageThatATabHasReplaced_isReplacedInTheOthers', async () => {
  const tab = await open();
  server.fail('POST', /infer/, 502, { code: 'upstream_unreachable' });
  await chatOf(tab).send('One');
  await tab.flush();
  const other = await open();
  expect(leafOf(other).turn.outcome).toBe('failed');
  const next = server.nextStream();
  void chatOf(tab).retry();
  (await next).deltas('First');
  await eventually(() => expect(shownBy(other)).toEqual(['One', 'First']));
  expect(Object.keys(chatOf(other).conversation.get().nodes)).toHaveLength(2);
  (await next).complete();
});

it('fieldsThatTwoTabsChangeAtOnce_areBothKept', async () => {
  const tab = await open();
  await askToTheEnd(tab, 'One', 'First');
  await tab.flush();
  const other = await open();
  chatOf(other).change({ draft: 'x' });
  const { id } = chatOf(tab).conversation.get();
  tab.rename(id, 'New name');
  await other.flush();
  await settle(tab, other);
  expect([tab.entries.get()[0].title, other.entries.get()[0].title, (await browser.memory.get(id))?.title]).toEqual(Array(3).fill('New name'));
  chatOf(tab).change({ draft: 'precious' });
  await tab.flush();
  await askToTheEnd(other, 'Two', 'Second');
  await settle(tab, other);
  expect(await browser.memory.get(id)).toMatchObject({ draft: 'precious' });
  expect(chatOf(other).conversation.get().draft).toBe('x');
});

it('whatATabHasNotStoredYet_isNotUndoneByAnother', async () => {
  const tab = await open();
  await askToTheEnd(tab, 'One', 'First');
  await tab.flush();
  const other = await open();
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  browser.failing.next = true;
  other.rename(chatOf(other).conversation.get().id, 'Mine');
  await eventually(() => expect(other.unsaved.get()).toBe(true));
  browser.failing.next = false;
  chatOf(tab).change({ settings: { system: 'Be brief.' } });
  await settle(tab, other);
  await eventually(() => expect(tab.entries.get()[0].title).toBe('Mine'));
  expect(other.entries.get()[0].title).toBe('Mine');
});

it('signedOutElsewhere_isToldOnceByEachTab', async () => {
  const tab = await open();
  await ask(tab, 'One', 'First');
  await tab.flush();
  const other = await open();
  await eventually(() => expect(leafOf(other).turn.text).toBe('First'));
  const save = vi.spyOn(browser.memory, 'save');
  server.signedOut = true;
  server.cutAll();
  for (const one of [tab, other]) {
    await eventually(() => {
      one.wake();
      expect(leafOf(one).turn.error?.code).toBe('unauthenticated');
    });
  }
  const [{ length: asked }, { length: saved }] = [server.requests, save.mock.calls];
  await settle(tab, other);
  for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve));
  expect(server.requests).toHaveLength(asked);
  expect(save.mock.calls.length - saved).toBeLessThanOrEqual(2);
});

it('answerThatIsReadInTwoTabs_isNotReplacedByAnOlderVersion', async () => {
  const tab = await open();
  const stream = await ask(tab, 'One', 'First');
  await tab.flush();
  const other = await open();
  await eventually(() => expect(leafOf(other).turn.text).toBe('First'));
  server.silence('GET', /streams/);
  const { id } = chatOf(tab).conversation.get();
  const answer = leafOf(tab);
  await browser.memory.save({ ...chatOf(tab).conversation.get(), nodes: { [answer.id]: { ...answer, turn: { ...answer.turn, cursor: 1, text: '' } } } }, null);
  const late = chatOf(other);
  late.change({ title: 'Told' });
  await eventually(() => expect(tab.entries.get()[0].title).toBe('Told'));
  expect(leafOf(tab).turn.text).toBe('First');
  await settle(tab, other);
  expect((await browser.memory.get(id))?.nodes[answer.id]).toMatchObject({ turn: { text: 'First' } });
  stream.complete();
});

it('answerThatHasEndedInOneTab_needsNoConnectionInTheOther', async () => {
  const tab = await open();
  const stream = await ask(tab, 'One', 'First');
  await tab.flush();
  const other = await open();
  await eventually(() => expect(stream.listeners.size).toBe(2));
  await chatOf(tab).stop();
  await eventually(() => expect(chatOf(other).status.get()).toBe('cancelled'));
  expect(chatOf(other).running).toBe(false);
});

it('conversationThatAnotherTabHasDeleted_isNotBroughtBack', async () => {
  const tab = await open();
  await askToTheEnd(tab, 'One', 'First');
  await tab.flush();
  const storage = browser.tab();
  const other = await open('', { storage: { ...storage, subscribe: () => () => {} } });
  await tab.remove(chatOf(tab).conversation.get().id);
  chatOf(other).change({ draft: 'too late' });
  await other.flush();
  expect(await browser.memory.all()).toEqual([]);
});

it('tabThatOnlyListens_storesNothingOfWhatItTakesOver', async () => {
  const tab = await open();
  const other = await open();
  other.add([withNode(newConversation({ id: 'own', at: 5 }), newQuestion({ id: 'q', parent: null, at: 5, text: 'Own' }))]);
  await settle(tab, other);
  const storage = vi.spyOn(browser.memory, 'save');
  await askToTheEnd(tab, 'One', 'First');
  await eventually(() => expect(other.entries.get()).toHaveLength(2));
  await tab.flush();
  const { length } = storage.mock.calls;
  await settle(other);
  expect(storage.mock.calls).toHaveLength(length);
});

it('answerWhoseReadingFailedInAnotherTab_isNotReadHere', async () => {
  const tab = await open();
  const stream = await ask(tab, 'One', 'First');
  await tab.flush();
  const other = await open();
  chatOf(other).detach();
  /** @type {string[]} */
  const statuses = [];
  chatOf(other).status.subscribe((status) => statuses.push(status));
  stream.deltas(' more');
  await eventually(() => expect(leafOf(tab).turn.text).toBe('First more'));
  server.signedOut = true;
  server.cutAll();
  await eventually(() => {
    tab.wake();
    expect(leafOf(tab).turn.error?.code).toBe('unauthenticated');
  });
  await eventually(() => expect(leafOf(other).turn).toMatchObject({ text: 'First more', error: { code: 'unauthenticated' } }));
  expect(statuses).toEqual(['idle', 'failed']);
});

it('whatATabIsStoring_isNotUndoneByWhatItReadsMeanwhile', async () => {
  const tab = await open();
  await askToTheEnd(tab, 'One', 'First');
  await tab.flush();
  const storage = browser.tab();
  let begin = () => {};
  const held = new Promise((resolve) => (begin = () => resolve(undefined)));
  const other = await open('', { storage: { ...storage, save: (...args) => held.then(() => storage.save(...args)) } });
  const { id } = chatOf(other).conversation.get();
  other.rename(id, 'Mine');
  chatOf(tab).change({ settings: { system: 'Be brief.' } });
  for (let round = 0; round < 5; round++) await new Promise((resolve) => setImmediate(resolve));
  expect(other.entries.get()[0].title).toBe('Mine');
  begin();
  await eventually(() => expect(tab.entries.get()[0].title).toBe('Mine'));
  await eventually(() => expect(chatOf(other).conversation.get()).toMatchObject({ title: 'Mine', settings: { system: 'Be brief.' } }));
});

it('tabThatIsForgottenByAnother_stopsReadingAndStoresNothingAnyMore', async () => {
  const tab = await open();
  const stream = await ask(tab, 'Mine', 'Secret');
  const other = await open();
  await other.forget();
  expect([tab.forgotten.get(), tab.entries.get(), shownBy(tab)]).toEqual([true, [], []]);
  await eventually(() => expect(stream.listeners.size).toBe(0));
  await askToTheEnd(tab, 'Once more', 'Late');
  await settle(tab);
  expect(await browser.memory.all()).toEqual([]);
});
