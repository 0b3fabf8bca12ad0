import { defineConfig } from 'vitest/config';

/** Against the mock, or with PLAYGROUND_URL and PLAYGROUND_TOKEN against a server that runs. */
export default defineConfig({
  test: {
    include: ['src/test/browser/**/*.test.js'],
    globalSetup: 'src/test/browser/support/chromium.js',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
