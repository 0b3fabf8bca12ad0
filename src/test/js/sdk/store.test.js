import { expect, it, vi } from 'vitest';
import { atom, until } from '../../../main/webapp/js/sdk/store/atom.js';
import { TRANSITIONS, isBusy, statusAtom } from '../../../main/webapp/js/sdk/store/status.js';

it('subscriber_isToldTheValueAtOnceAndEveryChangeOnce', () => {
  const count = atom(1);
  /** @type {number[]} */
  const seen = [];
  count.subscribe((value) => seen.push(value));
  count.set(2);
  count.set(2);
  count.set(3);
  expect(seen).toEqual([1, 2, 3]);
  expect(count.get()).toBe(3);
});

it('unsubscribed_isToldNothingMore', () => {
  const count = atom(1);
  const listener = vi.fn();
  count.subscribe(listener)();
  count.set(2);
  expect(listener).toHaveBeenCalledTimes(1);
});

it('throwingListener_isReportedAndHarmsNobody', () => {
  const report = vi.fn();
  vi.stubGlobal('reportError', report);
  const count = atom(1);
  const other = vi.fn();
  count.subscribe(() => {
    throw new Error('broken view');
  });
  count.subscribe(other);
  count.set(2);
  expect(other).toHaveBeenLastCalledWith(2);
  expect(report).toHaveBeenCalledTimes(2);
});

it('status_followsTheMachine', () => {
  const status = statusAtom();
  for (const next of /** @type {const} */ (['connecting', 'waiting', 'streaming', 'reconnecting', 'streaming', 'offline', 'connecting', 'cancelled', 'done'])) {
    status.set(next);
    expect(status.get()).toBe(next);
  }
});

it('unknownStep_throwsAndChangesNothing', () => {
  const status = statusAtom();
  expect(() => status.set('streaming')).toThrow('The status cannot change from idle to streaming');
  expect(status.get()).toBe('idle');
});

it('everyStatus_isReachedAndEveryOneButDoneIsLeft', () => {
  const reached = new Set(['idle', ...Object.values(TRANSITIONS).flat()]);
  expect(reached).toEqual(new Set(Object.keys(TRANSITIONS)));
  expect(Object.entries(TRANSITIONS).filter(([, next]) => next.length === 0).map(([status]) => status)).toEqual(['done']);
});

it('until_endsWhenTheConditionHoldsOrTheSignalIsAborted', async () => {
  const count = atom(1);
  await until(count, (value) => value === 1);
  const two = until(count, (value) => value === 2);
  count.set(2);
  await two;
  const aborted = new AbortController();
  const never = until(count, () => false, aborted.signal);
  aborted.abort();
  await never;
  await until(count, () => false, aborted.signal);
});

it.each([['idle', false], ['connecting', true], ['offline', true], ['done', false], ['failed', false]])('%s_isBusy_%s', (status, busy) => {
  expect(isBusy(/** @type {any} */ (status))).toBe(busy);
});
