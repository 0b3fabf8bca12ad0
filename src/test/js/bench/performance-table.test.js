import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { docs } from '../../bench/base/paths.mjs';
import { rendered } from '../../bench/report/publish.mjs';

describe('docs/performance.md', () => {
  const files = rendered(join(docs, 'performance'), docs);

  it('tables_areTheRawResults', () => {
    expect(files.length).toBeGreaterThan(1);
    expect(files.map(([path]) => path)).toContain(join(docs, 'performance.md'));
  });

  it.each(files)('%s is what the raw results render to; else: node src/test/bench/run.mjs --render', (path, text) => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});
