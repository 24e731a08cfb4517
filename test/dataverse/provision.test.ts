import type { DynamicsWebApi } from 'dynamics-web-api';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { run } from '../../src/cli/main.ts';
import { connect } from '../../src/dataverse/connection.ts';
import { labelOf } from '../../src/dataverse/metadata-definitions.ts';
import { ProvisionConflict, ProvisionError, provision } from '../../src/dataverse/provision.ts';
import { startDataverse } from '../emulators/dataverse/emulator.ts';

const languages = { base: 1036, provisioned: [1036] };
const label = labelOf({ fr: 'Essai', en: 'Trial' }, languages);

async function environment() {
  const dataverse = await startDataverse({ token: 'local' });
  onTestFinished(() => dataverse.stop());
  const open = connect({ url: dataverse.url, token: async () => 'local' });
  const writes = () => dataverse.requests.filter(({ method }) => method !== 'GET').length;
  return { url: dataverse.url, open, client: open(), writes, requests: dataverse.requests };
}

/** A client whose calls of one kind fail, as when Dataverse is busy. */
function failing(client: DynamicsWebApi, method: 'createEntity' | 'createRelationship' | 'callAction') {
  return Object.assign(client, { [method]: () => Promise.reject(Object.assign(new Error('Busy'), { status: 503 })) });
}

/** An environment where somebody added a column by hand, under our publisher. */
async function environmentWith(column: object) {
  const given = await environment();
  await expect(provision(failing(given.open(), 'createEntity'))).rejects.toThrow('rdvs_link: HTTP 503 Busy');
  const headers = { 'MSCRM.SolutionUniqueName': 'RdvSolidarites' };
  await given.client.createAttribute({ entityKey: "LogicalName='contact'", data: column, headers });
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

test('creates everything once; a second run reads a dozen definitions and changes nothing', async () => {
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
  expect(requests.length - requestsBefore).toBeLessThanOrEqual(12);
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
  const { open, requests } = await environment();
  await expect(provision(failing(open(), 'callAction'))).rejects.toThrow('publication: HTTP 503 Busy');

  const report = await provision(open());
  expect(report.steps.filter(({ change }) => change !== 'unchanged')).toEqual([
    { component: 'publication', change: 'updated' },
    { component: 'version 1.0.0.0', change: 'updated' },
  ]);
  expect(requests.filter(({ path }) => path.endsWith('/PublishXml'))).toHaveLength(1);
});

function terminal(variables: Record<string, string>) {
  const lines: string[] = [];
  const keep = (line: string) => lines.push(line);
  return { environment: variables, print: keep, complain: keep, lines };
}

test('the command shows its calls, then makes them, then has nothing to do', async () => {
  const { url, writes } = await environment();
  const dry = terminal({ DATAVERSE_URL: url });
  expect(await run(['provision', '--dry-run'], dry)).toBe(0);
  expect(writes()).toBe(0);
  const bodies = dry.lines.flatMap((line) => line.match(/^\{.*^\}$/ms) ?? []);
  expect(bodies.every((body) => z.record(z.string(), z.unknown()).safeParse(JSON.parse(body)).success)).toBe(true);
  expect(dry.lines.join('\n')).toContain("POST EntityDefinitions(LogicalName='appointment')/Attributes");

  const wet = terminal({ DATAVERSE_URL: url });
  expect(await run(['provision'], wet)).toBe(0);
  expect(wet.lines.at(-1)).toMatch(/ 21 created, 2 updated, 0 unchanged$/);

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
