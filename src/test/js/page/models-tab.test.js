// @vitest-environment jsdom
import { expect, it, vi } from 'vitest';
import { ModelStore } from '../../../main/webapp/js/page/model-list.js';
import { ModelsTab } from '../../../main/webapp/js/page/models-tab.js';
import { atom } from '../../../main/webapp/js/sdk/store/atom.js';

/** @import { Client } from '../../../main/webapp/js/sdk/client.js' */

const MODELS = [{ id: 'asleep', type: 'llm', state: 'not-loaded' }];

it('loadWithoutAFreeConnection_isPolled', async () => {
  const calls = {
    offline: atom(false),
    models: vi.fn(async () => ({ models: MODELS, meta: {} })),
    loadModel: vi.fn(async () => ({ stream_id: 's1' })),
    streamState: vi.fn(async () => ({ stream_id: 's1', model_id: 'asleep', cursor: 3, status: 'completed' })),
    events: vi.fn(),
  };
  const client = /** @type {Client} */ (/** @type {unknown} */ (calls));
  const store = new ModelStore({ client });
  await store.refresh();
  const element = document.createElement('div');
  const slots = vi.fn(async () => null);
  const tab = new ModelsTab({ store, client, slots, texts: (key) => key, element, isAdmin: true });
  tab.draw();
  /** @type {HTMLElement} */ (element.querySelector('[aria-label="models.load.label"]')).click();
  await vi.waitFor(() => expect(calls.models).toHaveBeenCalledTimes(2));
  expect(slots).toHaveBeenCalled();
  expect(calls.events).not.toHaveBeenCalled();
  expect(element.querySelector('.notice.error')).toBeNull();
});
