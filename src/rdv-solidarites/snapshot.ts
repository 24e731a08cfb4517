// A record as the sender's API shows it, written as a body that is read like a notification.
import type { ModelName } from './models.ts';
import { attempt, toUtcInstant, type UtcInstant } from './times.ts';

/** What the API said of one record. */
export type SnapshotRecord =
  | {
      readonly event: 'snapshot';
      readonly model: 'Rdv' | 'User' | 'Absence';
      readonly data: Readonly<Record<string, unknown>>;
    }
  | {
      /** An usager in the list of an organisation: that gives the membership too. `missing`: the usager left it. */
      readonly event: 'snapshot' | 'missing';
      readonly model: 'UserProfile';
      readonly data: {
        readonly user: Readonly<Record<string, unknown>>;
        readonly organisation: { readonly id: number };
      };
    }
  | {
      /** Asked for by id, and not there: see `MissingReason`. */
      readonly event: 'missing';
      readonly model: 'Rdv' | 'User';
      readonly data: { readonly id: number };
      readonly reason?: MissingReason;
    };

/** An RDV purged by the sender's retention rule; an usager alive, but in none of our organisations (403). */
export type MissingReason = 'rgpd' | 'forbidden';

/** The sender's clock within one second, and its router and workers apart by less. */
const GUARD_MS = 2_000;

/**
 * The version of a snapshot, by the `Date` header of the answer before the one that held it: stamped before the question
 * was asked, so what was read is at least as fresh, whatever our own clock says.
 *
 * @returns undefined for a header that is no date: nothing may be written from such an answer
 */
export function versionAfter(dateHeader: string): UtcInstant | undefined {
  const at = Date.parse(dateHeader);
  return attempt(() => toUtcInstant(at - GUARD_MS));
}

/**
 * The body of a snapshot: the same record gives the same bytes, whatever page it was read from. What differs from one answer
 * to the next without any change is left out: the hour in `ical`, and `user_profiles`, which lists leave empty.
 */
export function writeSnapshot(record: SnapshotRecord, at: UtcInstant): Buffer {
  const reason = 'reason' in record && record.reason !== undefined ? { webhook_reason: record.reason } : {};
  const meta = { event: record.event, model: record.model, payload_computed_at: at, ...reason };
  return Buffer.from(JSON.stringify({ data: canonical(record.data), meta }));
}

/** What a record is called: as its link. */
export function recordName({ model, data }: SnapshotRecord): string {
  if (model === 'UserProfile') return `profile-${idOf(data.user)}-${data.organisation.id}`;
  return `${NAMES[model]}-${idOf(data)}`;
}

const NAMES = { Rdv: 'rdv', User: 'usager', Absence: 'absence' } as const satisfies Partial<Record<ModelName, string>>;
const UNSTEADY: ReadonlySet<string> = new Set(['ical', 'user_profiles']);

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical).toSorted((a, b) => compare(sortKey(a), sortKey(b)));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !UNSTEADY.has(key));
  return Object.fromEntries(kept.toSorted(([a], [b]) => compare(a, b)).map(([key, one]) => [key, canonical(one)]));
}

/** Rows of a list by their ids. */
function sortKey(value: unknown): number | string {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  return typeof id === 'number' ? id : (JSON.stringify(value) ?? '');
}

const compare = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0);
const idOf = ({ id }: { readonly id?: unknown }): string => (typeof id === 'number' ? String(id) : 'unknown');
