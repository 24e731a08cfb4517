// The main job, end to end: signed notifications become contacts and appointments.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  makeAgent,
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import type { RdvData } from '../../local/rdv-solidarites/make-rdv.ts';
import { type Pipeline, startPipeline } from './pipeline.ts';

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline();
});
afterAll(() => pipeline.stop());

const fixture = (name: string) =>
  readFileSync(new URL(`../../local/rdv-solidarites/notifications/${name}.json`, import.meta.url));
const rdvBody = (data: RdvData, at = '2026-11-24T09:00:00Z') =>
  senderJson(makeNotification({ model: 'Rdv', event: 'updated', data, at }));
const usagers = (first: number, count: number) =>
  Array.from({ length: count }, (_, at) => makeUser({ id: first + at, email: `usager-${first + at}@example.org` }));
const rdvWith = (id: number, users: ReturnType<typeof makeUser>[], more: Partial<RdvData> = {}) =>
  makeRdv({ id, participations: users.map((user) => makeParticipation({ user })), ...more });
const appointmentOf = async (id: number) => {
  const [appointment] = await pipeline.query(
    `appointments?$filter=rdvs_rdvid eq '${id}'&$expand=appointment_activity_parties($select=participationtypemask,_partyid_value)`,
  );
  if (appointment === undefined) throw new Error(`no appointment for RDV ${id}`);
  return appointment;
};
const attendees = (appointment: Record<string, unknown>) => {
  const parties = appointment['appointment_activity_parties'];
  if (!Array.isArray(parties)) throw new Error('no parties');
  return parties
    .filter(({ participationtypemask }) => participationtypemask === 5)
    .map((party) => party._partyid_value);
};

describe('an RDV', () => {
  test('becomes an appointment with its contact as attendee and regarding, in two requests', async () => {
    const requests = await pipeline.deliver(fixture('rdv-created'));
    expect(requests).toHaveLength(2);
    const appointment = await appointmentOf(77001);
    const [contact] = await pipeline.query(`contacts?$filter=emailaddress1 eq 'usager-12@example.org'`);
    expect(contact).toMatchObject({ lastname: 'Usager-Test' });
    expect(appointment).toMatchObject({
      statecode: 3,
      statuscode: 5,
      rdvs_status: 1,
      scheduledstart: '2026-12-03T08:30:00Z',
      _regardingobjectid_value: contact?.['contactid'],
    });
    expect(attendees(appointment)).toEqual([contact?.['contactid']]);
  });

  test('costs one request at most when it comes again, and changes nothing', async () => {
    const before = pipeline.dataverse.snapshot();
    expect((await pipeline.deliver(fixture('rdv-created'))).length).toBeLessThanOrEqual(1);
    expect(pipeline.dataverse.snapshot()).toEqual(before);
  });

  test('is followed through its life: moved, seen, and seen no more', async () => {
    const rdv = (more: Partial<RdvData>) => rdvWith(77100, usagers(500, 1), more);
    await pipeline.deliver(rdvBody(rdv({}), '2026-11-24T09:00:00Z'));
    await pipeline.deliver(
      rdvBody(
        rdv({ starts_at: '2026-12-04 09:30:00 +0100', ends_at: '2026-12-04 10:00:00 +0100' }),
        '2026-11-24T09:01:00Z',
      ),
    );
    expect(await appointmentOf(77100)).toMatchObject({ scheduledstart: '2026-12-04T08:30:00Z' });
    await pipeline.deliver(rdvBody(rdv({ status: 'seen' }), '2026-11-24T09:02:00Z'));
    expect(await appointmentOf(77100)).toMatchObject({ statecode: 1, statuscode: 3, rdvs_status: 2 });
    await pipeline.deliver(rdvBody(rdv({ status: 'revoked' }), '2026-11-24T09:03:00Z'));
    expect(await appointmentOf(77100)).toMatchObject({ statecode: 2, statuscode: 4, rdvs_status: 4 });
    await pipeline.deliver(rdvBody(rdv({}), '2026-11-24T09:04:00Z'));
    expect(await appointmentOf(77100)).toMatchObject({ statecode: 3, statuscode: 5, rdvs_status: 1 });
  });

  test('costs two requests with a known usager, with 30 unknown ones, and with 200', async () => {
    await pipeline.deliver(
      senderJson(makeNotification({ model: 'User', event: 'created', data: makeUser({ id: 600 }) })),
    );
    expect(await pipeline.deliver(rdvBody(rdvWith(77200, usagers(600, 1)), '2026-11-24T10:00:00Z'))).toHaveLength(2);
    expect(await pipeline.deliver(rdvBody(rdvWith(77201, usagers(700, 30))))).toHaveLength(2);
    expect(attendees(await appointmentOf(77201))).toHaveLength(30);
    const all = usagers(1000, 200);
    expect(await pipeline.deliver(rdvBody(rdvWith(77202, all)))).toHaveLength(2);
    expect(new Set(attendees(await appointmentOf(77202))).size).toBe(200);
  });

  test('of every size around the limits of a queue message arrives whole', async () => {
    const sizes = Array.from({ length: 31 }, (_, at) => (30 + at) * 1000);
    const bodies = sizes.map((size, at) => {
      const rdv = rdvWith(78_000 + at, usagers(2000, 1));
      const padding = size - Buffer.byteLength(rdvBody({ ...rdv, context: '' }));
      return rdvBody({ ...rdv, context: 'é"'.repeat(padding).slice(0, Math.floor(padding / 2)) });
    });
    await pipeline.deliver(...bodies);
    for (const at of sizes.keys()) expect(await appointmentOf(78_000 + at)).toMatchObject({ statecode: 3 });
    const stored = pipeline.events('notification.received').map(({ stored }) => stored);
    expect(new Set(stored)).toEqual(new Set(['queue', 'blob']));
  });

  test('is owned by its agent when exactly one enabled user has that e-mail', async () => {
    const agent = pipeline.dataverse.rows.insert('systemuser', {
      internalemailaddress: 'agent-77@example.org',
      domainname: 'agent-77@example.org',
      firstname: 'Prénom-Test',
      lastname: 'Agent-Test',
    });
    const agents = [makeAgent({ id: 77, email: 'Agent-77@example.org' })];
    await pipeline.deliver(rdvBody(rdvWith(77300, usagers(12, 1), { agents })));
    expect(await appointmentOf(77300)).toMatchObject({ _ownerid_value: agent });
  });
});

describe('what the connector does not handle', () => {
  test('is accepted and ignored with a log line', async () => {
    const lieu = '{"data":{"id":3},"meta":{"model":"Lieu","event":"updated","timestamp":"2026-11-24 10:00:00 +0100"}}';
    const requests = await pipeline.deliver(lieu, fixture('organisation-updated'));
    expect(requests).toEqual([]);
    expect(pipeline.events('notification.done').slice(-2)).toMatchObject([
      { outcome: 'ignored', model: expect.stringMatching(/Lieu|Organisation/) },
      { outcome: 'ignored' },
    ]);
  });

  test.each([
    ['Bonjour', 'not-json'],
    ['{"data":{},"meta":{"model":"User","event":"updated","timestamp":"2026-11-24 10:00:00 +0100"}}', 'invalid-data'],
    ['{"data":{"id":1}}', 'not-a-notification'],
  ])('is kept in quarantine with its reason when it is %s', async (body, code) => {
    const response = await pipeline.send(body);
    expect(response.status).toBe(202);
    const { notificationId } = (await response.json()) as { notificationId: string };
    await pipeline.host.idle();
    const blob = pipeline.storage.blobs
      .getContainerClient('notification-quarantine')
      .getBlobClient(`${notificationId}.json`);
    const item = JSON.parse((await blob.downloadToBuffer()).toString()) as { body: string };
    expect(item).toMatchObject({ code, envelope: { notificationId } });
    expect(Buffer.from(item.body, 'base64').toString()).toBe(body);
  });
});
