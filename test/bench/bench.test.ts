// The benchmark's own arithmetic and its invented trace; what it measures is not measured here.
import { describe, expect, test } from 'vitest';
import { renderDocument } from './document.ts';
import { leastSeconds } from './draining/least.ts';
import { Heap } from './heap.ts';
import { axis, plotLines } from './plot.ts';
import { fails, holds } from './report.ts';
import { ALTERNATIVES, count } from './requests/alternatives.ts';
import { readAnnounced } from './requests/announced.ts';
import { growthExponent, median, medianRatio, quantile, withSpread } from './statistics.ts';
import { makeTrace } from './trace/trace.ts';
import { startTime } from './virtual-time.ts';

describe('statistics', () => {
  test('quantiles lie between values, in any order', () => {
    expect([median([3, 1, 2]), median([4, 1]), quantile([0, 10, 20, 30, 40], 0.99)]).toEqual([2, 2.5, 39.6]);
    expect(median([])).toBeNaN();
    expect(withSpread([1.04, 3, 2], 1)).toBe('2.0 (1.0–3.0)');
  });

  test('a ratio is taken round by round, so that a disturbed round disturbs both', () => {
    expect(medianRatio([2, 200, 4], [1, 100, 4])).toBe(2);
    expect(() => medianRatio([1], [])).toThrow('a round lacks one of the two');
  });

  test('the exponent of growth tells linear from quadratic', () => {
    const sizes = [10, 100, 200];
    expect(growthExponent(sizes.map((size) => ({ size, time: 3 * size })))).toBeCloseTo(1);
    expect(growthExponent(sizes.map((size) => ({ size, time: size * size })))).toBeCloseTo(2);
  });
});

describe('bars', () => {
  const figure = { name: 'a ratio', unit: '×' };

  test('hold on their side, never for what is no number', () => {
    const values = [1.7, 1.71, Number.NaN];
    expect(values.map((value) => holds({ ...figure, value, bar: { atMost: 1.7 } }))).toEqual([true, false, false]);
    expect(values.map((value) => holds({ ...figure, value, bar: { atLeast: 1.71 } }))).toEqual([false, true, false]);
    expect(holds({ ...figure, value: 99 })).toBe(true);
  });

  test('that are known not to hold are said so, and fail the run when it gets worse', () => {
    const known = { ...figure, bar: { atMost: 2 }, shortfall: { accepted: 3, why: 'because.' } };
    expect([2.5, 3.1].map((value) => fails({ ...known, value }))).toEqual([false, true]);
    expect(fails({ ...figure, value: 2.5, bar: { atMost: 2 } })).toBe(true);
    const report = { title: 'T', text: [], figures: [{ ...known, value: 2.5 }] };
    const run = { minutes: 1, extent: 'usual', versions: [] } as const;
    const document = renderDocument([{ name: 't', report, seconds: 1, missed: [] }], run);
    expect(document).toContain('| a ratio | 2.50× | at most 2×; fails past 3× | **no** |');
    expect(document).toContain('**a ratio** does not reach its bar: because.');
  });
});

test('the least time to drain is that of the limit that asks for more', () => {
  const least = (requests: number, executionSeconds: number, atOnce: number) =>
    leastSeconds({ requests, executionSeconds, atOnce });
  expect(least(6_000, 400, 4)).toBe(100);
  expect(least(6_001, 400, 4)).toBe(300);
  expect(least(100, 3_000, 4)).toBe(750);
  // Forty at once use up a window in thirty seconds, and wait for the next one.
  expect(least(100, 3_000, 40)).toBe(600 + 15);
  expect(least(100, 600, 2)).toBe(300);
});

describe('the trace', () => {
  const options = { seed: 7, notifications: 600 };
  const trace = makeTrace(options);

  test('is the same for the same seed, and another for another', () => {
    expect(makeTrace(options)).toEqual(trace);
    expect(makeTrace({ ...options, seed: 8 }).arrivals[0]).not.toEqual(trace.arrivals[0]);
  });

  test('has its habits: exact repeats, late bodies, a bulk trigger, in the order of arrival', () => {
    const { arrivals } = trace;
    expect(arrivals).toHaveLength(600);
    const times = arrivals.map(({ receivedAt }) => receivedAt);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(arrivals.map(({ body }) => body)).size).toBeLessThan(540);
    expect(arrivals.filter(({ late }) => late).length).toBeGreaterThan(0);
    expect(arrivals.filter(({ habit }) => habit.includes('bulk'))).toHaveLength(60);
    const apart = makeTrace({ ...options, repeats: 'a second apart' }).arrivals;
    expect(new Set(apart.map(({ body }) => body)).size).toBeGreaterThan(590);
  });

  test('is counted by the sequences of the alternatives', () => {
    const announced = trace.arrivals.map(({ body }) => readAnnounced(body));
    const [sample, upsert, readFirst, batch] = ALTERNATIVES.map((alternative) => count(alternative, announced));
    expect(sample?.requests).toBe(4 * (sample?.handled ?? 0));
    expect(readFirst?.requests).toBe(2 * (upsert?.requests ?? 0));
    expect([batch?.requests, batch?.operations]).toEqual([600, upsert?.requests]);
  });
});

test('virtual time passes in order, and stands still for the real world', async () => {
  const time = startTime(1_000);
  const seen: (string | number)[] = [];
  const sleeper = async (name: string, ms: number) => {
    await time.sleep(ms);
    seen.push(name, time.now());
  };
  const worker = async () => {
    await time.real(() => new Promise((resolve) => setTimeout(resolve, 5)));
    seen.push('real', time.now());
  };
  await time.runUntil(Promise.all([sleeper('late', 3_600_000), sleeper('soon', 10), worker()]));
  expect(seen).toEqual(['real', 1_000, 'soon', 1_010, 'late', 3_601_000]);
});

test('a heap gives the smallest first, equals in their order', () => {
  const heap = new Heap<readonly [number, string]>(([rank]) => rank);
  for (const item of [
    [3, 'a'],
    [1, 'b'],
    [3, 'c'],
    [0, 'd'],
    [1, 'e'],
  ] as const)
    heap.push(item);
  expect(Array.from({ length: heap.size }, () => heap.pop()?.[1])).toEqual(['d', 'b', 'e', 'a', 'c']);
});

test('a plot has round axes and escapes its texts', () => {
  expect(axis([0, 93]).ticks).toEqual([0, 20, 40, 60, 80, 100]);
  const svg = plotLines({
    title: 'a < b',
    x: 'x',
    y: 'y',
    series: [
      {
        name: 'one',
        points: [
          [0, 0],
          [1, 2],
        ],
      },
    ],
  });
  expect(svg).toContain('a &lt; b');
  expect(svg.match(/<path /g)).toHaveLength(1);
});
