// Event streams as the WAR sends them: read one, begin one.
import http from 'node:http';
import { write } from './script.mjs';

/** Feeds on text, hands out events: `{event, id, data}`, and null for a comment (keep-alive). */
export const parser = (onEvent) => {
  let rest = '';
  return (text) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      if (block.startsWith(':')) { onEvent(null); continue; }
      const fields = Object.fromEntries(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
      if (fields.data !== undefined) onEvent({ event: fields.event, id: Number(fields.id), data: JSON.parse(fields.data) });
    }
  };
};

/** The body of `infer` for a script of the stand-in. */
export const inferBody = (script, fields = {}) => JSON.stringify({ model: 'bench-model', messages: [{ role: 'user', content: write(script) }], ...fields });

/**
 * Opens an event stream on a connection of its own. Settles when it ended: `{status, headers, broken}`.
 * `response` is the raw response, once there; `leave()` closes the connection.
 */
export const listen = (url, { headers = {}, body, onEvent = () => {}, onResponse = () => {}, agent = false }) => {
  let leave;
  const ended = new Promise((resolve) => {
    const request = http.request(url, { method: body === undefined ? 'GET' : 'POST', agent,
      headers: { accept: 'text/event-stream', ...(body !== undefined && { 'content-type': 'application/json' }), ...headers } }, (response) => {
      const end = (broken) => resolve({ status: response.statusCode, headers: response.headers, broken });
      onResponse(response);
      response.setEncoding('utf8').on('data', parser(onEvent)).on('end', () => end(null)).on('error', (error) => end(error.code ?? error.message));
    });
    request.on('error', (error) => resolve({ status: 0, headers: {}, broken: error.code ?? error.message }));
    leave = () => request.destroy();
    request.end(body);
  });
  return { ended, leave };
};
