import { createReadStream, existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { WEBAPP, renderView } from './facelets.js';

/**
 * @import { IncomingMessage, ServerResponse } from 'node:http'
 * @import { MockServer } from './mock-server.js'
 */

const TYPES = new Map([['.js', 'text/javascript'], ['.css', 'text/css'], ['.svg', 'image/svg+xml'], ['.woff2', 'font/woff2'], ['.webmanifest', 'application/manifest+json']]);
/** What the WAR packs: the page, and the libraries of `npm run vendor`. */
const FOLDERS = [WEBAPP, path.join(WEBAPP, '../../../target/vendor')];
const DEMO = '/ai/lmstudio/demo';

export const HEADERS = {
  'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types dompurify lit-html",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/**
 * The pages of the WAR: its views, its static files, sign-in and sign-out.
 *
 * @param {IncomingMessage} request @param {ServerResponse} response @param {MockServer} server
 */
export function pages(request, response, server) {
  const url = new URL(request.url ?? '/', server.origin);
  const { contextRoot } = server;
  if (!url.pathname.startsWith(contextRoot)) return false;
  const place = url.pathname.slice(contextRoot.length);
  /** @param {string} location @param {Record<string, string>} [headers] */
  const redirect = (location, headers = {}) => response.writeHead(302, { location: contextRoot + location, ...headers }).end();
  /** @param {string} view @param {string[]} [faults] */
  const show = (view, faults) => {
    const language = /^de\b/.test(request.headers['accept-language'] ?? '') ? 'de' : 'en';
    const admin = server.callers[0]?.admin === true;
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/html;charset=UTF-8' }).end(renderView(view, { contextRoot, faults, language, admin }));
  };

  const signedIn = { 'set-cookie': `session=mock; HttpOnly; SameSite=Strict; Path=${contextRoot || '/'}` };
  if (place === '/logout') redirect('/login', { 'set-cookie': `session=; Max-Age=0; Path=${contextRoot || '/'}` });
  else if (place === '/login' && request.method === 'POST') {
    if (server.lastBody.includes(`login%3Atoken=${server.token}`)) redirect(DEMO, signedIn);
    else show('/login', ['This access token is not valid.']);
  } else if (place === '/login') show('/login');
  else if (place === DEMO && url.searchParams.get('token') === server.token) redirect(DEMO, signedIn);
  else if (place === DEMO && server.signedIn(request)) show(DEMO);
  else if (place === DEMO || place === '/') redirect(place === '/' ? DEMO : '/login');
  else return serveFile(place, response);
  return true;
}

/** @param {string} place @param {ServerResponse} response */
function serveFile(place, response) {
  const type = TYPES.get(path.extname(place));
  const file = FOLDERS.map((folder) => path.join(folder, path.normalize(place))).find((found) => existsSync(found) && statSync(found).isFile());
  if (!type || !file) return false;
  response.writeHead(200, { ...HEADERS, 'content-type': type });
  createReadStream(file).pipe(response);
  return true;
}
