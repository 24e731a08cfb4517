// Change sets of the Dataverse emulator in any mix, under row locks: serializable, and atomic for whoever looks.

import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { type Part, type RawClient, rawClient } from './raw-client.ts';

let dataverse: DataverseEmulator;
let client: RawClient;

afterAll(() => dataverse.stop());

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const patch = (number: number, firstname: string): Part => ({
  method: 'PATCH',
  path: `contacts(${id(number)})`,
  body: { firstname },
});
const wrong: Part = { method: 'PATCH', path: `contacts(${id(1)})`, body: { nothing: 1 } };
const changeSet = (...parts: Part[]) => client.batch([parts]);
const firstname = (number: number) => dataverse.rows.get('contact', id(number))?.['firstname'];

test('any mix of change sets leaves what some order of the kept ones would leave, and no one sees half of one', async () => {
  const seldom = fc.integer({ min: 0, max: 5 }).map((number) => number === 0);
  const part = fc.record({ row: fc.integer({ min: 1, max: 4 }), remove: seldom });
  const sets = fc.array(fc.record({ parts: fc.array(part, { minLength: 2, maxLength: 4 }), fails: seldom }), {
    minLength: 2,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(sets, async (plan) => {
      await dataverse?.stop();
      dataverse = await startDataverse({ rowLocks: true, lockStepMs: 2 });
      client = rawClient(dataverse.url);
      for (const number of [0, 1, 2, 3, 4]) dataverse.rows.insert('contact', { contactid: id(number) });
      let open = true;
      const seen = new Set<string>();
      const watch = (): void => {
        seen.add(JSON.stringify([0, 1, 2, 3, 4].map(firstname)));
        if (open) setImmediate(watch);
      };
      watch();
      // Every set also stamps row 0 at its end: the row names the last one that was kept.
      const answers = await Promise.all(
        plan.map(({ parts, fails }, set) =>
          changeSet(
            ...parts.map(
              ({ row, remove }): Part =>
                remove ? { method: 'DELETE', path: `contacts(${id(row)})` } : patch(row, `set${set}`),
            ),
            patch(0, `set${set}`),
            ...(fails ? [wrong] : []),
          ),
        ),
      );
      open = false;
      const kept = answers.filter(({ status }) => status === 200).length;
      const { commits, rollbacks } = dataverse.stats;
      expect([commits, rollbacks]).toEqual([kept, plan.length - kept]);
      expect(answers.some(({ status }, set) => status === 200 && plan[set]?.fails)).toBe(false);
      const { between, end } = orders(plan, answers);
      expect([...end]).toContain(JSON.stringify([0, 1, 2, 3, 4].map(firstname)));
      expect([...seen].filter((state) => !between.has(state))).toEqual([]);
      // The locks are gone and the indexes agree with the rows.
      expect((await changeSet(patch(0, 'end'), ...[1, 2, 3, 4].map((row) => patch(row, 'end')))).status).toBe(200);
      expect((await client.get("contacts?$filter=firstname eq 'end'&$count=true")).json['@odata.count']).toBe(5);
    }),
    { numRuns: 60 },
  );
});

type Plan = { parts: { row: number; remove: boolean }[]; fails: boolean }[];

/** Rows 0 to 4 while the kept sets run one after the other, in each possible order, and at the end of each. */
function orders(plan: Plan, answers: { status: number }[]): { between: Set<string>; end: Set<string> } {
  const between = new Set<string>();
  const end = new Set<string>();
  const go = (rows: readonly (string | null)[], left: readonly number[]): void => {
    between.add(JSON.stringify(rows));
    if (left.length === 0) end.add(JSON.stringify(rows));
    for (const set of left) {
      const next = [...rows];
      for (const { row, remove } of plan[set]?.parts ?? []) next[row] = remove ? null : `set${set}`;
      next[0] = `set${set}`;
      go(
        next,
        left.filter((other) => other !== set),
      );
    }
  };
  go(
    [null, null, null, null, null],
    plan.map((_, set) => set).filter((set) => answers[set]?.status === 200),
  );
  return { between, end };
}
