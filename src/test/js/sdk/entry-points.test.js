import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const SDK = path.join(import.meta.dirname, '../../../main/webapp/js/sdk');

/** Returns the files below a folder of the SDK, as paths from the SDK's folder. @param {string} folder */
const filesOf = (folder) => readdirSync(path.join(SDK, folder), { recursive: true }).map((file) => path.join(folder, String(file))).filter((file) => file.endsWith('.js'));

/** Returns what a file imports, as it is written there. @param {string} file */
function importsOf(file) {
  const source = readFileSync(path.join(SDK, file), 'utf8').replace(/\/\*[^]*?\*\//g, '');
  return [...source.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, name]) => name);
}

/** Returns the folder below the SDK that an import leads to. @param {string} file @param {string} name */
const targetOf = (file, name) => path.normalize(path.join(path.dirname(file), name));

const files = filesOf('.');

it('everyImport_isAFileOfTheSdk', () => {
  const foreign = files.flatMap((file) => importsOf(file).filter((name) => !files.includes(targetOf(file, name))).map((name) => `${file}: ${name}`));
  expect(files.length).toBeGreaterThan(20);
  expect(foreign).toEqual([]);
});

it.each(['mocks', 'composables'])('%s_isImportedByNoOtherPartOfTheSdk', (folder) => {
  const others = files.filter((file) => !file.startsWith(`${folder}/`));
  const wrong = others.filter((file) => importsOf(file).some((name) => targetOf(file, name).startsWith(`${folder}/`)));
  expect(wrong).toEqual([]);
});
