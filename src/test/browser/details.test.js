import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { button, message, openForEachTest, page, playground } from './support/page.js';
import { REAL, answerOf, ask, slowlyForTheQuestion, until, untilShown } from './support/playground.js';
import { scriptAnswers } from './support/scripted.js';

const run = promisify(execFile);
const MODELS = [
  { id: 'small-context', object: 'model', owned_by: 'mock', type: 'llm', status: 'loaded', state: 'loaded', capabilities: ['tool_use', 'reasoning'], metadata: { context_length: 200 } },
  { id: 'sleepy-vision', object: 'model', owned_by: 'mock', type: 'vlm', status: 'not-loaded', state: 'not-loaded', metadata: { context_length: 4096 } },
  { id: 'broken', object: 'model', owned_by: 'mock', type: 'llm', status: 'error', state: 'error' },
  { id: 'embedder', object: 'model', owned_by: 'mock', type: 'embeddings', status: 'loaded', state: 'loaded' },
];

openForEachTest({ models: MODELS, answer: slowlyForTheQuestion });

/** @param {'Settings'|'Wire'|'Models'|'Server'} name @returns {Promise<import('playwright-core').Locator>} what the tab shows */
async function openTab(name) {
  await button('Details').click();
  await page.getByRole('tab', { name }).click();
  return page.getByRole('tabpanel', { name });
}

/** @param {string} question @returns {Promise<any>} the request that the page sent for it */
async function requestOf(question) {
  const [request] = await Promise.all([page.waitForRequest('**/infer'), ask(page, question)]);
  return request.postDataJSON();
}

it('settings_areSentAndReset', async () => {
  await scriptAnswers(page, [['delta', { content: 'Yes.' }], ['completed', { finish_reason: 'stop' }]]);
  const model = await page.getByRole('combobox', { name: 'Model', exact: true }).inputValue();
  const panel = await openTab('Settings');
  await panel.getByLabel('System prompt').fill('Answer like a pirate.');
  for (const [label, value] of [['Temperature', '0.2'], ['Maximum tokens', '64'], ['Top p', '0.9'], ['Seed', '7']]) await panel.getByLabel(label, { exact: true }).fill(value);
  await panel.getByLabel('Reasoning effort').fill('high');
  await panel.getByLabel('Stop texts').fill('END\nSTOP');
  const parameters = { temperature: 0.2, max_tokens: 64, top_p: 0.9, seed: 7, reasoning_effort: 'high', stop: ['END', 'STOP'] };
  expect(await requestOf('With settings?')).toEqual({ model, messages: [{ role: 'system', content: 'Answer like a pirate.' }, { role: 'user', content: 'With settings?' }], ...parameters, stream: true });
  await until(page, 'done');
  await page.reload();
  await page.locator('#model option').nth(1).waitFor({ state: 'attached' });
  await openTab('Settings');
  expect(await panel.getByLabel('Temperature').inputValue()).toBe('0.2');
  await panel.getByRole('button', { name: 'Reset to the defaults' }).click();
  expect(await panel.getByLabel('System prompt').inputValue()).toBe('');
  await button('New chat').click();
  expect(await requestOf('Without settings?')).toEqual({ model, messages: [{ role: 'user', content: 'Without settings?' }], stream: true });
});

it('wrongSetting_isNotSentAndIsMarked', async () => {
  await scriptAnswers(page, [['completed', { finish_reason: 'stop' }]]);
  const panel = await openTab('Settings');
  await panel.getByLabel('Temperature').fill('3');
  expect(await panel.getByLabel('Temperature').evaluate((/** @type {HTMLInputElement} */ field) => field.validity.valid)).toBe(false);
  await panel.getByLabel('Seed').fill('7');
  const request = await requestOf('Too hot?');
  expect(request).toMatchObject({ seed: 7 });
  expect(request).not.toHaveProperty('temperature');
  await panel.getByLabel('Temperature').locator('xpath=following-sibling::*').getByText('This value is not sent.').waitFor();
  expect(await panel.getByLabel('Temperature').getAttribute('aria-invalid')).toBe('true');
  expect(await message().evaluate((node) => node === document.activeElement)).toBe(true);
  await panel.getByRole('button', { name: 'Reset to the defaults' }).click();
  expect(await panel.getByRole('alert').count()).toBe(0);
});

it('reasoning_isCollapsedWithItsDuration', async () => {
  await scriptAnswers(page, [['delta', { reasoning: 'Let me think about it.' }], ['delta', { content: 'Four.' }], ['completed', { finish_reason: 'stop' }]]);
  await ask(page, 'Two plus two?');
  await until(page, 'done');
  const reasoning = page.locator('.reasoning');
  expect(await reasoning.locator('summary').textContent()).toMatch(/^Reasoned for \d+ s$/);
  expect(await reasoning.getByText('Let me think about it.').isVisible()).toBe(false);
  await reasoning.locator('summary').click();
  expect(await reasoning.getByText('Let me think about it.').isVisible()).toBe(true);
  expect(await answerOf(page)).toBe('Four.');
});

it('toolCall_isShownWithItsArgumentsAndNeverRun', async () => {
  await scriptAnswers(page, [
    ['delta', { tool_calls: [{ index: 0, id: 'call-1', function: { name: 'fetch_page', arguments: '{"url":' } }] }],
    ['delta', { tool_calls: [{ index: 0, function: { arguments: '"https://example.org/"}' } }] }],
    ['completed', { finish_reason: 'tool_calls' }],
  ]);
  /** @type {string[]} */
  const foreign = [];
  page.on('request', (request) => !request.url().startsWith(playground.url) && foreign.push(request.url()));
  await ask(page, 'What does the page say?');
  await until(page, 'done');
  const call = page.locator('.tool-call');
  await call.getByText('Tool call: fetch_page').waitFor();
  expect(await call.locator('pre').textContent()).toBe('{\n  "url": "https://example.org/"\n}');
  await call.getByText('This page shows it and does not run it.').waitFor();
  expect(foreign).toEqual([]);
});

it('wireInspector_showsRequestAndEventsWithoutTheToken', async () => {
  await ask(page, 'What is on the wire?');
  await until(page, 'done');
  const panel = await openTab('Wire');
  const request = await panel.getByLabel('Request', { exact: true }).textContent();
  expect(request).toMatch(/^POST http:\/\/.*\/api\/v1\/ai\/lmstudio\/infer\nCookie: \*\*\*\nIdempotency-Key: [\w-]+\n/);
  expect(request).toContain('"content": "What is on the wire?"');
  const rows = await panel.locator('tbody tr').evaluateAll((all) => all.map((row) => [...row.querySelectorAll('td')].map(({ textContent }) => textContent ?? '')));
  expect(rows.at(-1)?.[1]).toBe('completed');
  expect(new Set(rows.map(([, type]) => type))).toContain('delta');
  for (const [offset] of rows) expect(offset).toMatch(/^\d+\.\d{3} s$/);
  const offsets = rows.map(([offset]) => Number.parseFloat(offset));
  expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
  expect(await panel.textContent()).not.toContain(playground.token);
  // A line leaves out what all events have. The whole event is shown on request.
  expect(rows[0][2]).not.toContain('stream_id');
  await panel.getByRole('button', { name: /^started: Show event 1$/ }).click();
  expect(await panel.locator('.wire-event').textContent()).toMatch(/^\{\n {2}"stream_id": /);
  await panel.getByRole('button', { name: /^started: Show event 1$/ }).click();
  expect(await panel.locator('.wire-event').count()).toBe(0);
});

it('copiedCurl_worksInAShell', async () => {
  const question = `It's a "quoted" $HOME \`question\` \\ with 'all' of it`;
  await ask(page, question);
  await until(page, 'done');
  const panel = await openTab('Wire');
  await panel.getByRole('button', { name: 'Copy as curl' }).click();
  await page.getByText('Copied').first().waitFor({ state: 'attached' });
  const command = await page.evaluate(() => navigator.clipboard.readText());
  expect(command).not.toContain(playground.token);
  const { stdout } = await run('sh', ['-c', command], { env: { ...process.env, TOKEN: playground.token } });
  expect(stdout).toContain('event: started');
  expect(stdout).toContain('event: completed');
  if (playground.mock) expect(playground.mock.requests.at(-1)?.body.messages).toEqual([{ role: 'user', content: question }]);
});

it('timeline_isDrawnWhileStreamingWithTheFirstTokenMarked', async () => {
  await ask(page);
  const panel = await openTab('Wire');
  await panel.locator('.timeline canvas').waitFor();
  await panel.getByText(/^First token after ~?[\d.]+ s\. After that, a token came every \d+ ms/).waitFor();
  expect(await page.evaluate(() => document.body.dataset.status)).toBe('streaming');
  // How many pixels have the colour of the line, and that of the mark.
  await page.waitForFunction(() => {
    const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector('.timeline canvas'));
    const colors = ['--accent', '--warn'].map((name) => {
      const probe = document.body.appendChild(document.createElement('i'));
      probe.style.color = `var(${name})`;
      const [r, g, b] = (getComputedStyle(probe).color.match(/\d+/g) ?? []).map(Number);
      probe.remove();
      return (r << 16) + (g << 8) + b;
    });
    const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')).getImageData(0, 0, canvas.width, canvas.height);
    const counts = [0, 0];
    for (let at = 0; at < data.length; at += 4) {
      const index = colors.indexOf((data[at] << 16) + (data[at + 1] << 8) + data[at + 2]);
      if (index >= 0 && data[at + 3] === 255) counts[index]++;
    }
    return counts[0] > 20 && counts[1] > 20;
  });
  await until(page, 'done');
});

it('offline_nothingIsLoadedForTheDetailsOrForFormulas', async () => {
  await ask(page, 'What is on the wire?');
  await until(page, 'done');
  await page.getByRole('switch', { name: 'Offline' }).click();
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  const panel = await openTab('Wire');
  await panel.getByText(/^First token after/).waitFor();
  for (const name of ['Models', 'Server', 'Settings']) await page.getByRole('tab', { name }).click();
  await page.getByRole('tab', { name: 'Wire' }).click();
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  expect(asked).toEqual([]);
  expect(await panel.locator('.timeline canvas').count()).toBe(0);
  await page.getByRole('switch', { name: 'Offline' }).click();
  await panel.locator('.timeline canvas').waitFor();
});

it('fontsOfFormulas_areLoadedTogetherSoThatNoneIsMissingOffline', async () => {
  await scriptAnswers(page, [['delta', { content: '$x^2$' }], ['completed', { finish_reason: 'stop' }]]);
  await ask(page, 'A formula?');
  await page.waitForFunction(() => {
    const fonts = [...document.fonts].filter(({ family }) => family.includes('KaTeX'));
    return fonts.length > 10 && fonts.every(({ status }) => status === 'loaded');
  });
});

it('copyOfMarkdown_isTheRawText', async () => {
  const raw = '# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- two\n\n```js\nconst x = 1;\n```\n\n$x^2$ and **bold**.';
  await scriptAnswers(page, [['delta', { content: raw }], ['completed', { finish_reason: 'stop' }]]);
  await ask(page, 'All of Markdown?');
  await until(page, 'done');
  const answer = page.locator('.answer-text');
  for (const part of ['h1', 'table', 'li', 'pre code', 'strong', '.katex']) await answer.locator(part).first().waitFor();
  expect(await answerOf(page)).toBe(raw);
  await answer.getByRole('button', { name: 'Copy code' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^const x = 1;\n?$/);
});

describe.skipIf(REAL)('with the controls of the mock', () => {
  it('finishedBlocks_areNotRenderedAgain', async () => {
    const stream = await playground.askByHand(page);
    stream.deltas('# A heading\n\nA first paragraph.\n\n', 'A second one');
    await untilShown(page, 'A second one');
    const nodes = await page.evaluateHandle(() => [...document.querySelectorAll('.answer-text > :is(h1, p:first-of-type)')]);
    await page.evaluate(() => {
      const counts = /** @type {any} */ (globalThis);
      counts.changes = 0;
      for (const node of document.querySelectorAll('.answer-text > :is(h1, p:first-of-type)')) {
        new MutationObserver((records) => (counts.changes += records.length)).observe(node, { childList: true, subtree: true, characterData: true, attributes: true });
      }
    });
    for (let count = 0; count < 50; count++) stream.deltas(` word ${count}`);
    stream.deltas('\n\nThe end.');
    stream.complete();
    await until(page, 'done');
    await untilShown(page, 'The end.');
    expect(await nodes.evaluate((all) => all.map((node) => node.isConnected))).toEqual([true, true]);
    expect(await page.evaluate(() => /** @type {any} */ (globalThis).changes)).toBe(0);
  });

  it('contextGauge_isLiveWarnsBeforeItOverflowsAndEndsWithTheServersFigures', async () => {
    const stream = await playground.askByHand(page, 'How full is it?');
    stream.deltas('A little');
    const gauge = page.locator('#context');
    await gauge.getByText(/^~\d+ of 200 tokens$/).waitFor();
    stream.complete({ usage: { prompt_tokens: 90, completion_tokens: 20, total_tokens: 110, synthesized: false } });
    await gauge.getByText('110 of 200 tokens', { exact: true }).waitFor();
    expect(await gauge.locator('meter').evaluate((/** @type {HTMLMeterElement} */ { value, max }) => [value, max])).toEqual([110, 200]);
    await message().fill('x'.repeat(4 * 75));
    await gauge.getByText('~185 of 200 tokens. The context is almost full').waitFor();
    await message().fill('');
    await gauge.getByText('110 of 200 tokens', { exact: true }).waitFor();
  });

  it('picker_showsStatesAndCapabilitiesAndRefusesEmbeddings', async () => {
    const options = page.getByRole('combobox', { name: 'Model', exact: true }).locator('option');
    expect(await options.allTextContents()).toEqual([
      'small-context · loaded · tools · reasoning', 'sleepy-vision · not loaded · vision', 'broken · error', 'embedder · for embeddings, not for chat',
    ]);
    expect(await options.evaluateAll((all) => all.map((option) => /** @type {HTMLOptionElement} */ (option).disabled))).toEqual([false, false, false, true]);
  });

  it('modelsTab_filtersLoadsAndUnloadsWithProgress', async () => {
    const panel = await openTab('Models');
    const ids = () => panel.locator('.model-id').allTextContents();
    expect(await ids()).toEqual(MODELS.map(({ id }) => id));
    await panel.getByRole('combobox', { name: 'Type' }).selectOption('Vision');
    expect(await ids()).toEqual(['sleepy-vision']);
    await panel.getByRole('button', { name: 'Load sleepy-vision', exact: true }).click();
    const bar = panel.getByRole('progressbar', { name: 'Progress of sleepy-vision' });
    await panel.getByText(/Working … (25|50|75) %/).waitFor();
    await page.locator('#model option', { hasText: /^sleepy-vision · loading \d+ % · vision$/ }).waitFor({ state: 'attached' });
    expect(await bar.evaluate((/** @type {HTMLProgressElement} */ { value }) => value)).toBeGreaterThan(0);
    await panel.getByRole('button', { name: 'Unload sleepy-vision', exact: true }).click();
    await panel.getByRole('button', { name: 'Load sleepy-vision', exact: true }).waitFor();
    await panel.getByText('not loaded', { exact: true }).waitFor();
    expect(playground.controls.requests.filter(({ url }) => /models\/(un)?load$/.test(url)).map(({ body }) => body)).toEqual([{ model: 'sleepy-vision' }, { model: 'sleepy-vision' }]);
  });

  it('modelThatCannotBeLoaded_saysWhy', async () => {
    playground.controls.fail('POST', /models\/load$/, 409, { code: 'model_not_loaded', message: 'Not enough memory.', hint: 'Unload another model first.' });
    const panel = await openTab('Models');
    await panel.getByRole('button', { name: 'Load sleepy-vision', exact: true }).click();
    await panel.getByText('Not enough memory. Unload another model first.').waitFor();
    await panel.getByRole('button', { name: 'Load sleepy-vision', exact: true }).waitFor();
  });

  it('callerWithoutAdmin_cannotLoadModels', async () => {
    const { callers } = playground.controls;
    playground.controls.callers = callers.map((caller) => ({ ...caller, admin: false }));
    await page.reload();
    const panel = await openTab('Models');
    await panel.getByText('sleepy-vision').waitFor();
    expect(await panel.getByRole('button', { name: /load/i }).count()).toBe(0);
    playground.controls.callers = callers;
  });

  it('serverTab_showsStatusFiguresAndStopsStreams', async () => {
    const stream = await playground.askByHand(page);
    stream.deltas('Running');
    const panel = await openTab('Server');
    await panel.getByText('LM Studio is reachable').waitFor();
    await panel.getByText('0.4.0').waitFor();
    expect(await panel.locator('.facts div', { hasText: 'Capabilities of LM Studio' }).locator('dd').textContent()).toBe('chat, model load, streaming');
    expect(await panel.locator('.facts div', { hasText: 'Capabilities of loaded models' }).locator('dd').textContent()).toBe('tools, reasoning');
    await panel.getByText('Running streams (1)').waitFor();
    await panel.getByRole('button', { name: `Stop stream ${stream.id.slice(0, 8)}` }).click();
    await expect.poll(() => stream.status).toBe('cancelled');
    await until(page, 'cancelled');
    await panel.getByText('Running streams (0)').waitFor();
  });
});
