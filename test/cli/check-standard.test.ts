// What `check` says of the standard tables.
import { expect, test } from 'vitest';
import { checkLanguage } from '../../src/cli/check/organization.ts';
import { checkNode } from '../../src/cli/check/settings.ts';
import { judgeStates, judgeTraits } from '../../src/cli/check/standard.ts';
import { inLanguage } from '../../src/cli/text.ts';

const STANDARD = [
  { Value: 1, State: 0 },
  { Value: 2, State: 0 },
  { Value: 3, State: 1 },
  { Value: 4, State: 2 },
  { Value: 6, State: 3 },
  { Value: 5, State: 3 },
];

test.each([
  ['those of Microsoft', STANDARD, []],
  ['one more', [...STANDARD, { Value: 771_000_000, State: 3 }], []],
  ['one less', STANDARD.slice(0, -1), ['appointment: no status reason 5 in state 3 (scheduled)']],
  [
    'one moved to another state',
    STANDARD.map((option) => (option.Value === 4 ? { Value: 4, State: 1 } : option)),
    ['appointment: no status reason 4 in state 2 (canceled)'],
  ],
])('status reasons: %s', (_, options, problems) => {
  const found = judgeStates('appointment', options);
  expect(found.filter(({ status }) => status === 'problem').map(({ message }) => inLanguage(message, 'en'))).toEqual(
    problems,
  );
});

test('a table without optimistic concurrency is a problem, strict transitions are a warning', () => {
  const traits = { IsOptimisticConcurrencyEnabled: true, EnforceStateTransitions: false };
  expect(judgeTraits([{ LogicalName: 'contact', ...traits }])).toMatchObject([{ status: 'ok' }]);
  expect(
    judgeTraits([
      { LogicalName: 'contact', ...traits, IsOptimisticConcurrencyEnabled: false },
      { LogicalName: 'appointment', ...traits, EnforceStateTransitions: true },
    ]),
  ).toMatchObject([
    { status: 'problem', message: { en: expect.stringContaining('contact') } },
    { status: 'warning', subject: { en: 'states of appointment' } },
  ]);
});

test.each([
  ['24.21.0', 'ok'],
  ['22.23.3', 'ok'],
  ['20.20.2', 'problem'],
])('Node.js %s: %s', (version, status) => {
  expect(checkNode(version)).toMatchObject([{ status }]);
});

test.each([
  [{ base: 1036, provisioned: [1036] }, 'ok'],
  [{ base: 1033, provisioned: [1033, 1036] }, 'ok'],
  [{ base: 1033, provisioned: [1033] }, 'warning'],
])('languages %j: %s', (languages, status) => {
  expect(checkLanguage(languages)).toMatchObject([{ status }]);
});
