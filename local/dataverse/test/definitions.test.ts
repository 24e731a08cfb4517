// Definitions of the Dataverse emulator over time: created and not seen yet, options added to a choice.

import { expect, onTestFinished, test } from 'vitest';
import { startDataverse } from '../src/emulator.ts';
import type { Json } from '../src/json.ts';
import { rawClient } from './raw-client.ts';

const label = (text: string): Json => ({ LocalizedLabels: [{ Label: text, LanguageCode: 1036 }] });
const CRM = 'Microsoft.Dynamics.CRM.';

const string = (SchemaName: string, rest: Json = {}): Json => ({
  '@odata.type': `${CRM}StringAttributeMetadata`,
  SchemaName,
  DisplayName: label(SchemaName),
  MaxLength: 50,
  ...(typeof rest === 'object' && rest !== null && !Array.isArray(rest) ? rest : {}),
});

const newTable = {
  SchemaName: 'new_Note',
  DisplayName: label('Note'),
  DisplayCollectionName: label('Notes'),
  OwnershipType: 'UserOwned',
  Attributes: [string('new_Name', { IsPrimaryName: true })],
};

const choice = {
  '@odata.type': `${CRM}PicklistAttributeMetadata`,
  SchemaName: 'new_Etat',
  DisplayName: label('État'),
  OptionSet: { Options: [{ Value: 1, Label: label('Ouvert') }] },
};

async function environment(definitionsAfterMs = 0) {
  let now = Date.parse('2026-11-24T08:00:00Z');
  const dataverse = await startDataverse({ definitionsAfterMs, clock: () => new Date(now) });
  onTestFinished(() => dataverse.stop());
  const pass = (ms: number) => {
    now += ms;
  };
  return { client: rawClient(dataverse.url), dataverse, pass };
}

test('a new table and its privileges are seen after the delay; its name is taken at once', async () => {
  const { client, pass } = await environment(20_000);
  const privileges = async () =>
    (await client.get("privileges?$select=name&$filter=name eq 'prvReadnew_Note'")).json['value'];
  expect((await client.post('EntityDefinitions', newTable)).status).toBe(204);

  pass(19_999);
  expect((await client.get("EntityDefinitions(LogicalName='new_note')")).status).toBe(404);
  expect((await client.get('new_notes')).code).toBe('0x8006088a');
  expect(await privileges()).toEqual([]);
  expect((await client.post('EntityDefinitions', newTable)).code).toBe('0x80047010');

  pass(1);
  expect((await client.post('new_notes', { new_name: 'Essai' })).status).toBe(204);
  expect(await privileges()).toHaveLength(1);
});

test('a new column and a new lookup are seen after the delay', async () => {
  const { client, dataverse, pass } = await environment(20_000);
  const columns = "EntityDefinitions(LogicalName='contact')/Attributes";
  const lookup = {
    '@odata.type': `${CRM}OneToManyRelationshipMetadata`,
    SchemaName: 'new_contact_proche',
    ReferencedEntity: 'contact',
    ReferencingEntity: 'contact',
    Lookup: { SchemaName: 'new_Proche', DisplayName: label('Proche') },
  };
  expect((await client.post(columns, string('new_Ville'))).status).toBe(204);
  expect((await client.post('RelationshipDefinitions', lookup)).status).toBe(204);
  expect((await client.post(columns, string('new_Ville'))).code).toBe('0x80047013');
  expect((await client.post('contacts', { lastname: 'Usager-Test', new_ville: 'Arras' })).code).toBe('0x0');
  expect((await client.get('contacts?$select=_new_proche_value')).status).toBe(400);

  pass(20_000);
  expect((await client.post('contacts', { lastname: 'Usager-Test', new_ville: 'Arras' })).status).toBe(204);
  expect((await client.get('contacts?$select=new_ville&$expand=new_Proche')).status).toBe(200);

  dataverse.settings.change({ definitionsAfterMs: 0 });
  await client.post(columns, string('new_Pays'));
  expect((await client.get('contacts?$select=new_pays')).status).toBe(200);
});

test('InsertOptionValue adds an option, with the number sent or the next of the publisher', async () => {
  const { client } = await environment();
  await client.post("EntityDefinitions(LogicalName='contact')/Attributes", choice);
  const insert = (rest: object) =>
    client.post('InsertOptionValue', {
      EntityLogicalName: 'contact',
      AttributeLogicalName: 'new_etat',
      Label: label('Fermé'),
      ...rest,
    });
  expect((await client.post('contacts', { new_etat: 2 })).code).toBe('0x8004431a');
  expect((await insert({ Value: 2 })).json).toMatchObject({ NewOptionValue: 2 });
  expect((await client.post('contacts', { new_etat: 2 })).status).toBe(204);
  expect((await insert({})).json).toMatchObject({ NewOptionValue: 100_000_000 });

  expect((await insert({ Value: 2 })).status).toBe(400);
  expect((await insert({ Value: 3, Label: null })).status).toBe(400);
  expect((await insert({ Value: 3, AttributeLogicalName: 'lastname' })).status).toBe(400);
  expect((await insert({ Value: 3, AttributeLogicalName: 'nothing' })).status).toBe(404);
  expect((await insert({ Value: 3, SolutionUniqueName: 'Nothing' })).status).toBe(404);
});

test('UpdateOptionValue changes the label of an option that exists', async () => {
  const { client } = await environment();
  await client.post("EntityDefinitions(LogicalName='contact')/Attributes", choice);
  const where = { EntityLogicalName: 'contact', AttributeLogicalName: 'new_etat', Label: label('En cours') };
  expect((await client.post('UpdateOptionValue', { ...where, Value: 1, MergeLabels: true })).status).toBe(204);
  const path = `EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='new_etat')/${CRM}PicklistAttributeMetadata`;
  expect((await client.get(`${path}?$expand=OptionSet`)).text).toContain('En cours');
  expect((await client.post('UpdateOptionValue', { ...where, Value: 9, MergeLabels: true })).status).toBe(400);
  expect((await client.post('UpdateOptionValue', { ...where, Value: 1 })).status).toBe(400);
});
