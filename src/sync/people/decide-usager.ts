// One usager → one contact and its link.

import { isAnonymised } from '../../rdv-solidarites/anonymisation.ts';
import type { Write } from '../model/plan.ts';
import type { LinkRow } from '../model/rows.ts';
import { orderOf, rank, type Standing } from '../model/version.ts';
import { hadContact, linkWrite, orderOfLink } from '../rules/link-writes.ts';
import {
  nothingFor,
  openUsager,
  type UsagerCase,
  type UsagerDecision,
  type UsagerGiven,
  withoutHashes,
} from './usager-case.ts';
import { applyCopy } from './usager-copy.ts';
import { applyPresence } from './usager-presence.ts';

/** Decides about one usager by its own version, whatever becomes of the record that names it. */
export function decideUsager(given: UsagerGiven): UsagerDecision {
  const usager = openUsager(given);
  const { link, presence, contact } = usager;
  const { onUsagerRemoved, onDeletedInDynamics } = usager.context.policy;
  const departed = usager.removedOn !== null;
  if (link?.state === 'removed' && presence?.destroyed !== true) {
    const stale = nothingFor(usager, 'stale', 'destroyed');
    return usager.outlived ? { ...stale, link: forgetting(link) } : stale;
  }
  if (presence?.missing) return decideMissing(usager);
  if (isAnonymised(usager.usager)) return applyPresence(usager, 'ignored', { reason: 'anonymised' });
  if (departed && onUsagerRemoved === 'anonymise' && (link === null || link.removedOn !== null)) {
    return applyPresence(usager, 'ignored', { reason: 'departed' });
  }
  if (presence?.bringsCopy === false) return applyPresence(usager, 'ignored', { reason: 'departed' });
  if (contact === null && (departed || onDeletedInDynamics === 'keep-out')) {
    return applyPresence(usager, 'ignored', { reason: 'deleted-in-dynamics' });
  }
  const standing = standingOfUsager(usager);
  if (standing.kind === 'newer') return applyCopy(usager, standing.order);
  const reason = standing.kind === 'repeat' ? 'already-applied' : undefined;
  return applyPresence(usager, 'stale', { reason, ...(standing.order && { order: standing.order }) });
}

/** The sender has the usager no more. What is newer than the question says otherwise. */
function decideMissing(usager: UsagerCase): UsagerDecision {
  const { link, context } = usager;
  const standing = rank(orderOfLink(link), context.stamp);
  if (standing.kind !== 'newer') return nothingFor(usager, 'stale');
  if (link?.state === 'missing') return nothingFor(usager, 'unchanged');
  // A version says that a contact was there: who was known by a departure alone would else count as deleted in Dynamics.
  return applyPresence(usager, 'applied', hadContact(link) ? { order: standing.order } : {});
}

function forgetting(link: LinkRow): Write {
  return linkWrite(link, { name: link.name, version: link.version, applied: withoutHashes(link.applied) });
}

/**
 * How the copy stands. A usager who comes back after an anonymisation starts anew: what was erased has no version.
 */
function standingOfUsager({ link, presence, context: { stamp, policy } }: UsagerCase): Standing {
  // A destruction is read last, whatever its time; among several the newest counts.
  if (presence?.destroyed) {
    return link?.state === 'removed' ? rank(orderOfLink(link), stamp) : { kind: 'newer', order: orderOf(stamp) };
  }
  const comesBack = link?.removedOn != null && presence?.removedOn === null;
  const startsAnew = comesBack && policy.onUsagerRemoved === 'anonymise';
  return rank(startsAnew ? undefined : orderOfLink(link), stamp);
}
