// From a JSON value to what a column stores, or a refusal with Dataverse's code.
// Microsoft Learn: "Web API types and operations", "Behavior and format of the date and time column", "Web service error codes".

import { DataverseError, invalidArgument, payloadError } from '../errors.ts';
import type { Json } from '../json.ts';
import { GUID } from '../odata/guid.ts';
import { toSeconds } from '../organization.ts';
import type { Column, Table } from '../schema/model.ts';
import type { Value } from '../store/row.ts';

const EDM: Partial<Record<Column['type'], string>> = {
  BigInt: 'Edm.Int64',
  Boolean: 'Edm.Boolean',
  Decimal: 'Edm.Decimal',
  Double: 'Edm.Double',
  Money: 'Edm.Decimal',
  Integer: 'Edm.Int32',
  Picklist: 'Edm.Int32',
  State: 'Edm.Int32',
  Status: 'Edm.Int32',
  Uniqueidentifier: 'Edm.Guid',
};

/** Name of the column's type in $metadata and in conversion errors. */
export function edmType(column: Column): string {
  if (column.type === 'DateTime') return column.dateTimeBehavior === 'DateOnly' ? 'Edm.Date' : 'Edm.DateTimeOffset';
  return EDM[column.type] ?? 'Edm.String';
}

/** Value to store for a scalar column. Lookups come through `@odata.bind`, never through here. */
export function toStored(table: Table, column: Column, json: Json): Value {
  if (json === null) {
    // Microsoft Learn, "Update and delete rows": SystemRequired columns cannot be set to null.
    if (column.required === 'SystemRequired') throw invalidArgument(`Attribute '${column.name}' cannot be set to NULL`);
    return null;
  }
  switch (column.type) {
    case 'String':
    case 'Memo':
    case 'EntityName':
      return toText(table, column, json);
    case 'Boolean':
      return typeof json === 'boolean' ? json : mismatch(table, column, json);
    case 'Integer':
    case 'BigInt':
    case 'Decimal':
    case 'Double':
    case 'Money':
      return toNumber(table, column, json);
    case 'Picklist':
    case 'State':
    case 'Status':
      return toOption(table, column, json);
    case 'Uniqueidentifier':
      return (typeof json === 'string' && GUID.exec(json)?.[1]?.toLowerCase()) || mismatch(table, column, json);
    case 'DateTime':
      return toDate(table, column, json);
    default:
      return mismatch(table, column, json);
  }
}

/**
 * What System.Xml.XmlConvert.VerifyXmlChars refuses: Microsoft Learn, best practices, "Manage invalid characters"
 * (InvalidCharactersInField). Control characters but tab and line ends, U+FFFE, U+FFFF, halves of surrogate pairs.
 */
const INVALID_IN_XML = /(?![\t\n\r\x7f-\x9f])\p{Cc}|[\ufffe\uffff]|\p{Cs}/u;

function toText(table: Table, column: Column, json: Json): Value {
  if (typeof json !== 'string') return mismatch(table, column, json);
  // nvarchar counts UTF-16 units [inference].
  if (column.maxLength !== undefined && json.length > column.maxLength) {
    throw new DataverseError(
      400,
      '0x80044331',
      `A validation error occurred.  The length of the '${column.name}' attribute of the '${table.logicalName}' entity exceeded the maximum allowed length of '${column.maxLength}'.`,
    );
  }
  const invalid = INVALID_IN_XML.exec(json)?.[0];
  if (invalid !== undefined) {
    const code = invalid.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
    throw new DataverseError(
      400,
      '0x80040278',
      `Invalid character in field '${column.name}': '', hexadecimal value 0x${code}, is an invalid character.`,
    );
  }
  // An empty text is kept as null [inference: SDK behaviour].
  return json === '' ? null : json;
}

function toNumber(table: Table, column: Column, json: Json): Value {
  const whole = column.type === 'Integer' || column.type === 'BigInt';
  if (typeof json !== 'number' || (whole && !Number.isSafeInteger(json))) return mismatch(table, column, json);
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = column;
  if (column.type === 'Integer' && Math.abs(json) > 2 ** 31) return mismatch(table, column, json);
  if (json < min || json > max) {
    // The code is the one of a numeric value out of range [inference].
    throw new DataverseError(
      400,
      '0x80044330',
      `A validation error occurred.  The value of '${column.name}' on record of type '${table.logicalName}' is outside the valid range.`,
    );
  }
  return json;
}

function toOption(table: Table, column: Column, json: Json): Value {
  if (typeof json !== 'number' || !Number.isInteger(json)) return mismatch(table, column, json);
  if (column.options !== undefined && !column.options.has(json)) {
    throw new DataverseError(
      400,
      '0x8004431a',
      `A validation error occurred. The value ${json} of '${column.name}' on record of type '${table.logicalName}' is outside the valid range. Accepted Values: ${[...column.options.keys()].join(',')}`,
    );
  }
  return json;
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,12})?)?(Z|[+-]\d\d:\d\d)$/i;

function toDate(table: Table, column: Column, json: Json): Value {
  const dateOnly = column.dateTimeBehavior === 'DateOnly';
  if (typeof json !== 'string' || !(dateOnly ? DATE : DATE_TIME).test(json)) return mismatch(table, column, json);
  const instant = new Date(json);
  const exists = !Number.isNaN(instant.getTime()) && isCalendarDay(json.slice(0, 10));
  if (!exists) return mismatch(table, column, json);
  // Minimum of CrmDateTime: Microsoft Learn, "Behavior and format of the date and time column"; the code is an [inference].
  if (instant.getTime() < Date.UTC(1753, 0, 1)) {
    throw new DataverseError(
      400,
      '0x80040239',
      `DateTime is less than minumum value supported by CrmDateTime. Actual value: ${json}, Minimum value supported: 01/01/1753 00:00:00`,
    );
  }
  return dateOnly ? json : toSeconds(instant);
}

/** `new Date` turns 30 February into March. */
function isCalendarDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

function mismatch(table: Table, column: Column, json: Json): never {
  const literal = typeof json === 'string' ? json : JSON.stringify(json);
  throw payloadError(
    table.entitySetName,
    `Cannot convert the literal '${literal}' to the expected type '${edmType(column)}'.`,
  );
}
