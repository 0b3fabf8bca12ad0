import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Renders the few things of Facelets that our views use, as Mojarra does, so that the page under test is the page that
 * is shipped. Anything else in a view is an error here.
 */

const ROOT = path.join(import.meta.dirname, '../../../main');
export const WEBAPP = path.join(ROOT, 'webapp');

/** @param {string} file */
const read = (file) => readFileSync(path.join(ROOT, file), 'utf8');

/** @param {string} language @returns {Map<string, string>} */
function messages(language) {
  const lines = read(`resources/ee/lmstudio/web/messages${language === 'de' ? '_de' : ''}.properties`).split('\n').filter((line) => /^[^#\s]/.test(line));
  const unescape = (/** @type {string} */ text) => text.replace(/\\u([0-9a-f]{4})/gi, (_, code) => String.fromCharCode(parseInt(code, 16)));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), unescape(line.slice(line.indexOf('=') + 1))]));
}

/** @param {string} text */
const escape = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * @param {string} view as `/login`
 * @param {{contextRoot: string, faults?: string[], language?: string, admin?: boolean}} request faults are the messages of Faces
 */
export function renderView(view, { contextRoot, faults = [], language = 'en', admin = true }) {
  const source = read(`webapp${view}.xhtml`);
  const template = /template="(.*?)"/.exec(source)?.[1];
  if (!template) throw new Error(`${view} names no template.`);
  const defined = new Map([...source.matchAll(/<ui:define name="(\w+)">(.*?)<\/ui:define>/gs)].map(([, name, body]) => [name, body]));
  const texts = messages(language);
  const html = read(`webapp${template}`)
    .replace(/<\/?f:view.*?>/gs, '')
    .replace(/<ui:insert name="(\w+)"\/>/g, (_, name) => defined.get(name) ?? '')
    .replace(/<ui:repeat value="#\{msg\.keySet\(\)\}" var="key">(.*?)<\/ui:repeat>/gs, (_, body) =>
      [...texts].map(([key, text]) => body.replace('#{key}', escape(key)).replace('#{msg[key]}', escape(text))).join(''))
    .replace(/<h:form id="login">/, `<form id="login" name="login" method="post" action="${contextRoot}/login">`)
    .replace('</h:form>', '</form>')
    .replace(/<h:messages .*?\/>/, faults.length ? `<ul class="messages">${faults.map((fault) => `<li>${escape(fault)}</li>`).join('')}</ul>` : '')
    .replace(/<h:outputLabel for="token" value="(.*?)"\/>/, '<label for="login:token">$1</label>')
    .replace(/<h:inputSecret id="token" value="#\{login\.token\}" (.*?)\/>/, (_, rest) => `<input id="login:token" type="password" name="login:token" ${rest.replaceAll('pt:', '')}/>`)
    .replace(/<h:commandButton id="submit" value="(.*?)" action="#\{login\.signIn\}" styleClass="(.*?)"\/>/, '<input type="submit" value="$1" class="$2"/>')
    .replace(/#\{msg\['(.*?)'\]\}/g, (_, key) => escape(texts.get(key) ?? `???${key}???`))
    .replaceAll('#{request.contextPath}', contextRoot)
    .replaceAll('#{request.userPrincipal.name}', 'mock')
    .replaceAll("#{request.isUserInRole('admin')}", String(admin))
    .replaceAll('#{view.locale.language}', language);
  const left = /<\/?(?:h|f|ui):[^>]*>|#\{.*?\}|\?{3}.*?\?{3}/.exec(html);
  if (left) throw new Error(`${view}: cannot render ${left[0]}`);
  return html;
}
