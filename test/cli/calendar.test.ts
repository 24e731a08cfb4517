// An agent's calendar as iCalendar: what is in it, and what another library reads.
import ICAL from 'ical.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  makeAbsence,
  makeAgent,
  makeNotification,
  makePlageOuverture,
  makeRdv,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { run } from '../../src/cli/main.ts';
import { type Bench, startBench } from '../delivery/bench.ts';
import { expand } from '../delivery/ical.ts';

const agent = makeAgent({ id: 5 });
const colleague = makeAgent({ id: 6 });
const PLAGE = makePlageOuverture({ agent, rrule: 'FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TH;' });

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({ settings: { AGENTS_AS_ATTENDEES: 'true' } });
  for (const { email } of [agent, colleague])
    bench.dataverse.rows.insert('systemuser', { internalemailaddress: email });
  const tell = (model: 'Rdv' | 'Absence' | 'PlageOuverture', data: object) =>
    bench.deliver(senderJson(makeNotification({ model, event: 'created', data })));
  await tell('PlageOuverture', PLAGE);
  await tell(
    'Absence',
    makeAbsence({ agent, first_day: '2026-12-24', end_day: '2026-12-26', title: 'Congés, été; \\ suite' }),
  );
  await tell(
    'Rdv',
    makeRdv({
      agents: [agent, colleague],
      starts_at: '2026-12-03 09:30:00 +0100',
      ends_at: '2026-12-03 10:00:00 +0100',
    }),
  );
  await tell(
    'Rdv',
    makeRdv({
      id: 78,
      agents: [colleague],
      starts_at: '2026-12-03 11:30:00 +0100',
      ends_at: '2026-12-03 12:00:00 +0100',
      status: 'revoked',
    }),
  );
});
afterAll(() => bench.stop());

async function calendar(...args: string[]) {
  const lines: string[] = [];
  const terminal = {
    environment: { DATAVERSE_URL: bench.dataverse.url },
    print: (line: string) => void lines.push(line),
    complain: (line: string) => void lines.push(line),
  };
  const code = await run(['calendar', ...args], terminal);
  return { code, text: lines.join('\n') };
}

async function eventsOf(email: string | null, from: string, to: string) {
  const { code, text } = await calendar('--agent', String(email), '--from', from, '--to', to);
  expect(code).toBe(0);
  return new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((event) => ({
    interval: `${time(event, 'dtstart')}/${time(event, 'dtend')}`,
    summary: event.getFirstPropertyValue('summary'),
    status: event.getFirstPropertyValue('status'),
    busy: event.getFirstPropertyValue('x-microsoft-cdo-busystatus'),
  }));
}

const time = (event: ICAL.Component, name: string) => String(event.getFirstPropertyValue(name));

describe('connector calendar', () => {
  test('prints what the sender’s own calendar text says, occurrence by occurrence', async () => {
    const events = await eventsOf(agent.email, '2026-12-01', '2027-03-31');
    const plages = events.filter(({ busy }) => busy === 'FREE').map(({ interval }) => interval);
    expect(plages).toEqual(expand(PLAGE.ical, { from: '2026-11-30T23:00:00Z', to: '2027-03-31T22:00:00Z' }));
    expect(plages.length).toBeGreaterThan(30);
  });

  test('tells absences from RDV, and escapes texts', async () => {
    expect(await eventsOf(agent.email, '2026-12-24', '2026-12-24')).toMatchObject([
      {
        summary: 'Congés, été; \\ suite',
        busy: 'OOF',
        status: 'CONFIRMED',
        interval: '2026-12-24T08:00:00Z/2026-12-26T11:00:00Z',
      },
      { busy: 'FREE' },
    ]);
  });

  test('shows an RDV to all of its agents, a cancelled one as free time', async () => {
    expect(await eventsOf(colleague.email, '2026-12-03', '2026-12-03')).toMatchObject([
      { interval: '2026-12-03T08:30:00Z/2026-12-03T09:00:00Z', busy: 'BUSY' },
      { interval: '2026-12-03T10:30:00Z/2026-12-03T11:00:00Z', busy: 'FREE', status: 'CANCELLED' },
    ]);
    expect(await eventsOf(colleague.email, '2026-12-04', '2026-12-04')).toEqual([]);
  });

  test.each([
    [['--agent', 'personne@example.org'], '--agent: no enabled user of Dynamics has this e-mail'],
    [
      ['--agent', String(agent.email), '--from', '2026-12-05', '--to', '2026-12-04'],
      '--to: expected a day after --from',
    ],
    [['--agent', String(agent.email), '--from', '31/12/2026'], 'expected a day such as 2026-01-05'],
    [[], '--agent <email>'],
  ])('refuses %j', async (args, message) => {
    const { code, text } = await calendar(...args);
    expect(code).toBe(1);
    expect(text).toContain(message);
  });
});
