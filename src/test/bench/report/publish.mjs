// Raw results in a folder → figures beside them and, in the documents, the parts between `<!-- figures:NAME -->` and `<!-- /figures -->`.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { FIGURES } from './figures.mjs';
import { origin } from './format.mjs';
import { readSoak } from './soak-table.mjs';
import { TABLES } from './tables.mjs';
import { targets } from './targets.mjs';

/** @typedef {import('./format.mjs').Raw} Raw */

const PART = /(<!-- figures:([\w-]+) -->\n)[^]*?(<!-- \/figures -->)/g;

/** The raw files of a folder, by measure. @param {string} folder @returns {Map<string, Raw>} */
const readRaw = (folder) => new Map(Object.keys(TABLES).flatMap((name) => {
  const file = join(folder, name === 'soak' ? 'soak.jsonl' : `${name}.json`);
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  return [/** @type {[string, Raw]} */ ([name, name === 'soak' ? readSoak(text) : JSON.parse(text)])];
}));

/** @param {Map<string, Raw>} measured @returns {[string, string][]} names of files and what they hold */
const figures = (measured) => [...measured].flatMap(([name, raw]) => Object.entries(FIGURES[name]?.(raw) ?? {})).map(([name, svg]) => [`${name}.svg`, svg]);

/** All tables, for the terminal. @param {string} folder */
export const tables = (folder) => [...readRaw(folder)].map(([name, raw]) => `${name}\n${TABLES[name](raw)}`).join('\n\n');

/** @param {string} name @param {Map<string, Raw>} measured @param {string} folder as the document links to it */
const part = (name, measured, folder) => {
  if (name === 'targets') return targets(measured);
  if (!TABLES[name]) throw new Error(`<!-- figures:${name} -->: there is no such measure; there are targets, ${Object.keys(TABLES).join(', ')}`);
  const raw = measured.get(name);
  if (!raw) return 'Not measured yet.';
  const images = figures(new Map([[name, raw]])).map(([file]) => `![${basename(file, '.svg')}](${folder}/${file})`);
  return [TABLES[name](raw), ...images, `${origin(raw)} Raw: [${name}](${folder}/${name}.${name === 'soak' ? 'jsonl' : 'json'})`].join('\n\n');
};

/** What publishing writes: paths and texts. @param {string} folder of the raw results @param {string | null} docs where performance.md is @returns {[string, string][]} */
export const rendered = (folder, docs) => {
  const measured = readRaw(folder);
  const files = figures(measured).map(([name, svg]) => /** @type {[string, string]} */ ([join(folder, name), svg]));
  if (docs === null) return files;
  const document = join(docs, 'performance.md');
  const text = readFileSync(document, 'utf8').replace(PART, (_, begin, name, end) => `${begin}${part(name, measured, relative(docs, folder))}\n${end}`);
  return [...files, [document, text]];
};

/** @param {string} folder @param {string | null} docs */
export const publish = (folder, docs) => { for (const [path, text] of rendered(folder, docs)) writeFileSync(path, text); };
