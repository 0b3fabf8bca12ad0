import { EventSource } from 'eventsource';
import { describeClientContract } from '../js/sdk/contract.js';
import { LmStudio, SERVER } from './support/lm-studio.js';
import { KEYS } from './support/packaged-server.js';

describeClientContract('packaged server', async () => {
  const lmStudio = await LmStudio.open();
  return {
    contextRoot: SERVER,
    accessToken: KEYS.alice,
    otherToken: KEYS.bob,
    EventSource: /** @type {any} */ (class extends EventSource {
      /** @param {string} url */
      constructor(url) {
        super(url, { fetch: (address, init) => fetch(address, { ...init, headers: { ...init?.headers, authorization: `Bearer ${KEYS.alice}` } }) });
      }
    }),
    model: 'sim-chat',
    slowModel: 'sim-slow',
    close: () => lmStudio.close(),
  };
});
