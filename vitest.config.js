import { defineConfig } from 'vitest/config';

export default defineConfig({
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
      thresholds: { 'src/main/webapp/js/sdk/**': { lines: 90, branches: 85, functions: 90 } },
    },
  },
});
