// A column as `AttributeMetadata`. Microsoft Learn: Web API "AttributeMetadata EntityType" and its derived types.

import type { Json, JsonObject } from '../json.ts';
import type { Organization } from '../organization.ts';
import { exposedColumns } from '../rows/properties.ts';
import type { Column, Option, Table } from '../schema/model.ts';
import { canBeSecured } from '../security/secured-columns.ts';
import { labelJson, managed } from './labels.ts';

const NAMESPACE = 'Microsoft.Dynamics.CRM.';

/** `StringAttributeMetadata` and so on; lookups of every kind are LookupAttributeMetadata. */
export function columnTypeName(column: Column): string {
  switch (column.type) {
    case 'Customer':
    case 'Owner':
    case 'PartyList':
      return `${NAMESPACE}LookupAttributeMetadata`;
    case 'Uniqueidentifier':
      return `${NAMESPACE}UniqueIdentifierAttributeMetadata`;
    default:
      return `${NAMESPACE}${column.type}AttributeMetadata`;
  }
}

export function columnJson(organization: Organization, table: Table, column: Column): JsonObject {
  return {
    '@odata.type': `#${columnTypeName(column)}`,
    MetadataId: column.metadataId,
    LogicalName: column.name,
    SchemaName: column.schemaName,
    EntityLogicalName: table.logicalName,
    AttributeType: column.type,
    AttributeTypeName: { Value: `${column.type}Type` },
    DisplayName: labelJson(organization, column.labels),
    Description: labelJson(organization, column.descriptions),
    RequiredLevel: managed(column.required, 'canmodifyrequirementlevelsettings'),
    IsCustomAttribute: column.custom,
    IsManaged: !column.custom,
    IsPrimaryId: column.name === table.primaryId,
    IsPrimaryName: column.name === table.primaryName,
    IsLogical: !exposedColumns(table).includes(column),
    IsValidForCreate: column.create,
    IsValidForUpdate: column.update,
    IsValidForRead: column.read,
    IsValidODataAttribute: true,
    IsSecured: column.isSecured ?? false,
    CanBeSecuredForRead: canBeSecured(table, column),
    CanBeSecuredForCreate: canBeSecured(table, column),
    CanBeSecuredForUpdate: canBeSecured(table, column),
    ...details(column),
  };
}

function details(column: Column): JsonObject {
  switch (column.type) {
    case 'String':
      return {
        MaxLength: column.maxLength ?? null,
        Format: column.format ?? 'Text',
        FormatName: { Value: column.format ?? 'Text' },
      };
    case 'Memo':
      return {
        MaxLength: column.maxLength ?? null,
        Format: column.format ?? 'TextArea',
        FormatName: { Value: column.format ?? 'TextArea' },
      };
    case 'Integer':
    case 'BigInt':
      return {
        MinValue: column.min ?? null,
        MaxValue: column.max ?? null,
        ...(column.type === 'Integer' && { Format: column.format ?? 'None' }),
      };
    case 'Decimal':
    case 'Double':
    case 'Money':
      return { MinValue: column.min ?? null, MaxValue: column.max ?? null, Precision: column.precision ?? null };
    case 'DateTime':
      return {
        Format: column.format ?? 'DateAndTime',
        DateTimeBehavior: { Value: column.dateTimeBehavior ?? 'UserLocal' },
      };
    case 'Boolean':
      return { DefaultValue: column.default ?? false };
    case 'Picklist':
    case 'State':
    case 'Status':
      return { DefaultFormValue: column.default ?? -1 };
    case 'Customer':
    case 'Lookup':
    case 'Owner':
    case 'PartyList':
      return { Targets: [...(column.targets ?? [])] };
    default:
      return {};
  }
}

/** `OptionSet`: comes only when expanded, as in Dataverse. */
export function optionSetJson(organization: Organization, column: Column): Json {
  if (column.options === undefined) return null;
  const options = [...column.options.values()].map((option) => optionJson(organization, option));
  if (column.type !== 'Boolean')
    return {
      MetadataId: column.metadataId,
      Name: column.name,
      IsGlobal: false,
      OptionSetType: column.type,
      Options: options,
    };
  const [falseOption = null, trueOption = null] = options;
  return {
    MetadataId: column.metadataId,
    IsGlobal: false,
    OptionSetType: 'Boolean',
    FalseOption: falseOption,
    TrueOption: trueOption,
  };
}

function optionJson(organization: Organization, option: Option): JsonObject {
  return {
    Value: option.value,
    Label: labelJson(organization, option.labels),
    ...(option.state !== undefined && { State: option.state }),
    ...(option.defaultStatus !== undefined && {
      DefaultStatus: option.defaultStatus,
      InvariantName: option.invariantName ?? null,
    }),
  };
}
