// The guide for CRM users says what the code does.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { makeNotification, makeRdv, type Status, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import { views } from '../../src/provision/app/application.ts';
import { followerRole, mergerRole, motifRole, notifierRole, readerRole } from '../../src/provision/roles.ts';
import { parseNotification } from '../../src/rdv-solidarites/notification.ts';
import { schema } from '../../src/schema/schema.ts';
import { appointmentStates } from '../../src/schema/standard-columns.ts';
import { readPolicy } from '../../src/settings.ts';
import { stateOf } from '../../src/sync/rdv/appointment-mapping.ts';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const guide = await read('docs/guide-utilisateur.md');
const followUp = await read('docs/suivi.md');
const duplicates = await read('docs/doublons.md');

test('names the views and the roles as Dynamics does', () => {
  for (const { name } of views) expect(guide + followUp + duplicates).toContain(`« ${name.fr} »`);
  for (const { name } of [readerRole, mergerRole, motifRole]) expect(guide).toContain(`« ${name} »`);
  for (const { name } of [followerRole, notifierRole]) expect(followUp).toContain(`« ${name} »`);
});

test('says what each state of an incident means', () => {
  for (const { label } of Object.values(schema.tables.rdvs_incident.columns.rdvs_state.options)) {
    expect(followUp).toContain(`| ${label.fr} |`);
  }
  for (const { label } of Object.values(schema.tables.rdvs_run.columns.rdvs_kind.options)) {
    expect(followUp).toContain(label.fr.toLowerCase());
  }
});

const WORDS: ReadonlyMap<number, string> = new Map([
  [appointmentStates.scheduled.statecode, 'Planifié, occupé'],
  [appointmentStates.completed.statecode, 'Terminé'],
  [appointmentStates.canceled.statecode, 'Annulé'],
]);

test.each(
  Object.entries(schema.tables.appointment.columns.rdvs_status.options),
)('says what the status %s becomes', (status, { label }) => {
  if (status === 'destroyed') {
    expect(guide).toMatch(new RegExp(`\\| ${label.fr} \\| Annulé \\(`));
    return;
  }
  const body = senderJson(
    makeNotification({ model: 'Rdv', event: 'updated', data: makeRdv({ status: status as Status }) }),
  );
  const parsed = parseNotification(Buffer.from(body));
  if (!('notification' in parsed) || parsed.notification.model !== 'Rdv') throw new Error('no RDV');
  const state = stateOf(parsed.notification.data)?.statecode;
  expect(guide).toContain(`| ${label.fr} | ${WORDS.get(state ?? -1)} |`);
});

test('names settings that exist, and their defaults', async () => {
  const readme = await read('README.md');
  const named = [...guide.matchAll(/`([A-Z_]{6,})/g)].map(([, name]) => name);
  for (const name of named) expect(readme).toContain(`| \`${name}\` |`);
  expect(readPolicy({})).toMatchObject({
    onRdvDestroyed: 'cancel',
    onUsagerRemoved: 'keep',
    onRgpd: 'anonymise',
    onDeletedInDynamics: 'keep-out',
    agentAsOrganizer: false,
    agentsAsAttendees: false,
    calendarWeeksPast: 4,
    calendarWeeksAhead: 26,
  });
  expect(guide).toContain('Par défaut (`ON_RGPD=anonymise`)');
  expect(guide).toContain('Par défaut (`ON_DELETED_IN_DYNAMICS=keep-out`)');
  expect(guide).toContain('`keep` (par défaut)');
  expect(guide).toContain('quatre semaines passées et vingt-six à venir');
});
