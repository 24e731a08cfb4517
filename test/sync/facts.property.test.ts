import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Columns } from '../../src/sync/model/values.ts';
import { reconcile } from '../../src/sync/rules/reconcile.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 400);
const GROUP = ['street', 'details', 'town'];

const value = fc.constantFrom(null, 'a', 'b');
const said = fc.record({ street: value, details: value, town: value, phone: value });
const edit = fc.record({ street: value, details: value, town: value, phone: value }, { requiredKeys: [] });
const act = fc.oneof(
  fc.record({ kind: fc.constant('sender' as const), columns: said }),
  fc.record({ kind: fc.constant('people' as const), columns: edit }),
);

const partOf = (row: Columns) => GROUP.map((column) => row[column]);

/** Lets the sender and people change a row in turn; each word of the sender is shown with the row before and after. */
function play(row: Columns, acts: readonly { kind: 'sender' | 'people'; columns: Columns }[]) {
  let applied: Readonly<Record<string, string>> = {};
  let current = row;
  return acts.flatMap(({ kind, columns }) => {
    const before = current;
    if (kind === 'people') {
      current = { ...current, ...columns };
      return [];
    }
    const changes = reconcile({
      wanted: columns,
      present: (column) => current[column] ?? null,
      applied,
      scope: 'usager-12',
      groups: [GROUP],
    });
    current = { ...current, ...changes.write };
    applied = changes.applied;
    return [{ before, columns, after: current }];
  });
}

test('columns that are one fact are the sender’s all together, or stay all as they are', () => {
  fc.assert(
    fc.property(edit, fc.array(act, { minLength: 1, maxLength: 8 }), (first, acts) => {
      const row = { street: null, details: null, town: null, phone: null, ...first };
      for (const { before, columns, after } of play(row, acts)) {
        expect([partOf(before), partOf(columns)]).toContainEqual(partOf(after));
      }
    }),
    { numRuns: RUNS },
  );
});

test('a row that nobody else touches says what the sender said last', () => {
  const empty = { street: null, details: null, town: null, phone: null };
  const words = fc.array(
    said.map((columns) => ({ kind: 'sender' as const, columns })),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(words, (acts) => {
      expect(play(empty, acts).at(-1)?.after).toEqual(acts.at(-1)?.columns);
    }),
    { numRuns: RUNS },
  );
});
