// Whom Dataverse refused as the owner of a record's appointments, as the record's link remembers it.
import { shortHash } from '../model/applied.ts';
import type { Context } from '../model/context.ts';
import type { Guid, LinkName } from '../model/link-names.ts';

/** The place of those who were refused among the remembered columns. */
const REFUSED = 'refused';

type Remembered = Readonly<Record<string, string>>;

export interface FirstFit {
  /** The first who is not refused; undefined for the connector itself. */
  readonly owner: Guid | undefined;
  /** What the link is to remember of those who were passed over. */
  readonly refusal: Remembered;
}

/**
 * Finds the first of those who may own who is not refused. A snapshot asks nobody again who was refused: else every night
 * would find the record of an agent who may own nothing to differ. The next notification does.
 *
 * @param before what the link remembers
 */
export function firstFit(
  choices: readonly Guid[],
  before: Remembered,
  { name, context }: { readonly name: LinkName; readonly context: Pick<Context, 'stamp' | 'refusedOwners'> },
): FirstFit {
  const { [REFUSED]: said = '' } = before;
  const hashOf = (id: Guid) => shortHash(name, REFUSED, id);
  const refusedBefore = context.stamp.snapshot === true ? said.split(',') : [];
  const isRefused = (id: Guid) => context.refusedOwners.has(id) || refusedBefore.includes(hashOf(id));
  const at = choices.findIndex((id) => !isRefused(id));
  const passedOver = at < 0 ? choices : choices.slice(0, at);
  const refusal = passedOver.map(hashOf).join(',');
  return { owner: choices[at], refusal: refusal === '' ? {} : { [REFUSED]: refusal } };
}

/** The refusal alone, of what a link remembers. */
export const refusalIn = ({ [REFUSED]: said }: Remembered): Remembered =>
  said === undefined ? {} : { [REFUSED]: said };

/** What a link remembers, without who was refused: that is said anew each time. */
export const withoutRefusal = ({ [REFUSED]: _, ...columns }: Remembered): Remembered => columns;
