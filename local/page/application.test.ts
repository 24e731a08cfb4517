// What the page shows is what was provisioned: site map, views, forms, charts, in both languages.

import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { application, dashboard, tableParts } from '../../src/provision/app/application.ts';
import { idOf } from '../../src/provision/app/ids.ts';
import { viewId } from '../../src/provision/app/part-names.ts';
import { DASHBOARD_ID } from '../../src/provision/app/parts.ts';
import { rawClient } from '../dataverse/test/raw-client.ts';
import { html } from './html.ts';
import { startPage } from './provisioned.ts';

const page = await startPage();
const { dataverse, get, contact, rdv, linked, provision } = page;
beforeEach(page.clear);
afterAll(() => dataverse.stop());

describe('the application', () => {
  test('opens on the dashboard; the site map leads to every table, and each of its views is there', async () => {
    const { url } = await fetch(dataverse.url);
    expect(url).toBe(`${dataverse.url}/dashboard/${DASHBOARD_ID}`);
    const { text } = await get('/');
    for (const { fr } of [application.name, dashboard.name, ...dashboard.grids.map(({ label }) => label)])
      expect(text).toContain(String(html`${fr}`));
    for (const { table, title, views, charts } of tableParts) {
      expect(text).toMatch(new RegExp(`<a href="/${table}"><img src="data:image/svg[^>]*>${title.fr}</a>`));
      const list = (await get(`/${table}`)).text;
      for (const { name } of [...views, ...charts.map((chart) => ({ name: chart.title }))])
        expect(list).toContain(`>${String(html`${name.fr}`)}</a>`);
    }
  });

  test('every view runs, and shows its columns under their labels', async () => {
    for (const { table, views } of tableParts)
      for (const view of views) {
        const { status, text } = await get(`/${table}?view=${viewId(table, view.key)}`);
        expect([view.key, status]).toEqual([view.key, 200]);
        expect(text).not.toContain('class="alert"');
      }
    linked(contact('Usager-Test'));
    const { text } = await get(`/rdvs_link?view=${viewId('rdvs_link', 'all')}`);
    expect([...text.matchAll(/<th scope="col"[^>]*>([^<]*)</g)].map(([, head]) => head)).toEqual([
      'Enregistrement',
      'Contact',
      'État',
      'Supprimé le',
      'Version',
      'Dernière notification',
      'Modifié le',
    ]);
  });

  test('a form has its sections and fields; a sub-grid the rows that belong to the record', async () => {
    const who = contact('Usager-Test', { firstname: 'Camille', birthdate: '1985-04-12' });
    linked(who, 'usager-12');
    linked(contact('Autre-Test'), 'usager-13');
    contact('Usager-Test', { firstname: 'Zoé', 'rdvs_responsible@odata.bind': `/contacts(${who})` });
    const { text } = await get(`/contact/${who}`);
    for (const part of ['Identité', 'Adresse', 'Proches', 'Liens RDV-Solidarités', 'Chronologie'])
      expect(text).toContain(`>${part}</h2>`);
    expect(text).toMatch(/<label for="champ-birthdate">Date de naissance<\/label>.*type="date" value="1985-04-12"/);
    expect(text).toContain('usager-12');
    expect(text).not.toContain('usager-13');
  });

  test('in English where it was provisioned in English', async () => {
    const { text } = await get('/appointment?lang=en');
    for (const part of ['<html lang="en">', 'RDV to come', 'Appointments of RDV-Solidarités from today on.', 'People'])
      expect(text).toContain(part);
    expect(text).toContain('href="/contact?lang=en"');
    expect((await get(`/appointment/${rdv('A', '2026-12-15T08:30:00Z')}?lang=en`)).text).toContain('>Subject</label>');
  });

  test('a chart counts the rows of its view, for eyes and for screen readers', async () => {
    rdv('A', '2026-12-01T08:30:00Z', { rdvs_status: 2 });
    rdv('B', '2026-12-02T08:30:00Z', { rdvs_status: 5 });
    rdv('C', '2026-11-30T23:30:00Z', { rdvs_status: 5 });
    rdv('D', '2026-10-02T08:30:00Z', { rdvs_status: 5 });
    const { text } = await get('/');
    const [, table = ''] = /<caption>RDV par mois et par statut<\/caption>(.*?)<\/table>/s.exec(text) ?? [];
    const rows = table
      .split('<tr>')
      .slice(1)
      .map((row) => [...row.matchAll(/>([^<]+)<\//g)].map(([, cell]) => cell));
    expect(rows).toEqual([
      ['Groupe', 'Absent', 'Vu', 'Total'],
      ['octobre 2026', '1', '0', '1'],
      ['décembre 2026', '2', '1', '3'],
    ]);
  });

  test('a quick view that people added shows the row that a lookup points to', async () => {
    const client = rawClient(dataverse.url, 'local');
    const quickView = '7d000000-0000-4000-8000-000000000001';
    const cell = (n: number, inside: string) =>
      `<cell id="{7d000000-0000-4000-8000-00000000001${n}}"><labels><label description="Ville du contact" languagecode="1036"/></labels>${inside}</cell>`;
    const city = `<control id="address1_city" classid="{4273EDBD-AC1D-40D3-9FB2-095C621B552D}" datafieldname="address1_city"/>`;
    const section = (rows: string) =>
      `<section name="s" id="{7d000000-0000-4000-8000-000000000003}" columns="1"><labels><label description="S" languagecode="1036"/></labels><rows>${rows}</rows></section>`;
    await client.post('systemforms', {
      formid: quickView,
      name: 'Ville',
      type: 6,
      objecttypecode: 'contact',
      formxml: `<form><tabs><tab name="t" id="{7d000000-0000-4000-8000-000000000002}"><labels><label description="T" languagecode="1036"/></labels><columns><column width="100%"><sections>${section(`<row>${cell(1, city)}</row>`)}</sections></column></columns></tab></tabs></form>`,
    });
    const id = idOf('form rdvs_link');
    const before = String(dataverse.rows.get('systemform', id)?.['formxml']);
    const forms = `&lt;QuickFormIds&gt;&lt;QuickFormId entityname="contact"&gt;${quickView}&lt;/QuickFormId&gt;&lt;/QuickFormIds&gt;`;
    const control = `<control id="contact_qv" classid="{5C5600E0-1D6E-4205-A272-BE80DA87FD42}" datafieldname="rdvs_contact" disabled="false"><parameters><QuickForms>${forms}</QuickForms></parameters></control>`;
    const patched = await client.patch(`systemforms(${id})`, {
      formxml: before.replace('</rows></section>', `<row>${cell(2, control)}</row></rows></section>`),
    });
    expect([patched.status, patched.text]).toEqual([204, '']);
    const publish = () =>
      client.post('PublishXml', {
        ParameterXml:
          '<importexportxml><entities><entity>contact</entity><entity>rdvs_link</entity></entities></importexportxml>',
      });
    await publish();
    const link = linked(contact('Usager-Test', { address1_city: 'Ville-Test' }));
    expect((await get(`/rdvs_link/${link}`)).text).toMatch(/<dt>Ville du contact<\/dt><dd>Ville-Test<\/dd>/);
    await client.patch(`systemforms(${id})`, { formxml: before });
    await publish();
  });

  test('a part that people changed is shown as they made it, once it is published', async () => {
    const who = contact('Usager-Test');
    const client = rawClient(dataverse.url, 'local');
    const id = idOf('form contact');
    const before = String(dataverse.rows.get('systemform', id)?.['formxml']);
    await client.patch(`systemforms(${id})`, { formxml: before.replaceAll('Identité', 'Fiche changée') });
    expect((await get(`/contact/${who}`)).text).not.toContain('Fiche changée');
    const publish = () =>
      client.post('PublishXml', {
        ParameterXml: '<importexportxml><entities><entity>contact</entity></entities></importexportxml>',
      });
    await publish();
    expect((await get(`/contact/${who}`)).text).toContain('>Fiche changée</h2>');
    expect((await provision()).text).toContain('kept: form RDV-Solidarités (contact) was changed here');
    await client.patch(`systemforms(${id})`, { formxml: before });
    await publish();
  });
});
