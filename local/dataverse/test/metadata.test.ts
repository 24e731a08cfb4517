// Definitions in the Dataverse emulator: tables, columns, relationships and keys exist only after real metadata calls.

import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { type JsonObject, objects } from '../src/json.ts';
import { type RawClient, rawClient } from './raw-client.ts';
import { definition, IN_SOLUTION, label, makeSolution, makeTables, relationship } from './sample-solution.ts';

let dataverse: DataverseEmulator;
let client: RawClient;

beforeEach(async () => {
  await dataverse?.stop();
  dataverse = await startDataverse();
  client = rawClient(dataverse.url);
});

afterAll(() => dataverse.stop());

const CONTACT = "EntityDefinitions(LogicalName='contact')";
const ATTRIBUTES = `${CONTACT}/Attributes`;
const addColumn = (body: JsonObject, headers: Record<string, string> = IN_SOLUTION) =>
  client.post(ATTRIBUTES, body, headers);
const options = [1, 2].map((Value) => ({ Value, Label: label(`choix ${Value}`) }));
const column = (name: string) => client.get(`${ATTRIBUTES}(LogicalName='${name}')?$expand=OptionSet`);

describe('columns', () => {
  test('every type: created, read back, then obeyed by rows', async () => {
    await makeSolution(client);
    expect((await client.post('contacts', { smp_text: 'x' })).code).toBe('0x0');
    const definitions = [
      definition('String', 'smp_text', { MaxLength: 10, FormatName: { Value: 'Url' } }),
      definition('Memo', 'smp_memo', { MaxLength: 20_000, Format: 'TextArea' }),
      definition('Integer', 'smp_integer', { MinValue: 0, MaxValue: 5 }),
      definition('BigInt', 'smp_bigint'),
      definition('Decimal', 'smp_decimal', { Precision: 2 }),
      definition('Boolean', 'smp_boolean', {
        DefaultValue: true,
        OptionSet: { TrueOption: { Value: 1, Label: label('Oui') }, FalseOption: { Value: 0, Label: label('Non') } },
      }),
      definition('DateTime', 'smp_instant', { Format: 'DateAndTime', DateTimeBehavior: { Value: 'UserLocal' } }),
      definition('DateTime', 'smp_day', { Format: 'DateOnly', DateTimeBehavior: { Value: 'DateOnly' } }),
      definition('Picklist', 'smp_choice', {
        OptionSet: { IsGlobal: false, OptionSetType: 'Picklist', Options: options },
      }),
    ];
    for (const body of definitions) {
      const answer = await addColumn(body);
      expect(answer.status).toBe(204);
      expect(answer.headers.get('odata-entityid')).toMatch(
        /EntityDefinitions\([0-9a-f-]+\)\/Attributes\([0-9a-f-]+\)$/,
      );
    }
    expect((await column('smp_text')).json).toMatchObject({
      '@odata.type': '#Microsoft.Dynamics.CRM.StringAttributeMetadata',
      AttributeType: 'String',
      SchemaName: 'smp_text',
      MaxLength: 10,
      FormatName: { Value: 'Url' },
      RequiredLevel: { Value: 'None' },
      IsCustomAttribute: true,
      DisplayName: { UserLocalizedLabel: { Label: 'smp_text', LanguageCode: 1036 } },
    });
    expect((await column('smp_choice')).json['OptionSet']).toMatchObject({
      Options: [{ Value: 1, Label: { LocalizedLabels: [{ Label: 'choix 1' }] } }, { Value: 2 }],
    });
    expect((await column('smp_day')).json).toMatchObject({
      DateTimeBehavior: { Value: 'DateOnly' },
      Format: 'DateOnly',
    });
    const contactid = '00000000-0000-4000-8000-000000000001';
    const sent = {
      smp_text: 'a',
      smp_memo: 'b',
      smp_integer: 5,
      smp_bigint: 2 ** 40,
      smp_decimal: 1.5,
      smp_instant: '2026-01-01T00:00:00Z',
      smp_day: '2026-01-01',
      smp_choice: 2,
    };
    expect((await client.post('contacts', { contactid, ...sent })).status).toBe(204);
    expect(dataverse.rows.get('contact', contactid)).toMatchObject({ ...sent, smp_boolean: true });
    expect((await client.post('contacts', { smp_text: '12345678901' })).code).toBe('0x80044331');
    expect((await client.post('contacts', { smp_integer: 6 })).code).toBe('0x80044330');
    expect((await client.post('contacts', { smp_choice: 3 })).code).toBe('0x8004431a');
  });

  test('refuses what Dataverse refuses', async () => {
    await makeSolution(client);
    expect((await addColumn(definition('String', 'smp_a', { MaxLength: 10 }))).status).toBe(204);
    const refused: [body: JsonObject, headers: Record<string, string>, status: number, code: string][] = [
      [definition('String', 'smp_a', { MaxLength: 10 }), IN_SOLUTION, 400, '0x80047013'],
      [definition('String', 'other_b', { MaxLength: 10 }), IN_SOLUTION, 400, '0x8004701e'],
      [definition('String', 'b', { MaxLength: 10 }), {}, 400, '0x8004701e'],
      [definition('String', 'smp_b', { MaxLength: 10 }), { 'MSCRM.SolutionUniqueName': 'Unknown' }, 404, '0x80040217'],
      [definition('String', 'smp_b'), IN_SOLUTION, 400, '0x80040203'],
      [definition('String', 'smp_b', { MaxLength: 4001 }), IN_SOLUTION, 400, '0x80040203'],
      [definition('String', 'smp_b', { MaxLength: 10, FormatName: { Value: 'Url ' } }), IN_SOLUTION, 400, '0x80040203'],
      [definition('String', 'smp_b', { MaxLength: 10, DisplayName: null }), IN_SOLUTION, 400, '0x80040203'],
      [
        definition('String', 'smp_b', {
          MaxLength: 10,
          DisplayName: { LocalizedLabels: [{ Label: 'x', LanguageCode: 1031 }] },
        }),
        IN_SOLUTION,
        400,
        '0x80040203',
      ],
      [
        definition('DateTime', 'smp_b', { Format: 'DateAndTime', DateTimeBehavior: { Value: 'DateOnly' } }),
        IN_SOLUTION,
        400,
        '0x80040203',
      ],
      [definition('Lookup', 'smp_b'), IN_SOLUTION, 400, '0x80040203'],
      [definition('MultiSelectPicklist', 'smp_b'), IN_SOLUTION, 501, '0x80040206'],
    ];
    for (const [body, headers, status, code] of refused) {
      const answer = await addColumn(body, headers);
      expect([answer.status, answer.code], JSON.stringify(body)).toEqual([status, code]);
    }
  });

  test('PUT changes length and labels, other languages kept on request; DELETE drops the values', async () => {
    await makeTables(client);
    const url = `${ATTRIBUTES}(LogicalName='smp_usagerid')`;
    const body = definition('String', 'smp_usagerid', {
      MaxLength: 60,
      DisplayName: {
        LocalizedLabels: [
          { Label: 'Usager', LanguageCode: 1036 },
          { Label: 'User', LanguageCode: 1033 },
        ],
      },
    });
    expect((await client.send('PUT', url, body)).status).toBe(204);
    await client.send('PUT', url, { ...body, DisplayName: label('Personne') }, { 'MSCRM.MergeLabels': 'true' });
    const labels = (await client.get(url)).json;
    expect(labels).toMatchObject({
      MaxLength: 60,
      DisplayName: { LocalizedLabels: [{ Label: 'Personne' }, { Label: 'User' }] },
    });
    await client.send('PUT', url, { ...body, DisplayName: label('Seul') });
    expect((await client.get(url)).json).toMatchObject({ DisplayName: { LocalizedLabels: [{ Label: 'Seul' }] } });
    expect((await client.remove(`${CONTACT}/Keys(LogicalName='smp_usagerkey')`)).status).toBe(204);
    const id = dataverse.rows.insert('contact', { smp_usagerid: '1' });
    expect((await client.remove(url)).status).toBe(204);
    expect(dataverse.rows.get('contact', id)).not.toHaveProperty('smp_usagerid');
    expect((await client.remove(`${ATTRIBUTES}(LogicalName='lastname')`)).status).toBe(400);
  });

  test('reads by cast, filter and enumeration member', async () => {
    const texts = await client.get(
      `${ATTRIBUTES}/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=LogicalName,MaxLength&$filter=LogicalName eq 'firstname'`,
    );
    expect(texts.json['value']).toMatchObject([{ LogicalName: 'firstname', MaxLength: 50 }]);
    const status = await client.get(
      `${ATTRIBUTES}/Microsoft.Dynamics.CRM.StatusAttributeMetadata?$select=LogicalName&$expand=OptionSet`,
    );
    expect(status.json['value']).toMatchObject([
      {
        LogicalName: 'statuscode',
        OptionSet: {
          Options: [
            { Value: 1, State: 0 },
            { Value: 2, State: 1 },
          ],
        },
      },
    ]);
    const states = await client.get(
      `${ATTRIBUTES}?$select=LogicalName&$filter=AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'State'`,
    );
    expect(objects(states.json, 'value').map((item) => item['LogicalName'])).toEqual(['statecode']);
    expect((await client.get(`${ATTRIBUTES}(LogicalName='nothing')`)).status).toBe(404);
  });
});

describe('tables', () => {
  test('a new table: set name, system columns, rows, versions', async () => {
    await makeTables(client);
    const { json } = await client.get(
      "EntityDefinitions(LogicalName='smp_link')?$select=LogicalName,EntitySetName,PrimaryIdAttribute,IsOptimisticConcurrencyEnabled,OwnershipType&$expand=Attributes($select=LogicalName),Keys,ManyToOneRelationships($select=ReferencingAttribute,ReferencingEntityNavigationPropertyName,CascadeConfiguration;$filter=ReferencingAttribute eq 'smp_contact')",
    );
    expect(json).toMatchObject({
      EntitySetName: 'smp_links',
      PrimaryIdAttribute: 'smp_linkid',
      IsOptimisticConcurrencyEnabled: true,
      OwnershipType: 'OrganizationOwned',
      Keys: [],
      ManyToOneRelationships: [
        {
          ReferencingEntityNavigationPropertyName: 'smp_Contact',
          CascadeConfiguration: { Merge: 'Cascade', Delete: 'RemoveLink' },
        },
      ],
    });
    expect(objects(json, 'Attributes').map((item) => item['LogicalName'])).toEqual(
      expect.arrayContaining(['smp_linkid', 'smp_name', 'createdon', 'statecode', 'versionnumber', 'smp_contact']),
    );
    const created = await client.post(
      'smp_links?$select=smp_name,statecode',
      { smp_name: 'un' },
      { prefer: 'return=representation' },
    );
    expect(created.json).toMatchObject({ smp_name: 'un', statecode: 0, '@odata.etag': expect.stringMatching(/^W/) });
    expect((await client.post('smp_links', { 'ownerid@odata.bind': '/teams(x)' })).code).toBe('0x80048d19');
    const all = await client.get('EntityDefinitions?$select=LogicalName&$filter=IsCustomEntity eq true');
    expect(objects(all.json, 'value').map((item) => item['LogicalName'])).toEqual(['smp_link']);
  });

  test('refuses a second table of the name, a table without a primary name, an unknown owner', async () => {
    await makeTables(client);
    const table = {
      SchemaName: 'smp_Link',
      DisplayName: label('a'),
      DisplayCollectionName: label('b'),
      OwnershipType: 'UserOwned',
    };
    const name = definition('String', 'smp_Name', { IsPrimaryName: true, MaxLength: 100 });
    expect((await client.post('EntityDefinitions', { ...table, Attributes: [name] })).code).toBe('0x80047010');
    expect((await client.post('EntityDefinitions', { ...table, SchemaName: 'smp_other', Attributes: [] })).code).toBe(
      '0x80040203',
    );
    expect(
      (
        await client.post('EntityDefinitions', {
          ...table,
          SchemaName: 'smp_other',
          OwnershipType: 'None',
          Attributes: [name],
        })
      ).code,
    ).toBe('0x80040203');
    const good = { ...table, SchemaName: 'smp_Category', Attributes: [name, definition('Integer', 'smp_rank')] };
    expect((await client.post('EntityDefinitions', good, IN_SOLUTION)).status).toBe(204);
    expect((await client.post('smp_categories', { smp_name: 'x', smp_rank: 1 })).status).toBe(204);
    expect((await client.remove("EntityDefinitions(LogicalName='smp_category')")).status).toBe(204);
    expect((await client.get('smp_categories')).status).toBe(404);
  });

  test('PUT changes the labels of a table', async () => {
    const body = { DisplayName: label('Usager'), DisplayCollectionName: label('Usagers') };
    expect((await client.send('PUT', CONTACT, body, { 'MSCRM.MergeLabels': 'true' })).status).toBe(204);
    expect((await client.get(`${CONTACT}?$select=DisplayName`)).json).toMatchObject({
      DisplayName: { UserLocalizedLabel: { Label: 'Usager' } },
    });
  });
});

test('relationships: names of navigation properties, duplicates, unknown tables, cascades', async () => {
  await makeTables(client);
  const make = (name: string, ends: Parameters<typeof relationship>[1]) =>
    client.post('RelationshipDefinitions', relationship(name, ends), IN_SOLUTION);
  expect((await make('smp_r1', { from: 'appointment', to: 'contact', lookup: 'smp_Person' })).status).toBe(204);
  const appointment = await client.get(
    "EntityDefinitions(LogicalName='appointment')/ManyToOneRelationships?$select=SchemaName,ReferencingEntityNavigationPropertyName&$filter=SchemaName eq 'smp_r1'",
  );
  expect(appointment.json['value']).toMatchObject([
    { ReferencingEntityNavigationPropertyName: 'smp_Person_Appointment' },
  ]);
  const contact = dataverse.rows.insert('contact', {});
  expect(
    (await client.post('appointments', { 'smp_Person_Appointment@odata.bind': `/contacts(${contact})` })).status,
  ).toBe(204);
  expect((await client.post('appointments', { 'smp_Person@odata.bind': `/contacts(${contact})` })).code).toBe(
    '0x80048d19',
  );
  expect((await make('smp_r1', { from: 'appointment', to: 'contact', lookup: 'smp_Other' })).code).toBe('0x8004432b');
  expect((await make('smp_r2', { from: 'appointment', to: 'contact', lookup: 'smp_person' })).code).toBe('0x80047013');
  expect((await make('smp_r3', { from: 'appointment', to: 'nothing', lookup: 'smp_x' })).status).toBe(404);
  expect(
    (await make('smp_r3', { from: 'smp_link', to: 'contact', lookup: 'smp_x', cascade: { Delete: 'Explode' } })).code,
  ).toBe('0x80040203');
  expect(
    (
      await client.get(
        "RelationshipDefinitions(SchemaName='smp_r1')/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
      )
    ).json,
  ).toMatchObject({ ReferencedEntity: 'contact' });
  expect((await client.get("RelationshipDefinitions(SchemaName='smp_r3')")).status).toBe(404);
});

test('a deleted relationship takes its lookup and values along', async () => {
  await makeTables(client);
  const contact = dataverse.rows.insert('contact', {});
  const id = dataverse.rows.insert('smp_link', { 'smp_Contact@odata.bind': `/contacts(${contact})` });
  const found = await client.get("RelationshipDefinitions?$select=MetadataId&$filter=SchemaName eq 'smp_contact_link'");
  const [relation] = objects(found.json, 'value');
  const url = `RelationshipDefinitions(${relation?.['MetadataId']})`;
  expect((await client.remove(url, { 'if-match': '*' })).status).toBe(204);
  expect((await client.get(url)).status).toBe(404);
  expect(dataverse.rows.get('smp_link', id)).not.toHaveProperty('_smp_contact_value');
});

test('CreateEntities makes tables with their columns in a solution', async () => {
  await makeSolution(client);
  const Entities = [
    {
      '@odata.type': 'Microsoft.Dynamics.CRM.ComplexEntityMetadata',
      SchemaName: 'smp_Box',
      DisplayName: label('Boîte'),
      DisplayCollectionName: label('Boîtes'),
      OwnershipType: 'UserOwned',
      Attributes: [
        definition('ComplexString', 'smp_Name', { IsPrimaryName: true, MaxLength: 200, FormatName: { Value: 'Text' } }),
        definition('ComplexInteger', 'smp_Rank', { Format: 'None' }),
      ],
    },
  ];
  const answer = await client.post('CreateEntities?SolutionUniqueName=Sample', { Entities });
  expect([answer.status, answer.json['EntityIds']]).toEqual([200, [expect.any(String)]]);
  expect((await client.post('smp_boxes', { smp_name: 'a', smp_rank: 1 })).status).toBe(204);
  expect(dataverse.rows.list('solutioncomponent')).toHaveLength(1);
  expect((await client.post('CreateEntities', { Entities: [] })).status).toBe(400);
});

test('keys: status, column types, duplicates', async () => {
  await makeTables(client);
  const key = (SchemaName: string, ...KeyAttributes: string[]) =>
    client.post(`${CONTACT}/Keys`, { SchemaName, KeyAttributes, DisplayName: label('k') }, IN_SOLUTION);
  expect(
    (await client.get(`${CONTACT}/Keys?$select=SchemaName,KeyAttributes,EntityKeyIndexStatus`)).json['value'],
  ).toMatchObject([{ SchemaName: 'smp_UsagerKey', KeyAttributes: ['smp_usagerid'], EntityKeyIndexStatus: 'Active' }]);
  expect((await key('smp_UsagerKey', 'lastname')).code).toBe('0x80060893');
  expect((await key('smp_Same', 'smp_usagerid')).code).toBe('0x80060894');
  expect((await key('smp_Memo', 'description')).code).toBe('0x80040203');
  dataverse.rows.insert('contact', { lastname: 'Twin' });
  dataverse.rows.insert('contact', { lastname: 'twin' });
  await key('smp_Failed', 'lastname');
  expect((await client.get(`${CONTACT}/Keys(LogicalName='smp_failed')`)).json['EntityKeyIndexStatus']).toBe('Failed');
  expect((await client.get("contacts(lastname='Twin')")).code).toBe('0x80060890');
});

test('a failed change set takes definitions back', async () => {
  await makeSolution(client);
  const body = definition('String', 'smp_text', { MaxLength: 10 });
  await client.batch([
    [
      { method: 'POST', path: ATTRIBUTES, body, headers: IN_SOLUTION },
      { method: 'POST', path: 'contacts', body: { smp_text: 'x' } },
      { method: 'DELETE', path: 'contacts(1)' },
    ],
  ]);
  expect((await column('smp_text')).status).toBe(404);
  expect(dataverse.rows.list('contact')).toEqual([]);
});

test('solutions, publishing and languages', async () => {
  await makeTables(client);
  const solutions = await client.get(
    "solutions?$select=uniquename&$expand=publisherid($select=customizationprefix)&$filter=uniquename eq 'Sample'",
  );
  expect(solutions.json['value']).toMatchObject([{ publisherid: { customizationprefix: 'smp' } }]);
  expect(dataverse.rows.list('solutioncomponent').map((row) => row['componenttype'])).toEqual([1, 2, 10, 2, 14]);
  const table = await client.get(`${CONTACT}?$select=MetadataId`);
  const component = {
    ComponentId: table.json['MetadataId'],
    ComponentType: 1,
    SolutionUniqueName: 'Sample',
    AddRequiredComponents: false,
  };
  expect((await client.post('AddSolutionComponent', component)).status).toBe(200);
  expect((await client.post('AddSolutionComponent', { ...component, SolutionUniqueName: 'None' })).status).toBe(404);
  expect(
    (await client.post('AddSolutionComponent', { ...component, ComponentId: component.SolutionUniqueName })).status,
  ).toBe(404);
  expect(
    (
      await client.post('PublishXml', {
        ParameterXml: '<importexportxml><entities><entity>contact</entity></entities></importexportxml>',
      })
    ).status,
  ).toBe(204);
  expect((await client.post('PublishXml', {})).status).toBe(400);
  expect((await client.send('POST', 'PublishAllXml')).status).toBe(204);
  expect((await client.get('RetrieveProvisionedLanguages()')).json['RetrieveProvisionedLanguages']).toEqual([
    1036, 1033,
  ]);
  expect((await client.get('RetrieveAvailableLanguages()')).json['LocaleIds']).toEqual([1036, 1033]);
  const [organization] = dataverse.rows.list('organization');
  dataverse.rows.update('organization', String(organization?.['organizationid']), { languagecode: 1033 });
  expect((await addColumn(definition('String', 'smp_fr', { MaxLength: 10 }))).code).toBe('0x80040203');
});
