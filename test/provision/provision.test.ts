import type { DynamicsWebApi } from 'dynamics-web-api';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { Rows } from '../../local/dataverse/src/direct-rows.ts';
import { type DataverseOptions, startDataverse } from '../../local/dataverse/src/emulator.ts';
import { run } from '../../src/cli/main.ts';
import { connect } from '../../src/dataverse/connection.ts';
import { labelOf } from '../../src/provision/definitions.ts';
import { ProvisionError } from '../../src/provision/failure.ts';
import { ProvisionConflict, provision } from '../../src/provision/provision.ts';
import { connectorRole, roles } from '../../src/provision/roles.ts';

const CLIENT = '5d1f3a52-8c1b-4f0e-9a57-3f2b6c7d8e90';
const languages = { base: 1036, provisioned: [1036] };
const label = labelOf({ fr: 'Essai', en: 'Trial' }, languages);

async function environment(options: DataverseOptions = {}) {
  const dataverse = await startDataverse({ token: 'local', ...options });
  onTestFinished(() => dataverse.stop());
  const open = connect({ url: dataverse.url, token: async () => 'local' });
  const writes = () => dataverse.requests.filter(({ method }) => method !== 'GET').length;
  const { url, requests, faults, rows } = dataverse;
  return { url, open, client: open(), writes, requests, faults, rows };
}

/** A client whose calls of one kind fail, as when Dataverse is busy. */
function failing(client: DynamicsWebApi, method: 'createEntity' | 'createRelationship') {
  return Object.assign(client, { [method]: () => Promise.reject(Object.assign(new Error('Busy'), { status: 503 })) });
}

/** An environment where somebody added a column by hand, under our publisher. */
async function environmentWith(column: object, table = 'contact') {
  const given = await environment();
  await expect(provision(failing(given.open(), 'createEntity'))).rejects.toThrow('rdvs_link: HTTP 503 Busy');
  const headers = { 'MSCRM.SolutionUniqueName': 'RdvSolidarites' };
  await given.client.createAttribute({ entityKey: `LogicalName='${table}'`, data: column, headers });
  return given;
}

const text = (name: string, maxLength: number) => ({
  '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
  SchemaName: name,
  DisplayName: label,
  RequiredLevel: { Value: 'None' },
  FormatName: { Value: 'Text' },
  MaxLength: maxLength,
});

test('creates everything once; a second run reads some definitions and changes nothing', async () => {
  const { client, writes, requests } = await environment();

  const first = await provision(client);
  expect(first.changed).toBe(true);
  expect(first.steps.map(({ component }) => component)).toEqual(
    expect.arrayContaining(['publisher RdvSolidarites', 'rdvs_link.rdvs_contact', 'appointment.rdvs_collective']),
  );

  const [writesBefore, requestsBefore] = [writes(), requests.length];
  const second = await provision(client);
  expect(second.changed).toBe(false);
  expect(new Set(second.steps.map(({ change }) => change))).toEqual(new Set(['unchanged']));
  expect(writes()).toBe(writesBefore);
  expect(requests.length - requestsBefore).toBeLessThanOrEqual(38);
});

/** Definitions appear after `seconds` of a time that passes only while somebody waits. */
async function slowEnvironment(seconds: number) {
  let now = Date.parse('2026-11-24T08:00:00Z');
  const given = await environment({ definitionsAfterMs: seconds * 1000, clock: () => new Date(now) });
  const pause = async (ms: number) => {
    now += ms;
  };
  return { ...given, pause, waited: () => now - Date.parse('2026-11-24T08:00:00Z') };
}

test('ends in one run where definitions and privileges appear after 20 s', async () => {
  const { client, pause, waited } = await slowEnvironment(20);
  expect((await provision(client, { applicationUser: CLIENT, pause })).changed).toBe(true);
  expect(waited()).toBeLessThanOrEqual(66_000);
  expect((await provision(client, { applicationUser: CLIENT })).changed).toBe(false);
});

test('repeats an interrupted run at once, before what it created can be seen', async () => {
  const { client, open, pause, faults } = await slowEnvironment(20);
  faults.add({ kind: '503', match: { method: 'POST', path: "LogicalName='appointment')/Attributes" } });
  await expect(provision(client, { pause })).rejects.toThrow('HTTP 503');
  const { steps } = await provision(open(), { pause });
  expect(steps).toContainEqual({ component: 'rdvs_motif.rdvs_ownerteam', change: 'created' });
  expect((await provision(open(), { pause })).changed).toBe(false);
});

test('says so where definitions do not appear, and goes on in the next run', async () => {
  const { client, pause } = await slowEnvironment(600);
  const expected = 'rdvs_link.rdvs_contact: what was created is not visible yet';
  await expect(provision(client, { pause })).rejects.toThrow(expected);
  await pause(600_000);
  await expect(provision(client, { pause })).rejects.toThrow('not visible yet');
  await pause(600_000);
  expect((await provision(client, { pause })).changed).toBe(true);
});

test('adds the options that a newer schema has to a choice of an older one', async () => {
  const { client } = await environmentWith(
    {
      '@odata.type': 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata',
      SchemaName: 'rdvs_status',
      DisplayName: label,
      OptionSet: {
        '@odata.type': 'Microsoft.Dynamics.CRM.OptionSetMetadata',
        IsGlobal: false,
        OptionSetType: 'Picklist',
        Options: [{ Value: 1, Label: label }],
      },
    },
    'appointment',
  );
  const { steps } = await provision(client);
  expect(steps).toContainEqual({ component: 'appointment.rdvs_status', change: 'updated' });
  const appointment = await client.create({ collection: 'appointments', data: { subject: 'RDV', rdvs_status: 6 } });
  const row = await client.retrieve({
    collection: 'appointments',
    key: String(appointment),
    select: ['rdvs_status'],
    includeAnnotations: '*',
  });
  expect(row).toMatchObject({ 'rdvs_status@OData.Community.Display.V1.FormattedValue': 'Supprimé' });
  expect((await provision(client)).changed).toBe(false);
});

test('what it creates can be used by its names', async () => {
  const { client } = await environment();
  await provision(client);
  const contact = await client.create({
    collection: 'contacts',
    data: { lastname: 'Usager-Test', rdvs_birthname: "D'Essai" },
  });
  await client.create({
    collection: 'contacts',
    data: { lastname: 'Proche-Test', 'rdvs_responsible@odata.bind': `/contacts(${contact})` },
  });
  await client.create({
    collection: 'appointments',
    data: { subject: 'RDV', rdvs_rdvid: '77', rdvs_status: 2, rdvs_collective: false, rdvs_url: 'https://example.org' },
  });
  const link = await client.create({
    collection: 'rdvs_links',
    data: { rdvs_name: 'usager-12', rdvs_state: 1, 'rdvs_contact@odata.bind': `/contacts(${contact})` },
  });
  const row = await client.retrieve({
    collection: 'rdvs_links',
    key: String(link),
    select: ['rdvs_name', 'rdvs_state'],
    expand: [{ property: 'rdvs_contact', select: ['rdvs_birthname'] }],
  });
  expect(row).toMatchObject({ rdvs_name: 'usager-12', rdvs_state: 1, rdvs_contact: { rdvs_birthname: "D'Essai" } });
});

test('stops before any change when a name is taken by a column of another type', async () => {
  const { FormatName: _, ...column } = text('rdvs_birthname', 100);
  const { client, writes } = await environmentWith({
    ...column,
    '@odata.type': 'Microsoft.Dynamics.CRM.MemoAttributeMetadata',
    Format: 'TextArea',
  });
  const before = writes();
  const refused = provision(client);
  await expect(refused).rejects.toThrow(ProvisionConflict);
  await expect(refused).rejects.toThrow('contact.rdvs_birthname is a column of type Memo; expected String');
  expect(writes()).toBe(before);
});

test('lengthens a shorter column and leaves its label', async () => {
  const { client } = await environmentWith(text('rdvs_birthname', 40));
  const { steps } = await provision(client);
  expect(steps).toContainEqual({ component: 'contact.rdvs_birthname', change: 'updated' });

  const column = await client.retrieveAttribute({
    entityKey: "LogicalName='contact'",
    attributeKey: "LogicalName='rdvs_birthname'",
    castType: 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
  });
  expect(column).toMatchObject({ MaxLength: 100, DisplayName: { LocalizedLabels: [{ Label: 'Essai' }] } });
});

test('sets another cascade right, and nothing else of the relationship', async () => {
  const { client, rows } = await environment();
  await provision(client);
  const key = "SchemaName='rdvs_contact_link'";
  const castType = 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata';
  const read = () => client.retrieveRelationship({ key, castType });
  const before = await read();
  const CascadeConfiguration = { Delete: 'Cascade', Merge: 'Cascade' };
  await client.updateRelationship({
    data: { ...before, '@odata.type': castType, CascadeConfiguration },
  });
  expect(await read()).not.toEqual(before);

  const { steps } = await provision(client);
  const changed = steps.filter(({ change }) => change !== 'unchanged').map(({ component }) => component);
  expect(changed).toEqual(['rdvs_link.rdvs_contact', 'publication']);
  expect(await read()).toEqual(before);
  expect((await provision(client)).changed).toBe(false);

  const contact = rows.insert('contact', { lastname: 'Usager-Test' });
  const link = rows.insert('rdvs_link', { rdvs_name: 'usager-12', _rdvs_contact_value: contact });
  await client.deleteRecord({ collection: 'contacts', key: contact });
  expect(rows.get('rdvs_link', link)).toMatchObject({ rdvs_name: 'usager-12', _rdvs_contact_value: null });
});

test('completes what an interrupted run left undone', async () => {
  const { open } = await environment();
  const interrupted = provision(failing(open(), 'createRelationship'));
  await expect(interrupted).rejects.toThrow(ProvisionError);
  await expect(interrupted).rejects.toThrow('rdvs_link.rdvs_contact: HTTP 503 Busy');

  const { steps } = await provision(open());
  const changeOf = new Map(steps.map(({ component, change }) => [component, change]));
  expect(changeOf.get('rdvs_link')).toBe('unchanged');
  expect(changeOf.get('rdvs_link.rdvs_contact')).toBe('created');
  expect((await provision(open())).changed).toBe(false);
});

test('publishes on the next run when only the publication was missed', async () => {
  const { open, requests, faults } = await environment();
  faults.add({ kind: '503', match: { path: 'PublishXml' } });
  await expect(provision(open())).rejects.toThrow('publication: HTTP 503');

  const report = await provision(open());
  expect(report.steps.filter(({ change }) => change !== 'unchanged')).toEqual([
    { component: 'publication', change: 'updated' },
    { component: 'version 1.0.0.0', change: 'updated' },
  ]);
  expect(requests.filter(({ path }) => path.endsWith('/PublishXml'))).toHaveLength(2);
});

/** A client that is cut off at its nth change, which Dataverse carried out or not. */
function cutOff(client: DynamicsWebApi, at: number, carriedOut: boolean) {
  let changes = 0;
  const changing: ReadonlySet<string | symbol> = new Set([
    ...['create', 'update', 'associate', 'callAction'],
    ...['createEntity', 'createAttribute', 'createRelationship', 'updateAttribute'],
  ]);
  return new Proxy(client, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || !changing.has(name)) return member;
      return async (...args: unknown[]) => {
        changes += 1;
        const cut = changes === at;
        const answer: unknown = cut && !carriedOut ? undefined : await Reflect.apply(member, target, args);
        if (cut) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
        return answer;
      };
    },
  });
}

test.each([true, false])('can be cut off at any change, carried out: %s', { timeout: 180_000 }, async (carriedOut) => {
  for (let at = 1; ; at += 1) {
    const { open, rows } = await environment();
    const ended = await provision(cutOff(open(), at, carriedOut), { applicationUser: CLIENT }).then(
      () => 'finished',
      (error: Error) => error.message,
    );
    if (ended === 'finished') {
      expect(at).toBeGreaterThan(25);
      return;
    }
    expect(ended).toContain('ECONNRESET');
    await provision(open(), { applicationUser: CLIENT });
    expect((await provision(open(), { applicationUser: CLIENT })).changed, `cut off at ${at}`).toBe(false);
    expect(rows.list('systemuser').filter(({ applicationid }) => applicationid === CLIENT)).toHaveLength(1);
  }
});

test('gives the application user its role, once', async () => {
  const { client, rows, writes } = await environment();
  const { steps } = await provision(client, { applicationUser: CLIENT });
  expect(steps).toContainEqual({ component: `application user ${CLIENT}`, change: 'created' });
  const user = rows.list('systemuser').find(({ applicationid }) => applicationid === CLIENT);
  const pairs = rows.list('systemuserroles').filter(({ systemuserid }) => systemuserid === user?.['systemuserid']);
  expect(pairs.map(({ roleid }) => roleid)).toEqual([connectorRole.id]);

  const before = writes();
  expect((await provision(client, { applicationUser: CLIENT })).changed).toBe(false);
  expect(writes()).toBe(before);
});

test('puts roles into the solution, and grants what exists', async () => {
  const { client, rows } = await environment();
  await provision(client);
  const components = new Set(rows.list('solutioncomponent').map(({ objectid }) => objectid));
  for (const { id } of roles) expect(components).toContain(id);

  const names = new Map(rows.list('privilege').map(({ privilegeid, name }) => [privilegeid, name]));
  const held = rows.list('roleprivileges').filter(({ roleid }) => roleid === connectorRole.id);
  const expected = connectorRole.privileges.toSorted();
  expect(held.map(({ privilegeid }) => String(names.get(privilegeid ?? null))).toSorted()).toEqual(expected);
});

test('stops when the application user is disabled', async () => {
  const { client, rows, writes } = await environment();
  rows.insert('systemuser', {
    lastname: 'Connecteur',
    applicationid: CLIENT,
    isdisabled: true,
    businessunitid: unit(rows),
  });
  await expect(provision(client, { applicationUser: CLIENT })).rejects.toThrow('is disabled');
  expect(writes()).toBe(0);
});

function unit(rows: Rows): string {
  return String(rows.list('businessunit')[0]?.['businessunitid']);
}

function terminal(variables: Record<string, string>) {
  const lines: string[] = [];
  const keep = (line: string) => lines.push(line);
  return { environment: variables, print: keep, complain: keep, lines };
}

test('says which duplicate rules of the customer new columns unpublished', async () => {
  const { url, rows } = await environment();
  for (const [name, baseentityname] of [
    ['Essai', 'contact'],
    ['Autre', 'account'],
  ] as const) {
    rows.insert('duplicaterule', { name, baseentityname, matchingentityname: baseentityname, statuscode: 2 });
  }
  const first = terminal({ DATAVERSE_URL: url });
  expect(await run(['provision'], first)).toBe(0);
  expect(first.lines.slice(-2)).toEqual([
    'duplicate rules published before: “Essai”; after: none',
    'publish again: “Essai” (Power Platform admin centre, Settings, Data management)',
  ]);
  for (const rule of rows.list('duplicaterule')) {
    rows.update('duplicaterule', String(rule['duplicateruleid']), { statuscode: 2 });
  }
  const second = terminal({ DATAVERSE_URL: url });
  expect(await run(['provision'], second)).toBe(0);
  expect(second.lines.join()).not.toContain('duplicate rules');
});

test('the command shows its calls, then makes them, then has nothing to do', async () => {
  const { url, writes } = await environment();
  const dry = terminal({ DATAVERSE_URL: url });
  expect(await run(['provision', '--dry-run', '--application-user', CLIENT], dry)).toBe(0);
  expect(writes()).toBe(0);
  const bodies = dry.lines.flatMap((line) => line.match(/^\{.*^\}$/ms) ?? []);
  expect(bodies.every((body) => z.record(z.string(), z.unknown()).safeParse(JSON.parse(body)).success)).toBe(true);
  expect(dry.lines.join('\n')).toContain("POST EntityDefinitions(LogicalName='appointment')/Attributes");

  const wet = terminal({ DATAVERSE_URL: url });
  expect(await run(['provision', '--application-user', CLIENT.toUpperCase()], wet)).toBe(0);
  const created = wet.lines.filter((line) => line.startsWith('created ')).length;
  expect(created).toBeGreaterThan(100);
  expect(wet.lines.at(-1)).toMatch(new RegExp(` ${created} created, 6 updated, 0 unchanged$`));

  const again = terminal({ DATAVERSE_URL: url });
  expect(await run(['provision', '--dry-run'], again)).toBe(0);
  expect(again.lines).toEqual(['Nothing to change.']);
});

test.each([
  [{}, /DATAVERSE_URL: expected the address of the environment, .*`npm start` prints$/],
  [{ DATAVERSE_URL: 'http://contoso.crm12.dynamics.com' }, /DATAVERSE_URL: expected an https address/],
  [
    { DATAVERSE_URL: 'https://contoso.crm12.dynamics.com', DATAVERSE_LOCAL_TOKEN: 'local' },
    /DATAVERSE_LOCAL_TOKEN: expected unset/,
  ],
  [{ DATAVERSE_URL: 'http://127.0.0.1:9' }, /^reading the environment: ECONNREFUSED/],
])('with %j the command says what to change', async (variables: Record<string, string>, message) => {
  const out = terminal(variables);
  expect(await run(['provision'], out)).toBe(1);
  expect(out.lines.join('\n')).toMatch(message);
});

test('a refused token is explained', async () => {
  const { url } = await environment();
  const out = terminal({ DATAVERSE_URL: url, DATAVERSE_LOCAL_TOKEN: 'wrong' });
  expect(await run(['provision'], out)).toBe(1);
  expect(out.lines.join('\n')).toMatch(/^reading the environment: HTTP 401 .*sign in again/);
});
