import { createClient } from '../sdk/client.js';
import { atom } from '../sdk/store/atom.js';
import { startPage } from './page.js';
import { Preferences } from './preferences.js';
import { browserStorage } from './storage.js';

const { contextRoot = '', caller = '' } = document.documentElement.dataset;
// The switch outlives a reload: a page that is offline must not send requests while it starts.
const offline = atom(new Preferences('localStorage', contextRoot).get('offline') === 'true');

await startPage({ client: createClient({ contextRoot, offline }), offline, contextRoot, storage: browserStorage({ contextRoot, caller }) });
