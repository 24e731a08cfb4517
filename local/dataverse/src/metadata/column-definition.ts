// From `AttributeMetadata` JSON to a column. Microsoft Learn, "Create and update column definitions using the Web API".

import { randomUUID } from 'node:crypto';
import { invalidArgument, notEmulated } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { isObject, objects, text } from '../json.ts';
import type { Organization } from '../organization.ts';
import type { Column, ColumnType, Option } from '../schema/model.ts';
import { readLabels } from './labels.ts';

const TYPES: Readonly<Record<string, ColumnType>> = {
  StringAttributeMetadata: 'String',
  MemoAttributeMetadata: 'Memo',
  IntegerAttributeMetadata: 'Integer',
  BigIntAttributeMetadata: 'BigInt',
  DecimalAttributeMetadata: 'Decimal',
  DoubleAttributeMetadata: 'Double',
  BooleanAttributeMetadata: 'Boolean',
  DateTimeAttributeMetadata: 'DateTime',
  PicklistAttributeMetadata: 'Picklist',
  LookupAttributeMetadata: 'Lookup',
};

const FORMATS: Partial<Record<ColumnType, readonly string[]>> = {
  String: ['Text', 'Email', 'Url', 'Phone', 'TextArea', 'TickerSymbol', 'RichText', 'Json'],
  Memo: ['TextArea', 'Text', 'Email', 'RichText', 'Json'],
};

/** Longest text: 4,000 for String, 1,048,576 for Memo. Microsoft Learn, "StringAttributeMetadata", "MemoAttributeMetadata". */
const MAX_LENGTH: Partial<Record<ColumnType, number>> = { String: 4000, Memo: 1_048_576 };

export function readColumn(organization: Organization, body: JsonObject): Column {
  const type = columnType(body);
  const schemaName = text(body, 'SchemaName');
  if (schemaName === undefined || !/^[A-Za-z]\w*$/.test(schemaName))
    throw invalidArgument("The property 'SchemaName' is missing or not valid.");
  const labels = readLabels(organization, body['DisplayName']);
  if (labels.size === 0) throw invalidArgument(`The column ${schemaName} needs a DisplayName.`);
  return {
    metadataId: randomUUID(),
    name: schemaName.toLowerCase(),
    schemaName,
    type,
    labels,
    descriptions: readLabels(organization, body['Description']),
    custom: true,
    required: readRequired(body['RequiredLevel']),
    create: true,
    update: true,
    read: true,
    isSecured: body['IsSecured'] === true,
    ...readDetails(organization, type, body),
  };
}

function columnType(body: JsonObject): ColumnType {
  const name = text(body, '@odata.type')?.replace(/^#?Microsoft\.Dynamics\.CRM\.(?:Complex)?/, '');
  if (name === undefined) throw invalidArgument("The column definition needs an '@odata.type'.");
  const type = TYPES[name];
  if (type === undefined) throw notEmulated(`columns of type ${name}`);
  return type;
}

function readRequired(json: Json | undefined): Column['required'] {
  const value = isObject(json) ? json['Value'] : undefined;
  if (value === undefined) return 'None';
  if (value === 'None' || value === 'Recommended' || value === 'ApplicationRequired') return value;
  throw invalidArgument(`RequiredLevel ${String(value)} cannot be given to a custom column.`);
}

/** What a type adds, at creation and at an update alike. */
export function readDetails(organization: Organization, type: ColumnType, body: JsonObject): Partial<Column> {
  switch (type) {
    case 'String':
    case 'Memo':
      return { maxLength: readLength(type, body), format: readFormat(type, body) };
    case 'Integer':
      return {
        min: number(body, 'MinValue') ?? -2_147_483_648,
        max: number(body, 'MaxValue') ?? 2_147_483_647,
        format: text(body, 'Format'),
      };
    case 'Decimal':
    case 'Double':
      return {
        min: number(body, 'MinValue') ?? -100_000_000_000,
        max: number(body, 'MaxValue') ?? 100_000_000_000,
        precision: number(body, 'Precision') ?? 2,
      };
    case 'Boolean':
      return { options: readBooleanOptions(organization, body), default: body['DefaultValue'] === true };
    case 'DateTime':
      return readDateTime(body);
    case 'Picklist':
      return { options: readOptions(organization, body) };
    default:
      return {};
  }
}

function readLength(type: ColumnType, body: JsonObject): number {
  const length = number(body, 'MaxLength');
  const max = MAX_LENGTH[type] ?? 0;
  if (length === undefined || length < 1 || length > max)
    throw invalidArgument(`MaxLength must be between 1 and ${max}.`);
  return length;
}

function readFormat(type: ColumnType, body: JsonObject): string {
  const named = isObject(body['FormatName']) ? text(body['FormatName'], 'Value') : undefined;
  const format = named ?? text(body, 'Format') ?? FORMATS[type]?.[0] ?? 'Text';
  if (FORMATS[type]?.includes(format) !== true)
    throw invalidArgument(`The format ${format} is not valid for a column of type ${type}.`);
  return format;
}

function readDateTime(body: JsonObject): Partial<Column> {
  const format = text(body, 'Format') ?? 'DateAndTime';
  const behavior =
    (isObject(body['DateTimeBehavior']) ? text(body['DateTimeBehavior'], 'Value') : undefined) ?? 'UserLocal';
  if (format !== 'DateOnly' && format !== 'DateAndTime')
    throw invalidArgument(`The format ${format} is not valid for a date.`);
  if (behavior !== 'UserLocal' && behavior !== 'DateOnly' && behavior !== 'TimeZoneIndependent')
    throw invalidArgument(`DateTimeBehavior ${behavior} is not valid.`);
  // Microsoft Learn, "Behavior and format of the date and time column": DateOnly behavior goes with DateOnly format only.
  if (behavior === 'DateOnly' && format !== 'DateOnly')
    throw invalidArgument('The DateOnly behavior needs the DateOnly format.');
  return { format, dateTimeBehavior: behavior };
}

function readBooleanOptions(organization: Organization, body: JsonObject): Map<number, Option> {
  const set = isObject(body['OptionSet']) ? body['OptionSet'] : {};
  const option = (value: number, name: string): [number, Option] => {
    const json = set[name];
    return [value, { value, labels: readLabels(organization, isObject(json) ? json['Label'] : undefined) }];
  };
  return new Map([option(0, 'FalseOption'), option(1, 'TrueOption')]);
}

function readOptions(organization: Organization, body: JsonObject): Map<number, Option> {
  const set = body['OptionSet'];
  if (!isObject(set)) throw notEmulated('choices on a global option set');
  const options = new Map<number, Option>();
  for (const json of objects(set, 'Options')) {
    const value = number(json, 'Value');
    const labels = readLabels(organization, json['Label']);
    if (value === undefined || labels.size === 0) throw invalidArgument('An option needs a Value and a Label.');
    if (options.has(value)) throw invalidArgument(`The option value ${value} is given twice.`);
    options.set(value, { value, labels });
  }
  return options;
}

function number(body: JsonObject, name: string): number | undefined {
  const value = body[name];
  return typeof value === 'number' ? value : undefined;
}
