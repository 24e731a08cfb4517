// Who a notification is about: every usager that its body names, each once.

import type { Participation, Rdv, Usager, UsagerId } from '../../rdv-solidarites/models.ts';
import type { Notification } from '../../rdv-solidarites/notification.ts';

/** A participant of an RDV, with the status of that person's participation. */
export interface Participant {
  readonly usager: Usager;
  readonly status: Participation['status'];
  /** The sender's id of it; undefined in old bodies. */
  readonly participation?: number | undefined;
}

/**
 * The participants of an RDV, each once. `participations` decides; the older `users` only where it is absent.
 *
 * @returns `undefined` when the body says nothing about participants
 */
export function participantsOf(rdv: Rdv): readonly Participant[] | undefined {
  const listed =
    rdv.participations?.flatMap(({ id, user, status }) =>
      user ? [{ usager: user, status, participation: id ?? undefined }] : [],
    ) ?? rdv.users?.map((usager) => ({ usager, status: rdv.status }));
  if (listed === undefined) return undefined;
  return [
    ...new Map(listed.toReversed().map((participant) => [participant.usager.id, participant])).values(),
  ].reverse();
}

/** The usagers that a notification names itself, before their responsibles. */
export function namedUsagers(notification: Notification): readonly Usager[] {
  switch (notification.model) {
    case 'User':
      return [notification.data];
    case 'UserProfile':
    case 'ReferentAssignation':
      return [notification.data.user];
    case 'Rdv':
      return participantsOf(notification.data)?.map(({ usager }) => usager) ?? [];
    default:
      return [];
  }
}

/**
 * The named usagers and their responsibles, each once, a responsible before its proches.
 * A usager who is named for itself and as a responsible is taken as named.
 */
export function everyone(named: readonly Usager[]): readonly Usager[] {
  const byId = new Map<UsagerId, Usager>();
  for (const usager of [...named, ...named.flatMap(responsibles)]) {
    if (!byId.has(usager.id)) byId.set(usager.id, usager);
  }
  const ordered = new Set<Usager>();
  const place = (usager: Usager, above: ReadonlySet<UsagerId>): void => {
    const responsible = usager.responsible ? byId.get(usager.responsible.id) : undefined;
    if (responsible !== undefined && !above.has(responsible.id)) place(responsible, new Set([...above, usager.id]));
    ordered.add(usager);
  };
  for (const usager of byId.values()) if (!ordered.has(usager)) place(usager, new Set([usager.id]));
  return [...ordered];
}

function responsibles(usager: Usager): Usager[] {
  const found: Usager[] = [];
  for (let next = usager.responsible; next; next = next.responsible) found.push(next);
  return found;
}
