// A plan: what a notification means for Dynamics, as a value. Performing it, showing it and testing it all read this.
import type { WrittenTable } from '../../schema/tables.ts';
import type { Guid, LinkName } from './link-names.ts';
import type { MappedTable } from './mapping.ts';
import type { Etag, Party, ReadRequest } from './rows.ts';
import type { Columns } from './values.ts';

export type Outcome = 'applied' | 'unchanged' | 'stale' | 'ignored';

export interface RecordDecision {
  readonly record: LinkName;
  readonly outcome: Outcome;
  /** Why, when the outcome alone does not say it. */
  readonly reason?: OutcomeReason;
  /** Of a snapshot: whether the row holds something else than the sender says, which stays. */
  readonly corrected?: boolean;
  /** Whether a usager was tied to a contact that was there. */
  readonly tied?: boolean;
}

/**
 * How a record in Dynamics stands to what the sender's API shows:
 * - `would-write`: it differs, and the plan writes what is due;
 * - `corrected`: people changed a value in Dynamics, which stays;
 * - `kept-out`: it was deleted or erased in Dynamics, or destroyed at the sender, and stays out;
 * - `stale`: Dynamics knows something newer, so the record must be read again;
 * - `same`: nothing to do.
 */
export type Drift = 'would-write' | 'corrected' | 'kept-out' | 'stale' | 'same';

export interface RecordDrift {
  readonly record: LinkName;
  readonly drift: Drift;
}

export type OutcomeReason =
  | 'anonymised'
  | 'already-applied'
  | 'deleted-in-dynamics'
  | 'departed'
  | 'destroyed'
  | 'model-not-handled'
  | 'never-known'
  | 'motif-ignored'
  | 'unknown-agent';

/** One part of a change set. */
export interface Write {
  readonly table: WrittenTable;
  readonly id: Guid;
  readonly operation: 'create' | 'update' | 'delete';
  /**
   * The version that must still be there; `absent` for a row that must not exist yet; `any` after a first part, and for a
   * row that the version of its link stands for: `create` then writes it whether or not it is there.
   */
  readonly condition: Etag | 'absent' | 'any';
  readonly columns: Columns;
  /** The complete list, when attendees are written at all. */
  readonly parties?: readonly Party[];
}

export interface Plan {
  readonly kind: 'plan';
  readonly outcome: Outcome;
  /** Why there are no records to decide about. */
  readonly reason?: OutcomeReason;
  readonly records: readonly RecordDecision[];
  /** Each change set is all or nothing. There is one, but for a notification that asks for more than 900 operations. */
  readonly changeSets: readonly (readonly Write[])[];
  /** Columns whose text was cut, as `appointment.subject`. */
  readonly cut: readonly string[];
  /** Columns of the département that cannot hold what the sender says, as `contact.cd62_enfants`. */
  readonly unfit: readonly string[];
  /** Of a snapshot, one entry a record: what a comparison counts, and what a dry run shows. */
  readonly drift?: readonly RecordDrift[];
  /** Rows whose content, beyond the order of snapshots, led to this plan: see `watch` in reliance.ts. */
  readonly reliesOn: readonly Guid[];
}

/** Logical names of columns, by table. */
export type FormerColumns = Partial<Readonly<Record<MappedTable, readonly string[]>>>;

/** The decision depends on rows that were not read: people changed them in Dynamics. */
export interface NeedsMore {
  readonly kind: 'needs-more';
  readonly request: ReadRequest;
  /** Columns to read beside the mapped ones: links remember them, and the mapping no longer names them. */
  readonly columns?: FormerColumns;
}
