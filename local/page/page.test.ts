// The pages for people, as HTML: what was provisioned and nothing else, what they never let through, and how fast.

import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { run } from '../../src/cli/main.ts';
import { application, dashboard, tableParts } from '../../src/provision/app/application.ts';
import { idOf } from '../../src/provision/app/ids.ts';
import { viewId } from '../../src/provision/app/part-names.ts';
import { DASHBOARD_ID } from '../../src/provision/app/parts.ts';
import { type DataverseEmulator, startDataverse } from '../dataverse/src/emulator.ts';
import { rawClient } from '../dataverse/test/raw-client.ts';
import { answerPage } from './answer.ts';
import { html, webAddress } from './html.ts';

let dataverse: DataverseEmulator;
const NOW = new Date('2026-12-14T08:00:00Z');

const provision = async ({ url }: DataverseEmulator) => {
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  const environment = { DATAVERSE_URL: url, DATAVERSE_LOCAL_TOKEN: 'local' };
  const code = await run(['provision'], { environment, print: say, complain: say });
  return { code, text: said.join('\n') };
};

// Provisioned once: what tests add stands beside what other tests added.
beforeAll(async () => {
  dataverse = await startDataverse({ clock: () => NOW, page: answerPage });
  expect(await provision(dataverse)).toMatchObject({ code: 0 });
});
afterAll(() => dataverse.stop());
beforeEach(() => {
  for (const table of ['appointment', 'rdvs_link', 'rdvs_incident', 'contact'])
    for (const row of dataverse.rows.list(table)) dataverse.rows.remove(table, idIn(table, row));
});

const idIn = (table: string, row: Record<string, unknown>) =>
  String(row[table === 'appointment' ? 'activityid' : `${table}id`]);

const get = async (path: string) => {
  const response = await fetch(`${dataverse.url}${path}`);
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const contact = (lastname: string, more = {}) => dataverse.rows.insert('contact', { lastname, ...more });
const rdv = (
  subject: string,
  from: string,
  { who, ...more }: { who?: string } & Record<string, string | number> = {},
) =>
  dataverse.rows.insert('appointment', {
    subject,
    rdvs_rdvid: '77',
    scheduledstart: from,
    scheduledend: new Date(Date.parse(from) + 1_800_000).toISOString(),
    ...(who && {
      appointment_activity_parties: [{ 'partyid_contact@odata.bind': `/contacts(${who})`, participationtypemask: 5 }],
    }),
    ...more,
  });

const linked = (who: string, name = 'usager-1') =>
  dataverse.rows.insert('rdvs_link', {
    rdvs_name: name,
    rdvs_state: 1,
    'rdvs_contact@odata.bind': `/contacts(${who})`,
  });

describe('html', () => {
  test('what is put in is text, except what came out of a template', () => {
    const hostile = `<img src=x onerror="a('b')">&`;
    expect(String(html`<p title="${hostile}">${hostile}${[html`<b>${1}</b>`, null, false]}</p>`)).toBe(
      '<p title="&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;">&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;<b>1</b></p>',
    );
  });

  test('a text inside a tag needs quotes', () => {
    expect(() => html`<a href=${'x'}>`).toThrow('quotes');
    expect(() => html`<a ${'onclick=x'}>`).toThrow('quotes');
    expect(String(html`<a class="x > y" href="/a/${1}?b=${2}"${html` rel="next"`}${undefined}>`)).toBe(
      '<a class="x > y" href="/a/1?b=2" rel="next">',
    );
  });

  test.each([
    ['https://www.rdv-solidarites.fr/a', 'https://www.rdv-solidarites.fr/a'],
    ['http://127.0.0.1/', 'http://127.0.0.1/'],
    ['javascript:alert(1)', undefined],
    [' JaVaScRiPt:alert(1)', undefined],
    ['java\nscript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['//example.org', undefined],
    [undefined, undefined],
  ])('%j leads to %j', (value, address) => expect(webAddress(value)).toBe(address));
});

test('no text of a row is markup, in any screen, and no address of a row leads to a script', async () => {
  const hostile = `"><script>alert(1)</script><img onerror='a'`;
  const who = contact(hostile, { firstname: hostile, emailaddress1: hostile, address1_line1: hostile });
  linked(who);
  const id = rdv(hostile, '2026-12-15T08:30:00Z', { who, location: hostile, statecode: 3, statuscode: 5 });
  dataverse.rows.update('appointment', id, { rdvs_url: 'javascript:alert(1)' });
  const paths = ['/contact', `/contact/${who}`, '/appointment', `/appointment/${id}`];
  for (const path of [...paths, `/contact?q=${encodeURIComponent(hostile)}`, `/${encodeURIComponent(hostile)}`]) {
    const { text } = await get(path);
    expect(text, path).not.toMatch(/<script>|<img onerror|href="javascript/);
    if (paths.includes(path)) expect(text, path).toContain('&lt;script&gt;alert(1)');
  }
});

test('the answers keep a browser on this server', async () => {
  for (const path of ['/', '/nothing', '/page.css', '/page.js']) {
    const { headers } = await get(path);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
  for (const path of ['/', '/appointment', '/contact', '/rdvs_link', '/nothing']) {
    expect((await get(path)).text, path).not.toMatch(/ style="| on\w+="|<style|<script>/);
  }
});

test('only browsers of this machine; only forms of this page are taken', async () => {
  const status = (options: object) =>
    new Promise((resolve, reject) => {
      const sent = request(dataverse.url, options, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.once('error', reject).end();
    });
  expect(await status({ headers: { host: 'rebound.example.org' } })).toBe(403);
  expect(await status({ headers: { host: 'localhost:7072' } })).toBe(303);
  expect(await status({ method: 'PUT' })).toBe(405);
  expect(await status({ method: 'POST' })).toBe(403);
  for (const site of ['cross-site', 'same-site', 'none'])
    expect(await status({ method: 'POST', headers: { 'sec-fetch-site': site } })).toBe(403);
});

test('what does not exist is said in French, with a way back', async () => {
  const gone = '00000000-0000-4000-8000-000000000001';
  for (const path of [
    '/nothing',
    '//example.org/nothing',
    '/constructor',
    `/contact/${gone}`,
    `/dashboard/${gone}`,
    '/contact/x',
    '/systemuser',
  ]) {
    const { status, text } = await get(path);
    expect([path, status]).toEqual([path, 404]);
    expect(text).toContain('<h1>Page introuvable</h1>');
    expect(text).toContain('href="/"');
  }
});

test('without an application nothing is shown, and the command that makes it is named', async () => {
  const bare = await startDataverse({ page: answerPage });
  onTestFinished(() => bare.stop());
  bare.rows.insert('contact', { lastname: 'Usager-Test' });
  for (const path of ['/', '/contact']) {
    const text = await (await fetch(`${bare.url}${path}`)).text();
    expect(text).toContain('npm run connector -- provision');
    expect(text).not.toContain('Usager-Test');
  }
});

describe('the application', () => {
  test('opens on the dashboard; the site map leads to every table, and each of its views is there', async () => {
    const { url } = await fetch(dataverse.url);
    expect(url).toBe(`${dataverse.url}/dashboard/${DASHBOARD_ID}`);
    const { text } = await get('/');
    for (const { fr } of [application.name, dashboard.name, ...dashboard.grids.map(({ label }) => label)])
      expect(text).toContain(String(html`${fr}`));
    for (const { table, title, views, charts } of tableParts) {
      expect(text).toContain(`<a href="/${table}">${title.fr}</a>`);
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
    expect((await provision(dataverse)).text).toContain('kept: form RDV-Solidarités (contact) was changed here');
    await client.patch(`systemforms(${id})`, { formxml: before });
    await publish();
  });
});

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

describe('a list', () => {
  const found = async (query: string) => {
    const { text } = await get(`/contact?q=${encodeURIComponent(query)}`);
    return [...text.matchAll(/<th scope="row"[^>]*><a[^>]*>([^<]*)</g)].map(([, name]) => name);
  };

  test('is searched by anything that it shows, whatever the accents and spaces', async () => {
    linked(contact('Usager-Test', { firstname: 'Zoé', mobilephone: '+33639980013', address1_city: 'Ville-Test' }));
    linked(contact('Essai', { firstname: 'Noël', emailaddress1: 'noel@example.org', telephone1: '01 99 00 12 34' }));
    contact('Sans-Lien', { firstname: 'Zoé' });
    expect(await found('zoe')).toEqual(['Zoé Usager-Test']);
    expect(await found('TEST zoé')).toEqual(['Zoé Usager-Test']);
    expect(await found('06 39 98 00 13')).toEqual(['Zoé Usager-Test']);
    expect(await found('+33 1 99 00 12')).toEqual(['Noël Essai']);
    expect(await found('noel@')).toEqual(['Noël Essai']);
    expect(await found('  ')).toEqual(['Noël Essai', 'Zoé Usager-Test']);
    expect(await found('personne')).toEqual([]);
  });

  test('has a page at a time, and is fast with 10,000 rows', async () => {
    for (let n = 0; n < 10_000; n += 1) linked(contact(`Usager-Test-${n}`), `usager-${n}`);
    await get('/contact');
    for (const path of ['/contact', '/contact?q=test-9999', '/contact?page=200', '/']) {
      const begin = performance.now();
      const { text } = await get(path);
      expect(performance.now() - begin, path).toBeLessThan(2000);
      expect(text.length, path).toBeLessThan(150_000);
    }
    expect((await get('/contact?page=2&q=test')).text).toMatch(/href="\/contact\?view=[^"]*q=test&amp;page=3"/);
    for (const page of ['0', '-1', '9999', 'x', '1e3']) expect((await get(`/contact?page=${page}`)).status).toBe(200);
  });
});

test.each([false, true])('open pages hear of a change set once it is committed (row locks: %s)', async (rowLocks) => {
  dataverse.settings.change({ rowLocks, lockStepMs: rowLocks ? 100 : 0 });
  const leave = new AbortController();
  const { body } = await fetch(`${dataverse.url}/changements`, { signal: leave.signal });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => (await reader?.read())?.value;
  expect(await next()).toMatch(/^retry: 1000\n\nevent: open/);
  const part = (lastname: string) => ({ method: 'POST', path: 'contacts', body: { lastname } });
  const written = rawClient(dataverse.url, 'local').batch([[part('A'), part('B'), part('C')]]);
  const names = () => dataverse.rows.list('contact').map((row) => row['lastname']);
  let heard = 0;
  while (names().length < 3) {
    expect(await next()).toContain('event: change');
    heard += 1;
  }
  await written;
  expect([names(), heard <= 4]).toEqual([['A', 'B', 'C'], true]);
  leave.abort();
  dataverse.settings.change({ rowLocks: false, lockStepMs: 0 });
});
