import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const BROWSER = path.join(import.meta.dirname, '../browser');
/** How many needs the specification of the page has. */
const NEEDS = 20;

const rows = readFileSync(path.join(BROWSER, 'rows.md'), 'utf8').split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| Need |'))
  .map((line) => {
    const [, need, tests] = line.split('|').map((cell) => cell.trim());
    return { need, tests: [...tests.matchAll(/`([^`]+)`/g)].map(([, test]) => test) };
  });

/** Returns the names of the tests of a file. @param {string} file as `playground`, or `page/markdown` */
function testsOf(file) {
  const source = [path.join(BROWSER, `${file}.test.js`), path.join(import.meta.dirname, `${file}.test.js`)].find(existsSync);
  if (!source) return [];
  return [...readFileSync(source, 'utf8').matchAll(/^\s*it(?:\.skipIf\(\w+\))?\(\s*'([^']+)'|^\s*(?:it\.each\(.*\)|\]\)\))\('([^']+)'/gm)].map(([, one, each]) => one ?? each);
}

it('everyNeed_isARow', () => {
  expect(rows).toHaveLength(NEEDS);
  expect(new Set(rows.map(({ need }) => need)).size).toBe(NEEDS);
});

describe.each(rows)('$need', ({ tests }) => {
  it('row_namesTestsThatExist', () => {
    expect(tests).not.toEqual([]);
    for (const test of tests) {
      const [file, name] = test.split(' › ');
      expect(testsOf(file), test).toContain(name);
    }
  });
});
