/**
 * A mock server for tests and demos of pages and programs that use this SDK. START HERE:
 *
 * ```js
 * const mock = createMockServer({ answer: playAnswers(20) });
 * const client = createClient({ fetch: mock.fetch, accessToken: mock.token });
 * ```
 *
 * The SDK itself never imports this folder.
 */
import { MockServer } from './mock-server.js';

export { playAnswers, promptOf, textFor } from './answers.js';
export { MODELS } from './models.js';
export { MockServer } from './mock-server.js';
export { StreamLog } from './stream-log.js';

/**
 * Returns a server in memory that follows the HTTP API: models, health, generations, streams, cancelling, loading of models,
 * sign-in by access token, and the error envelope. Models that are not listed can be asked too. Quotas and size limits are
 * not played. {@link MockServer#fail} and its neighbours cause faults.
 *
 * @param {import('./mock-server.js').MockOptions} [options]
 */
export function createMockServer(options) {
  return new MockServer(options);
}
