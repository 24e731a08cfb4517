// Who belongs to which organisation, and how a person leaves (app/models/user.rb).
import type { UsagerRow } from '../records/rows.ts';
import type { Store } from '../records/store.ts';
import { type ActsParts, Refused, type Transaction, transact } from './transaction.ts';

export function profileActs(parts: ActsParts) {
  const { store, clock } = parts;
  return {
    /** An agent adds somebody whom the territory knows; the family comes along (user.rb:93-97). */
    linkUsager: (user: number, organisation: number): void =>
      transact(parts, (transaction) => join(store, transaction, [user], organisation)),

    /**
     * Takes an usager and the proches out of an organisation; out of the last one, the person is anonymised without a word.
     *
     * @throws {Refused} when an RDV is still to come there
     */
    removeUsager: (user: number, organisation: number): void => {
      if (hasComing(store, clock.now(), user, organisation)) throw new Refused('Cet usager a un rendez-vous à venir.');
      transact(parts, (transaction) => {
        for (const id of [user, ...proches(store, user)]) leave(parts, transaction, id, organisation);
      });
    },

    /** All organisations at once: profiles destroyed, then SQL that no webhook follows (user.rb:292-302). */
    anonymise: (user: number): void =>
      transact(parts, (transaction) => {
        for (const organisation of organisationsOf(store, user)) leave(parts, transaction, user, organisation);
      }),
  };
}

export const proches = (store: Store, user: number): number[] =>
  [...store.usagers.values()].flatMap(({ id, responsible_id, deleted_at }) =>
    responsible_id === user && deleted_at === null ? [id] : [],
  );

export const organisationsOf = (store: Store, user: number): number[] =>
  store.profiles.where('user_id', user).map(({ organisation_id }) => organisation_id);

/** Those named, their responsible and their proches, unless they are members already. */
export function join(store: Store, transaction: Transaction, users: readonly number[], organisation: number): void {
  const family = users.flatMap((id) => [id, store.usagers.at(id).responsible_id ?? id, ...proches(store, id)]);
  for (const user_id of new Set(family)) {
    const id = `${user_id}-${organisation}`;
    if (store.profiles.get(id) !== undefined) continue;
    store.profiles.put({ id, user_id, organisation_id: organisation });
    transaction.created('UserProfile', id);
  }
}

function leave({ store, clock }: ActsParts, transaction: Transaction, user: number, organisation: number): void {
  const id = `${user}-${organisation}`;
  if (store.profiles.get(id) === undefined) return;
  transaction.destroying('UserProfile', id);
  store.profiles.remove(id);
  if (organisationsOf(store, user).length > 0) transaction.updated('User', user);
  else store.usagers.put(emptied(store.usagers.at(user), clock.now()));
}

/** What the anonymiser leaves (lib/anonymizer/column.rb:39-58). Its RDV go on showing it. */
export function emptied(row: UsagerRow, at: number): UsagerRow {
  const mark = (value: string | null) => (value === null ? null : `[valeur unique anonymisée ${row.id}]`);
  return {
    ...row,
    first_name: 'Usager supprimé',
    last_name: 'Usager supprimé',
    email: `user_${row.id}@deleted.rdv-solidarites.fr`,
    birth_name: mark(row.birth_name),
    birth_date: null,
    phone_number: mark(row.phone_number),
    address: mark(row.address),
    affiliation_number: mark(row.affiliation_number),
    deleted_at: at,
  };
}

const CANCELLED = ['excused', 'revoked'];

function hasComing(store: Store, now: number, user: number, organisation: number): boolean {
  return store.rdvs
    .where('organisation_id', organisation)
    .some(
      ({ starts_at, status, participations }) =>
        starts_at > now && !CANCELLED.includes(status) && participations.some(({ user_id }) => user_id === user),
    );
}
