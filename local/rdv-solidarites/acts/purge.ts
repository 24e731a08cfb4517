// What the sender forgets every night (app/jobs/cron_job.rb:27-107).
import { Temporal } from 'temporal-polyfill';
import { organisationsOf } from './profiles.ts';
import { type ActsParts, transact } from './transaction.ts';

/** Removes what is too old, and says how many records of each kind went. */
export function purge(parts: ActsParts): { rdvs: number; usagers: number; plages: number; absences: number } {
  const { store, clock } = parts;
  const before = (years: number) => {
    const now = Temporal.Instant.fromEpochMilliseconds(clock.now()).toZonedDateTimeISO('Europe/Paris');
    return now.subtract({ years });
  };
  const twoYears = before(2);
  const day = (years: number) => before(years).toPlainDate().toString();

  return transact(parts, (transaction) => {
    const old = [...store.rdvs.values()].filter(({ starts_at }) => starts_at < twoYears.epochMilliseconds);
    for (const { id } of old) {
      transaction.destroying('Rdv', id, 'rgpd');
      store.rdvs.remove(id);
    }

    const needed = new Set<number | null>();
    for (const { participations } of store.rdvs.values()) for (const { user_id } of participations) needed.add(user_id);
    for (const { responsible_id } of store.usagers.values()) needed.add(responsible_id);
    const forgotten = [...store.usagers.values()].filter(
      ({ id, created_at, responsible_id }) =>
        created_at < twoYears.epochMilliseconds && !needed.has(id) && responsible_id === null,
    );
    for (const { id } of forgotten) {
      for (const organisation of organisationsOf(store, id)) {
        transaction.destroying('UserProfile', `${id}-${organisation}`, 'rgpd');
        store.profiles.remove(`${id}-${organisation}`);
      }
      store.usagers.remove(id);
    }

    // A recurrence without an end never ends.
    const ended = [...store.plages.values()].filter(({ rrule, first_day }) => rrule === null && first_day < day(1));
    for (const { id } of ended) {
      transaction.destroying('PlageOuverture', id, 'rgpd');
      store.plages.remove(id);
    }

    // Since September 2025, without a reason.
    const past = [...store.absences.values()].filter(({ rrule, end_day }) => rrule === null && end_day < day(2));
    for (const { id } of past) {
      transaction.destroying('Absence', id);
      store.absences.remove(id);
    }
    return { rdvs: old.length, usagers: forgotten.length, plages: ended.length, absences: past.length };
  });
}
