// What is said of a usager to whoever decides.
import type { UsagerId } from '../rdv-solidarites/models.ts';
import type { Guid } from '../sync/model/link-names.ts';
import type { LinkRow } from '../sync/model/rows.ts';
import type { Candidate } from './candidates.ts';
import type { Described } from './described.ts';
import type { Likeness } from './likeness.ts';

/**
 * - `proposed`: one contact has the same birth date and names; no other contact comes near; no other usager is tied to it or
 *   comes near; the usager never had a contact that was deleted.
 * - `ambiguous`: there are several contacts, or the one found is doubtful, or another usager has it or may have it.
 * - `none`: no contact resembles the usager.
 * - `tied`: the usager has a contact. Others that resemble it are possible duplicates.
 * - `unknown`: only the usager's id is known.
 */
export type TieStatus = 'proposed' | 'ambiguous' | 'none' | 'tied' | 'unknown';

export interface Match {
  readonly contact: Candidate;
  readonly likeness: Likeness;
  readonly sameEmail: boolean | undefined;
  /** Links of other usagers that point to this contact. */
  readonly tiedTo: readonly string[];
  /** Links of other usagers in this list who also resemble the contact. */
  readonly alsoLike: readonly string[];
}

export interface Suggestion {
  readonly usager: UsagerId;
  /** Without one, only the usager's id is known. */
  readonly who: Described<unknown> | undefined;
  readonly situation: TieStatus;
  /** The contact that the usager has. */
  readonly contact?: Guid;
  /** The most alike first. */
  readonly matches: readonly Match[];
  /** The link, when the usager has one and no contact that was read. */
  readonly link: LinkRow | null;
}
