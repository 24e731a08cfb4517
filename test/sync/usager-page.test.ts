// The page of a usager in RDV-Solidarités: that of an organisation to which the usager belongs, whatever came first.
import { expect, test } from 'vitest';
import { makeOrganisation, makeUser } from '../../local/rdv-solidarites/make-notification.ts';
import { MemoryDynamics, writesIn } from './memory-dynamics.ts';

const at = (second: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
const membership = (second: number, organisation: number, event: 'created' | 'destroyed' = 'created') =>
  ({
    model: 'UserProfile',
    event,
    data: { user: makeUser({ id: 12 }), organisation: makeOrganisation({ id: organisation }) },
    at: at(second),
  }) as const;
const userAt = (second: number, data = {}) =>
  ({ model: 'User', event: 'updated', data: makeUser({ id: 12, ...data }), at: at(second) }) as const;
const pageIn = (organisation: number) => `https://www.rdv-solidarites.fr/admin/organisations/${organisation}/users/12`;
const page = (dynamics: MemoryDynamics) => dynamics.contact(12)?.['rdvs_url'] ?? null;

function after(...received: readonly Parameters<MemoryDynamics['receive']>[0][]) {
  const dynamics = new MemoryDynamics();
  for (const one of received) dynamics.receive(one);
  return dynamics;
}

test('is that of the organisation with the smallest number, in any order', () => {
  expect(page(after(userAt(0)))).toBeNull();
  for (const order of [
    [9, 7, 10],
    [10, 9, 7],
  ]) {
    expect(page(after(...order.map((organisation) => membership(organisation, organisation))))).toBe(pageIn(7));
  }
});

test('moves when that membership ends, and goes with the last one', () => {
  const dynamics = after(membership(0, 7), membership(0, 9), membership(1, 7, 'destroyed'));
  expect(page(dynamics)).toBe(pageIn(9));
  dynamics.receive(membership(2, 9, 'destroyed'));
  expect(page(dynamics)).toBeNull();
});

test('comes with a membership, also where the copy of the person is an old one', () => {
  expect(page(after(userAt(5), membership(1, 9)))).toBe(pageIn(9));
});

test('stays as people corrected it, until the organisation changes', () => {
  const dynamics = after(membership(0, 9));
  dynamics.edit('contact', dynamics.contactId(12), { rdvs_url: 'https://exemple.example.org/' });
  dynamics.receive(membership(1, 9));
  expect(page(dynamics)).toBe('https://exemple.example.org/');
  dynamics.receive(membership(2, 7));
  expect(page(dynamics)).toBe(pageIn(7));
});

test('is not written again when nothing changed, nor where the département has its own', () => {
  const dynamics = after(membership(0, 9));
  expect(writesIn(dynamics.receive(membership(1, 9)))).not.toContain('update contact');
  const without = new MemoryDynamics({ MAPPING: '{"contact":{"rdvs_url":false}}' });
  without.receive(membership(0, 9));
  expect(page(without)).toBeNull();
});

test('leads to the département’s own RDV-Solidarités', () => {
  const dynamics = new MemoryDynamics({ RDV_SOLIDARITES_URL: 'https://rdv.example.org' });
  dynamics.receive(membership(0, 9));
  expect(page(dynamics)).toBe('https://rdv.example.org/admin/organisations/9/users/12');
});

test('goes when the account is destroyed', () => {
  const dynamics = after(membership(0, 9));
  dynamics.receive({ ...userAt(1), event: 'destroyed' });
  expect(page(dynamics)).toBeNull();
});

test('goes when the sender gives no access any more, and stays where it does not find the person', () => {
  for (const [reason, left] of [
    ['forbidden', null],
    [undefined, pageIn(9)],
  ] as const) {
    const dynamics = after(membership(0, 9));
    dynamics.compare({ event: 'missing', model: 'User', data: { id: 12 }, ...(reason && { reason }) }, at(1));
    expect(page(dynamics)).toBe(left);
  }
});

test('comes with the list of an organisation that shows the usager', () => {
  const dynamics = after(userAt(0));
  const data = { user: { ...makeUser({ id: 12 }) }, organisation: { id: 9 } };
  dynamics.compare({ event: 'snapshot', model: 'UserProfile', data }, at(1));
  expect(page(dynamics)).toBe(pageIn(9));
  expect(writesIn(dynamics.compare({ event: 'snapshot', model: 'UserProfile', data }, at(2)))).toEqual([]);
});
