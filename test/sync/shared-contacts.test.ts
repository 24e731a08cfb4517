// One contact for two usagers, or for a proche and its responsible: what one of them says does not undo the other.
import { describe, expect, test } from 'vitest';
import {
  makeOrganisation,
  makeParticipation,
  makeRdv,
  makeUser,
} from '../../local/rdv-solidarites/make-notification.ts';
import { contactStates } from '../../src/schema/standard-columns.ts';
import type { Guid } from '../../src/sync/model/link-names.ts';
import { MemoryDynamics, statesIn } from './memory-dynamics.ts';

type UserOverrides = NonNullable<Parameters<typeof makeUser>[0]>;

const at = (second: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
const userAt = (second: number, data: UserOverrides = {}) =>
  ({ model: 'User', event: 'updated', data: makeUser(data), at: at(second) }) as const;
const profileAt = (second: number, event: 'created' | 'destroyed', user: UserOverrides = {}) => {
  const data = { user: makeUser(user), organisation: makeOrganisation({ id: 7 }) };
  return { model: 'UserProfile', event, data, at: at(second) } as const;
};
const reference = (id: Guid) => ({ table: 'contact', id }) as const;

/** Merges the contact of a usager into another one, as Dynamics does: what points to it follows. */
function merge(dynamics: MemoryDynamics, loser: Guid, master: Guid) {
  dynamics.edit('contact', loser, { ...contactStates.inactive, masterid: reference(master) });
  for (const [key, { columns }] of dynamics.rows) {
    const [table = '', id = ''] = key.split(' ');
    for (const lookup of ['rdvs_contact', 'rdvs_responsible']) {
      const value = columns[lookup];
      const follows = typeof value === 'object' && value !== null && value.id === loser;
      if (follows) dynamics.edit(table, id, { [lookup]: reference(master) });
    }
  }
}

describe('a responsible merged in Dynamics', () => {
  const proche = { id: 13, first_name: 'Proche-Test', responsible: makeUser() };

  function merged(policies: Record<string, string> = {}) {
    const dynamics = new MemoryDynamics(policies);
    dynamics.receive(profileAt(0, 'created', proche));
    const master = dynamics.addContact({ lastname: 'Fusion-Test' });
    merge(dynamics, dynamics.contactId(12), master);
    expect(dynamics.contact(13)).toMatchObject({ rdvs_responsible: reference(master) });
    return dynamics;
  }

  test.each(['at once', 'after another word of it'])('is taken from its proche by null, %s', (when) => {
    const dynamics = merged();
    if (when !== 'at once') dynamics.receive(userAt(1, { ...proche, first_name: 'Autre-Test' }));
    dynamics.receive(userAt(2, { id: 13, responsible: null, responsible_id: null }));
    expect(dynamics.contact(13)).toMatchObject({ rdvs_responsible: null });
  });

  test.each(['at once', 'after another word of it'])('is taken from its proche by an anonymisation, %s', (when) => {
    const dynamics = merged({ ON_USAGER_REMOVED: 'anonymise' });
    if (when !== 'at once') dynamics.receive(userAt(1, { ...proche, first_name: 'Autre-Test' }));
    dynamics.receive(profileAt(2, 'destroyed', proche));
    expect(dynamics.contact(13)).toMatchObject({ lastname: 'Usager supprimé', rdvs_responsible: null });
    expect(dynamics.link('usager-13')?.applied.responsible).toBeUndefined();
  });

  test('stays the one whom people chose instead', () => {
    const dynamics = merged();
    const chosen = reference(dynamics.addContact({ lastname: 'Tuteur-Test' }));
    dynamics.edit('contact', dynamics.contactId(13), { rdvs_responsible: chosen });
    dynamics.receive(userAt(2, { id: 13, responsible: null, responsible_id: null }));
    expect(dynamics.contact(13)).toMatchObject({ rdvs_responsible: chosen });
  });

  test.each([
    ['proche', 'responsible'],
    ['responsible', 'proche'],
  ])('with its proche is nobody’s responsible: the %s into the %s', (loser) => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(userAt(0, proche));
    const [own, responsible] = [dynamics.contactId(13), dynamics.contactId(12)];
    if (loser === 'proche') merge(dynamics, own, responsible);
    else merge(dynamics, responsible, own);
    dynamics.receive(userAt(1, proche));
    expect(dynamics.contactId(13)).toBe(dynamics.contactId(12));
    expect(dynamics.contact(13)).toMatchObject({ rdvs_responsible: null });
  });
});

describe('a contact that two usagers share', () => {
  const email = 'famille-test@example.org';

  function shared(policies: Record<string, string> = {}) {
    const dynamics = new MemoryDynamics(policies);
    dynamics.receive(userAt(0, { email }));
    dynamics.receive(userAt(0, { id: 13, email }));
    dynamics.tie(13, dynamics.contactId(12));
    return dynamics;
  }

  test('keeps what one of them says no more and the other still says, until both are silent', () => {
    const dynamics = shared();
    dynamics.receive(userAt(1, { email: null }));
    expect(dynamics.contact(12)).toMatchObject({ emailaddress1: email });
    dynamics.receive(userAt(2, { id: 13, email: null }));
    expect(dynamics.contact(12)).toMatchObject({ emailaddress1: null });
  });

  test('loses it in the end, also when the other said it second', () => {
    const dynamics = shared();
    dynamics.tie(13, dynamics.addContact({ lastname: 'Usager-Test' }));
    dynamics.receive(userAt(1, { id: 13, email: 'autre@example.org' }));
    dynamics.tie(13, dynamics.contactId(12));
    dynamics.receive(userAt(2, { id: 13, email }));
    dynamics.receive(userAt(3, { email: null }));
    expect(dynamics.contact(12)).toMatchObject({ emailaddress1: email });
    dynamics.receive(userAt(4, { id: 13, email: null }));
    expect(dynamics.contact(12)).toMatchObject({ emailaddress1: null });
  });

  test('is handed over once, when two of three let it go in one notification', () => {
    const dynamics = shared();
    dynamics.tie(14, dynamics.contactId(12));
    dynamics.receive(userAt(1, { id: 14, email }));
    const participations = [12, 13].map((id) => makeParticipation({ user: makeUser({ id, email: null }) }));
    dynamics.receive({ model: 'Rdv', event: 'updated', data: makeRdv({ participations }), at: at(2) });
    expect(dynamics.contact(12)).toMatchObject({ emailaddress1: email });
    dynamics.receive(userAt(3, { id: 14, email: null }));
    expect(dynamics.contact(12)).toMatchObject({ emailaddress1: null });
  });

  test('loses it when one notification says that neither has it', () => {
    const dynamics = shared();
    const participations = [12, 13].map((id) => makeParticipation({ user: makeUser({ id, email: null }) }));
    dynamics.receive({ model: 'Rdv', event: 'updated', data: makeRdv({ participations }), at: at(1) });
    expect(dynamics.contact(12)).toMatchObject({ emailaddress1: null });
  });

  test('loses it when the other has left', () => {
    const dynamics = shared({ ON_USAGER_REMOVED: 'keep' });
    dynamics.receive(profileAt(1, 'created', { id: 13, email }));
    dynamics.receive(profileAt(2, 'destroyed', { id: 13, email }));
    dynamics.receive(userAt(3, { email: null }));
    expect(dynamics.contact(12)).toMatchObject({ emailaddress1: null });
  });

  test('takes what one of them says instead', () => {
    const dynamics = shared();
    dynamics.receive(userAt(1, { email: 'nouveau@example.org' }));
    expect(dynamics.contact(12)).toMatchObject({ emailaddress1: 'nouveau@example.org' });
  });
});

describe('a contact that we deactivated, and people reactivated', () => {
  function reactivated() {
    const dynamics = new MemoryDynamics({ ON_USAGER_REMOVED: 'deactivate' });
    dynamics.receive(profileAt(0, 'created'));
    dynamics.receive(profileAt(1, 'destroyed'));
    expect(dynamics.contact(12)).toMatchObject(contactStates.inactive);
    dynamics.edit('contact', dynamics.contactId(12), contactStates.active);
    dynamics.receive(userAt(2, { first_name: 'Autre-Test' }));
    return dynamics;
  }

  test('and deactivated again, on purpose, stays so when the usager comes back', () => {
    const dynamics = reactivated();
    dynamics.edit('contact', dynamics.contactId(12), contactStates.inactive);
    dynamics.receive(profileAt(3, 'created'));
    expect(dynamics.contact(12)).toMatchObject(contactStates.inactive);
  });

  test('follows the usager as before after the next return', () => {
    const dynamics = reactivated();
    expect(statesIn(dynamics.receive(profileAt(3, 'created', { first_name: 'Autre-Test' })))).toEqual([]);
    dynamics.receive(profileAt(4, 'destroyed'));
    expect(dynamics.contact(12)).toMatchObject(contactStates.inactive);
    dynamics.receive(profileAt(5, 'created'));
    expect(dynamics.contact(12)).toMatchObject(contactStates.active);
  });
});
