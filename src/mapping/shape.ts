// The shape of the setting MAPPING: the département's own columns, and those of ours that it fills itself.
import * as z from 'zod/mini';
import { type FieldKind, mappableFields } from '../rdv-solidarites/mappable-fields.ts';
import { isOurName, ONE_FACT, ourLines } from '../schema/our-names.ts';
import type { MappedTable, OwnLine } from '../sync/model/mapping.ts';

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
export const WHOLE = { minimum: -2_147_483_648, maximum: 2_147_483_647 };
export const DECIMAL = { minimum: -100_000_000_000, maximum: 100_000_000_000 };
const LONGEST = { text: 4_000, memo: 1_048_576 };
const MOST_PRECISE = 10;

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

/** A link remembers a hash for each column, and has room for so many (`rdvs_applied`). */
const MOST_LINES = 100;

/** As Dataverse writes logical names. */
const LOGICAL_NAME = /^[a-z][a-z0-9_]{0,127}$/;

const takenAway = z.optional(z.literal(false, 'false, or nothing: the connector fills this column'));
const needed = z.optional(z.never('nothing: no row can do without this column'));

function tableOf(table: MappedTable) {
  const ours = ourLines(table).map((column) => [column, NEEDED[table].includes(column) ? needed : takenAway]);
  const shape = Object.fromEntries(ours) as Record<string, typeof takenAway | typeof needed>;
  return z.catchall(z.object(shape), linesOf(table)).check((given) => {
    for (const { path, expected } of problemsIn(table, given.value)) {
      given.issues.push({ code: 'custom', message: expected, path, input: undefined });
    }
  });
}

interface Problem {
  readonly path: string[];
  readonly expected: string;
}

/** What the shape cannot say: names, limits, and columns that are one fact. */
function problemsIn(table: MappedTable, lines: Readonly<Record<string, unknown>>): readonly Problem[] {
  const ours = ourLines(table);
  const own = Object.entries(lines).filter(([column]) => !ours.includes(column));
  return [
    ...(own.length > MOST_LINES ? [{ path: [], expected: `${MOST_LINES} columns of yours at most` }] : []),
    ...own.flatMap(([column]) => nameProblem(table, column)),
    ...own.flatMap(([column, line]) => limitProblem(column, line)),
    ...ONE_FACT[table].flatMap((fact) => halfProblem(fact, lines)),
  ];
}

function nameProblem(table: MappedTable, column: string): readonly Problem[] {
  if (isOurName(table, column)) return [{ path: [column], expected: 'another column: the connector needs this one' }];
  if (LOGICAL_NAME.test(column)) return [];
  return [{ path: [column], expected: 'the logical name of a column, such as cd62_numero' }];
}

const limits = z.object({ minimum: z.number(), maximum: z.number() });

function limitProblem(column: string, line: unknown): readonly Problem[] {
  const { success, data } = limits.safeParse(line);
  if (!success || data.minimum <= data.maximum) return [];
  return [{ path: [column, 'minimum'], expected: 'at most the maximum' }];
}

/** Half of an address by the sender and half by others would be nobody's address. */
function halfProblem(fact: readonly string[], lines: Readonly<Record<string, unknown>>): readonly Problem[] {
  const [gone] = fact.filter((column) => column in lines);
  const rest = fact.filter((column) => !(column in lines));
  if (gone === undefined || rest.length === 0) return [];
  return [{ path: [gone], expected: `false for ${rest.join(', ')} too: these columns are one fact` }];
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

/** A line as it is given: without the limits that need not be said. */
export type GivenLine = z.infer<ReturnType<typeof linesOf>>;
