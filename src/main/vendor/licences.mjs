import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Licences that allow the page to ship a package. The same list is in docs/operations/supply-chain.md. */
const ACCEPTED = new Set(['MIT', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'Apache-2.0', '(MPL-2.0 OR Apache-2.0)']);

/**
 * Returns the name, the version and the licence text of every package that has a file among `inputs`.
 * Throws if a package has no licence text, or a licence that is not accepted.
 *
 * @param {string} root the project's folder @param {string[]} inputs files that were bundled, relative to `root`
 */
export function licences(root, inputs) {
  const folders = new Set(inputs.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  return [...folders].sort().map((folder) => entry(path.join(root, folder))).join(`\n${'-'.repeat(80)}\n\n`);
}

/** @param {string} folder of the package */
function entry(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  if (!ACCEPTED.has(license)) {
    throw new Error(`The licence of ${name} ${version} is not accepted: ${license}. Add it to licences.mjs, or use another package.`);
  }
  const texts = readdirSync(folder).filter((file) => /^(?:licen[cs]e|notice)(?![a-z])/i.test(file)).sort();
  if (!texts.length) throw new Error(`${name} ${version} contains no licence text. Use another package.`);
  const text = texts.map((file) => readFileSync(path.join(folder, file), 'utf8').trim()).join('\n\n');
  return `${name} ${version}\nLicence: ${license}\n\n${text}\n`;
}
