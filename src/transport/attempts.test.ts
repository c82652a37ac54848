import { describe, expect, test } from 'vitest';
import { Attempts, isPassingStatus, pauseBefore, retryAfter, withAttempts } from './attempts.ts';
import { Passing } from './passing.ts';
import { defaultRegistryLimits } from './registry-options.ts';

const limits = { ...defaultRegistryLimits, pause: 1, attempts: 3 };
const { signal } = new AbortController();

test.each([
  [undefined, null],
  ['0', 0],
  ['120', 120_000],
  [' 7 ', 7000],
  ['Thu, 01 Jan 1970 00:01:00 GMT', 59_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['soon', null],
  ['-1', null],
  ['1e9', null],
])('Retry-After %j', (text, expected) => {
  expect(retryAfter(text, 1000)).toBe(expected);
});

test('a pause grows, is never longer than twice the last, and never shorter than was asked for', () => {
  for (let failed = 1; failed < 20; failed++) {
    const own = pauseBefore(failed, new Passing('x'), defaultRegistryLimits);
    expect(own).toBeGreaterThanOrEqual(Math.min(500 * 2 ** (failed - 1), 120_000) / 2);
    expect(own).toBeLessThanOrEqual(Math.min(500 * 2 ** (failed - 1), 120_000));
    expect(pauseBefore(failed, new Passing('x', { wait: 9000 }), defaultRegistryLimits)).toBeGreaterThanOrEqual(9000);
  }
});

describe('attempts', () => {
  test('end with the last reason', async () => {
    let made = 0;
    const work = withAttempts('the thing', limits, signal, () => {
      made++;
      throw new Passing(`reason ${made}`);
    });
    await expect(work).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE', message: "the thing can't be fetched: reason 3 (3 attempts)." });
  });
  test('begin anew after progress', async () => {
    const attempts = new Attempts('x', limits, signal);
    for (let failed = 0; failed < 10; failed++) {
      await attempts.after(new Passing('cut'));
      attempts.succeeded();
    }
    await attempts.after(new Passing('cut'));
    await attempts.after(new Passing('cut'));
    await expect(attempts.after(new Passing('cut'))).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
  });
  test('are not made for what does not pass', async () => {
    let made = 0;
    const work = withAttempts('x', limits, signal, () => {
      made++;
      throw new TypeError('a defect');
    });
    await expect(work).rejects.toThrow(TypeError);
    expect(made).toBe(1);
  });
  test('end when they are given up', async () => {
    const controller = new AbortController();
    const work = withAttempts('x', { ...limits, pause: 60_000 }, controller.signal, () => {
      throw new Passing('x');
    });
    setTimeout(() => controller.abort(new Error('enough')), 10);
    await expect(work).rejects.toThrow('enough');
  });
});

test('which answers may pass', () => {
  expect([200, 301, 400, 401, 403, 404, 408, 410, 416, 425, 429, 500, 501, 502, 503, 504, 505].filter(isPassingStatus)).toEqual([
    408, 425, 429, 500, 502, 503, 504,
  ]);
});
