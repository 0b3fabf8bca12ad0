import { EventSource } from 'eventsource';
import { createMockServer, playAnswers } from '../../../main/webapp/js/sdk/mocks/index.js';
import { MockServer } from '../mock/mock-server.js';
import { describeClientContract } from './contract.js';

const callers = [{ name: 'alice', token: 'alice-token' }, { name: 'bob', token: 'bob-token' }];
const answer = playAnswers(1);

describeClientContract('mock in memory', async () => {
  const mock = createMockServer({ callers, answer });
  return {
    contextRoot: '', accessToken: mock.token, otherToken: 'bob-token', fetch: mock.fetch, EventSource: mock.EventSource, model: 'mock-chat', slowModel: null,
    close: async () => {},
  };
});

describeClientContract('mock over HTTP', async () => {
  const server = await new MockServer({ callers, answer, contextRoot: '/any/root' }).listen();
  return {
    contextRoot: server.url, accessToken: server.token, otherToken: 'bob-token', EventSource: signedIn(server.token), model: 'mock-chat', slowModel: null,
    close: () => server.close(),
  };
});

/** Returns an `EventSource` that is signed in, as a browser's is by its cookie. @param {string} token @returns {typeof globalThis.EventSource} */
function signedIn(token) {
  return /** @type {any} */ (class extends EventSource {
    /** @param {string} url */
    constructor(url) {
      super(url, { fetch: (address, init) => fetch(address, { ...init, headers: { ...init?.headers, authorization: `Bearer ${token}` } }) });
    }
  });
}
