// The setting MAPPING: the département's own columns, and those of ours that it fills itself.
import * as z from 'zod/mini';
import { type FieldKind, mappableFields } from './rdv-solidarites/mappable-fields.ts';
import { repeatedName } from './repeated-name.ts';
import { isOurName, ONE_FACT, ourLines } from './schema/our-names.ts';
import type { MappedTable, Mapping, OwnLine, TableMapping } from './sync/model/mapping.ts';

type Type = OwnLine['type'];

/** The kinds of fields that a column of each type can hold. Texts are read as numbers, dates and choices. */
const HOLDS: Readonly<Record<Type, readonly FieldKind[]>> = {
  text: ['text', 'whole', 'decimal', 'date'],
  memo: ['text'],
  whole: ['whole', 'text'],
  decimal: ['decimal', 'whole', 'text'],
  boolean: ['boolean'],
  date: ['date', 'text'],
  datetime: ['datetime', 'text'],
  choice: ['text', 'whole', 'boolean'],
};
const TYPES = 'text, memo, whole, decimal, boolean, date, datetime or choice';

/** The limits of Dataverse (Microsoft Learn: Integer-, Decimal-, String- and MemoAttributeMetadata). */
const WHOLE = { minimum: -2_147_483_648, maximum: 2_147_483_647 };
const DECIMAL = { minimum: -100_000_000_000, maximum: 100_000_000_000 };
const LONGEST = { text: 4_000, memo: 1_048_576 };
const MOST_PRECISE = 10;
/** That of a new column in Power Apps. */
const USUAL_PRECISION = 2;

const within = (minimum: number, maximum: number) => {
  const error = `a whole number from ${minimum} to ${maximum}`;
  return z.int({ error }).check(z.gte(minimum, { error }), z.lte(maximum, { error }));
};
const bound = ({ minimum, maximum }: typeof WHOLE) => {
  const error = `a number from ${minimum} to ${maximum}`;
  return z.optional(z.number({ error }).check(z.gte(minimum, { error }), z.lte(maximum, { error })));
};

/** What each type says beside its field and its name. */
const DETAILS = {
  text: { maxLength: within(1, LONGEST.text) },
  memo: { maxLength: within(1, LONGEST.memo) },
  whole: { minimum: bound(WHOLE), maximum: bound(WHOLE) },
  decimal: { minimum: bound(DECIMAL), maximum: bound(DECIMAL), precision: z.optional(within(0, MOST_PRECISE)) },
  boolean: {},
  date: {},
  datetime: {},
  choice: {
    values: z
      .record(z.string(), within(0, WHOLE.maximum), 'the options: {"value of RDV-Solidarités": number of the option}')
      .check(z.refine((values) => Object.keys(values).length > 0, 'one option at least')),
  },
} as const satisfies Record<Type, Record<string, z.ZodMiniType>>;

function lineOf<T extends Type>(table: MappedTable, type: T) {
  const fields = Object.entries<FieldKind>(mappableFields[table])
    .filter(([, kind]) => HOLDS[type].includes(kind))
    .map(([field]) => field);
  const keys = ['from', 'type', ...Object.keys(DETAILS[type])];
  return z.strictObject(
    {
      from: z.enum(fields, `a field that ${type} can hold: ${fields.join(', ')}`),
      type: z.literal(type),
      ...DETAILS[type],
    },
    `${keys.join(', ')}, and nothing else`,
  );
}

const linesOf = (table: MappedTable) =>
  z.discriminatedUnion(
    'type',
    [
      lineOf(table, 'text'),
      lineOf(table, 'memo'),
      lineOf(table, 'whole'),
      lineOf(table, 'decimal'),
      lineOf(table, 'boolean'),
      lineOf(table, 'date'),
      lineOf(table, 'datetime'),
      lineOf(table, 'choice'),
    ],
    `a column: {"from": a field, "type": ${TYPES}}`,
  );

/** Lines that no row can do without: a name to be listed by, a time to be shown at, a number to be found by. */
const NEEDED: Readonly<Record<MappedTable, readonly string[]>> = {
  contact: ['lastname'],
  appointment: ['scheduledstart', 'scheduledend', 'rdvs_rdvid'],
};

/** As Dataverse writes logical names. */
const LOGICAL_NAME = /^[a-z][a-z0-9_]{0,127}$/;

const takenAway = z.optional(z.literal(false, 'false, or nothing: the connector fills this column'));
const needed = z.optional(z.never('nothing: no row can do without this column'));

function tableOf(table: MappedTable) {
  const ours = ourLines(table).map((column) => [column, NEEDED[table].includes(column) ? needed : takenAway]);
  const shape = Object.fromEntries(ours) as Record<string, typeof takenAway | typeof needed>;
  return z.catchall(z.object(shape), linesOf(table)).check((given) => {
    for (const { column, expected } of problemsIn(table, given.value)) {
      given.issues.push({ code: 'custom', message: expected, path: [column], input: undefined });
    }
  });
}

/** What the shape cannot say: names, and columns that are one fact. */
function problemsIn(table: MappedTable, lines: Readonly<Record<string, unknown>>) {
  const ours = ourLines(table);
  const names = Object.keys(lines).filter((column) => !ours.includes(column));
  const wrong = names.flatMap((column) => {
    if (isOurName(table, column)) return [{ column, expected: 'another column: the connector needs this one' }];
    return LOGICAL_NAME.test(column) ? [] : [{ column, expected: 'the logical name of a column, such as cd62_numero' }];
  });
  const halves = ONE_FACT[table].flatMap((fact) => {
    const gone = fact.filter((column) => column in lines);
    const rest = fact.filter((column) => !(column in lines));
    const [column] = gone;
    return column === undefined || rest.length === 0
      ? []
      : [{ column, expected: `false for ${rest.join(', ')} too: these columns are one fact` }];
  });
  return [...wrong, ...halves];
}

/** The shape of the setting; `$schema` is for editors. */
export const mappingShape = () =>
  z.strictObject(
    {
      $schema: z.optional(z.string()),
      contact: z.optional(tableOf('contact')),
      appointment: z.optional(tableOf('appointment')),
    },
    'a JSON object: {"contact": {…}, "appointment": {…}}',
  );

/** Reads the setting. The shape is made only where there is one to read: the receiver starts faster without. */
export const mapping = z.pipe(
  z._default(z.string(), '{}'),
  z.transform((text, context): Mapping => {
    const refuse = (message: string, path: PropertyKey[] = []) => {
      context.issues.push({ code: 'custom', message, path, input: undefined });
      return z.NEVER;
    };
    const given = parse(text);
    if (given === undefined) return refuse('a JSON object: {"contact": {…}, "appointment": {…}}');
    const twice = repeatedName(text);
    if (twice !== undefined) return refuse('once: it is there twice', twice);
    if (text.trim() === '{}') return OURS_ALONE;
    const read = mappingShape().safeParse(given);
    if (read.success) return { contact: toTable(read.data.contact), appointment: toTable(read.data.appointment) };
    for (const { message, path } of read.error.issues) refuse(message, path);
    return z.NEVER;
  }),
);

const OURS_ALONE: Mapping = { contact: toTable(), appointment: toTable() };

type Given = z.infer<ReturnType<typeof linesOf>>;

function toTable(lines: Readonly<Record<string, unknown>> = {}): TableMapping {
  const entries = Object.entries(lines) as [string, Given | false][];
  return {
    own: Object.fromEntries(entries.flatMap(([column, line]) => (line === false ? [] : [[column, complete(line)]]))),
    without: new Set(entries.flatMap(([column, line]) => (line === false ? [column] : []))),
  };
}

/** A line with its limits. */
function complete(line: Given): OwnLine {
  switch (line.type) {
    case 'whole':
      return { ...line, minimum: line.minimum ?? WHOLE.minimum, maximum: line.maximum ?? WHOLE.maximum };
    case 'decimal': {
      const { minimum = DECIMAL.minimum, maximum = DECIMAL.maximum, precision = USUAL_PRECISION } = line;
      return { ...line, minimum, maximum, precision };
    }
    default:
      return line;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
