// Reads that no cache answers: what people change in Dynamics is seen at once.
import { expect, onTestFinished, test } from 'vitest';
import { openCalls } from '../../src/dataverse/calls.ts';
import { connect } from '../../src/dataverse/connection.ts';
import { createGate } from '../../src/dataverse/gate.ts';
import { readRows } from '../../src/dataverse/read.ts';
import { rdv, user } from '../../src/rdv-solidarites/models.ts';
import { OUR_MAPPED_COLUMNS } from '../../src/sync/mapped-columns.ts';
import { linkId } from '../../src/sync/model/link-names.ts';
import { NOTHING_TO_READ } from '../../src/sync/model/rows.ts';
import { usagerLink } from '../../src/sync/people/people-names.ts';
import { appointmentId } from '../../src/sync/rdv/rdv-names.ts';
import { startProvisioned } from './connector-user.ts';

const usager = user.parse({ id: 12 }).id;
const appointment = appointmentId(rdv.shape.id.parse(34));

test('attendees and companions are read anew, although Dataverse keeps expanded collections for a minute', async () => {
  const dataverse = await startProvisioned({ cachedExpansionsMs: 60_000 });
  onTestFinished(() => dataverse.stop());
  const { rows } = dataverse;
  const connection = connect({ url: dataverse.url, token: async () => 'local' });
  const calls = openCalls({
    connection,
    timeoutMs: 5000,
    gate: createGate(4),
    renewToken: () => undefined,
    mapped: OUR_MAPPED_COLUMNS,
  });
  const read = async () => {
    const known = await readRows(calls, { ...NOTHING_TO_READ, appointment: [appointment], companions: [usager] });
    const parties = known.appointment.get(appointment)?.parties ?? [];
    return [parties.filter(({ role }) => role === 5).length, known.companions.get(usager)?.length];
  };
  const contact = rows.insert('contact', { lastname: 'Usager-Test' });
  const tie = (name: ReturnType<typeof usagerLink>) =>
    rows.insert('rdvs_link', {
      rdvs_linkid: linkId(name),
      rdvs_name: name,
      rdvs_version: 'v',
      rdvs_applied: '{}',
      rdvs_state: 1,
      _rdvs_contact_value: contact,
    });
  tie(usagerLink(usager));
  rows.insert('appointment', { activityid: appointment, subject: 'Rendez-vous' });
  expect(await read()).toEqual([0, 1]);

  rows.update('appointment', appointment, {
    appointment_activity_parties: [{ participationtypemask: 5, 'partyid_contact@odata.bind': `/contacts(${contact})` }],
  });
  tie(usagerLink(user.parse({ id: 13 }).id));
  expect(await read()).toEqual([1, 2]);
});
