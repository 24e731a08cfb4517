// What the Dataverse emulator says of itself in $metadata, and rows created together.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { servedOperations } from '../src/api/actions.ts';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { type Element, readXml } from '../src/fetch/xml.ts';
import { type RawClient, rawClient } from './raw-client.ts';

let dataverse: DataverseEmulator;
let client: RawClient;

beforeAll(async () => {
  dataverse = await startDataverse();
  client = rawClient(dataverse.url);
});

afterAll(() => dataverse.stop());

describe('$metadata', () => {
  const all = (element: Element): Element[] => [element, ...element.children.flatMap(all)];
  const document = async (): Promise<Element[]> => {
    const root = readXml((await client.get('$metadata')).text);
    if (root === undefined) throw new Error('$metadata is not well-formed');
    return all(root);
  };
  const names = (elements: readonly Element[], kind: string) =>
    elements.filter(({ name }) => name === kind).map(({ attributes }) => attributes['Name']);

  test('declares and imports every function and action that is served, and the bound ones', async () => {
    const elements = await document();
    const { functions, actions } = servedOperations();
    expect(names(elements, 'Function').sort()).toEqual([...functions].sort());
    expect(names(elements, 'FunctionImport').sort()).toEqual([...functions].sort());
    expect(names(elements, 'Action')).toEqual(
      expect.arrayContaining([...actions, 'AddPrivilegesRole', 'UpsertMultiple']),
    );
    expect(names(elements, 'ActionImport').sort()).toEqual([...actions].sort());
  });

  test('declares every type that a parameter, a result or a base names', async () => {
    const elements = await document();
    const declared = new Set([...names(elements, 'EntityType'), ...names(elements, 'ComplexType')]);
    const used = elements
      .filter(({ name }) => ['Parameter', 'ReturnType', 'Property', 'EntityType'].includes(name))
      .flatMap(({ attributes }) => [attributes['Type'], attributes['BaseType']])
      .flatMap((type) => /mscrm\.(\w+)/.exec(type ?? '')?.[1] ?? []);
    expect(used.length).toBeGreaterThan(10);
    expect(used.filter((type) => !declared.has(type))).toEqual([]);
  });
});

describe('deep insert', () => {
  const list = (table: string, lastname: string) =>
    dataverse.rows.list(table).find((row) => row['lastname'] === lastname || row['subject'] === lastname);

  test('creates what a row points to, and what points to it, at any depth', async () => {
    const answer = await client.post('contacts', {
      lastname: 'Milieu',
      parentcustomerid_contact: { lastname: 'Haut' },
      Contact_Appointments: [{ subject: 'RDV', appointment_activity_parties: [] }, { subject: 'Autre RDV' }],
      contact_customer_contacts: [{ lastname: 'Bas', contact_customer_contacts: [{ lastname: 'Tout en bas' }] }],
    });
    expect(answer.status).toBe(204);
    const middle = list('contact', 'Milieu');
    expect(answer.headers.get('odata-entityid')).toContain(String(middle?.['contactid']));
    expect(middle).toMatchObject({ _parentcustomerid_value: list('contact', 'Haut')?.['contactid'] });
    expect(list('contact', 'Bas')).toMatchObject({ _parentcustomerid_value: middle?.['contactid'] });
    expect(list('contact', 'Tout en bas')).toMatchObject({
      _parentcustomerid_value: list('contact', 'Bas')?.['contactid'],
    });
    expect(list('appointment', 'RDV')).toMatchObject({ _regardingobjectid_value: middle?.['contactid'] });
  });

  test('is all or nothing', async () => {
    const before = dataverse.rows.list('contact').length;
    const answer = await client.post('contacts', {
      lastname: 'Refusé',
      parentcustomerid_contact: { lastname: 'Parent de refusé' },
      contact_customer_contacts: [{ lastname: 'x'.repeat(51) }],
    });
    expect(answer.code).toBe('0x80044331');
    expect((await client.post('contacts', { contact_customer_contacts: ['x'] })).code).toBe('0x80048d19');
    expect(dataverse.rows.list('contact')).toHaveLength(before);
  });

  test('does not go with an update', async () => {
    const id = dataverse.rows.insert('contact', { lastname: 'Déjà là' });
    const nested = { contact_customer_contacts: [{ lastname: 'Nouveau' }] };
    expect((await client.patch(`contacts(${id})`, nested)).status).toBe(501);
    expect(list('contact', 'Nouveau')).toBeUndefined();
  });
});
