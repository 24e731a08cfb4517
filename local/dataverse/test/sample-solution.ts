// A solution with one table and a few columns, made by real metadata calls, for tests that need custom names.

import type { Json, JsonObject } from '../src/json.ts';
import type { RawClient } from './raw-client.ts';

export function label(text: string): JsonObject {
  return { LocalizedLabels: [{ Label: text, LanguageCode: 1036 }] };
}

export function definition(type: string, schemaName: string, rest: JsonObject = {}): JsonObject {
  const name = `Microsoft.Dynamics.CRM.${type}AttributeMetadata`;
  return { '@odata.type': name, SchemaName: schemaName, DisplayName: label(schemaName), ...rest };
}

export function relationship(
  schemaName: string,
  ends: { from: string; to: string; lookup: string; cascade?: Json },
): JsonObject {
  return {
    '@odata.type': 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
    SchemaName: schemaName,
    ReferencingEntity: ends.from,
    ReferencedEntity: ends.to,
    Lookup: definition('Lookup', ends.lookup),
    ...(ends.cascade !== undefined && { CascadeConfiguration: ends.cascade }),
  };
}

export const IN_SOLUTION = { 'MSCRM.SolutionUniqueName': 'Sample' };

/** Publisher `smp`, solution `Sample`. */
export async function makeSolution(client: RawClient): Promise<void> {
  const publisherid = '00000000-0000-4000-8000-0000000000f1';
  await client.post('publishers', {
    publisherid,
    uniquename: 'sample',
    friendlyname: 'Sample',
    customizationprefix: 'smp',
    customizationoptionvalueprefix: 12_345,
  });
  const publisher = `/publishers(${publisherid})`;
  await client.post('solutions', {
    uniquename: 'Sample',
    friendlyname: 'Sample',
    version: '1.0.0.0',
    'publisherid@odata.bind': publisher,
  });
}

/** Table `smp_link` with a lookup to contact (merge follows, deletion empties) and a text; a key column on contact. */
export async function makeTables(client: RawClient): Promise<void> {
  await makeSolution(client);
  await client.post(
    'EntityDefinitions',
    {
      SchemaName: 'smp_link',
      DisplayName: label('Lien'),
      DisplayCollectionName: label('Liens'),
      OwnershipType: 'OrganizationOwned',
      Attributes: [definition('String', 'smp_name', { IsPrimaryName: true, MaxLength: 50 })],
    },
    IN_SOLUTION,
  );
  const cascade = { Merge: 'Cascade', Delete: 'RemoveLink' };
  await client.post(
    'RelationshipDefinitions',
    relationship('smp_contact_link', { from: 'smp_link', to: 'contact', lookup: 'smp_Contact', cascade }),
    IN_SOLUTION,
  );
  await client.post(
    "EntityDefinitions(LogicalName='contact')/Attributes",
    definition('String', 'smp_usagerid', { MaxLength: 50 }),
    IN_SOLUTION,
  );
  await client.post(
    "EntityDefinitions(LogicalName='contact')/Keys",
    { SchemaName: 'smp_UsagerKey', KeyAttributes: ['smp_usagerid'], DisplayName: label('Usager') },
    IN_SOLUTION,
  );
}
