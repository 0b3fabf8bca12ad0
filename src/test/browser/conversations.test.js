import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { button, context, message, openForEachTest, page, playground } from './support/page.js';
import { QUESTION, REAL, answerOf, ask, shownAnswer, slowlyForTheQuestion, until, untilLonger, untilShown } from './support/playground.js';

/** @import { Page } from 'playwright-core' */

openForEachTest({ answer: slowlyForTheQuestion });

const sidebar = () => page.getByRole('navigation', { name: 'Conversations' });
/** The conversations in the sidebar, newest first. @returns {Promise<string[]>} */
const titles = () => sidebar().locator('.conversation-title').allTextContents();
/** @param {string} name */
const openConversation = (name) => sidebar().locator('.open', { hasText: name }).click();

/** @param {string} question @param {Page} [from] asks and waits for the whole answer */
async function askToTheEnd(question, from = page) {
  await ask(from, question);
  await until(from, 'done');
}

/** @param {import('playwright-core').Download} download @returns {Promise<string>} */
const textOf = async (download) => readFileSync(await download.path(), 'utf8');

/** The first question, its edited version with the other version beside it. */
async function twoVersions() {
  await askToTheEnd('First version?');
  await button('Edit').click();
  await page.getByRole('textbox', { name: 'Edit the message' }).fill('Second version?');
  await page.keyboard.press('Enter');
  await until(page, 'done');
  await page.getByText('2/2').waitFor();
}

it('search_findsTitlesAndMessages', async () => {
  await askToTheEnd('Why do rivers bend?');
  await button('New chat').click();
  await askToTheEnd('How do kites fly?');
  await expect.poll(titles).toEqual(['How do kites fly?', 'Why do rivers bend?']);
  const search = sidebar().getByRole('searchbox', { name: 'Search conversations' });
  await search.fill('RIVERS');
  await expect.poll(titles).toEqual(['Why do rivers bend?']);
  await search.fill((await answerOf(page)).split('\n')[0].slice(0, 20));
  await expect.poll(titles).toContain('How do kites fly?');
  await search.fill('no such words');
  await sidebar().getByText('No conversation contains this text.').waitFor();
  await search.fill('');
  await expect.poll(titles).toHaveLength(2);
});

it('rename_isKeptAfterAReload', async () => {
  await askToTheEnd('What is a name?');
  await sidebar().getByText('What is a name?').hover();
  await button('Rename What is a name?').click();
  await page.getByRole('textbox', { name: 'Title of the conversation' }).fill('Names');
  await page.keyboard.press('Enter');
  await expect.poll(titles).toEqual(['Names']);
  await button('Rename Names').click();
  await page.getByRole('textbox', { name: 'Title of the conversation' }).fill('Thrown away');
  await page.keyboard.press('Escape');
  await expect.poll(titles).toEqual(['Names']);
  await page.reload();
  await expect.poll(titles).toEqual(['Names']);
  expect(await page.locator('.question-text').allTextContents()).toEqual(['What is a name?']);
});

it('delete_asksFirstAndIsForGood', async () => {
  await askToTheEnd('Keep me?');
  await button('New chat').click();
  await askToTheEnd('Delete me?');
  await sidebar().getByText('Delete me?').hover();
  await button('Delete Delete me?').click();
  await page.getByRole('dialog').getByText('This cannot be undone').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  expect(await titles()).toHaveLength(2);
  await sidebar().getByText('Delete me?').hover();
  await button('Delete Delete me?').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await expect.poll(titles).toEqual(['Keep me?']);
  expect(await page.locator('.question-text').allTextContents()).toEqual(['Keep me?']);
  await page.reload();
  await expect.poll(titles).toEqual(['Keep me?']);
});

it('drafts_areKeptForEachConversationAndAfterAReload', async () => {
  await askToTheEnd('One?');
  await message().fill('draft of one');
  await button('New chat').click();
  expect(await message().inputValue()).toBe('');
  await askToTheEnd('Two?');
  await message().fill('draft of two');
  await openConversation('One?');
  expect(await message().inputValue()).toBe('draft of one');
  await openConversation('Two?');
  expect(await message().inputValue()).toBe('draft of two');
  await page.reload();
  await expect.poll(() => message().inputValue()).toBe('draft of two');
  await openConversation('One?');
  expect(await message().inputValue()).toBe('draft of one');
});

it('editedQuestion_keepsTheOtherBranchAfterAReload', async () => {
  await twoVersions();
  const second = await answerOf(page);
  for (const reload of [false, true]) {
    if (reload) await page.reload();
    await page.getByText('2/2').waitFor();
    await button('Previous version').click();
    await page.getByText('1/2').waitFor();
    expect(await page.locator('.question-text').allTextContents()).toEqual(['First version?']);
    expect(await shownAnswer(page)).not.toBe('');
    expect(await button('Previous version').isDisabled()).toBe(true);
    await button('Next version').click();
    await page.getByText('2/2').waitFor();
    expect(await page.locator('.question-text').allTextContents()).toEqual(['Second version?']);
    expect(await answerOf(page)).toBe(second);
  }
});

it('regenerate_givesAnotherVersionOfTheAnswer', async () => {
  await askToTheEnd('Once more?');
  for (const place of ['2/2', '3/3']) {
    await button('Regenerate').click();
    await page.getByText(place).waitFor();
    await until(page, 'done');
  }
  await page.reload();
  await page.getByText('3/3').waitFor();
  await button('Previous version').click();
  await page.getByText('2/3').waitFor();
  expect(await page.locator('.question').count()).toBe(1);
  expect(await shownAnswer(page)).not.toBe('');
});

it('continue_goesOnWhereTheAnswerWasStopped', async () => {
  await ask(page);
  await untilLonger(page, 40);
  await button('Stop').click();
  await until(page, 'cancelled');
  const before = await answerOf(page);
  const request = page.waitForRequest('**/infer');
  await button('Continue').click();
  const { messages } = (await request).postDataJSON();
  expect(messages).toMatchObject([{ role: 'user', content: QUESTION }, { role: 'assistant', content: before }]);
  await until(page, 'done');
  const after = await answerOf(page);
  expect(after.startsWith(before)).toBe(true);
  expect(after.length).toBeGreaterThan(before.length);
  expect(await page.locator('.question').count()).toBe(1);
});

it('exportedFile_isImportedWithAllItsBranches', async () => {
  await twoVersions();
  const answer = await answerOf(page);
  const [file] = await Promise.all([page.waitForEvent('download'), button('Export').click()]);
  expect(JSON.parse(await textOf(file))).toMatchObject({ format: 'lmstudio-ee-conversations', version: 1 });
  const other = await playground.context();
  const second = await playground.page(other);
  const [chooser] = await Promise.all([second.waitForEvent('filechooser'), button('Import', second).click()]);
  await chooser.setFiles(await file.path());
  await second.getByText('2/2').waitFor();
  expect(await second.locator('.question-text').allTextContents()).toEqual(['Second version?']);
  expect(await answerOf(second)).toBe(answer);
  await button('Previous version', second).click();
  await expect.poll(() => second.locator('.question-text').allTextContents()).toEqual(['First version?']);
  await second.reload();
  await second.getByText('1/2').waitFor();
  await other.close();
});

it('messageOfATab_isShownAfterAReloadAlthoughAnotherTabShowsSomethingElse', async () => {
  await askToTheEnd('One?');
  const second = await playground.page(context);
  await expect.poll(() => second.locator('.question-text').allTextContents()).toEqual(['One?']);
  await button('New chat', second).click();
  await askToTheEnd('Two?');
  await message(second).fill('Meanwhile');
  await expect.poll(titles).toEqual(['One?']);
  await page.reload();
  await expect.poll(() => page.locator('.question-text').allTextContents()).toEqual(['One?', 'Two?']);
  await second.getByRole('navigation').locator('.open', { hasText: 'One?' }).click();
  await expect.poll(() => second.locator('.question-text').allTextContents()).toEqual(['One?', 'Two?']);
  await button('New chat', second).click();
  expect(await message(second).inputValue()).toBe('Meanwhile');
});

it('deletedConversation_isGoneInAllTabs', async () => {
  await askToTheEnd('Delete me?');
  const second = await playground.page(context);
  await expect.poll(() => second.locator('.question-text').allTextContents()).toEqual(['Delete me?']);
  await sidebar().getByText('Delete me?').hover();
  await button('Delete Delete me?').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await expect.poll(() => second.getByRole('navigation').locator('.open').count()).toBe(0);
  await second.reload();
  await second.getByText('No conversations yet').or(second.locator('.sidebar-note')).first().waitFor();
  expect(await second.locator('.question-text').count()).toBe(0);
});

it('wrongFile_isRefusedWithTheReason', async () => {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button('Import').click()]);
  await chooser.setFiles({ name: 'other.json', mimeType: 'application/json', buffer: Buffer.from('{"format": "other"}') });
  await page.getByText('The file could not be imported. This file is not an export of conversations').waitFor();
});

it('markdownExport_isTheShownBranch', async () => {
  await twoVersions();
  const answer = await answerOf(page);
  await button('Details').click();
  const [file] = await Promise.all([page.waitForEvent('download'), button('Export this conversation as Markdown').click()]);
  const text = await textOf(file);
  expect(text).toContain('## You\n\nSecond version?');
  expect(text).toContain(answer);
  expect(text).not.toContain('asked: First version?');
  expect(text.match(/^## You$/gm)).toHaveLength(1);
  expect(file.suggestedFilename()).toMatch(/^conversation-.*\.md$/);
});

describe.skipIf(REAL)('with the controls of the mock', () => {
  it('twoAnswersAtOnce_goOnInTheBackgroundAndTheSidebarShowsIt', async () => {
    const one = await playground.askByHand(page, 'One?');
    one.deltas('Alpha');
    await untilShown(page, 'Alpha');
    await button('New chat').click();
    const two = await playground.askByHand(page, 'Two?');
    two.deltas('Beta');
    await untilShown(page, 'Beta');
    const running = sidebar().getByRole('img', { name: 'Answering' });
    await expect.poll(() => running.count()).toBe(2);
    one.deltas(' goes', ' on');
    one.complete();
    await expect.poll(() => running.count()).toBe(1);
    expect(await shownAnswer(page)).toContain('Beta');
    await openConversation('One?');
    await untilShown(page, 'Alpha goes on');
    two.deltas(' too');
    two.complete();
    await expect.poll(() => running.count()).toBe(0);
    await openConversation('Two?');
    await untilShown(page, 'Beta too');
    expect(await page.locator('.answer').count()).toBe(1);
  });

  it('threeTabsWithTwoAnswersEach_leaveConnectionsForOtherRequests', async () => {
    const pages = [page, await playground.page(context), await playground.page(context)];
    const streams = [];
    for (const [index, tab] of pages.entries()) {
      for (const name of ['first', 'second']) {
        await button('New chat', tab).click();
        const stream = await playground.askByHand(tab, `Tab ${index}, ${name}?`);
        streams.push(stream);
        stream.deltas(`Answer ${index} ${name}.`);
        await untilShown(tab, `Answer ${index} ${name}.`);
      }
    }
    const connected = () => [...playground.controls.streams.values()].reduce((sum, { listeners }) => sum + listeners.size, 0);
    expect(connected()).toBe(4);
    // All of the six connections would be taken without the limit, and this page could not be loaded.
    const seventh = await playground.page(context);
    await seventh.getByRole('navigation').getByRole('img', { name: 'Answering' }).nth(5).waitFor();
    for (const stream of streams) {
      stream.deltas(' And its end.');
      stream.complete();
    }
    for (const [index, tab] of pages.entries()) {
      await until(tab, 'done');
      await untilShown(tab, `Answer ${index} second. And its end.`);
    }
    await expect.poll(() => seventh.getByRole('navigation').getByRole('img', { name: 'Answering' }).count()).toBe(0);
    await expect.poll(connected).toBe(0);
  });

  it.each(/** @type {const} */ ([
    ['queued', { phase: 'queued', position: 2 }, 'Waiting in the queue (position 2)'],
    ['loading', { phase: 'loading_model', progress: 0.5 }, 'Loading the model 50 %'],
    ['prompt processing', { phase: 'processing_prompt', progress: 0.25 }, 'Processing the prompt 25 %'],
  ]))('stopWhile %s_endsTheGeneration', async (_, progress, text) => {
    const stream = await playground.askByHand(page);
    stream.append('progress', progress);
    await page.getByText(text).waitFor();
    await button('Stop').click();
    await page.getByText('Stopped. The text so far is kept.').waitFor();
    await expect.poll(() => stream.status).toBe('cancelled');
    await button('Retry').click();
    await until(page, 'done');
    expect(await page.locator('.question').count()).toBe(1);
  });

  it('stopAfterAReload_endsTheGeneration', async () => {
    const stream = await playground.askByHand(page);
    stream.deltas('Before the reload.');
    await untilShown(page, 'Before the reload.');
    await page.reload();
    await untilShown(page, 'Before the reload.');
    await button('Stop').click();
    await expect.poll(() => stream.status).toBe('cancelled');
    await until(page, 'cancelled');
    await untilShown(page, 'Before the reload.');
  });

  it('stopInAnotherTab_isShownInBoth', async () => {
    const stream = await playground.askByHand(page);
    stream.deltas('Seen by both.');
    await untilShown(page, 'Seen by both.');
    const second = await context.newPage();
    await second.goto(page.url());
    await untilShown(second, 'Seen by both.');
    await button('Stop', second).click();
    await expect.poll(() => stream.status).toBe('cancelled');
    for (const tab of [page, second]) {
      await until(tab, 'cancelled');
      await tab.getByText('Stopped. The text so far is kept.').waitFor();
      expect(await tab.locator('.answer').count()).toBe(1);
    }
  });

  it('phoneThatSlept_goesOnWhereItWas', async () => {
    const stream = await playground.askByHand(page);
    stream.deltas('Before the sleep.');
    await untilShown(page, 'Before the sleep.');
    const debug = await context.newCDPSession(page);
    await debug.send('Page.setWebLifecycleState', { state: 'frozen' });
    playground.proxy.cut();
    stream.deltas(' Meanwhile.');
    await debug.send('Page.setWebLifecycleState', { state: 'active' });
    await untilShown(page, 'Before the sleep. Meanwhile.');
    stream.deltas(' After it.');
    stream.complete();
    await until(page, 'done');
    expect(await answerOf(page)).toBe('Before the sleep. Meanwhile. After it.');
  });
});

it('signOutInAnotherTab_isToldAndKeepsNothing', async () => {
  const second = await playground.page(context);
  await ask(page);
  await untilLonger(page, 30);
  await button('Sign out', second).click();
  await second.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await second.waitForURL('**/login');
  await page.getByText('You signed out in another tab').waitFor();
  expect([await message().isDisabled(), await page.locator('.question').count()]).toEqual([true, 0]);
});
