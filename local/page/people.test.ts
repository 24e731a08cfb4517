// Who is expected, who did not come, and what is left to fill: views, lists and charts over rows.

import { afterAll, beforeEach, expect, test } from 'vitest';
import { idOf } from '../../src/provision/app/ids.ts';
import { chartPart, viewId } from '../../src/provision/app/part-names.ts';
import { startPage } from './provisioned.ts';

const page = await startPage();
const { dataverse, get, contact, rdv, linked } = page;
const { rows } = dataverse;
beforeEach(() => {
  for (const { rdvs_participationid } of rows.list('rdvs_participation'))
    rows.remove('rdvs_participation', String(rdvs_participationid));
  page.clear();
});
afterAll(() => dataverse.stop());

interface Expected {
  who: string;
  at: string;
  status?: number;
  motif?: string;
  organisation?: string;
}

/** One person at an RDV of its own; 1 is “À venir”. */
function expected({ who, at, status = 1, motif = 'Accueil', organisation = 'Maison' }: Expected): void {
  const id = rdv(motif, at, { rdvs_organisation: organisation });
  rows.insert('rdvs_participation', {
    rdvs_name: `participation-${at}`,
    rdvs_start: at,
    rdvs_status: status,
    rdvs_motif: motif,
    'rdvs_contact@odata.bind': `/contacts(${who})`,
    'rdvs_appointment@odata.bind': `/appointments(${id})`,
  });
}

/** Clocks show Monday 14 December 2026, 9:00. */
const [PAST, TODAY, TOMORROW, LAST_MONTH] = [
  '2026-12-03T08:30:00Z',
  '2026-12-14T07:00:00Z',
  '2026-12-15T08:30:00Z',
  '2026-11-20T08:30:00Z',
];
const [COMING, EXCUSED, NOSHOW] = [1, 3, 5];

test('“Usagers sans RDV à venir” leaves out who is expected, and nobody else', async () => {
  const usager = (name: string) => {
    const who = contact(name);
    linked(who, `usager-${name.length}`);
    return who;
  };
  expected({ who: usager('Demain'), at: TOMORROW });
  expected({ who: usager('Aujourdhui'), at: TODAY });
  expected({ who: usager('Passee'), at: PAST });
  expected({ who: usager('Decommandee'), at: TOMORROW, status: EXCUSED });
  usager('Jamais');
  contact('Inconnue');
  const { text } = await get(`/contact?view=${viewId('contact', 'nothing to come')}`);
  const shown = ['Demain', 'Aujourdhui', 'Passee', 'Decommandee', 'Jamais', 'Inconnue'];
  expect(shown.filter((name) => text.includes(`>${name}<`))).toEqual(['Passee', 'Decommandee', 'Jamais']);
});

test('a contact shows its own RDV, to come and past', async () => {
  const who = contact('Usager-Test');
  expected({ who, at: TOMORROW, motif: 'Demain' });
  expected({ who, at: PAST, status: NOSHOW, motif: 'Avant' });
  expected({ who: contact('Autre-Test'), at: TOMORROW, motif: 'Autre' });
  const { text } = await get(`/contact/${who}`);
  const [, coming = '', past = ''] = /À venir<\/h3>(.*?)Passés<\/h3>(.*?)<h2/s.exec(text) ?? [];
  expect([coming.includes('Demain'), past.includes('Avant'), past.includes('Absent')]).toEqual([true, true, true]);
  expect([coming.includes('Avant'), past.includes('Demain'), text.includes('>Autre<')]).toEqual([false, false, false]);
});

test('absences are counted by motif, and by the organisation of their RDV', async () => {
  expected({ who: contact('A'), at: PAST, status: NOSHOW, organisation: 'Nord' });
  expected({ who: contact('B'), at: PAST, status: EXCUSED, organisation: 'Sud', motif: 'Budget' });
  expected({ who: contact('C'), at: LAST_MONTH, status: NOSHOW, organisation: 'Sud' });
  expected({ who: contact('D'), at: TOMORROW, status: COMING });
  const counted = async (view: string, chart: string) => {
    const address = `view=${viewId('rdvs_participation', view)}&chart=${idOf(chartPart('rdvs_participation', chart))}`;
    const { text } = await get(`/rdvs_participation?${address}`);
    const [, body = ''] = /<caption>.*?<tbody>(.*?)<\/tbody>/s.exec(text) ?? [];
    return body
      .split('<tr>')
      .slice(1)
      .map((row) => [...row.matchAll(/>([^<]+)<\//g)].map(([, cell]) => cell).join(' '));
  };
  expect(await counted('absences of the month', 'absences by motif')).toEqual(['Accueil 1 0 1', 'Budget 0 1 1']);
  expect(await counted('absences of the year', 'absences by organisation')).toEqual(['Nord 1 0 1', 'Sud 1 1 2']);
});

test('“Motifs à compléter” shows a motif until its handling is chosen', async () => {
  const motif = (rdvs_name: string, more = {}) => rows.insert('rdvs_motif', { rdvs_name, ...more });
  motif('Nouveau');
  const ancien = motif('Ancien');
  rows.update('rdvs_motif', ancien, { statecode: 1, statuscode: 2 });
  motif('Choisi', { rdvs_handling: 1 });
  const { text } = await get(`/rdvs_motif?view=${viewId('rdvs_motif', 'to fill')}`);
  expect(['Nouveau', 'Ancien', 'Choisi'].filter((name) => text.includes(`>${name}<`))).toEqual(['Nouveau']);
});
