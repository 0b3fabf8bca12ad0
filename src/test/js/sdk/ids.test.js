import { expect, it, vi } from 'vitest';
import { randomId } from '../../../main/webapp/js/sdk/store/ids.js';

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

it.each([['secureContext', crypto], ['pageOverHttp', { getRandomValues: crypto.getRandomValues.bind(crypto) }]])('%s_getsRandomUuids', (_, available) => {
  vi.stubGlobal('crypto', available);
  const ids = Array.from({ length: 100 }, randomId);
  for (const id of ids) expect(id).toMatch(UUID);
  expect(new Set(ids).size).toBe(100);
});
