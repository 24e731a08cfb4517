// What `npm start` prints of each event.
import { expect, test } from 'vitest';
import { machineReadable, readable } from './log-line.ts';

const at = new Date(2026, 10, 24, 9, 5, 7);
const done = {
  level: 'information',
  category: 'user',
  functionName: 'applyNotification',
  message: JSON.stringify({
    event: 'notification.done',
    notificationId: 'n-1',
    model: 'Rdv',
    outcome: 'applied',
    reasons: [],
    applied: 2,
    stale: 0,
    cut: ['subject', 'location'],
  }),
} as const;

test('an event is one line: the time, the event, what is neither zero nor empty', () => {
  expect(readable(done, at)).toBe(
    '09:05:07   notification.done        notificationId n-1, model Rdv, outcome applied, applied 2, cut subject location',
  );
});

test('what went wrong is marked, and stays on one line', () => {
  const line = { ...done, level: 'error', message: 'Error: no\n  at work' } as const;
  expect(readable(line, at)).toBe('09:05:07 ! applyNotification: Error: no   at work');
});

test('the host is silent while nothing is wrong', () => {
  const started = { level: 'information', category: 'host', message: 'Job host started' } as const;
  expect([readable(started, at), machineReadable(started)]).toEqual([undefined, undefined]);
  expect(readable({ ...started, level: 'warning' }, at)).toBe('09:05:07 ! host: Job host started');
});

test('for programs it is the JSON that the function wrote, whole', () => {
  const [, json = ''] = machineReadable(done)?.split('  ') ?? [];
  expect(JSON.parse(json)).toEqual(JSON.parse(done.message));
});
