// What a link remembers of the snapshots applied: the column `rdvs_applied`.
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { UsagerId } from '../../rdv-solidarites/models.ts';
import { schema } from '../../schema/schema.ts';
import type { Bodies } from './version.ts';

/**
 * A value as a link remembers it. Eight characters (48 bits) tell whether a value changed, and the link's name is mixed
 * in, so that equal values of two people are not seen to be equal.
 */
export function shortHash(...parts: readonly string[]): string {
  return digest(parts.join('\n'));
}

/** The short hash by which a repeat of a body is recognised: of its bytes. */
export function bodyHash(body: Uint8Array): string {
  return digest(body);
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 8);
}

export type AttendeeRole = 'required' | 'optional';

/** An attendee that we added: as what, and a short hash of the contact's id. */
export interface AppliedAttendee {
  readonly as: AttendeeRole;
  /** Empty where the link had no room for it. */
  readonly contact: string;
  /** Whether somebody had added this person before the sender did: then it stays when the sender lets it go. */
  readonly theirs: boolean;
}

/** A participant known by an anonymised copy only: as what, and the sender's id of the participation where it is known. */
export interface AppliedPending {
  readonly as: AttendeeRole;
  readonly participation?: number | undefined;
}

const ROLE_LETTERS = { required: 'R', optional: 'O' } as const;
const roleOf = (code: string): AttendeeRole => (code.toUpperCase().startsWith('R') ? 'required' : 'optional');
const isTheirs = (code: string) => code.charAt(0) === code.charAt(0).toLowerCase();

const encoded = z.object({
  /** Column → short hash of the value last taken from the sender. */
  c: z.record(z.string(), z.string()).default({}),
  /** Usager id → `R` or `O` (small when somebody else had added it), then the short hash of the contact's id. */
  a: z.record(z.string(), z.string().regex(/^[RO](.{8})?$/i)).default({}),
  /** Usager id → `R` or `O`, then the id of the participation: participants known by an anonymised copy only. */
  p: z.record(z.string(), z.string().regex(/^[RO]\d*$/)).default({}),
  /** Agents of the RDV among the parties: `O` or `R` (small when somebody else had added it), then a short hash. */
  g: z.array(z.string()).default([]),
  /** Short hash of each body seen at the current snapshot time → earliest receipt, ms since 1970. */
  b: z.record(z.string(), z.number()).default({}),
  /** Usager id of the responsible whose contact was written last. */
  r: z.int().optional(),
  /** 1 when people tied the record to a row before any copy of it was applied. */
  t: z.literal(1).optional(),
});

/** What a link remembers, kept as JSON in `rdvs_applied`. */
export interface Applied {
  readonly columns: Readonly<Record<string, string>>;
  readonly attendees: Readonly<Record<string, AppliedAttendee>>;
  /** Participants known by an anonymised copy only: an older notification may still bring the person. */
  readonly pending: Readonly<Record<string, AppliedPending>>;
  /** Agents of the RDV who are parties by the sender's word: see `agent-parties.ts`. */
  readonly agents: readonly string[];
  readonly bodies: Bodies;
  /** Of a usager: the responsible whose contact was written last. */
  readonly responsible?: UsagerId | undefined;
  /**
   * Whether people tied the record to a row before any copy of it was applied: when the row is gone, it was deleted, and
   * not awaited.
   */
  readonly tied?: boolean;
}

const MAX_LENGTH = schema.tables.rdvs_link.columns.rdvs_applied.maxLength;

export const NOTHING_APPLIED: Applied = { columns: {}, attendees: {}, pending: {}, agents: [], bodies: {} };

/**
 * Reads `rdvs_applied`. A text that is not ours counts as nothing applied: columns are then only filled, not replaced.
 * The connector never leaves it empty, so a link without it was made by people, to tie a record to a row.
 */
export function decodeApplied(text: string | null): Applied {
  if (text === null) return { ...NOTHING_APPLIED, tied: true };
  const read = encoded.safeParse(parseJson(text));
  if (!read.success) return NOTHING_APPLIED;
  const { c, a, p, g, b, r, t } = read.data;
  return {
    ...(t === 1 ? { tied: true } : {}),
    ...(r === undefined ? {} : { responsible: r as UsagerId }),
    columns: c,
    attendees: mapValues(a, (code) => ({ as: roleOf(code), contact: code.slice(1), theirs: isTheirs(code) })),
    pending: mapValues(p, (code) => ({ as: roleOf(code), participation: Number(code.slice(1)) || undefined })),
    agents: g,
    bodies: b,
  };
}

/**
 * Writes `rdvs_applied`: the same memory gives the same text. Some 900 attendees fill the column: beyond, their contacts
 * and participations are left out; contacts are read again when one leaves.
 */
export function encodeApplied(applied: Applied): string {
  const whole = encode(applied, (id) => id);
  return whole.length <= MAX_LENGTH ? whole : encode(applied, () => '');
}

function encode(applied: Applied, room: (id: string) => string): string {
  const letter = ({ as, theirs }: AppliedAttendee) => (theirs ? ROLE_LETTERS[as].toLowerCase() : ROLE_LETTERS[as]);
  const parts = {
    c: applied.columns,
    a: mapValues(applied.attendees, (attendee) => letter(attendee) + room(attendee.contact)),
    p: mapValues(applied.pending, ({ as, participation = '' }) => ROLE_LETTERS[as] + room(String(participation))),
    b: applied.bodies,
  };
  const held = Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0);
  const text = held.map(([name, part]) => [name, sorted(part)] as const);
  return JSON.stringify({
    ...Object.fromEntries(text),
    ...(applied.agents.length === 0 ? {} : { g: applied.agents }),
    ...(applied.responsible === undefined ? {} : { r: applied.responsible }),
    ...(applied.tied ? { t: 1 } : {}),
  });
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, change: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function sorted(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
