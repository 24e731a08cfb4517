// How far a backfill has come: ids and counts only, enough to go on after any end.
import * as z from 'zod';

export const KINDS = ['usagers', 'rdv', 'absences'] as const;
export type Kind = (typeof KINDS)[number];

const kind = z.enum(KINDS);
const count = z.int().nonnegative();
const counts = z.object({ read: count, sent: count });

/** Where the reading of one part stands. Of windows: the next one; of pages: the next one, and what was seen before. */
const place = z.object({
  /** ms since 1970: where the next window of RDV begins, and how long it is. */
  from: z.int().exactOptional(),
  lengthMs: z.int().exactOptional(),
  page: z.int().exactOptional(),
  /** From 1: lists without an order are read again. */
  pass: z.int().exactOptional(),
  seen: z.array(z.int()).exactOptional(),
});

export const progress = z.object({
  v: z.literal(1),
  run: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** ms since 1970. */
  startedAt: z.int(),
  kinds: z.array(kind),
  organisations: z.array(z.int()),
  /** RDV that begin before are left out; ms since 1970. */
  since: z.int().exactOptional(),
  /** How many records the sender counted before. */
  expected: z.partialRecord(kind, count),
  /** Which part is being read; past the last one, all is sent. */
  part: count,
  place,
  counts: z.record(kind, counts),
  /** Organisations where the account lost its role before all was read. */
  lost: z.array(z.int()),
  /** Usagers and absences that the sender counts, and whom no page of its unsteady lists showed. */
  unseen: count,
});

export type Progress = z.infer<typeof progress>;
export type Place = z.infer<typeof place>;

/** A list that is read from its beginning to its end: absences have no organisation. */
export interface Part {
  readonly kind: Kind;
  readonly organisation: number | undefined;
}

/**
 * The parts, in the order of reading. Usagers come before RDV: a usager who left and came back is then known to be here
 * again before an RDV names them.
 */
export function partsOf({ kinds, organisations }: Pick<Progress, 'kinds' | 'organisations'>): readonly Part[] {
  return KINDS.filter((one) => kinds.includes(one)).flatMap((one): readonly Part[] =>
    one === 'absences'
      ? [{ kind: one, organisation: undefined }]
      : organisations.map((organisation) => ({ kind: one, organisation })),
  );
}

export interface Beginning
  extends Pick<Progress, 'run' | 'startedAt' | 'kinds' | 'organisations' | 'since' | 'expected'> {}

export function begin(beginning: Beginning): Progress {
  const none = { read: 0, sent: 0 };
  const counts = { usagers: none, rdv: none, absences: none };
  return { v: 1, ...beginning, part: 0, place: {}, counts, lost: [], unseen: 0 };
}

/** What is left for a repetition: organisations whose role was lost meanwhile. `undefined`: all was read. */
export function leftOf(ended: Progress): Progress | undefined {
  if (ended.lost.length === 0) return undefined;
  const kinds = ended.kinds.filter((one) => one !== 'absences');
  return { ...ended, kinds, organisations: ended.lost, lost: [], part: 0, place: {} };
}
