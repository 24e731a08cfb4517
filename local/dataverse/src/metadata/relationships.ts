// Creating a one-to-many relationship with its lookup. Microsoft Learn, "Create and update table relationships using the Web API".

import { randomUUID } from 'node:crypto';
import type { Call } from '../call/call.ts';
import { refuseUsedRelationship } from '../customization/definition-users.ts';
import { DataverseError, invalidArgument, notEmulated } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { isObject, text } from '../json.ts';
import type { Cascade, CascadeType, Relationship, Table } from '../schema/model.ts';
import { type Ends, mergeOf, refuseSecondParent, refuseUnfit } from './cascade-rules.ts';
import { readColumn } from './column-definition.ts';
import { addColumn, removeColumn } from './columns.ts';
import { addToSolution, COMPONENT } from './solutions.ts';

export function createRelationship(call: Call, body: JsonObject): Relationship {
  const { schema } = call.context.organization;
  if (text(body, '@odata.type')?.endsWith('OneToManyRelationshipMetadata') !== true)
    throw notEmulated('relationships other than one-to-many');
  const schemaName = text(body, 'SchemaName');
  const lookup = body['Lookup'];
  if (schemaName === undefined || !isObject(lookup))
    throw invalidArgument('A relationship needs a SchemaName and a Lookup.');
  const referencing = tableNamed(call, text(body, 'ReferencingEntity'));
  const referenced = tableNamed(call, text(body, 'ReferencedEntity'));
  // No prefix is asked of it: Microsoft's Python client names it `contact_new_link_new_Contact`.
  const taken = [...schema.tables].some((table) =>
    table.relationships.some((other) => other.schemaName === schemaName),
  );
  if (taken) {
    // EntityRelationshipSchemaNameNotUnique.
    throw new DataverseError(
      400,
      '0x8004432b',
      'A relationship with the specified name already exists. Please specify a unique name.',
    );
  }
  const column = readColumn(call.context.organization, {
    '@odata.type': 'Microsoft.Dynamics.CRM.LookupAttributeMetadata',
    ...lookup,
  });
  const relationship: Relationship = {
    metadataId: randomUUID(),
    schemaName,
    custom: true,
    referencingTable: referencing.logicalName,
    column: column.name,
    navigationProperty:
      text(body, 'ReferencingEntityNavigationPropertyName') ?? navigationName(referencing, column.schemaName),
    target: referenced.logicalName,
    targetAttribute: referenced.primaryId,
    collectionProperty: text(body, 'ReferencedEntityNavigationPropertyName') ?? schemaName,
    cascade: readCascade(body['CascadeConfiguration'], { referencing, referenced }),
  };
  refuseSecondParent(relationship, { referencing, referenced });
  addColumn(call, referencing, { ...column, targets: [referenced.logicalName] }, () =>
    schema.addRelationship(referencing, relationship),
  );
  addToSolution(call, COMPONENT.relationship, relationship.metadataId);
  return relationship;
}

/** PUT of a definition: what it does to related rows; what is left out falls back to its default. Names are fixed. */
export function updateRelationship(call: Call, relationship: Relationship, body: JsonObject): void {
  if (!relationship.custom) throw notEmulated('changes of the relationships that Dataverse comes with');
  if (text(body, '@odata.type')?.endsWith('OneToManyRelationshipMetadata') !== true)
    throw invalidArgument('A relationship is replaced by one with its @odata.type.');
  const { cascade: before, target } = relationship;
  const ends = { referencing: tableNamed(call, relationship.referencingTable), referenced: tableNamed(call, target) };
  const cascade = readCascade(body['CascadeConfiguration'], ends);
  refuseSecondParent({ ...relationship, cascade }, ends);
  call.context.organization.store.onRollback(() => Object.assign(relationship, { cascade: before }));
  relationship.cascade = cascade;
}

/** A deleted relationship takes its lookup along. */
export function removeRelationship(call: Call, relationship: Relationship): void {
  const table = tableNamed(call, relationship.referencingTable);
  refuseUsedRelationship(call.context.organization, relationship);
  const column = table.columns.get(relationship.column);
  if (column !== undefined) removeColumn(call, table, column);
}

/** The lookup's SchemaName, case kept; on an activity with the activity's SchemaName behind it: `bsd_employee_Appointment`. */
function navigationName(referencing: Table, schemaName: string): string {
  return referencing.isActivity ? `${schemaName}_${referencing.schemaName}` : schemaName;
}

function tableNamed(call: Call, name: string | undefined): Table {
  const table = call.context.organization.schema.table(name ?? '');
  if (table === undefined)
    throw new DataverseError(404, '0x80060888', `Could not find an entity with name ${name ?? ''}.`);
  return table;
}

/** Defaults of a referential relationship: Microsoft Learn, "Table relationship behavior". */
const DEFAULTS: Cascade = {
  Assign: 'NoCascade',
  Delete: 'RemoveLink',
  Merge: 'NoCascade',
  Reparent: 'NoCascade',
  Share: 'NoCascade',
  Unshare: 'NoCascade',
};

const ALLOWED: Readonly<Record<keyof Cascade, readonly CascadeType[]>> = {
  Assign: ['Active', 'Cascade', 'NoCascade', 'UserOwned'],
  Delete: ['Cascade', 'RemoveLink', 'Restrict'],
  Merge: ['Cascade', 'NoCascade'],
  Reparent: ['Active', 'Cascade', 'NoCascade', 'UserOwned'],
  Share: ['Active', 'Cascade', 'NoCascade', 'UserOwned'],
  Unshare: ['Active', 'Cascade', 'NoCascade', 'UserOwned'],
};

const ACTIONS: readonly (keyof Cascade)[] = ['Assign', 'Delete', 'Merge', 'Reparent', 'Share', 'Unshare'];

function readCascade(json: Json | undefined, ends: Ends): Cascade {
  const sent = isObject(json) ? json : {};
  const cascade: Record<keyof Cascade, CascadeType> = { ...DEFAULTS, Merge: mergeOf(ends.referenced) };
  for (const action of ACTIONS) {
    const value = sent[action];
    const type = ALLOWED[action].find((candidate) => candidate === value);
    if (value !== undefined && type === undefined)
      throw invalidArgument(`CascadeConfiguration: ${action} cannot be ${String(value)}.`);
    if (type !== undefined) cascade[action] = type;
  }
  refuseUnfit(cascade, ends);
  return cascade;
}
