// Our schema as the Web API takes it: the JSON bodies that create tables, columns and relationships.
// Source: Microsoft Learn, "Create and update table definitions using the Web API", and the same pages for columns and
// for relationships (power-apps/developer/data-platform/webapi/create-update-*).

import type { Cascade, Column, LookupColumn, OwnTable, Text } from '../schema/shape.ts';

const FRENCH = 1036;

/** Language codes (LCID) of an environment. A label in a language that is not provisioned is refused. */
export interface Languages {
  base: number;
  provisioned: readonly number[];
}

/** A label in the base language always, and in French where French is provisioned. */
export function labelOf(text: Text, { base, provisioned }: Languages) {
  const localized = (label: string, languageCode: number) => ({
    '@odata.type': 'Microsoft.Dynamics.CRM.LocalizedLabel',
    Label: label,
    LanguageCode: languageCode,
  });
  const labels = [localized(base === FRENCH ? text.fr : text.en, base)];
  if (hasFrench({ base, provisioned })) labels.push(localized(text.fr, FRENCH));
  return { '@odata.type': 'Microsoft.Dynamics.CRM.Label', LocalizedLabels: labels };
}

/** Whether French is a language of the environment beside its base language. */
export function hasFrench({ base, provisioned }: Languages): boolean {
  return base !== FRENCH && provisioned.includes(FRENCH);
}

/** The body that creates a column; a lookup is created with its relationship instead. */
export function columnDefinition(column: Exclude<Column, LookupColumn>, languages: Languages) {
  return { ...typeOf(column, languages), ...commonOf(column, languages) };
}

/** The body that creates a table with its primary name and every column that is not a lookup. */
export function tableDefinition(table: OwnTable, languages: Languages) {
  const columns = Object.entries(table.columns).flatMap(([name, column]) => {
    if (column.type === 'lookup') return [];
    const definition = columnDefinition(column, languages);
    return [name === table.primaryName ? { ...definition, IsPrimaryName: true } : definition];
  });
  return {
    '@odata.type': 'Microsoft.Dynamics.CRM.EntityMetadata',
    SchemaName: table.schemaName,
    DisplayName: labelOf(table.label, languages),
    DisplayCollectionName: labelOf(table.pluralLabel, languages),
    Description: labelOf(table.description, languages),
    OwnershipType: table.ownership,
    IsActivity: false,
    HasActivities: false,
    HasNotes: false,
    IsAuditEnabled: audited(table.audit),
    Attributes: columns,
  };
}

/** The body that creates a one-to-many relationship together with its lookup on `table`. */
export function relationshipDefinition(table: string, column: LookupColumn, languages: Languages) {
  return {
    '@odata.type': 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
    SchemaName: column.relationship,
    ReferencedEntity: column.target,
    ReferencedAttribute: column.targetKey,
    ReferencedEntityNavigationPropertyName: column.referencedNavigationProperty,
    ReferencingEntity: table,
    ReferencingEntityNavigationPropertyName: column.navigationProperty,
    AssociatedMenuConfiguration: {
      Behavior: 'UseLabel',
      Group: 'Details',
      Label: labelOf(column.relatedLabel, languages),
      Order: 10_000,
    },
    CascadeConfiguration: cascadeDefinition(column.cascade),
    Lookup: {
      '@odata.type': 'Microsoft.Dynamics.CRM.LookupAttributeMetadata',
      AttributeType: 'Lookup',
      AttributeTypeName: { Value: 'LookupType' },
      ...commonOf(column, languages),
    },
  };
}

/** What happens to the rows that point to another one, as the Web API has it. */
export const cascadeDefinition = (cascade: Cascade) => ({
  Assign: cascade.assign,
  Delete: cascade.delete,
  Merge: cascade.merge,
  Reparent: cascade.reparent,
  Share: cascade.share,
  Unshare: cascade.unshare,
});

/** The body that adds an option to a choice column (InsertOptionValue). */
export function optionDefinition(value: number, text: Text, languages: Languages) {
  return { Value: value, Label: labelOf(text, languages) };
}

function commonOf(column: Column, languages: Languages) {
  return {
    SchemaName: column.schemaName,
    DisplayName: labelOf(column.label, languages),
    Description: labelOf(column.description, languages),
    RequiredLevel: {
      Value: 'None',
      CanBeChanged: true,
      ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings',
    },
    IsAuditEnabled: audited(column.audit),
  };
}

function audited(value: boolean) {
  return { Value: value, CanBeChanged: true, ManagedPropertyLogicalName: 'canmodifyauditsettings' };
}

function typeOf(column: Exclude<Column, LookupColumn>, languages: Languages) {
  const named = (name: string) => ({
    '@odata.type': `Microsoft.Dynamics.CRM.${name}AttributeMetadata`,
    AttributeType: name,
    AttributeTypeName: { Value: `${name}Type` },
  });
  switch (column.type) {
    case 'string':
      return { ...named('String'), FormatName: { Value: column.format }, MaxLength: column.maxLength };
    case 'memo':
      return { ...named('Memo'), Format: 'TextArea', ImeMode: 'Auto', MaxLength: column.maxLength };
    case 'whole': {
      const { minimum = 0, maximum = 2_147_483_647 } = column;
      return { ...named('Integer'), Format: 'None', MinValue: minimum, MaxValue: maximum };
    }
    case 'datetime':
      return { ...named('DateTime'), Format: 'DateAndTime', DateTimeBehavior: { Value: 'UserLocal' } };
    case 'boolean': {
      const TrueOption = optionDefinition(1, column.whenTrue, languages);
      const FalseOption = optionDefinition(0, column.whenFalse, languages);
      return {
        ...named('Boolean'),
        DefaultValue: false,
        OptionSet: { TrueOption, FalseOption, OptionSetType: 'Boolean' },
      };
    }
    case 'choice': {
      const options = Object.values(column.options);
      return {
        ...named('Picklist'),
        OptionSet: {
          '@odata.type': 'Microsoft.Dynamics.CRM.OptionSetMetadata',
          IsGlobal: false,
          OptionSetType: 'Picklist',
          Options: options.map(({ value, label }) => optionDefinition(value, label, languages)),
        },
      };
    }
  }
}
