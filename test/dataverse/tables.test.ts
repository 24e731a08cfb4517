// What is read of rows and written to them follows the registry of tables and the mapping.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCalls } from '../../src/dataverse/calls.ts';
import { performChangeSet } from '../../src/dataverse/perform.ts';
import { readRows } from '../../src/dataverse/read.ts';
import { rowTables } from '../../src/dataverse/tables.ts';
import { connectorRole } from '../../src/provision/roles.ts';
import { tables } from '../../src/schema/tables.ts';
import { OUR_MAPPED_COLUMNS } from '../../src/sync/mapped-columns.ts';
import type { Write } from '../../src/sync/model/plan.ts';
import { NOTHING_TO_READ } from '../../src/sync/model/rows.ts';
import { type Bench, startBench } from '../delivery/bench.ts';
import { MemoryDynamics } from '../sync/memory-dynamics.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const ids = new MemoryDynamics();
const APPOINTMENT = ids.appointmentId(77);
const CONTACT = ids.addContact({});

test('a lookup tells to which table it points, in what is read and in what a write answers', async () => {
  const { rows } = bench.dataverse;
  const user = rows.insert('systemuser', { lastname: 'Agent-Test', isdisabled: false });
  rows.insert('contact', { contactid: CONTACT, lastname: 'Usager-Test' });
  rows.insert('appointment', {
    activityid: APPOINTMENT,
    subject: 'RDV',
    _ownerid_value: user,
    'regardingobjectid_contact_appointment@odata.bind': `/contacts(${CONTACT})`,
  });
  const lookups = { ownerid: { table: 'systemuser', id: user }, regardingobjectid: { table: 'contact', id: CONTACT } };
  const calls = openCalls(bench.worker.dataverse);
  const read = (await readRows(calls, { ...NOTHING_TO_READ, appointment: [APPOINTMENT] })).appointment.get(APPOINTMENT);
  expect(read?.columns).toMatchObject(lookups);
  const [answer] = await performChangeSet(calls, [update('appointment', { subject: 'Autre' })]);
  expect(rowTables.appointment.read(answer, calls.mapped).columns).toMatchObject({ subject: 'Autre', ...lookups });
});

test('a column that a mapping adds is read, and answered by a write; one that it takes away is not', async () => {
  const mapped = { ...OUR_MAPPED_COLUMNS, contact: ['lastname', 'jobtitle'] };
  const calls = openCalls({ ...bench.worker.dataverse, mapped });
  const columnsRead = async () =>
    (await readRows(calls, { ...NOTHING_TO_READ, contact: [CONTACT] })).contact.get(CONTACT)?.columns;
  expect(await columnsRead()).toEqual({ lastname: 'Usager-Test', jobtitle: null });
  const [answer] = await performChangeSet(calls, [update('contact', { jobtitle: 'Allocataire' })]);
  const after = { lastname: 'Usager-Test', jobtitle: 'Allocataire' };
  expect(rowTables.contact.read(answer, mapped).columns).toEqual(after);
  expect(await columnsRead()).toEqual(after);
});

test('nothing is sent that points to a table which the connector does not know', async () => {
  const parties = [{ role: 5, target: { table: 'cr_room', id: CONTACT } }];
  const before = bench.dataverse.requests.length;
  const sent = performChangeSet(openCalls(bench.worker.dataverse), [{ ...update('appointment', {}), parties }]);
  await expect(sent).rejects.toMatchObject({ failure: { kind: 'permanent', code: 'unknown-table' } });
  expect(bench.dataverse.requests).toHaveLength(before);
});

test('the role of the connector can point each lookup to each of its tables', () => {
  const needs = Object.values(tables).flatMap((table) =>
    'lookups' in table
      ? Object.entries(table.lookups).flatMap(([column, { bind }]) =>
          Object.entries(tables)
            .filter(([name]) => Object.hasOwn(bind, name))
            .flatMap(([, target]) => rightsFor(column, table.securedAs, target)),
        )
      : [],
  );
  expect(connectorRole.privileges).toEqual(expect.arrayContaining(needs));
});

/** Nobody but Dynamics writes `masterid`, nobody but people a motif's team; a row is given to its owner by a right of its own. */
function rightsFor(column: string, table: string, target: { readonly securedAs: string }): readonly string[] {
  if (column === 'masterid' || column === 'rdvs_ownerteam') return [];
  if (column === 'ownerid') return [`prvAssign${table}`, `prvRead${target.securedAs}`];
  return [`prvAppend${table}`, `prvAppendTo${target.securedAs}`];
}

function update(table: 'contact' | 'appointment', columns: Write['columns']): Write {
  const id = table === 'contact' ? CONTACT : APPOINTMENT;
  return { table, id, operation: 'update', condition: 'any', columns };
}
