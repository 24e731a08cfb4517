// A run of the comparison, as it is kept between two work items: how far it is, and what it has found.
import * as z from 'zod';

const id = z.int().positive();
const instant = z.number();

const counts = z.object({
  /** Records that the sender listed. */
  read: z.int(),
  same: z.int(),
  /** Differed, and were sent to be written. */
  healed: z.int(),
  /** Changed by people in Dynamics, which stays. */
  corrected: z.int(),
  /** Deleted or erased in Dynamics, or destroyed at the sender. */
  keptOut: z.int(),
  /** Dynamics knows something newer, also after a second reading. */
  stale: z.int(),
  /** Gone at the sender, asked for by id. */
  missing: z.int(),
  /** Not shown to the account, and nothing proves that they are gone. */
  outside: z.int(),
  /** In quarantine: no drift. */
  quarantined: z.int(),
  /** Do not fit the schema. */
  unreadable: z.int(),
});

const target = z.object({ model: z.enum(['Rdv', 'User', 'Absence']), id });

const candidate = z.object({
  model: z.enum(['Rdv', 'User']),
  id,
  organisation: id,
  /** Of an RDV: the row of its motif. Its name is no proof: two services may use one. */
  motif: z.string().nullable(),
});

export const run = z.object({
  v: z.literal(1),
  /** Names its snapshots: letters, digits and hyphens. */
  id: z.string(),
  kind: z.enum(['night', 'command']),
  /** The night in Paris, `2026-11-24`, that was last begun. */
  night: z.string().nullable(),
  dryRun: z.boolean(),
  /** All times in ms since 1970. */
  startedAt: instant,
  touchedAt: instant,
  endedAt: instant.nullable(),
  /** Why it ended before its time. */
  stopped: z.string().nullable(),
  /** The work item that comes next. */
  item: z.int(),
  /** Items in a row that failed. */
  failures: z.int(),
  /** When the sender may be asked next: the pace goes on from item to item. */
  nextAt: instant,
  /** The newest `Date` of the sender. */
  lastDate: instant.nullable(),
  /** Nothing is written after a date that cannot be trusted. */
  reportOnly: z.string().nullable(),
  /** The agent who reads; null where the instance does not tell. */
  account: id.nullable(),
  organisations: z.array(z.object({ id, name: z.string() })),
  /** Organisations of the run before, to see rights shrink. */
  former: z.array(id),
  lost: z.array(id),
  stage: z.enum(['begin', 'usagers', 'absences', 'rdvs', 'again', 'conclude', 'duplicates', 'end']),
  /** Which organisation's turn it is. */
  at: z.int(),
  /** Of usagers or absences: the next page, the reading, and the ids seen. */
  page: z.int(),
  pass: z.int(),
  seen: z.array(id),
  /** Of RDV: where the rest of the window begins. */
  from: instant.nullable(),
  /** Row of a motif → one of its RDV that was shown: asked for beside one that is missing, it proves the right to see it. */
  witnesses: z.record(z.string(), id),
  /** `Rdv-7` → how many records Dynamics has that the sender should list. */
  sizes: z.record(z.string(), z.int()),
  candidates: z.array(candidate),
  /** To be read again by id. */
  again: z.array(target),
  /** Records found to differ: an RDV that names one of them does not differ for that. */
  drifting: z.array(z.string()),
  /** Records in quarantine. */
  withheld: z.array(z.string()),
  /** Organisation and model where too much would go. */
  refused: z.array(z.string()),
  counts,
  /** Of the search for possible duplicates, once a night. */
  duplicates: z
    .union([
      z.enum(['begun', 'unfinished']),
      z.object({
        /** Pairs of contacts that may be one person. */
        pairs: z.int(),
        /** New on the list, and taken off it. */
        created: z.int(),
        deleted: z.int(),
      }),
    ])
    .nullable()
    .default(null),
});

export type Run = z.infer<typeof run>;
export type Counts = Run['counts'];
export type Candidate = Run['candidates'][number];
export type Target = Run['again'][number];

const NONE: Counts = {
  read: 0,
  same: 0,
  healed: 0,
  corrected: 0,
  keptOut: 0,
  stale: 0,
  missing: 0,
  outside: 0,
  quarantined: 0,
  unreadable: 0,
};

export interface NewRun extends Pick<Run, 'id' | 'kind' | 'night' | 'dryRun'> {
  readonly now: number;
  /** What was kept of the run before. */
  readonly former: Run | undefined;
}

export function newRun({ now, former, ...given }: NewRun): Run {
  const known =
    former === undefined || former.organisations.length === 0
      ? former?.former
      : former.organisations.map(({ id }) => id);
  return {
    ...given,
    v: 1,
    startedAt: now,
    touchedAt: now,
    endedAt: null,
    stopped: null,
    item: 1,
    failures: 0,
    nextAt: former?.nextAt ?? 0,
    lastDate: null,
    reportOnly: null,
    account: null,
    organisations: [],
    former: known ?? [],
    lost: [],
    stage: 'begin',
    at: 0,
    page: 1,
    pass: 1,
    seen: [],
    from: null,
    witnesses: {},
    sizes: {},
    candidates: [],
    again: [],
    drifting: [],
    withheld: [],
    refused: [],
    counts: { ...NONE },
    duplicates: null,
  };
}
