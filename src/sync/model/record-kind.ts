// A kind of record of the sender: what its notifications need to have read, and how they are decided.
import type { ModelName, OrganisationId } from '../../rdv-solidarites/models.ts';
import type { NotificationOf } from '../../rdv-solidarites/notification.ts';
import type { Context } from './context.ts';
import type { LinkName } from './link-names.ts';
import type { FormerColumns, NeedsMore, RecordDecision, Write } from './plan.ts';
import type { Policy } from './policy.ts';
import { NOTHING_TO_READ, type ReadRequest } from './rows.ts';

/** One entry a model: see `KINDS` in decide.ts. */
export interface RecordKind<M extends ModelName> {
  /** The organisation whose webhook sends the record. Undefined for a model that does not name it. */
  sentFor(notification: NotificationOf<M>): OrganisationId | undefined;
  /** Looks into a notification once; it may then be decided as often as rows ask for it. */
  open(notification: NotificationOf<M>, policy: Policy): Opened;
}

/** A notification that was looked into. */
export interface Opened {
  /** What must be read before the first decision. */
  readonly reads: ReadRequest;
  /** Links among these of what it merely names. */
  readonly named?: readonly LinkName[];
  /** The organisation whose team owns what is created. */
  readonly organisation: OrganisationId | undefined;
  /** Whether the label in the webhook's URL may name the owner when the organisation does not. */
  readonly countsSource: boolean;
  decide(context: Context): Parts | NeedsMore;
}

/** The writes about one person, apart, because a change set takes them in this order. */
export interface PersonWrites {
  readonly newContacts: readonly Write[];
  readonly links: readonly Write[];
  readonly contacts: readonly Write[];
}

/** What a decision is made of, before its writes are put in order. */
export interface Parts {
  readonly kind: 'parts';
  /** What became of the record that the notification is about. */
  readonly record: RecordDecision | undefined;
  /** What became of each record that it names, that one included. */
  readonly records: readonly RecordDecision[];
  readonly people: readonly PersonWrites[];
  /** The writes about the record itself, in any order: see `inOrder`. */
  readonly writes: readonly Write[];
  /** Columns whose text was cut. */
  readonly cut: readonly string[];
  /** Columns of the département that cannot hold what the sender says. */
  readonly unfit?: readonly string[];
}

/** The answer that more rows must be read first. */
export function needsMore({
  columns,
  ...request
}: Partial<ReadRequest> & { readonly columns?: FormerColumns }): NeedsMore {
  return { kind: 'needs-more', request: { ...NOTHING_TO_READ, ...request }, ...(columns && { columns }) };
}
