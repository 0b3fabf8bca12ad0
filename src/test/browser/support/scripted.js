/**
 * Answers of the server that no real one gives on demand, put in between the page and the server in the browser itself:
 * the page, its headers and everything else stay the server's own.
 *
 * @import { Page } from 'playwright-core'
 */

const ID = 'feedfacefeedfacefeedfacefeedface';

/**
 * From now on every question of this page gets these events, and then the connection ends.
 *
 * @param {Page} page @param {[string, Record<string, any>][]} events name and fields, after `started`
 */
export async function scriptAnswers(page, events) {
  const body = [['started', {}], ...events].map(([type, fields], index) => {
    const cursor = index + 1;
    return `id: ${cursor}\nevent: ${type}\ndata: ${JSON.stringify({ stream_id: ID, model_id: 'scripted', cursor, .../** @type {object} */ (fields) })}\n\n`;
  });
  await page.route('**/api/v1/ai/lmstudio/infer', (route) => route.fulfill({
    status: 202,
    json: { status: 'success', data: { stream_id: ID, model_id: null, status: 'running', events_url: '' }, meta: {} },
  }));
  await page.route(`**/api/v1/ai/lmstudio/streams/${ID}`, (route, request) => {
    const read = Number(request.headers()['last-event-id'] ?? 0);
    return route.fulfill({ contentType: 'text/event-stream', body: `retry: 20000\n\n${body.slice(read).join('')}` });
  });
}

/**
 * From now on every question of this page is refused.
 *
 * @param {Page} page @param {number} status @param {{code: string, message: string, hint?: string, details?: object[]}} error
 * @param {Record<string, string>} [headers]
 */
export async function refuseQuestions(page, status, error, headers = {}) {
  await page.route('**/api/v1/ai/lmstudio/infer', (route) =>
    route.fulfill({ status, headers, json: { status: 'error', error, meta: { request_id: 'req-1' } } }));
}
