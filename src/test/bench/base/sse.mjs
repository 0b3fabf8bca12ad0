// Event streams as the WAR sends them: read one, begin one.
import http from 'node:http';
import { write } from './script.mjs';

/** @typedef {{event: string, id: number, data: any}} ServerEvent */

/** Feeds on text, hands out events, and null for a comment (keep-alive). @param {(event: ServerEvent | null) => void} onEvent */
export const parser = (onEvent) => {
  let rest = '';
  return (/** @type {string} */ text) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith(':')) { onEvent(null); continue; }
      const fields = Object.fromEntries(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
      if (fields.data !== undefined) onEvent({ event: fields.event, id: Number(fields.id), data: JSON.parse(fields.data) });
    }
  };
};

/** The body of `infer` for a script of the stand-in. @param {Partial<import('./script.mjs').Script>} script */
export const inferBody = (script, fields = {}) => JSON.stringify({ model: 'bench-model', messages: [{ role: 'user', content: write(script) }], ...fields });

/** @typedef {{status: number, headers: http.IncomingHttpHeaders, broken: string | null}} End */
/** @typedef {{headers?: Record<string, string>, body?: string, onEvent?: (event: ServerEvent | null) => void, onResponse?: (response: http.IncomingMessage) => void}} Listening */

/**
 * Opens an event stream on a connection of its own. `ended` never fails; `leave()` closes the connection.
 * @param {string | URL} url @param {Listening} options @returns {{ended: Promise<End>, leave: () => void}}
 */
export const listen = (url, { headers = {}, body, onEvent = () => {}, onResponse = () => {} }) => {
  let leave = () => {};
  const ended = new Promise((/** @type {(end: End) => void} */ resolve) => {
    const request = http.request(url, { method: body === undefined ? 'GET' : 'POST', agent: false,
      headers: { accept: 'text/event-stream', ...(body !== undefined && { 'content-type': 'application/json' }), ...headers } }, (response) => {
      const end = (/** @type {string | null} */ broken) => resolve({ status: response.statusCode ?? 0, headers: response.headers, broken });
      onResponse(response);
      response.setEncoding('utf8').on('data', parser(onEvent)).on('end', () => end(null)).on('error', (/** @type {NodeJS.ErrnoException} */ error) => end(error.code ?? error.message));
    });
    request.on('error', (/** @type {NodeJS.ErrnoException} */ error) => resolve({ status: 0, headers: {}, broken: error.code ?? error.message }));
    leave = () => request.destroy();
    request.end(body);
  });
  return { ended, leave };
};
