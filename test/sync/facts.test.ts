// Columns that are one fact: an address, the hours of an appointment. Half of one and half of another is no fact at all.
import { describe, expect, test } from 'vitest';
import { makeRdv, makeUser } from '../../local/rdv-solidarites/make-notification.ts';
import { MemoryDynamics, writesIn } from './memory-dynamics.ts';

type UserOverrides = NonNullable<Parameters<typeof makeUser>[0]>;
type RdvOverrides = NonNullable<Parameters<typeof makeRdv>[0]>;

const RDV = 77_001;
const at = (second: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
const userAt = (second: number, data: UserOverrides = {}) =>
  ({ model: 'User', event: 'updated', data: makeUser(data), at: at(second) }) as const;
const rdvAt = (second: number, data: RdvOverrides = {}) =>
  ({ model: 'Rdv', event: 'updated', data: makeRdv(data), at: at(second) }) as const;

const OLD = '1 Rue Ancienne, Ville-Test, 62000, 62, Pas-de-Calais, Hauts-de-France';
const NEW = '9 Rue Nouvelle, Ville-Test, 62000, 62, Pas-de-Calais, Hauts-de-France';

/** The address of usager 12 after what came, once people corrected the contact by hand. */
function corrected(edit: Readonly<Record<string, string | null>>) {
  const dynamics = new MemoryDynamics();
  dynamics.receive(userAt(0, { address: OLD, address_details: 'Bâtiment B' }));
  dynamics.edit('contact', dynamics.contactId(12), edit);
  return dynamics;
}

const line = (line1: string | null, postalcode: string | null, city: string | null, line2: string | null = null) => ({
  address1_line1: line1,
  address1_line2: line2,
  address1_postalcode: postalcode,
  address1_city: city,
});

describe('an address corrected in the CRM', () => {
  const byHand = { address1_line1: '5 Place du CRM', address1_postalcode: '59000', address1_city: 'Lille-Test' };

  test('stays whole while the sender says the same', () => {
    const dynamics = corrected(byHand);
    dynamics.receive(userAt(1, { first_name: 'Autre-Test', address: OLD, address_details: 'Bâtiment B' }));
    expect(dynamics.contact(12)).toMatchObject({ ...byHand, firstname: 'Autre-Test' });
  });

  test('is replaced whole when the sender changes the street alone', () => {
    const dynamics = corrected(byHand);
    dynamics.receive(userAt(1, { address: NEW, address_details: 'Bâtiment B' }));
    expect(dynamics.contact(12)).toMatchObject(line('9 Rue Nouvelle', '62000', 'Ville-Test', 'Bâtiment B'));
  });

  test('is replaced whole by one that has no town of its own', () => {
    const dynamics = corrected(byHand);
    dynamics.receive(userAt(1, { address: 'Lieu-dit Test', address_details: null }));
    expect(dynamics.contact(12)).toMatchObject(line('Lieu-dit Test', null, null));
  });

  test('is not cleared, nor a part of it, by null', () => {
    const dynamics = corrected({ address1_city: 'Lille-Test' });
    dynamics.receive(userAt(1, { address: null, address_details: null }));
    expect(dynamics.contact(12)).toMatchObject(line('1 Rue Ancienne', '62000', 'Lille-Test', 'Bâtiment B'));
  });

  test('of which people took a part off is not cleared by null either', () => {
    const dynamics = corrected({ address1_line2: null });
    dynamics.receive(userAt(1, { address: null, address_details: 'Bâtiment B' }));
    expect(dynamics.contact(12)).toMatchObject(line('1 Rue Ancienne', '62000', 'Ville-Test'));
  });

  test('that nobody touched is cleared by null', () => {
    const dynamics = corrected({});
    dynamics.receive(userAt(1, { address: null, address_details: 'Bâtiment B' }));
    expect(dynamics.contact(12)).toMatchObject(line(null, null, null, 'Bâtiment B'));
  });

  test('whose other half comes later is completed, if nobody touched it', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive({ model: 'User', event: 'updated', data: { id: 12, address_details: 'Bâtiment B' }, at: at(0) });
    dynamics.receive(userAt(1, { address: NEW, address_details: 'Bâtiment B' }));
    expect(dynamics.contact(12)).toMatchObject(line('9 Rue Nouvelle', '62000', 'Ville-Test', 'Bâtiment B'));
  });
});

describe('the address of a contact that was there before us', () => {
  test('is filled when all of it is empty', () => {
    const dynamics = new MemoryDynamics();
    dynamics.tie(12, dynamics.addContact({ lastname: 'Usager-Test' }));
    dynamics.receive(userAt(0, { address: OLD }));
    expect(dynamics.contact(12)).toMatchObject(line('1 Rue Ancienne', '62000', 'Ville-Test'));
  });

  test('is left as it is when a part of it is there, until the sender changes it', () => {
    const dynamics = new MemoryDynamics();
    dynamics.tie(12, dynamics.addContact({ address1_city: 'Lille-Test' }));
    dynamics.receive(userAt(0, { address: OLD }));
    expect(dynamics.contact(12)).toMatchObject(line(null, null, 'Lille-Test'));
    dynamics.receive(userAt(1, { address: OLD, first_name: 'Autre-Test' }));
    expect(dynamics.contact(12)).toMatchObject(line(null, null, 'Lille-Test'));
    dynamics.receive(userAt(2, { address: NEW }));
    expect(dynamics.contact(12)).toMatchObject(line('9 Rue Nouvelle', '62000', 'Ville-Test'));
  });
});

describe('the hours of an appointment moved by hand', () => {
  const moved = { scheduledstart: '2026-12-15T14:00:00Z', scheduledend: '2026-12-15T14:30:00Z' };

  function movedByHand() {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { starts_at: '2026-12-08 09:30:00 +0100', ends_at: '2026-12-08 10:00:00 +0100' }));
    dynamics.edit('appointment', dynamics.appointmentId(RDV), moved);
    return dynamics;
  }

  test('stay while the sender says the same', () => {
    const dynamics = movedByHand();
    const plan = dynamics.receive(
      rdvAt(1, { starts_at: '2026-12-08 09:30:00 +0100', ends_at: '2026-12-08 10:00:00 +0100' }),
    );
    expect(writesIn(plan)).not.toContain('update appointment');
    expect(dynamics.appointment(RDV)).toMatchObject(moved);
  });

  test('are both the sender’s when it changes the end alone', () => {
    const dynamics = movedByHand();
    dynamics.receive(rdvAt(1, { starts_at: '2026-12-08 09:30:00 +0100', ends_at: '2026-12-08 10:45:00 +0100' }));
    expect(dynamics.appointment(RDV)).toMatchObject({
      scheduledstart: '2026-12-08T08:30:00Z',
      scheduledend: '2026-12-08T09:45:00Z',
    });
  });
});
