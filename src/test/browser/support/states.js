/**
 * Every state of the page that looks different, with how to get there from a fresh page. All of them can be reached on any server.
 *
 * @import { Page } from 'playwright-core'
 */
import { ask, until, untilLonger } from './playground.js';
import { refuseQuestions, scriptAnswers } from './scripted.js';

/** @param {Page} page @param {string} name */
const button = (page, name) => page.getByRole('button', { name, exact: true });

/** A small picture, as a file. */
const PICTURE = {
  name: 'dot.png', mimeType: 'image/png',
  buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'),
};

const MARKDOWN = `## A list of reasons

1. **Bold** and *italic* with \`code\` and a [link](https://example.org/).
2. A second one.

| Model | Tokens/s |
|---|---:|
| small | 120 |
| large | 14 |

\`\`\`js
// Counts to three.
for (let i = 1; i <= 3; i++) console.log(i);
\`\`\`

> A quotation, and a formula: $e^{i\\pi} + 1 = 0$
`;

/** @param {Page} page @param {string} [tab] */
async function openDetails(page, tab = 'Settings') {
  await button(page, 'Details').click();
  await page.getByRole('tab', { name: tab }).click();
}

/** @param {Page} page a short question with its whole answer */
async function shortAnswer(page) {
  await scriptAnswers(page, [
    ...'A stream is a log that the server writes once.'.split(' ').map((word) => /** @type {[string, object]} */ (['delta', { content: `${word} ` }])),
    ['completed', { finish_reason: 'stop', usage: { prompt_tokens: 9, completion_tokens: 10, total_tokens: 19 }, stats: { time_to_first_token_ms: 210, tokens_per_second: 48.2 } }],
  ]);
  await ask(page, 'What is a stream?');
  await until(page, 'done');
}

/** @type {[string, (page: Page) => Promise<void>][]} */
export const STATES = [
  ['empty', async () => {}],
  ['waiting', async (page) => {
    await scriptAnswers(page, [['progress', { phase: 'loading_model', progress: 0.42 }]]);
    await ask(page, 'What is loading?');
    await page.getByText('Loading the model 42 %').waitFor();
  }],
  ['streaming', async (page) => {
    await ask(page);
    await untilLonger(page, 60);
  }],
  ['done', async (page) => {
    await scriptAnswers(page, [
      ['delta', { reasoning: 'The user wants to see everything.' }], ['delta', { content: MARKDOWN }],
      ['delta', { tool_calls: [{ index: 0, id: 'call-1', function: { name: 'look_up', arguments: '{"word":"stream"}' } }] }],
      ['completed', { finish_reason: 'stop', usage: { prompt_tokens: 9, completion_tokens: 120, total_tokens: 129 }, stats: { time_to_first_token_ms: 210, tokens_per_second: 48.2 } }],
    ]);
    await ask(page, 'Show me everything.');
    await until(page, 'done');
    await page.locator('.reasoning summary').click();
    await page.locator('.answer-text .hljs-keyword, .answer-text .katex').first().waitFor();
  }],
  ['stopped', async (page) => {
    await ask(page);
    await untilLonger(page, 30);
    await page.keyboard.press('Escape');
    await until(page, 'cancelled');
  }],
  ['reconnecting', async (page) => {
    await scriptAnswers(page, [['delta', { content: 'The first half of a sentence, and then' }]]);
    await ask(page, 'What if the connection breaks?');
    await page.getByText(/Next attempt in \d+ s/).waitFor();
  }],
  ['downgraded', async (page) => {
    await scriptAnswers(page, [
      ['delta', { content: 'void', reasoning: 'void' }], ['downgraded', { reason: 'break', attempts: 2 }], ['reset', { reason: 'break' }],
      ['delta', { reasoning: 'Let me think again.' }], ['delta', { content: 'The whole answer, in one piece.' }],
      ['completed', { finish_reason: 'length', usage: { prompt_tokens: 9, completion_tokens: 7, total_tokens: 16, synthesized: true }, warnings: ['Another model answered than was asked.'] }],
    ]);
    await ask(page, 'What if streaming does not work?');
    await page.getByText('Not streamed: the stream was interrupted.').waitFor();
    await page.locator('.reasoning summary').click();
    await until(page, 'done');
  }],
  ['failed', async (page) => {
    await scriptAnswers(page, [
      ['delta', { content: 'Some text that came before' }],
      ['failed', { error: { code: 'upstream_error', message: 'LM Studio broke off the answer.', hint: 'Look at its log, then retry.' } }],
    ]);
    await ask(page, 'What if LM Studio fails?');
    await until(page, 'failed');
    await button(page, 'Retry').waitFor();
  }],
  ['busy', async (page) => {
    await refuseQuestions(page, 429, { code: 'rate_limited', message: 'Too many requests.', hint: 'Wait a moment.' }, { 'retry-after': '30' });
    await ask(page, 'What if everybody asks at once?');
    await page.getByText(/You can retry in \d+ s/).waitFor();
  }],
  ['signed-out', async (page) => {
    await refuseQuestions(page, 401, { code: 'unauthenticated', message: 'Not signed in.' });
    await ask(page, 'Am I still signed in?');
    await page.getByRole('link', { name: 'Sign in again' }).waitFor();
  }],
  ['no-models', async (page) => {
    await page.route('**/models', (route) => route.fulfill({
      status: 502, json: { status: 'error', error: { code: 'upstream_unreachable', message: 'LM Studio at 127.0.0.1:1234 does not answer.', hint: 'Start it, or run doctor.' }, meta: {} },
    }));
    await page.reload();
    await page.locator('#model-note').getByText('The list of models could not be loaded').waitFor();
  }],
  ['offline', async (page) => {
    await page.getByRole('switch', { name: 'Offline' }).click();
    await ask(page, 'Is anybody there?');
    await until(page, 'offline');
  }],
  ['editing', async (page) => {
    await shortAnswer(page);
    await button(page, 'Edit').click();
  }],
  ['edit-refused', async (page) => {
    await ask(page);
    await untilLonger(page, 60);
    await button(page, 'Edit').click();
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('An answer is still being written.').waitFor();
  }],
  ['branches', async (page) => {
    await shortAnswer(page);
    await button(page, 'Regenerate').click();
    await page.getByText('2/2').waitFor();
    await until(page, 'done');
  }],
  ['compare', async (page) => {
    await button(page, 'Compare').click();
    await shortAnswer(page);
    await page.locator('.side-by-side .answer').nth(1).waitFor();
  }],
  ['pictures', async (page) => {
    await page.route('**/models', (route) => route.fulfill({ json: { status: 'success', data: [{ id: 'seeing', type: 'vlm', state: 'loaded' }, { id: 'blind', type: 'llm', state: 'loaded' }], meta: {} } }));
    await page.reload();
    await page.locator('#model option').nth(1).waitFor({ state: 'attached' });
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button(page, 'Attach pictures').click()]);
    await chooser.setFiles([PICTURE, { ...PICTURE, name: 'other.png' }]);
    await page.locator('#attached img').nth(1).waitFor();
    await page.getByRole('combobox', { name: 'Model', exact: true }).selectOption('blind');
    await page.getByRole('alert').getByText('cannot see pictures').waitFor();
  }],
  ['settings', (page) => openDetails(page)],
  ['wire', async (page) => {
    await shortAnswer(page);
    await openDetails(page, 'Wire');
    await page.locator('.timeline canvas').waitFor();
  }],
  ['models', (page) => openDetails(page, 'Models')],
  ['server', async (page) => {
    await shortAnswer(page);
    await openDetails(page, 'Server');
    await page.getByText('LM Studio is reachable', { exact: true }).waitFor();
  }],
  ['keys', async (page) => {
    await page.locator('main').click({ position: { x: 5, y: 5 } });
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
  }],
  ['conversations', async (page) => {
    await shortAnswer(page);
    await button(page, 'New chat').click();
    await ask(page, 'A question with a title that is too long for one line of the sidebar?');
    await until(page, 'done');
    await page.getByRole('navigation').getByText('What is a stream?').hover();
  }],
  ['renaming', async (page) => {
    await shortAnswer(page);
    await page.getByRole('navigation').getByText('What is a stream?').hover();
    await button(page, 'Rename What is a stream?').click();
  }],
  ['deleting', async (page) => {
    await shortAnswer(page);
    await page.getByRole('navigation').getByText('What is a stream?').hover();
    await button(page, 'Delete What is a stream?').click();
    await page.getByRole('dialog').waitFor();
  }],
];
