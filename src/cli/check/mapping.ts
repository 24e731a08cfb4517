// Checks the mapping of the département against the environment: what would be refused, and what is sensitive.
import type { Read } from '../../provision/read.ts';
import { sensitiveFields } from '../../rdv-solidarites/mappable-fields.ts';
import type { MappedTable, Mapping, OwnLine } from '../../sync/model/mapping.ts';
import { type Finding, type Flaw, verdict, warning } from './finding.ts';
import { type FoundColumn, readColumns } from './mapping-columns.ts';

export async function checkMapping(read: Read, mapping: Mapping): Promise<readonly Finding[]> {
  const found = await Promise.all([checkTable(read, 'contact', mapping), checkTable(read, 'appointment', mapping)]);
  return found.flat();
}

async function checkTable(read: Read, table: MappedTable, mapping: Mapping): Promise<readonly Finding[]> {
  const lines = Object.entries(mapping[table].own);
  if (lines.length === 0) return [];
  const subject = `mapping of ${table}`;
  const names = lines.map(([name]) => name);
  const found = await readColumns(read, table, names);
  const flaws = lines.flatMap(([name, line]) => flawsOf(`${table}.${name}`, line, found.get(name)));
  const secured = names.filter((name) => found.get(name)?.IsSecured === true).map((name) => `${table}.${name}`);
  return [
    ...verdict(subject, `${lines.length} columns of yours, as MAPPING says`, flaws),
    ...(secured.length === 0 ? [] : [warning(subject, securedFlaw(secured))]),
    ...reminderOf(table, lines),
  ];
}

const securedFlaw = (columns: readonly string[]): Flaw => ({
  message: `${columns.join(', ')}: secured columns`,
  remedy: "give the connector's user a column security profile that reads, creates and updates them",
});

/** What the sender holds as sensitive is filled on request only. */
function reminderOf(table: MappedTable, lines: readonly (readonly [string, OwnLine])[]): readonly Finding[] {
  const sensitive = lines.filter(([, { from }]) => sensitiveFields[table].includes(from));
  if (sensitive.length === 0) return [];
  const named = sensitive.map(([name, { from }]) => `${table}.${name} (${from})`);
  const message = `RDV-Solidarités holds as sensitive what fills ${named.join(', ')}`;
  const remedy = 'enter it in your records of processing, and limit who reads these columns (column-level security)';
  return [warning(`sensitive fields of ${table}`, { message, remedy })];
}

/** How each type is called in definitions. */
const TYPES: Readonly<Record<OwnLine['type'], string>> = {
  text: 'String',
  memo: 'Memo',
  whole: 'Integer',
  decimal: 'Decimal',
  boolean: 'Boolean',
  date: 'DateTime',
  datetime: 'DateTime',
  choice: 'Picklist',
};

function flawsOf(name: string, line: OwnLine, column: FoundColumn | undefined): readonly Flaw[] {
  const wanted = TYPES[line.type];
  if (column === undefined) {
    return [{ message: `${name} is missing`, remedy: `create it (${wanted}), or take its line out of MAPPING` }];
  }
  if (column.AttributeType !== wanted) {
    const message = `${name} is of type ${column.AttributeType}; expected ${wanted}`;
    return [{ message, remedy: 'name another type in MAPPING, or another column' }];
  }
  if (!column.IsValidForCreate || !column.IsValidForUpdate) {
    const message = `${name} cannot be written: it is calculated, or kept by Dynamics itself`;
    return [{ message, remedy: 'name another column in MAPPING' }];
  }
  return detailFlaws(name, line, column);
}

function detailFlaws(name: string, line: OwnLine, column: FoundColumn): readonly Flaw[] {
  switch (line.type) {
    case 'text':
    case 'memo':
      return lengthFlaws(name, line, column);
    case 'whole':
      return rangeFlaws(name, line, column);
    case 'decimal':
      return [...rangeFlaws(name, line, column), ...precisionFlaws(name, line, column)];
    case 'date':
    case 'datetime':
      return momentFlaws(name, line, column);
    case 'choice':
      return optionFlaws(name, line, column);
    case 'boolean':
      return [];
  }
}

function lengthFlaws(name: string, { maxLength }: { maxLength: number }, { MaxLength = 0 }: FoundColumn) {
  if (MaxLength >= maxLength) return [];
  const message = `${name} holds ${MaxLength} characters; MAPPING says ${maxLength}: longer texts are refused`;
  return [{ message, remedy: `lengthen the column, or write "maxLength": ${MaxLength}` }];
}

type Range = { minimum: number; maximum: number };

function rangeFlaws(name: string, { minimum, maximum }: Range, column: FoundColumn): readonly Flaw[] {
  const { MinValue = minimum, MaxValue = maximum } = column;
  if (MinValue <= minimum && MaxValue >= maximum) return [];
  const message = `${name} takes numbers from ${MinValue} to ${MaxValue}; MAPPING lets ${minimum} to ${maximum} through`;
  return [{ message, remedy: `write "minimum": ${MinValue}, "maximum": ${MaxValue}, or widen the column` }];
}

function precisionFlaws(name: string, { precision }: { precision: number }, { Precision = 0 }: FoundColumn) {
  if (Precision >= precision) return [];
  const message = `${name} keeps ${Precision} decimals; MAPPING says ${precision}: values would look corrected by people`;
  return [{ message, remedy: `write "precision": ${Precision}, or give the column more decimals` }];
}

/** A date must not move with the reader's time zone, and an instant must. */
const MOMENTS = {
  date: { format: 'DateOnly', behavior: 'DateOnly' },
  datetime: { format: 'DateAndTime', behavior: 'UserLocal' },
} as const;

function momentFlaws(name: string, { type }: { type: keyof typeof MOMENTS }, column: FoundColumn): readonly Flaw[] {
  const { format, behavior } = MOMENTS[type];
  const found = { format: column.Format, behavior: column.DateTimeBehavior?.Value };
  if (found.format === format && found.behavior === behavior) return [];
  const message = `${name} has format ${found.format} and behavior ${found.behavior}; expected ${format} and ${behavior}`;
  return [{ message, remedy: 'make another column with these, and name it in MAPPING' }];
}

function optionFlaws(name: string, { values }: { values: Readonly<Record<string, number>> }, column: FoundColumn) {
  const missing = [...new Set(Object.values(values))].filter((value) => column.options?.includes(value) !== true);
  if (missing.length === 0) return [];
  const message = `${name} has no option ${missing.join(', ')}`;
  return [{ message, remedy: 'add the options to the column, or correct their numbers in MAPPING' }];
}
