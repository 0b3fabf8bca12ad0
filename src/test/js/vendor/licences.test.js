import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { licences } from '../../../main/vendor/licences.mjs';

const BUNDLED = path.join(import.meta.dirname, '../../../../target/vendor/js/vendor/LICENSES.txt');
/** @type {string} */
let root;

beforeEach(() => void (root = mkdtempSync(path.join(tmpdir(), 'licences-'))));
afterEach(() => rmSync(root, { recursive: true }));

/** @param {string} folder @param {string} license @param {Record<string, string>} files */
function addPackage(folder, license, files) {
  mkdirSync(path.join(root, folder), { recursive: true });
  const name = folder.replace(/^.*node_modules\//, '');
  writeFileSync(path.join(root, folder, 'package.json'), JSON.stringify({ name, version: '1.2.3', license }));
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(root, folder, file), text);
}

it('packagesOfTheBundles_areListedOnceWithTheirTexts', () => {
  addPackage('node_modules/a', 'MIT', { LICENSE: 'Text of a\n', 'licenses.js': 'code' });
  addPackage('node_modules/a/node_modules/@s/b', 'ISC', { 'LICENSE-ISC.txt': 'Text of b' });
  const text = licences(root, ['src/main/vendor/a.js', 'node_modules/a/x.js', 'node_modules/a/y/z.js', 'node_modules/a/node_modules/@s/b/index.js']);
  expect(text.split(`\n${'-'.repeat(80)}\n\n`)).toEqual(['a 1.2.3\nLicence: MIT\n\nText of a\n', '@s/b 1.2.3\nLicence: ISC\n\nText of b\n']);
});

it('licenceThatIsNotAccepted_failsTheBuild', () => {
  addPackage('node_modules/a', 'GPL-3.0', { LICENSE: 'x' });
  expect(() => licences(root, ['node_modules/a/x.js'])).toThrow('The licence of a 1.2.3 is not accepted: GPL-3.0.');
});

it('packageWithoutLicenceText_failsTheBuild', () => {
  addPackage('node_modules/a', 'MIT', {});
  expect(() => licences(root, ['node_modules/a/x.js'])).toThrow('a 1.2.3 contains no licence text.');
});

it('licencesOfThisBuild_nameEveryLibraryOfThePage', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const text = readFileSync(BUNDLED, 'utf8');
  for (const [name, version] of Object.entries(dependencies)) expect(text).toContain(`${name} ${version}\nLicence: `);
});
