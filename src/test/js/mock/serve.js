/** Serves the page with the mock behind it: `PORT=8090 CONTEXT_ROOT=/x GAP_MS=60 node src/test/js/mock/serve.js` */
import { playAnswers } from '../../../main/webapp/js/sdk/mocks/index.js';
import { MockServer } from './mock-server.js';
import { pages } from './pages.js';

const { PORT = '8090', CONTEXT_ROOT = '', GAP_MS = '60' } = process.env;
const server = await new MockServer({ pages, answer: playAnswers(Number(GAP_MS)), contextRoot: CONTEXT_ROOT }).listen(Number(PORT));
console.log(`${server.url}/ai/lmstudio/demo?token=${server.token}`);
