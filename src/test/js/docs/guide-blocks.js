import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The JavaScript blocks of a page of the documentation.
 *
 * @typedef {object} Block
 * @property {string} heading of the section
 * @property {string} mark the text after `js`: `page` needs a document, `reload` is run twice
 * @property {number} line of the page
 * @property {string} code
 * @property {string[]} printed what the page says that the block prints; `…` stands for any text
 */

export const ROOT = path.join(import.meta.dirname, '../../../..');
const SDK = path.join(ROOT, 'src/main/webapp/js/sdk');
/** @type {{exports: Record<string, {default: string}>}} */
const PACKAGE = JSON.parse(readFileSync(path.join(ROOT, 'src/main/npm/package.json'), 'utf8'));

/** The names that a block may use without defining them, because an earlier block of the page does. */
const KNOWN = ['client', 'chat'];

/** @param {string} page of the documentation @returns {Block[]} */
export function blocksOf(page) {
  const source = readFileSync(path.join(ROOT, page), 'utf8');
  return [...source.matchAll(/^```js ?(\w*)\n(.*?)^```$/gms)].map(({ 1: mark, 2: code, index }) => {
    const before = source.slice(0, index);
    return {
      heading: [...before.matchAll(/^## (.*)$/gm)].at(-1)?.[1] ?? '',
      mark,
      line: before.split('\n').length,
      code,
      printed: [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, text]) => text),
    };
  });
}

/**
 * Returns the HTML pages of a page of the documentation, each without its script, and the script as a block.
 *
 * @param {string} page of the documentation
 * @returns {{html: string, script: Block}[]}
 */
export function htmlOf(page) {
  const source = readFileSync(path.join(ROOT, page), 'utf8');
  return [...source.matchAll(/^```html\n(.*?)<script type="module">\n(.*?)<\/script>\n(.*?)^```$/gms)].map(({ 1: before, 2: code, 3: after, index }) => ({
    html: before + after,
    script: { heading: '', mark: '', line: source.slice(0, index).split('\n').length, code, printed: [] },
  }));
}

/** Returns whether a text is what the guide says. @param {string} actual @param {string} expected */
export function matches(actual, expected) {
  const pattern = expected.split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('.*');
  return new RegExp(`^${pattern}$`, 's').test(actual);
}

/**
 * Returns a block as a module: its imports lead to the sources, and the names of earlier blocks come from `globalThis.guide`.
 * A root of React is handed out, so that the test can unmount it.
 *
 * @param {Block} block
 */
export function moduleOf({ code }) {
  const body = code.replace(/from '(lmstudio-ee[^']*|\/js\/sdk\/[^']*)'/g, (_, name) => `from '${fileOf(name)}'`);
  const missing = KNOWN.filter((name) => !new RegExp(`(?:const|let) (?:${name}|\\{[^}]*\\b${name}\\b[^}]*\\})`).test(body));
  return `const { ${[...missing, 'console', 'process'].join(', ')} } = globalThis.guide;\n${body}\nif (typeof root !== 'undefined') globalThis.guide.root = root;\nexport {};\n`;
}

/** @param {string} name of an entry point of the package, or its address on the server */
function fileOf(name) {
  if (name.startsWith('/js/sdk/')) return path.join(SDK, name.slice('/js/sdk/'.length));
  const entry = PACKAGE.exports[`.${name.slice('lmstudio-ee'.length)}`];
  if (!entry) throw new Error(`The package does not export ${name}.`);
  return path.join(SDK, entry.default);
}
