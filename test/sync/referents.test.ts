// Who follows whom: one row per usager and agent, as long as the newest snapshot says so.
import { describe, expect, test } from 'vitest';
import { makeAgent, makeNotification, makeUser, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import type { Agent, UsagerId } from '../../src/rdv-solidarites/models.ts';
import { referentRowId } from '../../src/sync/referent/referent-names.ts';
import { MemoryDynamics, outcomesIn, writesIn } from './memory-dynamics.ts';

const TEAM = '11111111-1111-4111-8111-111111111111';
const AGENT = makeAgent({ id: 5, first_name: 'Prénom-Test', last_name: 'Agent-Test' });
const at = (second: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
const follows = (second: number, { user = makeUser({ id: 12 }), agent = AGENT, event = 'created' as const } = {}) =>
  ({ model: 'ReferentAssignation', event, data: { user, agent }, at: at(second) }) as const;
const unfollows = (second: number) => ({ ...follows(second), event: 'destroyed' }) as const;
const ROW = referentRowId(12 as UsagerId, 5 as Agent['id']);
const row = (dynamics: MemoryDynamics) => dynamics.columns('rdvs_referent', ROW);
const ANONYMISED = makeUser({ id: 12, first_name: 'Usager supprimé', last_name: 'Usager supprimé' });

describe('an agent who follows a usager', () => {
  test('has a row below the contact, which comes with the usager', () => {
    const dynamics = new MemoryDynamics();
    const user = dynamics.addUser(String(AGENT.email));
    const plan = dynamics.receive(follows(0));
    expect(outcomesIn(plan)).toEqual(['usager-12 applied', 'referent-12-5 applied']);
    expect(row(dynamics)).toMatchObject({
      rdvs_name: 'referent-12-5',
      rdvs_contact: { table: 'contact', id: dynamics.contactId(12) },
      rdvs_user: { table: 'systemuser', id: user },
      rdvs_agent: 'Prénom-Test Agent-Test',
      ownerid: { table: 'systemuser', id: user },
    });
  });

  test('follows no more, and follows again', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(follows(0));
    dynamics.receive(unfollows(1));
    expect(row(dynamics)).toBeUndefined();
    expect(dynamics.link('referent-12-5')).toMatchObject({ state: 'removed', removedOn: '2026-11-24T09:00:01Z' });
    dynamics.receive(follows(2));
    expect(dynamics.referents()).toEqual(['usager-12 Prénom-Test Agent-Test']);
  });

  test('stays unfollowed when the older assignation arrives last', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(unfollows(1));
    expect(outcomesIn(dynamics.receive(follows(0)))).toEqual(['usager-12 stale', 'referent-12-5 stale']);
    expect(dynamics.referents()).toEqual([]);
  });

  test('becomes a user of Dynamics with the next body, and the owner too', () => {
    const dynamics = new MemoryDynamics({ DEFAULT_OWNER_TEAM: TEAM });
    dynamics.receive(follows(0));
    expect(row(dynamics)).toMatchObject({ ownerid: { table: 'team', id: TEAM } });
    const user = { table: 'systemuser', id: dynamics.addUser(String(AGENT.email)) };
    dynamics.receive(follows(1));
    expect(row(dynamics)).toMatchObject({ rdvs_user: user, ownerid: user });
  });

  test('keeps the owner whom people chose', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(follows(0));
    dynamics.edit('rdvs_referent', ROW, { ownerid: { table: 'team', id: dynamics.addContact({}) } });
    const before = row(dynamics);
    expect(writesIn(dynamics.receive(follows(1)))).toEqual(['update rdvs_link', 'update rdvs_link']);
    expect(row(dynamics)).toEqual(before);
  });
});

describe('the row of a person', () => {
  test('who was anonymised goes, and an older body brings it back for nobody', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(follows(1));
    dynamics.receive(follows(2, { user: ANONYMISED }));
    dynamics.receive(follows(0));
    expect(dynamics.referents()).toEqual([]);
    expect(dynamics.contact(12)).toBeDefined();
  });

  test('whose contact was deleted in Dynamics does not come back, unless deleted contacts do', () => {
    for (const [policy, referents] of [
      ['keep-out', []],
      ['recreate', ['usager-12 Prénom-Test Agent-Test']],
    ] as const) {
      const dynamics = new MemoryDynamics({ ON_DELETED_IN_DYNAMICS: policy });
      dynamics.receive(follows(0));
      dynamics.remove('contact', dynamics.contactId(12));
      dynamics.receive(follows(1));
      expect(dynamics.referents()).toEqual(referents);
    }
  });

  test('whose contact was merged follows to the one that stands for it', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(follows(0));
    const master = dynamics.addContact({ lastname: 'Usager-Test' });
    dynamics.edit('contact', dynamics.contactId(12), { statecode: 1, masterid: { table: 'contact', id: master } });
    dynamics.receive(follows(1));
    expect(row(dynamics)).toMatchObject({ rdvs_contact: { table: 'contact', id: master } });
  });
});

test('what the retention rule of the sender purges brings nobody back', () => {
  const dynamics = new MemoryDynamics();
  dynamics.receive({ ...unfollows(0), reason: 'rgpd' });
  expect(dynamics.contact(12)).toBeUndefined();
});

test('a name longer than its column is cut, and the cut is told', () => {
  const dynamics = new MemoryDynamics();
  const plan = dynamics.receive(follows(0, { agent: makeAgent({ id: 5, last_name: 'N'.repeat(300) }) }));
  expect(plan.cut).toEqual(['rdvs_referent.rdvs_agent']);
});

test('the same body again changes nothing', () => {
  const dynamics = new MemoryDynamics();
  const body = senderJson(makeNotification(follows(0)));
  dynamics.deliver({ body, receivedAt: 1 });
  expect(writesIn(dynamics.deliver({ body, receivedAt: 2 }))).toEqual([]);
});
