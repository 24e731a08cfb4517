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
  const subject = { en: `mapping of ${table}`, fr: `correspondances de ${table}` };
  const names = lines.map(([name]) => name);
  const found = await readColumns(read, table, names);
  const flaws = lines.flatMap(([name, line]) => flawsOf(`${table}.${name}`, line, found.get(name)));
  const secured = names.filter((name) => found.get(name)?.IsSecured === true).map((name) => `${table}.${name}`);
  return [
    ...verdict(
      subject,
      {
        en: `${lines.length} columns of yours, as MAPPING says`,
        fr: `${lines.length} colonnes à vous, comme le dit MAPPING`,
      },
      flaws,
    ),
    ...(secured.length === 0 ? [] : [warning(subject, securedFlaw(secured))]),
    ...reminderOf(table, lines),
  ];
}

const securedFlaw = (columns: readonly string[]): Flaw => ({
  message: { en: `${columns.join(', ')}: secured columns`, fr: `${columns.join(', ')} : colonnes sécurisées` },
  remedy: {
    en: "give the connector's user a column security profile that reads, creates and updates them",
    fr: 'donnez à l’utilisateur du connecteur un profil de sécurité de colonne qui les lit, les crée et les modifie',
  },
});

/** What the sender holds as sensitive is filled on request only. */
function reminderOf(table: MappedTable, lines: readonly (readonly [string, OwnLine])[]): readonly Finding[] {
  const sensitive = lines.filter(([, { from }]) => sensitiveFields[table].includes(from));
  if (sensitive.length === 0) return [];
  const named = sensitive.map(([name, { from }]) => `${table}.${name} (${from})`);
  const message = {
    en: `RDV-Solidarités holds as sensitive what fills ${named.join(', ')}`,
    fr: `RDV-Solidarités tient pour sensible ce qui remplit ${named.join(', ')}`,
  };
  const remedy = {
    en: 'enter it in your records of processing, and limit who reads these columns (column-level security)',
    fr: 'inscrivez-le dans votre registre des traitements, et limitez qui lit ces colonnes (sécurité de colonne)',
  };
  const subject = { en: `sensitive fields of ${table}`, fr: `champs sensibles de ${table}` };
  return [warning(subject, { message, remedy })];
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
    const remedy = {
      en: `create it (${wanted}), or take its line out of MAPPING`,
      fr: `créez-la (${wanted}), ou retirez sa ligne de MAPPING`,
    };
    return [{ message: { en: `${name} is missing`, fr: `${name} manque` }, remedy }];
  }
  if (column.AttributeType !== wanted) {
    const message = {
      en: `${name} is of type ${column.AttributeType}; expected ${wanted}`,
      fr: `${name} est de type ${column.AttributeType} ; attendu : ${wanted}`,
    };
    const remedy = {
      en: 'name another type in MAPPING, or another column',
      fr: 'nommez un autre type dans MAPPING, ou une autre colonne',
    };
    return [{ message, remedy }];
  }
  if (!column.IsValidForCreate || !column.IsValidForUpdate) {
    const message = {
      en: `${name} cannot be written: it is calculated, or kept by Dynamics itself`,
      fr: `${name} ne peut pas être écrite : elle est calculée, ou tenue par Dynamics lui-même`,
    };
    const remedy = { en: 'name another column in MAPPING', fr: 'nommez une autre colonne dans MAPPING' };
    return [{ message, remedy }];
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
  const message = {
    en: `${name} holds ${MaxLength} characters; MAPPING says ${maxLength}: longer texts are refused`,
    fr: `${name} contient ${MaxLength} caractères ; MAPPING dit ${maxLength} : les textes plus longs sont refusés`,
  };
  const remedy = {
    en: `lengthen the column, or write "maxLength": ${MaxLength}`,
    fr: `allongez la colonne, ou écrivez "maxLength": ${MaxLength}`,
  };
  return [{ message, remedy }];
}

type Range = { minimum: number; maximum: number };

function rangeFlaws(name: string, { minimum, maximum }: Range, column: FoundColumn): readonly Flaw[] {
  const { MinValue = minimum, MaxValue = maximum } = column;
  if (MinValue <= minimum && MaxValue >= maximum) return [];
  const message = {
    en: `${name} takes numbers from ${MinValue} to ${MaxValue}; MAPPING lets ${minimum} to ${maximum} through`,
    fr: `${name} prend des nombres de ${MinValue} à ${MaxValue} ; MAPPING laisse passer de ${minimum} à ${maximum}`,
  };
  const remedy = {
    en: `write "minimum": ${MinValue}, "maximum": ${MaxValue}, or widen the column`,
    fr: `écrivez "minimum": ${MinValue}, "maximum": ${MaxValue}, ou élargissez la colonne`,
  };
  return [{ message, remedy }];
}

function precisionFlaws(name: string, { precision }: { precision: number }, { Precision = 0 }: FoundColumn) {
  if (Precision >= precision) return [];
  const message = {
    en: `${name} keeps ${Precision} decimals; MAPPING says ${precision}: values would look corrected by people`,
    fr: `${name} garde ${Precision} décimales ; MAPPING dit ${precision} : les valeurs sembleraient corrigées à la main`,
  };
  const remedy = {
    en: `write "precision": ${Precision}, or give the column more decimals`,
    fr: `écrivez "precision": ${Precision}, ou donnez plus de décimales à la colonne`,
  };
  return [{ message, remedy }];
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
  const message = {
    en: `${name} has format ${found.format} and behavior ${found.behavior}; expected ${format} and ${behavior}`,
    fr: `${name} a le format ${found.format} et le comportement ${found.behavior} ; attendu : ${format} et ${behavior}`,
  };
  const remedy = {
    en: 'make another column with these, and name it in MAPPING',
    fr: 'faites une autre colonne ainsi, et nommez-la dans MAPPING',
  };
  return [{ message, remedy }];
}

function optionFlaws(name: string, { values }: { values: Readonly<Record<string, number>> }, column: FoundColumn) {
  const missing = [...new Set(Object.values(values))].filter((value) => column.options?.includes(value) !== true);
  if (missing.length === 0) return [];
  const message = {
    en: `${name} has no option ${missing.join(', ')}`,
    fr: `${name} n’a pas d’option ${missing.join(', ')}`,
  };
  const remedy = {
    en: 'add the options to the column, or correct their numbers in MAPPING',
    fr: 'ajoutez ces options à la colonne, ou corrigez leurs numéros dans MAPPING',
  };
  return [{ message, remedy }];
}
