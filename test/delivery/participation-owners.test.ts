// Who owns the rows of an RDV when its agent may not read participations.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  makeAgent,
  makeNotification,
  makeParticipation,
  makeRdv,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { type Bench, clear, NO_MEMORY, startBench } from './bench.ts';

let bench: Bench;
const users = new Map<number, string>();
beforeAll(async () => {
  bench = await startBench();
  for (const id of [5, 6]) {
    const user = { lastname: 'Agent-Test', internalemailaddress: `agent-${id}@example.org` };
    users.set(id, bench.dataverse.rows.insert('systemuser', user));
  }
});
afterAll(() => bench.stop());
beforeEach(() => clear(bench.dataverse));

let second = 0;
function rdv(agent: number, over: NonNullable<Parameters<typeof makeRdv>[0]> = {}): string {
  second += 1;
  const at = new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
  const data = makeRdv({ participations: [makeParticipation()], agents: [makeAgent({ id: agent })], ...over });
  return senderJson(makeNotification({ model: 'Rdv', event: 'updated', data, at }));
}
const owners = (table: string) => bench.dataverse.rows.list(table).map((row) => row['_ownerid_value']);

/** Takes the right to read participations from all agents. */
function hideParticipations(): void {
  const { rows } = bench.dataverse;
  const right = rows.list('privilege').find(({ name }) => name === 'prvReadrdvs_participation')?.['privilegeid'];
  const role = rows.list('role').find(({ name }) => name === 'Basic User')?.['roleid'];
  for (const row of rows.list('roleprivileges')) {
    const isIt = row['privilegeid'] === right && row['roleid'] === role;
    if (isIt) rows.remove('roleprivileges', String(row['roleprivilegeid']));
  }
}

test('an RDV goes to an agent who may not read them, and they stay, without any team', async () => {
  await bench.deliver(rdv(5));
  expect(owners('rdvs_participation')).toEqual([users.get(5)]);
  hideParticipations();
  const worker = bench.colleague({ memory: NO_MEMORY });
  await worker.deliver(rdv(6));
  expect(owners('appointment')).toEqual([users.get(6)]);
  expect(owners('rdvs_participation')).toHaveLength(1);
  expect(users.values()).not.toContain(owners('rdvs_participation')[0]);
  expect(worker.putBack).toEqual([]);
  await worker.deliver(rdv(6, { participations: [makeParticipation({ status: 'seen' })] }));
  expect(bench.dataverse.rows.list('rdvs_participation')).toMatchObject([{ rdvs_status: 2 }]);
});
