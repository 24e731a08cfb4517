// Tables, relationships and keys as the Web API's definitions. Microsoft Learn: "EntityMetadata", "OneToManyRelationshipMetadata", "EntityKeyMetadata".

import type { JsonObject } from '../json.ts';
import type { Organization } from '../organization.ts';
import type { AlternateKey, Relationship, Table } from '../schema/model.ts';
import { labelJson, managed } from './labels.ts';

export function tableJson(organization: Organization, table: Table): JsonObject {
  return {
    MetadataId: table.metadataId,
    LogicalName: table.logicalName,
    SchemaName: table.schemaName,
    ObjectTypeCode: objectTypeCode(table),
    EntitySetName: table.entitySetName,
    LogicalCollectionName: table.entitySetName,
    CollectionSchemaName: `${table.schemaName}s`,
    PrimaryIdAttribute: table.primaryId,
    PrimaryNameAttribute: table.primaryName,
    OwnershipType: table.ownership,
    TableType: 'Standard',
    IsActivity: table.isActivity,
    IsCustomEntity: table.custom,
    IsManaged: !table.custom,
    IsCustomizable: managed(true, 'iscustomizable'),
    CanCreateForms: managed(true, 'cancreateforms'),
    CanCreateViews: managed(true, 'cancreateviews'),
    CanCreateCharts: managed(true, 'cancreatecharts'),
    IsIntersect: false,
    IsPrivate: false,
    IsLogicalEntity: false,
    // Microsoft Learn, "Optimistic concurrency": standard tables enabled for offline use and all custom tables.
    IsOptimisticConcurrencyEnabled: true,
    DisplayName: labelJson(organization, table.labels),
    DisplayCollectionName: labelJson(organization, table.collectionLabels),
    Description: labelJson(organization, table.descriptions),
  };
}

/** Standard tables have a fixed number, custom ones a number above 10,000 that differs from one environment to the next. */
function objectTypeCode({ logicalName, metadataId }: Table): number {
  const standard: Record<string, number> = { contact: 2, systemuser: 8, appointment: 4201 };
  return standard[logicalName] ?? 10_000 + (Number.parseInt(metadataId.slice(0, 4), 16) % 2000);
}

/** The same definition seen from both ends: the lookup side calls it many-to-one. */
export function relationshipJson(organization: Organization, relationship: Relationship): JsonObject {
  const { cascade } = relationship;
  return {
    '@odata.type': '#Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
    MetadataId: relationship.metadataId,
    SchemaName: relationship.schemaName,
    RelationshipType: 'OneToManyRelationship',
    IsCustomRelationship: relationship.custom,
    ReferencedEntity: relationship.target,
    ReferencedAttribute: relationship.targetAttribute,
    ReferencedEntityNavigationPropertyName: relationship.collectionProperty,
    ReferencingEntity: relationship.referencingTable,
    ReferencingAttribute: relationship.column,
    ReferencingEntityNavigationPropertyName: relationship.navigationProperty,
    EntityKey: null,
    CascadeConfiguration: { ...cascade, RollupView: 'NoCascade' },
    IsHierarchical: false,
    AssociatedMenuConfiguration: {
      Behavior: 'UseCollectionName',
      Group: 'Details',
      Label: labelJson(organization, new Map()),
      Order: 10_000,
    },
  };
}

export function keyJson(organization: Organization, table: Table, key: AlternateKey): JsonObject {
  return {
    MetadataId: key.metadataId,
    LogicalName: key.schemaName.toLowerCase(),
    SchemaName: key.schemaName,
    EntityLogicalName: table.logicalName,
    KeyAttributes: [...key.columns],
    EntityKeyIndexStatus: key.status,
    DisplayName: labelJson(organization, key.labels),
    AsyncJob: null,
  };
}
