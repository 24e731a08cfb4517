// Tying usagers who are seen for the first time: the question that the core asks, and that whoever compares people answers.
import type { Usager, UsagerId } from '../../rdv-solidarites/models.ts';
import type { ContactRow, LikelyContact } from './rows.ts';

export interface Newcomer {
  readonly usager: Usager;
  readonly candidates: readonly LikelyContact[];
}

/** Gives the one certain contact of each newcomer who has one. All newcomers of a notification are judged together. Pure. */
export type Match = (newcomers: readonly Newcomer[]) => ReadonlyMap<UsagerId, ContactRow>;
