// An usager appears, changes, or turns out to be another one.
import type { RdvRow, UsagerRow } from '../records/rows.ts';
import { emptied, join, organisationsOf, proches } from './profiles.ts';
import { type ActsParts, transact } from './transaction.ts';

/** What somebody types; the rest is empty. */
export type UsagerFields = Partial<Omit<UsagerRow, 'id' | 'created_at' | 'deleted_at'>> &
  Pick<UsagerRow, 'first_name' | 'last_name'>;

export function usagerActs(parts: ActsParts) {
  const { store, clock } = parts;

  const insert = (fields: UsagerFields): UsagerRow => {
    const contact = { birth_name: null, birth_date: null, email: null, phone_number: null, address: null };
    const own = { affiliation_number: null, responsible_id: null, ...contact, ...fields };
    const row = { ...own, id: store.nextId(), created_at: clock.now(), deleted_at: null };
    store.usagers.put(row);
    return row;
  };

  return {
    /** An agent's form: User created, then UserProfile created (the responsible's organisations too, for a proche). */
    addUsager: (organisation: number, fields: UsagerFields): number =>
      transact(parts, (transaction) => {
        const { id, responsible_id } = insert(fields);
        transaction.created('User', id);
        const others = responsible_id === null ? [] : organisationsOf(store, responsible_id);
        for (const one of new Set([organisation, ...others])) join(store, transaction, [id], one);
        return id;
      }),

    /** Somebody signs up: no organisation, hence no webhook before the first booking. */
    signUp: (fields: UsagerFields): number => insert(fields).id,

    /** A proche and its responsible in one form: the child is announced first. */
    addFamily: (organisation: number, child: UsagerFields, responsible: UsagerFields): number =>
      transact(parts, (transaction) => {
        const adult = insert(responsible);
        const { id } = insert({ ...child, responsible_id: adult.id });
        transaction.created('User', id);
        transaction.created('User', adult.id);
        join(store, transaction, [id], organisation);
        return id;
      }),

    /** Announced to each of its organisations. No RDV is, whatever it shows of the person. */
    editUsager: (id: number, changes: Partial<UsagerFields>): void =>
      transact(parts, (transaction) => {
        store.usagers.put({ ...store.usagers.at(id), ...changes });
        transaction.updated('User', id);
      }),

    /**
     * Two fiches of one person, in one organisation (merge_users_service.rb:9-19). Nothing says into whom the source went.
     */
    mergeUsagers: (organisation: number, target: number, source: number): void =>
      transact(parts, (transaction) => {
        const profile = `${source}-${organisation}`;
        transaction.destroying('UserProfile', profile);
        store.profiles.remove(profile);
        transaction.updated('User', target);
        for (const rdv of store.rdvs.where('organisation_id', organisation)) {
          if (!rdv.participations.some(({ user_id }) => user_id === source)) continue;
          store.rdvs.put(moved(rdv, target, source));
          transaction.updated('Rdv', rdv.id);
        }
        for (const id of proches(store, source)) {
          store.usagers.put({ ...store.usagers.at(id), responsible_id: target });
          transaction.updated('User', id);
        }
        if (organisationsOf(store, source).length > 0) transaction.updated('User', source);
        else store.usagers.put(emptied(store.usagers.at(source), clock.now()));
      }),
  };
}

/** A participation keeps its id, unless the target has one already. */
function moved(rdv: RdvRow, target: number, source: number): RdvRow {
  const there = rdv.participations.some(({ user_id }) => user_id === target);
  const participations = rdv.participations
    .filter(({ user_id }) => !(there && user_id === source))
    .map((one) => (one.user_id === source ? { ...one, user_id: target } : one));
  return { ...rdv, participations };
}
