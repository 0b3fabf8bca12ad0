// @vitest-environment jsdom
import { expect, it, vi } from 'vitest';
import { ApiError } from '../../../main/webapp/js/sdk/errors.js';
import { loadPage } from './fixture.js';
import { $, ID, ask, button, clock, eventually, server, start, status, storage, usePageForEachTest } from './page-fixture.js';

usePageForEachTest();

it('question_isShownAndItsAnswerMovesToTheLogWhenItIsFinished', async () => {
  await start();
  await ask('Hi <b>');
  expect($('#message').value).toBe('');
  server.say('started');
  server.say('delta', { content: '<i>Hel' });
  await status('Answering …');
  await eventually(() => expect($('#live .answer-text').textContent.trim()).toBe('<i>Hel'));
  expect($('#conversation .question-text').textContent).toBe('Hi <b>');
  expect($('#stop').hidden).toBe(false);
  expect($('#send').hidden).toBe(true);
  expect(location.hash).toMatch(new RegExp(`^#chat=[\\w-]+&stream=${ID}$`));
  server.say('delta', { content: 'lo' });
  server.say('completed', { finish_reason: 'stop' });
  await status('Finished');
  expect($('#conversation .answer-text').textContent.trim()).toBe('<i>Hello');
  expect($('#live').children).toHaveLength(0);
  expect(button('Retry')).toBeNull();
});

it('pageThatIsStillLoading_keepsWhatIsTypedAndHandlesEveryKey', async () => {
  /** @type {(stored: []) => void} */
  let load = () => {};
  storage.all = () => new Promise((resolve) => (load = resolve));
  const started = start();
  $('#message').value = 'typed early';
  $('#message').dispatchEvent(new Event('input', { bubbles: true }));
  for (const key of ['Enter', 'Escape']) $('#message').dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  $('#system').dispatchEvent(new Event('input', { bubbles: true }));
  dispatchEvent(new Event('pagehide'));
  $('#export-markdown').click();
  for (const tab of ['to-server', 'to-wire', 'to-settings']) $(`#${tab}`).click();
  load([]);
  await started;
  expect(server.calls.infer).not.toHaveBeenCalled();
  await ask($('#message').value);
  expect(server.calls.infer).toHaveBeenCalledWith(expect.objectContaining({ messages: [{ role: 'user', content: 'typed early' }] }), expect.anything());
});

it('editWhileAnAnswerRuns_staysOpenAndSaysWhy', async () => {
  await start();
  await ask('First');
  server.say('delta', { content: 'Half' });
  await status('Answering …');
  button('Edit').click();
  const field = $('.editor textarea');
  field.value = 'a long new version';
  $('.editor').requestSubmit();
  expect($('.editor [role=alert]').textContent).toContain('An answer is still being written.');
  expect($('.editor textarea').value).toBe('a long new version');
  server.say('completed', { finish_reason: 'stop' });
  await status('Finished');
  field.dispatchEvent(new Event('input', { bubbles: true }));
  expect($('.editor [role=alert]')).toBeNull();
  $('.editor').requestSubmit();
  await eventually(() => expect(server.calls.infer).toHaveBeenCalledTimes(2));
  expect($('.editor')).toBeNull();
});

it('anotherVersionOfAnEarlierAnswer_isNotOfferedWhileAnAnswerRuns', async () => {
  await start();
  await ask('First');
  server.say('completed', { finish_reason: 'stop' });
  await status('Finished');
  expect(button('Regenerate')).not.toBeNull();
  server.calls.events.mockClear();
  await ask('Second');
  await eventually(() => expect(button('Regenerate')).toBeNull());
});

it.each([
  ['pagehide', () => dispatchEvent(new Event('pagehide'))],
  ['visibilitychange', () => {
    vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    document.dispatchEvent(new Event('visibilitychange'));
  }],
])('%s_storesWhatWasTyped', async (_, leave) => {
  await start();
  $('#message').value = 'half a thought';
  $('#message').dispatchEvent(new Event('input', { bubbles: true }));
  expect(await storage.all()).toEqual([]);
  leave();
  await eventually(async () => expect(await storage.all()).toMatchObject([{ draft: 'half a thought' }]));
});

it('signOut_forgetsTheChoicesOfTheUser', async () => {
  await start();
  $('#theme').value = 'dark';
  $('#theme').dispatchEvent(new Event('change'));
  expect(JSON.stringify(localStorage)).toContain('dark');
  const submit = vi.spyOn(HTMLFormElement.prototype, 'submit').mockImplementation(() => {});
  $('#signout').requestSubmit();
  await eventually(() => expect(submit).toHaveBeenCalled());
  expect(localStorage).toHaveLength(0);
  delete document.documentElement.dataset.theme;
});

it('queuedStream_showsItsPosition', async () => {
  await start();
  await ask('Hi');
  server.say('progress', { phase: 'queued', position: 3 });
  await eventually(() => expect($('.answer-progress').textContent).toBe('Waiting in the queue (position 3)'));
  server.say('progress', { phase: 'loading_model', progress: 0.4 });
  await eventually(() => expect($('.answer-progress').textContent).toBe('Loading the model 40 %'));
});

it('reset_clearsWhatWasShown', async () => {
  await start();
  await ask('Hi');
  server.say('delta', { content: 'wrong' });
  server.say('reset', { reason: 'break' });
  server.say('delta', { content: 'right' });
  await eventually(() => expect($('.answer-text').textContent).toBe('right'));
});

it('escape_stopsAndOffersARetry', async () => {
  await start();
  await ask('Hi');
  server.say('delta', { content: 'Half' });
  await status('Answering …');
  document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
  await status('Stopped');
  expect(server.calls.cancel).toHaveBeenCalledWith(ID);
  await eventually(() => expect(button('Retry')).not.toBeNull());
  button('Retry').focus();
  button('Retry').click();
  await eventually(() => expect(server.calls.infer).toHaveBeenCalledTimes(2));
  await eventually(() => expect(document.activeElement).toBe($('#message')));
  expect(document.querySelectorAll('.question')).toHaveLength(1);
});

it('stopButtonThatVanishesUnderTheFocus_givesItToTheMessage', async () => {
  await start();
  await ask('Hi');
  await eventually(() => expect($('#stop').hidden).toBe(false));
  $('#stop').focus();
  $('#stop').click();
  await status('Stopped');
  expect(document.activeElement).toBe($('#message'));
});

it('emptyMessageComposingAndShiftEnter_sendNothing', async () => {
  await start();
  const enter = (/** @type {KeyboardEventInit} */ init) => $('#message').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ...init }));
  enter({});
  $('#message').value = 'Hi';
  enter({ shiftKey: true });
  enter({ isComposing: true });
  enter({ keyCode: 229 });
  expect($('#message').value).toBe('Hi');
  expect(server.calls.infer).not.toHaveBeenCalled();
});

it('countdown_staysOutsideTheLogUntilItIsOver', async () => {
  const infer = vi.fn(async () => {
    throw new ApiError({ status: 429, code: 'rate_limited', message: 'Too many.', retryAfterMs: 2500 });
  });
  await start({ infer });
  $('#message').value = 'Hi';
  $('#composer').requestSubmit();
  await status('Failed');
  expect($('#live .notices').textContent).toContain('You can retry in 3 s.');
  clock.advance(1000);
  await eventually(() => expect($('#live .notices').textContent).toContain('You can retry in 2 s.'));
  clock.advance(1500);
  await eventually(() => expect($('#conversation .notices').textContent).toContain('You can retry now.'));
});

it('signedOut_leadsToTheSignInOfThisContextRoot', async () => {
  const signedOut = vi.fn(async () => {
    throw new ApiError({ status: 401, code: 'unauthenticated', message: 'No.' });
  });
  await start({ infer: signedOut, models: signedOut });
  $('#message').value = 'Hi';
  $('#composer').requestSubmit();
  await status('Failed');
  expect($('.notice a').getAttribute('href')).toBe('/root/login');
  expect($('#model-note').textContent).toBe('Sign in again to see the list of models.');
});

it('cutConnection_isToldWithACountdown', async () => {
  await start();
  await ask('Hi');
  server.say('delta', { content: 'Half' });
  await status('Answering …');
  server.cut();
  await status('Connection lost, reconnecting …');
  expect($('#live .notices').textContent).toMatch(/Next attempt in \d s/);
  dispatchEvent(new Event('online'));
  await eventually(() => expect(server.calls.events).toHaveBeenCalledTimes(2));
  expect(server.calls.events.mock.lastCall).toMatchObject([ID, { cursor: 1 }]);
  server.say('completed');
  await status('Finished');
  expect($('.answer-text').textContent).toBe('Half');
});

it('reload_bringsBackTextDraftAndModelAndReadsOn', async () => {
  await start();
  await ask('Hi');
  server.say('delta', { content: 'Half' });
  await status('Answering …');
  $('#message').value = 'next';
  $('#message').dispatchEvent(new Event('input'));
  $('#model').value = 'asleep';
  $('#model').dispatchEvent(new Event('change'));
  dispatchEvent(new Event('pagehide'));
  loadPage();
  await start();
  await eventually(() => expect($('.answer-text')?.textContent).toBe('Half'));
  expect($('#message').value).toBe('next');
  await eventually(() => expect($('#model').value).toBe('asleep'));
  expect(server.calls.events.mock.lastCall).toMatchObject([ID, { cursor: 1 }]);
  server.say('delta', { content: ' whole' });
  server.say('completed');
  await eventually(() => expect($('#conversation .answer-text')?.textContent).toBe('Half whole'));
  expect(server.calls.infer).toHaveBeenCalledOnce();
});

it('addressOfAStream_isFollowed', async () => {
  history.replaceState(null, '', '#stream=other');
  await start();
  await eventually(() => expect(server.calls.events).toHaveBeenCalledWith('other', expect.objectContaining({ cursor: 0 })));
  await eventually(() => expect($('.notices').textContent).toContain('requested by another browser'));
});

it('addressWithAnIdThatNoStreamHas_isIgnored', async () => {
  history.replaceState(null, '', '#stream=..');
  await start();
  await status('Ready');
  expect(server.calls.events).not.toHaveBeenCalled();
});

it('newChat_letsTheAnswerGoOnInTheBackground', async () => {
  await start();
  await ask('Hi');
  $('#new-chat').click();
  await status('Ready');
  expect($('#conversation').children).toHaveLength(0);
  expect($('#welcome').hidden).toBe(false);
  expect(location.hash).toBe('');
  expect(server.calls.cancel).not.toHaveBeenCalled();
  expect($('#conversations .running')).not.toBeNull();
  server.say('delta', { content: 'Whole' });
  server.say('completed');
  await eventually(() => expect($('#conversations .running')).toBeNull());
  $('#conversations .open').click();
  await eventually(() => expect($('#conversation .answer-text').textContent).toBe('Whole'));
});
