import { describe, expect, test } from 'vitest';
import {
  makeAgent,
  makeNotification,
  makeOrganisation,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { appointmentStates } from '../../src/schema/standard-columns.ts';
import { MemoryDynamics, outcomesIn, writesIn } from './memory-dynamics.ts';

type UserOverrides = NonNullable<Parameters<typeof makeUser>[0]>;
type RdvOverrides = NonNullable<Parameters<typeof makeRdv>[0]>;

const RDV = 77_001;
const DAY = 86_400;
const at = (second: number) => new Date(Date.parse('2026-11-24T09:00:00Z') + second * 1000).toISOString();
const userAt = (second: number, data: UserOverrides = {}) =>
  ({ model: 'User', event: 'updated', data: makeUser(data), at: at(second) }) as const;
const rdvAt = (second: number, data: RdvOverrides = {}) =>
  ({ model: 'Rdv', event: 'updated', data: makeRdv(data), at: at(second) }) as const;
const participants = (...people: UserOverrides[]) => people.map((data) => makeParticipation({ user: makeUser(data) }));
const named = (first_name: string) => ({ first_name });
const bodyOf = (second: number, data: UserOverrides) => senderJson(makeNotification(userAt(second, data)));

describe('the newest snapshot wins', () => {
  // Case 7.
  test.each([1, 5, 6 * DAY])('ignores a snapshot that is %i seconds older', (delay) => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(userAt(delay, named('Nouvelle')));
    const plan = dynamics.receive(userAt(0, named('Ancienne')));
    expect(outcomesIn(plan)).toEqual(['usager-12 stale']);
    expect(writesIn(plan)).toEqual([]);
    expect(dynamics.contact(12)).toMatchObject({ firstname: 'Nouvelle' });
  });

  test('keeps a cancelled RDV cancelled when its older update arrives last', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(9, { status: 'revoked' }));
    const plan = dynamics.receive(rdvAt(3, { starts_at: '2026-12-09 09:30:00 +0100' }));
    expect(plan.outcome).toBe('stale');
    expect(dynamics.appointment(RDV)).toMatchObject({
      scheduledstart: '2026-12-03T08:30:00Z',
      ...appointmentStates.canceled,
    });
  });

  test('keeps the version as text that sorts as time, with the receipt behind it', () => {
    const dynamics = new MemoryDynamics();
    dynamics.deliver({ body: bodyOf(0, {}), receivedAt: 1_700_000_000_123 });
    expect(dynamics.link('usager-12')?.version).toBe('2026-11-24T09:00:00.000000Z~1700000000123');
  });

  test('orders the forms of `meta` among each other', () => {
    const dynamics = new MemoryDynamics();
    const data = (first_name: string) => makeUser({ first_name });
    const say = (first_name: string, times: Record<string, string>) =>
      dynamics.deliver({
        body: senderJson({ data: data(first_name), meta: { model: 'User', event: 'updated', ...times } }),
        receivedAt: Date.parse(at(60)),
      }).outcome;
    expect(say('Un', { timestamp: '2026-11-24 10:00:01 +0100' })).toBe('applied');
    expect(say('Deux', { payload_computed_at: '2026-11-24T10:00:02.5+01:00' })).toBe('applied');
    expect(say('Trois', { timestamp: '2026-11-24 09:00:02 UTC' })).toBe('stale');
    expect(say('Quatre', { event_occurred_at: '2026-11-24T09:00:03Z' })).toBe('applied');
    // A body rendered later is fresher, even if its event is older.
    const late = { event_occurred_at: '2026-11-24T08:00:00Z', payload_computed_at: '2026-11-24T05:00:04-04:00' };
    expect(say('Cinq', late)).toBe('applied');
    expect(
      say('Six', { ...late, payload_computed_at: '2026-11-24T09:00:01Z', timestamp: '2026-11-24 10:00:09 +0100' }),
    ).toBe('stale');
    expect(dynamics.contact(12)).toMatchObject({ firstname: 'Cinq' });
  });
});

describe('within one second', () => {
  const [first, second] = [bodyOf(0, named('Un')), bodyOf(0, named('Deux'))];
  const RECEIVED = Date.parse(at(1));

  function afterArrivals(...arrivals: readonly [body: string, receivedAt: number][]) {
    const dynamics = new MemoryDynamics();
    const outcomes = arrivals.map(([body, receivedAt]) => dynamics.deliver({ body, receivedAt }).outcome);
    return { outcomes, firstname: dynamics.contact(12)?.['firstname'] };
  }

  test('the later receipt wins, whichever is applied first', () => {
    const inOrder = afterArrivals([first, RECEIVED], [second, RECEIVED + 1]);
    const reversed = afterArrivals([second, RECEIVED + 1], [first, RECEIVED]);
    expect(inOrder).toEqual({ outcomes: ['applied', 'applied'], firstname: 'Deux' });
    expect(reversed).toEqual({ outcomes: ['applied', 'stale'], firstname: 'Deux' });
  });

  test('two bodies received in one millisecond end the same in both orders', () => {
    const ends = [
      [first, second],
      [second, first],
    ].map((bodies) => afterArrivals(...bodies.map((body): [string, number] => [body, RECEIVED])).firstname);
    expect(new Set(ends).size).toBe(1);
  });

  test('a repeat does not win over a body that came in between', () => {
    const { outcomes, firstname } = afterArrivals([first, RECEIVED], [second, RECEIVED + 1], [first, RECEIVED + 2]);
    expect(outcomes).toEqual(['applied', 'applied', 'stale']);
    expect(firstname).toBe('Deux');
  });

  test('the body received last wins among three, whatever their order', () => {
    const third = bodyOf(0, named('Trois'));
    const arrivals: [string, number][] = [
      [third, RECEIVED + 2],
      [first, RECEIVED],
      [second, RECEIVED + 1],
    ];
    expect(afterArrivals(...arrivals).firstname).toBe('Trois');
    expect(afterArrivals(...arrivals.toReversed()).firstname).toBe('Trois');
  });

  test('a link forgets the bodies of a second that is over', () => {
    const dynamics = new MemoryDynamics();
    dynamics.deliver({ body: first, receivedAt: RECEIVED });
    dynamics.deliver({ body: second, receivedAt: RECEIVED + 1 });
    expect(Object.keys(dynamics.link('usager-12')?.applied.bodies ?? {})).toHaveLength(2);
    dynamics.deliver({ body: bodyOf(1, named('Trois')), receivedAt: RECEIVED + 2 });
    expect(Object.keys(dynamics.link('usager-12')?.applied.bodies ?? {})).toHaveLength(1);
  });
});

describe('repeats', () => {
  // Case 9.
  test('writes nothing for a body that was applied', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    const plan = dynamics.receive(rdvAt(0));
    expect(outcomesIn(plan)).toEqual(['usager-12 stale (already-applied)', 'rdv-77001 stale (already-applied)']);
    expect(writesIn(plan)).toEqual([]);
  });

  test('writes a status change once, though the sender tells it twice', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    const excused = { status: 'excused', cancelled_at: '2026-11-24 10:00:01 +0100' } as const;
    expect(writesIn(dynamics.receive(rdvAt(1, excused)))).toContain('update appointment');
    expect(writesIn(dynamics.receive(rdvAt(1, excused)))).toEqual([]);
    expect(writesIn(dynamics.receive(rdvAt(2, excused)))).not.toContain('update appointment');
  });

  test('writes a usager of four organisations once', () => {
    const dynamics = new MemoryDynamics();
    const plans = [0, 0, 1, 1].map((second) => dynamics.receive(userAt(second)));
    expect(plans.map(writesIn)).toEqual([['create contact', 'create rdvs_link'], [], ['update rdvs_link'], []]);
  });

  test('touches neither contact nor appointment in a burst of a hundred for one collective RDV', () => {
    const dynamics = new MemoryDynamics();
    const data = { collectif: true, participations: participants({ id: 101 }, { id: 102 }, { id: 103 }) };
    dynamics.receive(rdvAt(0, data));
    const writes = Array.from({ length: 100 }, (_, index) => dynamics.receive(rdvAt(1 + index, data))).flatMap(
      writesIn,
    );
    expect(new Set(writes)).toEqual(new Set(['update rdvs_link']));
  });

  // RSP#3367: the new agents with the old date, then everything.
  test.each([
    ['as sent', [1, 2]],
    ['reversed', [2, 1]],
    ['both in the second of the other', [1, 1]],
  ])('ends with the new agents and the new date when the pair of an edit arrives %s', (order, seconds) => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0));
    const agents = [makeAgent({ id: 9, last_name: 'Nouveau-Test' })];
    const starts_at = '2026-12-10 09:30:00 +0100';
    const pair = [rdvAt(1, { agents }), rdvAt(order.startsWith('both') ? 1 : 2, { agents, starts_at })];
    const arrivals = seconds[0] === 2 ? pair.toReversed() : pair;
    for (const one of arrivals) dynamics.receive(one);
    expect(dynamics.appointment(RDV)).toMatchObject({
      rdvs_agent: 'Prénom-Agent Nouveau-Test',
      scheduledstart: '2026-12-10T08:30:00Z',
    });
  });

  // Case 20.
  test('takes `created` of a known record, as a bulk trigger sends it, for the snapshot that it is', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(9, { status: 'seen' }));
    const again = { model: 'Rdv', event: 'created' } as const;
    expect(dynamics.receive({ ...again, data: makeRdv(), at: at(5) }).outcome).toBe('stale');
    expect(dynamics.receive({ ...again, data: makeRdv({ status: 'seen' }), at: at(DAY) }).outcome).toBe('unchanged');
    expect(dynamics.receive({ ...again, data: makeRdv({ status: 'noshow' }), at: at(DAY + 1) }).outcome).toBe(
      'applied',
    );
  });
});

describe('each record is decided alone', () => {
  test('a stale RDV still brings its usagers', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(5, { participations: participants({ id: 12 }) }));
    const plan = dynamics.receive(rdvAt(3, { participations: participants({ id: 12 }, { id: 13 }) }));
    expect(outcomesIn(plan)).toEqual(['usager-12 stale', 'usager-13 applied', 'rdv-77001 stale']);
    expect(writesIn(plan)).toEqual(['create contact', 'create rdvs_link']);
    expect(dynamics.contact(13)).toMatchObject({ lastname: 'Usager-Test' });
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12']);
  });

  test('a copy inside an RDV counts by the time of the RDV', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(userAt(0, named('Un')));
    dynamics.receive(rdvAt(5, { participations: participants(named('Cinq')) }));
    expect(outcomesIn(dynamics.receive(userAt(3, named('Trois'))))).toEqual(['usager-12 stale']);
    expect(dynamics.contact(12)).toMatchObject({ firstname: 'Cinq' });
    const plan = dynamics.receive(rdvAt(4, { participations: participants(named('Quatre')) }));
    expect(outcomesIn(plan)).toEqual(['usager-12 stale', 'rdv-77001 stale']);
  });

  test('an old copy inside a new RDV does not overwrite', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(userAt(9, named('Neuf')));
    const plan = dynamics.receive(rdvAt(5, { participations: participants(named('Cinq')) }));
    expect(outcomesIn(plan)).toEqual(['usager-12 stale', 'rdv-77001 applied']);
    expect(dynamics.contact(12)).toMatchObject({ firstname: 'Neuf' });
    expect(dynamics.attendees(RDV)).toEqual(['required usager-12']);
  });

  test('a nested responsible and its proche each have a version', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(userAt(5, named('Responsable')));
    const responsible = makeUser({ first_name: 'Ancienne copie' });
    const plan = dynamics.receive(userAt(3, { id: 13, responsible }));
    expect(outcomesIn(plan)).toEqual(['usager-12 stale', 'usager-13 applied']);
    expect(dynamics.contact(12)).toMatchObject({ firstname: 'Responsable' });
    expect(dynamics.contact(13)?.['rdvs_responsible']).toEqual({ table: 'contact', id: dynamics.contactId(12) });
  });
});

describe('what a plan writes', () => {
  const profile = (second: number) =>
    ({
      model: 'UserProfile',
      event: 'created',
      data: { user: makeUser(), organisation: makeOrganisation() },
      at: at(second),
    }) as const;
  const links = (count: number) => Array.from({ length: count }, () => 'update rdvs_link');

  test('about a usager', () => {
    const dynamics = new MemoryDynamics();
    expect(writesIn(dynamics.receive(userAt(0)))).toEqual(['create contact', 'create rdvs_link']);
    expect(writesIn(dynamics.receive(userAt(1, named('Autre'))))).toEqual(['update rdvs_link', 'update contact']);
    // Case 27: an invitation or a new password sends `updated` without a visible change.
    const plan = dynamics.receive(userAt(2, named('Autre')));
    expect(writesIn(plan)).toEqual(links(1));
    expect(plan.outcome).toBe('unchanged');
    expect(writesIn(dynamics.receive(userAt(1, named('Vieille'))))).toEqual([]);
  });

  test('about a usager whose one field changed: that column alone', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(userAt(0));
    const [contact] = dynamics
      .receive(userAt(1, { email: 'autre@example.org' }))
      .changeSets.flat()
      .slice(-1);
    expect(contact?.columns).toEqual({ emailaddress1: 'autre@example.org' });
  });

  test('about a membership', () => {
    const dynamics = new MemoryDynamics();
    expect(writesIn(dynamics.receive(profile(0)))).toEqual(['create contact', 'create rdvs_link', 'create rdvs_link']);
    expect(outcomesIn(dynamics.receive(profile(1)))).toEqual(['usager-12 unchanged', 'profile-12-7 applied']);
  });

  test('about an RDV, open, closed and open again', () => {
    const dynamics = new MemoryDynamics();
    const cancelled_at = '2026-11-24 10:00:01 +0100';
    expect(writesIn(dynamics.receive(rdvAt(0)))).toEqual([
      'create contact',
      'create rdvs_link',
      'create rdvs_link',
      'create rdvs_link',
      'create rdvs_motif',
      'create appointment',
      'update appointment',
      'create rdvs_participation',
    ]);
    expect(writesIn(dynamics.receive(rdvAt(1)))).toEqual(links(2));
    const move = { starts_at: '2026-12-09 09:30:00 +0100' };
    // The participation shows the start of its RDV.
    const moved = ['update rdvs_participation', 'update appointment'];
    expect(writesIn(dynamics.receive(rdvAt(2, move)))).toEqual([...links(2), ...moved]);
    const closing = dynamics.receive(rdvAt(3, { ...move, status: 'noshow', cancelled_at }));
    expect(writesIn(closing)).toEqual([...links(2), 'update appointment']);
    const opening = dynamics.receive(rdvAt(4, move));
    expect(writesIn(opening)).toEqual([...links(2), 'update appointment', 'update appointment']);
    expect(dynamics.appointment(RDV)).toMatchObject(appointmentStates.scheduled);
  });

  test('makes every first part about a row conditional', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { status: 'seen' }));
    const parts = dynamics.receive(
      rdvAt(1, { status: 'noshow', participations: participants(named('Autre'), { id: 13 }) }),
    );
    const seen = new Set<string>();
    for (const { table, operation, id, condition } of parts.changeSets.flat()) {
      // The version of the RDV's link stands for its new participations.
      const isGuarded = table === 'rdvs_participation' && operation === 'create';
      expect(condition === 'any').toBe(seen.has(id) || isGuarded);
      seen.add(id);
    }
    expect(seen.size).toBe(7);
  });

  test('orders new contacts, links by id, contacts by id, the appointment', () => {
    const dynamics = new MemoryDynamics();
    const people = [21, 22, 23, 24];
    dynamics.receive(rdvAt(0, { participations: participants(...people.map((id) => ({ id }))) }));
    const changed = people.map((id) => ({ id, first_name: 'Autre' }));
    const plan = dynamics.receive(rdvAt(1, { name: 'x', participations: participants({ id: 20 }, ...changed) }));
    const parts = plan.changeSets.flat();
    const groups = [...new Set(parts.map(({ operation, table }) => `${operation} ${table}`))];
    expect(groups.filter((group) => !group.endsWith('rdvs_link'))).toEqual([
      'create contact',
      'update contact',
      'update appointment',
      'create rdvs_participation',
    ]);
    for (const table of ['rdvs_link', 'contact']) {
      const ids = parts.filter((part) => part.table === table && part.operation === 'update').map(({ id }) => id);
      expect(ids).toEqual(ids.toSorted());
    }
  });

  // Case 26: what the connector might tell the sender comes back as two notifications of what is known already.
  test('an echo changes nothing in Dynamics', () => {
    const dynamics = new MemoryDynamics();
    dynamics.receive(rdvAt(0, { status: 'seen' }));
    const echoes = [1, 1].map((second) => dynamics.receive(rdvAt(second, { status: 'seen' })));
    expect(echoes.map(({ outcome }) => outcome)).toEqual(['unchanged', 'stale']);
    expect(echoes.flatMap(writesIn)).toEqual(links(2));
  });

  // Case 22.
  test.each(['Lieu', 'Organisation', 'Agent', 'AgentRole'] as const)('writes nothing about %s', (model) => {
    const data = { id: 1, agent: makeAgent(), user: makeUser(), organisation: makeOrganisation() };
    const dynamics = new MemoryDynamics();
    const plan = dynamics.receive({ model, event: 'created', data });
    expect(plan).toMatchObject({ outcome: 'ignored', changeSets: [] });
    expect(dynamics.rows.size).toBe(0);
  });
});
