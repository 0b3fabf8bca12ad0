import { createClient } from '../sdk/client.js';
import { startPage } from './page.js';

const contextRoot = document.documentElement.dataset.contextRoot ?? '';

startPage({ client: createClient({ contextRoot }), contextRoot });
