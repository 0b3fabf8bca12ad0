import path from 'node:path';
import { defineConfig } from 'vitest/config';

const VENDOR = path.join(import.meta.dirname, 'target/vendor/js/vendor');

export default defineConfig({
  // The WAR packs the bundles of `npm run vendor` beside src/main/webapp/js/page.
  resolve: { alias: [{ find: /^(?:\.\.\/)+vendor\/(.+)$/, replacement: `${VENDOR}/$1` }] },
  test: {
    include: ['src/test/js/**/*.test.js'],
    // Generous: these tests await conditions, and a build machine may be busy with something else.
    testTimeout: 60_000,
    restoreMocks: true,
    unstubGlobals: true,
    coverage: {
      provider: 'v8',
      include: ['src/main/webapp/js/**/*.js'],
      reportsDirectory: 'target/js-coverage',
      reporter: ['text', 'lcovonly'],
      thresholds: { 'src/main/webapp/js/sdk/**': { lines: 90, branches: 90, functions: 90 } },
    },
  },
});
