// The service document and $metadata. Microsoft Learn, "Web API service documents".
// Enough of CSDL to name every type, property, navigation property, function and action; annotations are left out.

import type { Call } from '../call/call.ts';
import type { ApiResponse } from '../call/message.ts';
import { answer } from '../call/message.ts';
import { methodNotAllowed } from '../errors.ts';
import type { Organization } from '../organization.ts';
import { exposedColumns, propertyName } from '../rows/properties.ts';
import { edmType } from '../rows/values.ts';
import type { Relationship, Table } from '../schema/model.ts';
import { isLookup } from '../schema/model.ts';
import { targets } from '../schema/schema.ts';
import { servedOperations } from './actions.ts';
import { declarations, imports } from './operation-signatures.ts';

export function answerMetadata(call: Call): ApiResponse {
  if (call.request.method !== 'GET') throw methodNotAllowed();
  const { organization, root } = call.context;
  if (call.segments.length > 0)
    return { ...answer(200, { 'Content-Type': 'application/xml' }), body: csdl(organization) };
  const value = [...organization.schema.tables].map((table) => ({
    name: table.entitySetName,
    kind: 'EntitySet',
    url: table.entitySetName,
  }));
  return answer(200, {}, { '@odata.context': `${root}$metadata`, value });
}

function csdl(organization: Organization): string {
  const tables = [...organization.schema.tables];
  const sets = tables.map(
    (table) => `<EntitySet Name="${table.entitySetName}" EntityType="Microsoft.Dynamics.CRM.${table.logicalName}"/>`,
  );
  const bulkTables = tables.filter(({ isActivity }) => !isActivity).map(({ logicalName }) => logicalName);
  const served = { ...servedOperations(), bulkTables };
  return `<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">
${declarations(served)}
${tables.map((table) => entityType(organization, table)).join('\n')}
<EntityContainer Name="System">${sets.join('')}${imports(served)}</EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`;
}

function entityType(organization: Organization, table: Table): string {
  const { schema } = organization;
  const properties = exposedColumns(table).map((column) => {
    const type = isLookup(column) ? 'Edm.Guid' : edmType(column);
    const nullable = column.name === table.primaryId ? ' Nullable="false"' : '';
    return `<Property Name="${propertyName(column)}" Type="${type}"${nullable}/>`;
  });
  const known = (relationship: Relationship): boolean =>
    targets(relationship).some((name) => schema.table(name) !== undefined);
  const single = table.relationships.filter(known).map((relationship) => {
    const type = `mscrm.${targets(relationship)[0]}`;
    return `<NavigationProperty Name="${relationship.navigationProperty}" Type="${type}" Nullable="false"/>`;
  });
  const many = [...schema.pointingTo(table.logicalName)].map(
    (relationship) =>
      `<NavigationProperty Name="${relationship.collectionProperty}" Type="Collection(mscrm.${relationship.referencingTable})"/>`,
  );
  const pairs = table.manyToMany.map(
    (pair) => `<NavigationProperty Name="${pair.navigationProperty}" Type="Collection(mscrm.${pair.otherTable})"/>`,
  );
  const content = [...properties, ...single, ...many, ...pairs].join('');
  return `<EntityType Name="${table.logicalName}" BaseType="mscrm.crmbaseentity"><Key><PropertyRef Name="${table.primaryId}"/></Key>${content}</EntityType>`;
}
