import { defineConfig } from 'vitest/config';

/** What every build checks against the real server. All other tests need the mock: `mvn verify -Pthorough`, or `npm run browser-test`. */
const AGAINST_A_SERVER = ['playground', 'details', 'xss'];
const tests = process.env.PLAYGROUND_URL ? `{${AGAINST_A_SERVER.join()}}` : '*';

/** Against the mock, or with PLAYGROUND_URL and PLAYGROUND_TOKEN against a server that runs. */
export default defineConfig({
  test: {
    include: [`src/test/browser/${tests}.test.js`],
    globalSetup: 'src/test/browser/support/chromium.js',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
