// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest';
import { Persistence } from '../../../main/webapp/js/page/persistence.js';
import { newTurn } from '../../../main/webapp/js/sdk/turn.js';

const exchanges = [{ id: '1', prompt: 'Hi', model: null, turn: { ...newTurn(), text: 'Hello \ud83d', cursor: 7 } }];

beforeEach(() => sessionStorage.clear());

it('everything_isReadAsItWasSaved', () => {
  const stored = new Persistence(sessionStorage, '/root');
  expect(stored.saveExchanges(exchanges)).toBe(true);
  stored.saveDraft('half a\nthought');
  stored.saveModel('qwen');
  const later = new Persistence(sessionStorage, '/root');
  expect(later.exchanges).toEqual(exchanges);
  expect(later.draft).toBe('half a\nthought');
  expect(later.model).toBe('qwen');
});

it('otherContextRoot_hasItsOwn', () => {
  new Persistence(sessionStorage, '/root').saveDraft('mine');
  expect(new Persistence(sessionStorage, '/other').draft).toBe('');
});

it.each(['{"format":99,"exchanges":[]}', 'null', '[]', '{"format":1}'])('stored_%s_isNoConversation', (text) => {
  sessionStorage.setItem('lmstudio-ee:/root:conversation', text);
  expect(new Persistence(sessionStorage, '/root').exchanges).toEqual([]);
});

it('damagedConversation_isLeftOutAndReported', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  sessionStorage.setItem('lmstudio-ee:/root:conversation', '{"format":1,');
  expect(new Persistence(sessionStorage, '/root').exchanges).toEqual([]);
  expect(warn).toHaveBeenCalledOnce();
});

it('conversationTooLargeForTheBrowser_isLeftOutWhole', () => {
  const stored = new Persistence(sessionStorage, '/root');
  stored.saveExchanges(exchanges);
  const big = [{ ...exchanges[0], prompt: 'x'.repeat(6_000_000) }];
  expect(stored.saveExchanges(big)).toBe(false);
  expect(stored.exchanges).toEqual([]);
});

it('forgotten_isGoneAndStaysGone', () => {
  const stored = new Persistence(sessionStorage, '/root');
  stored.saveExchanges(exchanges);
  stored.saveDraft('secret');
  stored.saveModel('qwen');
  stored.forget();
  expect(stored.saveExchanges(exchanges)).toBe(true);
  expect(sessionStorage).toHaveLength(0);
});
