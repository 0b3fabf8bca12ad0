import { describe, expect, it } from 'vitest';
import { button, message, openForEachTest, page, playground } from './support/page.js';
import { REAL, answerOf, ask, until, untilShown } from './support/playground.js';

const MODELS = [
  { id: 'blind', object: 'model', owned_by: 'mock', type: 'llm', status: 'loaded', state: 'loaded', metadata: { context_length: 8192 } },
  { id: 'seeing', object: 'model', owned_by: 'mock', type: 'vlm', status: 'loaded', state: 'loaded', metadata: { context_length: 8192 } },
];

openForEachTest({ models: MODELS });

const pictures = () => page.locator('#attached img');
/** @param {string} id */
const pick = (id) => page.getByRole('combobox', { name: 'Model', exact: true }).selectOption(id);

/** @param {number} width @param {number} height @returns {Promise<Buffer>} a PNG of this size */
async function png(width, height) {
  const url = await page.evaluate(([w, h]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
    const drawing = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    drawing.fillStyle = '#c03020';
    drawing.fillRect(0, 0, w / 2, h);
    return canvas.toDataURL('image/png');
  }, [width, height]);
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

/** @param {{name: string, mimeType: string, buffer: Buffer}[]} files by the button */
async function attach(files) {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button('Attach pictures').click()]);
  await chooser.setFiles(files);
}

/** Drops a file on the page as a desktop does. @param {string} name @param {string} type @param {Buffer} content */
async function drop(name, type, content) {
  await page.evaluate(([fileName, fileType, base64]) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], fileName, { type: fileType }));
    for (const event of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(event, { dataTransfer: data, bubbles: true, cancelable: true }));
  }, [name, type, content.toString('base64')]);
}

/** @param {string} url a data URI @returns {Promise<number[]>} the width and the height of the picture */
const sizeOf = (url) => page.evaluate(async (src) => {
  const image = Object.assign(new Image(), { src });
  await image.decode();
  return [image.naturalWidth, image.naturalHeight];
}, url);

it('keys_areListedUnderTheQuestionMark', async () => {
  await page.locator('main').click();
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keys' });
  for (const text of ['Send the message', 'Start a new line', 'Stop the answer, or close the details', 'New chat', 'Go to the message box']) await dialog.getByText(text, { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.keyboard.press('Alt+m');
  expect(await message().evaluate((node) => node === document.activeElement)).toBe(true);
  await page.keyboard.type('Really?');
  expect(await message().inputValue()).toBe('Really?');
  expect(await page.getByRole('dialog').count()).toBe(0);
});

it('escape_closesTheDetailsWhenNothingRuns', async () => {
  await button('Details').click();
  await page.getByRole('tab', { name: 'Settings' }).focus();
  await page.keyboard.press('ArrowRight');
  expect(await page.getByRole('tab', { name: 'Wire' }).getAttribute('aria-selected')).toBe('true');
  await page.keyboard.press('Escape');
  expect(await page.getByRole('complementary').count()).toBe(0);
  expect(await button('Details').evaluate((node) => node === document.activeElement)).toBe(true);
});

it('altN_beginsANewChatAndKeepsTheOldOne', async () => {
  await ask(page, 'The old one?');
  await until(page, 'done');
  await page.keyboard.press('Alt+n');
  await page.getByText('Ask a model on your own machine').waitFor();
  expect(await message().evaluate((node) => node === document.activeElement)).toBe(true);
  expect(await page.getByRole('navigation').getByText('The old one?').count()).toBe(1);
});

describe.skipIf(REAL)('with the controls of the mock', () => {
  it('pictures_areAttachedPastedAndDroppedAndSentAsDataUris', async () => {
    await pick('seeing');
    await attach([{ name: 'large.png', mimeType: 'image/png', buffer: await png(3000, 1500) }]);
    await expect.poll(() => pictures().count()).toBe(1);
    await drop('dropped.png', 'image/png', await png(40, 30));
    await expect.poll(() => pictures().count()).toBe(2);
    await page.evaluate(async (base64) => {
      const blob = await (await new Response(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))).blob();
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': new Blob([blob], { type: 'image/png' }) })]);
    }, (await png(20, 20)).toString('base64'));
    await message().focus();
    await page.keyboard.press('Control+V');
    await expect.poll(() => pictures().count()).toBe(3);
    await button('Remove dropped.png').click();
    await expect.poll(() => pictures().count()).toBe(2);
    const stream = await playground.askByHand(page, 'What do you see?');
    const [{ content }] = stream.request.messages;
    expect(content).toMatchObject([{ type: 'text', text: 'What do you see?' }, { type: 'image_url' }, { type: 'image_url' }]);
    const urls = content.slice(1).map((/** @type {any} */ part) => part.image_url.url);
    for (const url of urls) expect(url).toMatch(/^data:image\/jpeg;base64,/);
    expect(await sizeOf(urls[0])).toEqual([1568, 784]);
    expect(await sizeOf(urls[1])).toEqual([20, 20]);
    stream.deltas('Two pictures.');
    stream.complete();
    await until(page, 'done');
    expect(await page.locator('.question img').count()).toBe(2);
    expect(await pictures().count()).toBe(0);
    await page.reload();
    await untilShown(page, 'Two pictures.');
    expect(await page.locator('.question img').count()).toBe(2);
  });

  it('pictureForAModelThatCannotSee_isRefusedWithTheReason', async () => {
    await pick('blind');
    const picture = { name: 'small.png', mimeType: 'image/png', buffer: await png(20, 20) };
    await attach([picture]);
    const refusal = page.getByRole('alert').getByText('blind cannot see pictures. Choose a model with vision.');
    await refusal.waitFor();
    expect(await pictures().count()).toBe(0);
    await pick('seeing');
    await refusal.waitFor({ state: 'detached' });
    await attach([picture]);
    await expect.poll(() => pictures().count()).toBe(1);
    await pick('blind');
    await refusal.waitFor();
    const before = playground.controls.counts.infer;
    await ask(page, 'Blind now?');
    await refusal.waitFor();
    expect(await message().inputValue()).toBe('Blind now?');
    expect(playground.controls.counts.infer).toBe(before);
  });

  it('wrongFiles_areRefusedWithTheReason', async () => {
    await pick('seeing');
    await drop('notes.txt', 'text/plain', Buffer.from('no picture'));
    await page.getByRole('alert').getByText('Only pictures can be attached.').waitFor();
    await drop('broken.png', 'image/png', Buffer.from('no picture'));
    await page.getByRole('alert').getByText('broken.png could not be read as a picture.').waitFor();
    const buffer = await png(8, 8);
    await attach(Array.from({ length: 5 }, (_, index) => ({ name: `${index}.png`, mimeType: 'image/png', buffer })));
    await page.getByRole('alert').getByText('A message can have 4 pictures at most.').waitFor();
    expect(await pictures().count()).toBe(4);
  });

  it('focus_isNeverTaken', async () => {
    const stream = await playground.askByHand(page);
    const search = page.getByRole('searchbox');
    await search.focus();
    const focused = () => search.evaluate((node) => node === document.activeElement);
    stream.append('progress', { phase: 'processing_prompt' });
    stream.deltas('Something');
    await untilShown(page, 'Something');
    expect(await focused()).toBe(true);
    stream.deltas(' else');
    stream.complete();
    await until(page, 'done');
    expect(await focused()).toBe(true);
  });

  it('sideBySide_streamsFromTwoModelsAtOnce', async () => {
    await pick('blind');
    await button('Compare').click();
    expect(await page.getByRole('combobox', { name: 'Second model' }).inputValue()).toBe('seeing');
    const streams = await playground.askAllByHand(page, 'Who are you?', 2);
    const one = streams.find(({ request }) => request.model === 'blind');
    const two = streams.find(({ request }) => request.model === 'seeing');
    expect(one?.request.messages).toEqual(two?.request.messages);
    one?.deltas('I am blind.');
    two?.deltas('I see.');
    const answers = page.locator('.side-by-side .answer');
    await answers.nth(0).getByText('I am blind.').waitFor();
    await answers.nth(1).getByText('I see.').waitFor();
    expect([one?.listeners.size, two?.listeners.size]).toEqual([1, 1]);
    one?.complete();
    await expect.poll(() => answers.nth(0).getAttribute('data-outcome')).toBe('completed');
    expect(await button('Stop').isVisible()).toBe(true);
    two?.deltas(' And I go on.');
    two?.complete();
    await until(page, 'done');
    await expect.poll(() => page.getByRole('navigation').getByRole('img', { name: 'Answering' }).count()).toBe(0);
    await page.reload();
    await answers.nth(1).getByText('I see. And I go on.').waitFor();
    expect(await answers.count()).toBe(2);
    expect(await answers.locator('.answer-model').allTextContents()).toEqual(['blind', 'seeing']);
    expect(await answerOf(page)).toBe('I see. And I go on.');
  });

  it('stopWhileSideBySide_endsBoth', async () => {
    await button('Compare').click();
    const streams = await playground.askAllByHand(page, 'Stop both?', 2);
    for (const stream of streams) stream.deltas('Running.');
    await expect.poll(() => page.locator('.answer-text', { hasText: 'Running.' }).count()).toBe(2);
    await button('Stop').click();
    await expect.poll(() => streams.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    await until(page, 'cancelled');
  });
});
