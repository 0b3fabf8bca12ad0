import { expect, it } from 'vitest';
import { backoff } from '../../../main/webapp/js/sdk/stream/backoff.js';

const random = () => 0;

it('pause_startsAtTheBaseAndDoublesUpToTheLimit', () => {
  expect([1, 2, 3, 4, 5, 60].map((attempt) => backoff({ attempt, random }))).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
});

it('streamsOwnPause_isNeverShortened', () => {
  expect(backoff({ attempt: 3, baseMs: 20_000, random })).toBe(20_000);
});

it('jitter_addsUpToAQuarter', () => {
  expect(backoff({ attempt: 1, random: () => 1 })).toBe(1250);
});

it('serversWord_isObeyedUpToAMinute', () => {
  expect(backoff({ attempt: 5, retryAfterMs: 3000 })).toBe(3000);
  expect(backoff({ attempt: 5, retryAfterMs: 3_600_000 })).toBe(60_000);
});
