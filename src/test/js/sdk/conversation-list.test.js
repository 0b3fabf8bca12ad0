import { expect, it, vi } from 'vitest';
import { newConversation, newQuestion, pathOf, withNode } from '../../../main/webapp/js/sdk/store/conversation.js';
import { ask, askToTheEnd, browser, chatOf, clock, eventually, forgetBrowser, leafOf, open, server, shownBy, useBrowserForEachTest } from './tabs-fixture.js';

/** @import { Answer } from '../../../main/webapp/js/sdk/store/conversation.js' */

useBrowserForEachTest();

it('firstVisit_showsAnEmptyConversationThatIsNotStored', async () => {
  const tab = await open();
  expect(chatOf(tab).conversation.get().nodes).toEqual({});
  expect(tab.entries.get()).toEqual([]);
  await tab.flush();
  expect(await browser.memory.all()).toEqual([]);
  expect(tab.create()).toBe(chatOf(tab));
});

it('answersOfTwoConversations_areCreatedAtTheSameTime', async () => {
  const tab = await open();
  const one = await ask(tab, 'One', 'First');
  tab.create();
  clock.advance(1);
  const two = await ask(tab, 'Two', 'Second');
  expect(tab.entries.get()).toMatchObject([{ title: 'Two', running: true }, { title: 'One', running: true }]);
  one.deltas(' answer');
  one.complete();
  await eventually(() => expect(tab.entries.get()[1].running).toBe(false));
  tab.open(tab.entries.get()[1].id);
  expect(leafOf(tab).turn).toMatchObject({ text: 'First answer', outcome: 'completed' });
  two.complete();
});

it('reload_bringsBackConversationsAndGoesOnWithAllAnswers', async () => {
  const tab = await open();
  const one = await ask(tab, 'One', 'First');
  tab.create();
  clock.advance(1);
  const two = await ask(tab, 'Two', 'Second');
  chatOf(tab).change({ draft: 'half a thought' });
  await tab.flush();
  tab.close();
  one.complete();
  two.deltas(' and more');
  const again = await open();
  await eventually(() => expect(leafOf(again).turn.text).toBe('Second and more'));
  expect(chatOf(again).conversation.get().draft).toBe('half a thought');
  await eventually(() => expect(again.entries.get().map(({ running }) => running)).toEqual([true, false]));
  two.complete();
});

it('tokens_areStoredNowAndThenAndMilestonesAtOnce', async () => {
  const tab = await open();
  const stream = await ask(tab, 'One', 'First');
  const stored = async () => /** @type {Answer} */ (pathOf((await browser.memory.all())[0]).at(-1)).turn;
  await eventually(async () => expect((await stored()).streamId).toBe(stream.id));
  expect((await stored()).text).toBe('');
  clock.advance(2000);
  await eventually(async () => expect((await stored()).text).toBe('First'));
  stream.complete();
  await eventually(async () => expect((await stored()).outcome).toBe('completed'));
});

it('secondTab_showsTheConversationAndReadsTheSameAnswer', async () => {
  const tab = await open();
  const stream = await ask(tab, 'One', 'First');
  const other = await open();
  await eventually(() => expect(leafOf(other).turn.text).toBe('First'));
  stream.deltas(' answer');
  stream.complete();
  await eventually(() => expect(leafOf(other).turn).toMatchObject({ text: 'First answer', outcome: 'completed' }));
  expect(server.streams.get(stream.id)?.status).toBe('completed');
  const next = await ask(other, 'More', 'Second');
  await eventually(() => expect(Object.keys(chatOf(tab).conversation.get().nodes)).toHaveLength(4));
  next.complete();
});

it('twoTabs_doNotStoreTheSameThingAgainAndAgain', async () => {
  const save = vi.spyOn(browser.memory, 'save');
  const tab = await open();
  const other = await open();
  const stream = await ask(tab, 'One', 'First');
  stream.complete();
  await eventually(() => expect(other.entries.get()).toMatchObject([{ running: false }]));
  await tab.flush();
  await other.flush();
  const { length } = save.mock.calls;
  for (let second = 0; second < 20; second++) {
    clock.advance(1000);
    await tab.flush();
    await other.flush();
  }
  expect(save.mock.calls.length - length).toBeLessThanOrEqual(1);
});

it('conversationOfAnotherTab_appearsInTheListAndDisappearsWithIt', async () => {
  const [tab, other] = [await open(), await open()];
  const stream = await ask(tab, 'One', 'First');
  await eventually(() => expect(other.entries.get()).toMatchObject([{ title: 'One' }]));
  await tab.remove(tab.entries.get()[0].id);
  await eventually(() => expect(other.entries.get()).toEqual([]));
  expect(stream.status).toBe('cancelled');
});

it('rename_isStoredAndSearchFindsTitlesAndTexts', async () => {
  const tab = await open();
  const stream = await ask(tab, 'About otters', 'They hold hands.');
  stream.complete();
  const { id } = tab.entries.get()[0];
  tab.rename(id, '  Animals ');
  tab.rename(id, ' ');
  expect(tab.entries.get()).toMatchObject([{ title: 'Animals' }]);
  await eventually(async () => expect((await browser.memory.get(id))?.title).toBe('Animals'));
  expect(['animals', 'HANDS', 'otters', ''].map((text) => tab.search(text).length)).toEqual([1, 1, 1, 1]);
  expect(tab.search('whales')).toEqual([]);
});

it('storageThatFails_isToldAndTheConversationGoesOn', async () => {
  const tab = await open();
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  browser.failing.next = true;
  const stream = await ask(tab, 'One', 'First');
  await eventually(() => expect(tab.unsaved.get()).toBe(true));
  browser.failing.next = false;
  stream.complete();
  await eventually(() => expect(tab.unsaved.get()).toBe(false));
  await eventually(async () => expect((await browser.memory.all()).map(({ nodes }) => Object.keys(nodes).length)).toEqual([2]));
});

it('streamOfTheAddress_isFollowedUnlessAConversationHasIt', async () => {
  const tab = await open();
  const stream = await ask(tab, 'One', 'First');
  await eventually(async () => expect(await browser.memory.all()).toHaveLength(1));
  const same = await open('', { streamId: stream.id });
  expect(same.entries.get()).toHaveLength(1);
  forgetBrowser();
  const elsewhere = await open('', { streamId: stream.id });
  await eventually(() => expect(leafOf(elsewhere)).toMatchObject({ parent: null, turn: { text: 'First' } }));
  stream.complete();
});

it('answersSideBySide_areNotListedAsRunningAfterBothHaveEnded', async () => {
  const tab = await open();
  const started = [server.nextStream(), server.nextStream()];
  void chatOf(tab).send('Both?', { models: ['mock-chat', 'mock-asleep'] });
  const streams = await Promise.all(started);
  const shown = streams.findIndex(({ request }) => request.model === 'mock-chat');
  streams[shown].complete();
  await eventually(() => expect(chatOf(tab).status.get()).toBe('done'));
  expect(tab.entries.get()).toMatchObject([{ running: true }]);
  streams[1 - shown].complete();
  await eventually(() => expect(tab.entries.get()).toMatchObject([{ running: false }]));
});

it('importedConversation_isShownAndNeverReplacesOne', async () => {
  const tab = await open();
  const stream = await ask(tab, 'One', 'First');
  stream.complete();
  const own = chatOf(tab).conversation.get();
  tab.add([withNode(newConversation({ id: own.id, at: 5 }), newQuestion({ id: 'q', parent: null, at: 5, text: 'Imported' }))]);
  expect(chatOf(tab).conversation.get().title).toBe('Imported');
  expect(tab.all().map(({ title }) => title).sort()).toEqual(['Imported', 'One']);
});

it('conversationThatIsHereAlready_isNotImportedAgain', async () => {
  const tab = await open();
  const stream = await ask(tab, 'One', 'First');
  stream.complete();
  await eventually(() => expect(chatOf(tab).status.get()).toBe('done'));
  const other = withNode(newConversation({ id: 'other', at: 5 }), newQuestion({ id: 'q', parent: null, at: 5, text: 'Other' }));
  expect(tab.add([JSON.parse(JSON.stringify(chatOf(tab).conversation.get())), other])).toBe(1);
  expect(tab.all().map(({ title }) => title).sort()).toEqual(['One', 'Other']);
  expect(chatOf(tab).conversation.get().title).toBe('One');
});

it('forget_deletesEverythingAndLeavesTheAnswersRunning', async () => {
  const tab = await open();
  const stream = await ask(tab, 'One', 'First');
  await tab.forget();
  expect(await browser.memory.all()).toEqual([]);
  expect(stream.running).toBe(true);
  await tab.flush();
  expect(await browser.memory.all()).toEqual([]);
});

it('draftOfANewChat_isShownByTheNextNewChat', async () => {
  const tab = await open();
  await askToTheEnd(tab, 'One', 'First');
  const { id } = chatOf(tab).conversation.get();
  const started = tab.create();
  started.change({ draft: 'a long thought' });
  tab.open(id);
  chatOf(tab).change({ settings: { system: 'Be brief.' } });
  expect(tab.create()).toBe(started);
  expect(started.conversation.get()).toMatchObject({ draft: 'a long thought', settings: { system: 'Be brief.' } });
  tab.open(id);
  await tab.flush();
  tab.close();
  const again = await open(id);
  expect(again.create().conversation.get().draft).toBe('a long thought');
});

it('newChat_isNotTheOneOfAnotherTab', async () => {
  const tab = await open();
  await askToTheEnd(tab, 'One', 'First');
  const other = await open();
  tab.create().change({ draft: 'typed there' });
  await tab.flush();
  expect(other.create().conversation.get().draft).toBe('');
});

it('conversationWhoseAnswerNobodyReads_isDeletedWithTheAnswer', async () => {
  const tab = await open();
  const stream = await ask(tab, 'One', 'First');
  const { id } = chatOf(tab).conversation.get();
  await eventually(async () => expect((await browser.memory.get(id))?.nodes[leafOf(tab).id]).toMatchObject({ turn: { streamId: stream.id } }));
  const other = await open();
  chatOf(other).detach();
  tab.close();
  await other.remove(id);
  expect(stream.status).toBe('cancelled');
});

it('wireOfAllConversations_isKeptForTheNewestAnswers', async () => {
  const tab = await open();
  await askToTheEnd(tab, 'First', 'One');
  const first = { chat: chatOf(tab), id: leafOf(tab).id };
  expect(first.chat.wireOf(first.id)?.events).not.toEqual([]);
  for (let count = 0; count < 10; count++) {
    tab.create();
    await askToTheEnd(tab, 'Next', 'Two');
  }
  expect(first.chat.wireOf(first.id)).toBeNull();
  expect(chatOf(tab).wireOf(leafOf(tab).id)).not.toBeNull();
});

it('streamThatIsGone_isToldAndLeavesNothingBehind', async () => {
  const tab = await open('', { streamId: 'stale' });
  await eventually(() => expect(leafOf(tab).turn.error?.code).toBe('stream_not_found'));
  clock.advance(10_000);
  await tab.flush();
  tab.close();
  expect(await browser.memory.all()).toEqual([]);
});

it('addressOfAStream_showsTheConversationThatHasIt', async () => {
  const tab = await open();
  const stream = await ask(tab, 'One', 'First');
  const { id } = chatOf(tab).conversation.get();
  clock.advance(1);
  tab.create();
  await askToTheEnd(tab, 'Two', 'Second');
  expect(tab.show('unknown')).toBeNull();
  expect(shownBy(tab)).toEqual(['Two', 'Second']);
  tab.show('unknown', { streamId: stream.id });
  expect(chatOf(tab).conversation.get().id).toBe(id);
  tab.create();
  await tab.flush();
  tab.close();
  const later = await open('', { streamId: stream.id });
  expect(shownBy(later)).toEqual(['One', 'First']);
  stream.complete();
});
