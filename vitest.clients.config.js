import { defineConfig } from 'vitest/config';

/** Official clients of OpenAI's API against the packaged server, target/lmstudio-ee-microbundle.jar. */
export default defineConfig({
  test: {
    include: ['src/test/clients/**/*.test.js'],
    globalSetup: 'src/test/clients/support/packaged-server.js',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Each file plays the one LM Studio that the server knows.
    fileParallelism: false,
  },
});
