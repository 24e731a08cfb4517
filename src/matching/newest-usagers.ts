// The usagers that many notifications are about, each by its newest copy.
import { isAnonymised } from '../rdv-solidarites/anonymisation.ts';
import type { UsagerId } from '../rdv-solidarites/models.ts';
import type { Notification } from '../rdv-solidarites/notification.ts';
import { everyone, namedUsagers } from '../sync/people/people.ts';
import { type Person, personOf } from './identity.ts';

interface Copy {
  readonly snapshotAt: string;
  readonly person: Person;
  readonly gone: boolean;
}

export class NewestUsagers {
  readonly #newest = new Map<UsagerId, Copy>();

  /** Takes everybody whom a notification names. */
  add(notification: Notification): void {
    for (const copy of copiesIn(notification)) {
      const { id } = copy.person;
      const known = this.#newest.get(id);
      if (known === undefined || known.snapshotAt <= copy.snapshotAt) this.#newest.set(id, copy);
    }
  }

  /** In the order of their ids; without those who were destroyed or anonymised. */
  list(): readonly Person[] {
    const present = [...this.#newest.values()].filter(({ gone }) => !gone).map(({ person }) => person);
    return present.sort((a, b) => a.id - b.id);
  }
}

function copiesIn(notification: Notification): readonly Copy[] {
  const { snapshotAt } = notification;
  return everyone(namedUsagers(notification)).map((usager) => {
    const destroyed =
      notification.model === 'User' && notification.event === 'destroyed' && usager === notification.data;
    return { snapshotAt, person: personOf(usager), gone: destroyed || isAnonymised(usager) };
  });
}
