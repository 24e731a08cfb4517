// What people type in a form of the page is written through the Web API.

import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startPage } from './provisioned.ts';

const page = await startPage();
const { dataverse, get, contact, rdv } = page;
beforeEach(page.clear);
afterAll(() => dataverse.stop());

describe('saving', () => {
  const post = (path: string, fields: Record<string, string>) =>
    fetch(`${dataverse.url}${path}`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams(fields),
      redirect: 'manual',
    });
  const etagIn = (text: string) => /name="etag" value="([^"]*)"/.exec(text)?.[1]?.replaceAll('&quot;', '"') ?? '';
  const incident = () =>
    dataverse.rows.insert('rdvs_incident', { rdvs_name: 'incident-1', rdvs_state: 1, rdvs_result: 'Avant' });

  test('an incident is settled from its form, by a write of that column alone', async () => {
    const id = incident();
    const path = `/rdvs_incident/${id}`;
    const etag = etagIn((await get(path)).text);
    const { status, headers } = await post(path, { etag, rdvs_state: '2', rdvs_result: 'Typed', rdvs_name: 'Typed' });
    expect([status, headers.get('location')]).toEqual([303, `${path}?saved=yes`]);
    expect(dataverse.rows.get('rdvs_incident', id)).toMatchObject({
      rdvs_name: 'incident-1',
      rdvs_state: 2,
      rdvs_result: 'Avant',
    });
  });

  test('nothing is written over what changed meanwhile; what was typed stays on the screen', async () => {
    const id = incident();
    const path = `/rdvs_incident/${id}`;
    const etag = etagIn((await get(path)).text);
    dataverse.rows.update('rdvs_incident', id, { rdvs_state: 5 });
    const answered = await post(path, { etag, rdvs_state: '2' });
    expect(answered.status).toBe(412);
    const text = await answered.text();
    expect(text).toContain('Cette fiche a changé entre-temps');
    expect(text).toContain('<option value="2" selected>');
    expect(dataverse.rows.get('rdvs_incident', id)).toMatchObject({ rdvs_state: 5 });
  });

  test('what Dataverse refuses is said in its words', async () => {
    const id = incident();
    for (const rdvs_state of ['77', 'x']) {
      const answered = await post(`/rdvs_incident/${id}`, { rdvs_state });
      expect([answered.status, await answered.text()]).toEqual([400, expect.stringContaining('Dataverse refuse :')]);
    }
  });

  test('texts, dates, choices and times are written as Dataverse takes them', async () => {
    const who = contact('Usager-Test', { firstname: 'Camille', mobilephone: '+33639980013' });
    await post(`/contact/${who}`, { firstname: 'Zoé', mobilephone: '', birthdate: '1985-04-12' });
    expect(dataverse.rows.get('contact', who)).toMatchObject({
      firstname: 'Zoé',
      lastname: 'Usager-Test',
      mobilephone: null,
      birthdate: '1985-04-12',
    });
    const id = rdv('A', '2026-12-15T08:30:00Z');
    await post(`/appointment/${id}`, { scheduledend: '2026-12-15T11:00', description: 'a\r\nb' });
    expect(dataverse.rows.get('appointment', id)).toMatchObject({
      scheduledstart: '2026-12-15T08:30:00Z',
      scheduledend: '2026-12-15T10:00:00Z',
      description: 'a\nb',
    });
  });
});
