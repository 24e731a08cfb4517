// One step of an upgrade, both ways: the version before meets the new tables, and the new version meets the old ones.
// `former-schema.json` is what the version before created, read and wrote. A release replaces it by its own schema.
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { DataverseEmulator } from '../../local/dataverse/src/emulator.ts';
import {
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { connect } from '../../src/dataverse/connection.ts';
import { provision } from '../../src/provision/provision.ts';
import { schema } from '../../src/schema/schema.ts';
import type { Schema } from '../../src/schema/shape.ts';
import { CONNECTOR_TOKEN, startProvisioned } from '../dataverse/connector-user.ts';
import { startBench } from '../delivery/bench.ts';
import former from './former-schema.json' with { type: 'json' };

interface FormerColumn {
  readonly type: string;
  readonly maxLength?: number;
  readonly target?: string;
  readonly options?: readonly number[];
}

const formerTables: Record<string, Record<string, FormerColumn>> = former;
const { tables }: Schema = schema;
const newTables = Object.keys(tables).filter((name) => formerTables[name] === undefined);

/** What a column is asked for by. */
const selected = ([name, { type }]: [string, FormerColumn]) => (type === 'lookup' ? `_${name}_value` : name);

function ask(dataverse: DataverseEmulator, path: string, token: string, init: RequestInit = {}): Promise<Response> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  return fetch(`${dataverse.url}/api/data/v9.2/${path}`, { ...init, headers });
}

describe('the version before, on the new tables', () => {
  let dataverse: DataverseEmulator;
  beforeAll(async () => {
    dataverse = await startProvisioned();
    return () => dataverse.stop();
  });

  test.each(
    Object.entries(formerTables),
  )('%s: nothing was taken away, narrowed or given another meaning', (table, columns) => {
    for (const [name, was] of Object.entries(columns)) {
      const now = tables[table]?.columns[name];
      expect(now?.type, name).toBe(was.type);
      if (now?.type === 'choice') {
        expect(Object.values(now.options).map(({ value }) => value)).toEqual(
          expect.arrayContaining([...(was.options ?? [])]),
        );
      }
      if (now?.type === 'string' || now?.type === 'memo')
        expect(now.maxLength).toBeGreaterThanOrEqual(was.maxLength ?? 0);
      if (now?.type === 'lookup') expect(now.target).toBe(was.target);
    }
  });

  test.each(Object.entries(formerTables))('%s: what it selects is still answered to it', async (table, columns) => {
    const select = Object.entries(columns).map(selected).join();
    const answer = await ask(dataverse, `${table}s?$select=${select}`, CONNECTOR_TOKEN);
    expect(answer.status, await answer.text()).toBe(200);
  });

  test('what it writes is still taken, though it knows no newer column', async () => {
    const body = JSON.stringify({
      rdvs_name: 'usager-12',
      rdvs_state: 1,
      rdvs_version: '2026-11-24T09:00:00.000000Z~1',
      rdvs_applied: '{}',
    });
    const link = await ask(dataverse, 'rdvs_links', CONNECTOR_TOKEN, { method: 'POST', body });
    expect(link.status, await link.text()).toBe(204);
  });
});

describe('the new version, on the tables of the version before', () => {
  test('loses nothing: notifications wait, the log names what is missing, and `provision` lets them in', async () => {
    const bench = await startBench();
    onTestFinished(() => bench.stop());
    await takeAway(bench.dataverse);
    const participations = [makeParticipation({ user: makeUser({ id: 12, last_name: 'Usager-Test' }) })];
    const data = makeRdv({ id: 71, participations });
    const body = senderJson(makeNotification({ model: 'Rdv', event: 'created', data, at: '2026-11-24T09:00:00Z' }));
    await bench.deliver(body);
    expect(bench.events.filter(({ event }) => event === 'dataverse.misconfigured')).toMatchObject([
      { missing: expect.stringContaining('rdvs_') },
    ]);
    expect([bench.quarantined.size, bench.putBack.length]).toEqual([0, 1]);
    expect(bench.dataverse.rows.list('appointment')).toEqual([]);

    await provision(administrator(bench.dataverse));
    const again = bench.colleague();
    await again.deliver(body);
    expect(again.events.filter(({ event }) => event === 'notification.done')).toMatchObject([{ outcome: 'applied' }]);
    expect(bench.dataverse.rows.list('appointment')).toHaveLength(1);
  });

  test('`provision` adds what is missing, and touches no row', async () => {
    const dataverse = await startProvisioned();
    onTestFinished(() => dataverse.stop());
    dataverse.rows.insert('contact', { firstname: 'Camille', lastname: 'Usager-Test' });
    await takeAway(dataverse);
    const before = dataverse.rows.list('contact');
    const { steps } = await provision(administrator(dataverse));
    const made = steps.filter(({ change }) => change === 'created').map(({ component }) => component);
    expect(made).toEqual(expect.arrayContaining(newTables));
    expect(dataverse.rows.list('contact')).toMatchObject(before);
  });
});

const administrator = ({ url }: DataverseEmulator) => connect({ url, token: async () => 'local' })();

/** Leaves the tables and columns that the version before created. */
async function takeAway(dataverse: DataverseEmulator): Promise<void> {
  const remove = async (definition: string) => {
    const answer = await ask(dataverse, definition, 'local', { method: 'DELETE' });
    expect(answer.status, `${definition} ${await answer.text()}`).toBe(204);
  };
  for (const [table, columns] of Object.entries(formerTables)) {
    const added = Object.entries(tables[table]?.columns ?? {}).filter(([name]) => columns[name] === undefined);
    for (const [name, column] of added) {
      if (column.type === 'lookup') await remove(`RelationshipDefinitions(SchemaName='${column.relationship}')`);
      else await remove(`EntityDefinitions(LogicalName='${table}')/Attributes(LogicalName='${name}')`);
    }
  }
  for (const name of newTables) await remove(`EntityDefinitions(LogicalName='${name}')`);
}
