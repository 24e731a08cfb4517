// The pages for people, as HTML: what they show, what they never let through, and how fast.

import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect } from '../../src/dataverse/connection.ts';
import { views } from '../../src/provision/app/application.ts';
import { provision } from '../../src/provision/provision.ts';
import { type DataverseEmulator, startDataverse } from '../dataverse/src/emulator.ts';
import { rawClient } from '../dataverse/test/raw-client.ts';
import { answerPage } from './answer.ts';
import { html, webAddress } from './html.ts';

let dataverse: DataverseEmulator;
const NOW = new Date('2026-12-14T08:00:00Z');

beforeEach(async () => {
  dataverse = await startDataverse({ clock: () => NOW, page: answerPage });
});
afterEach(() => dataverse.stop());

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
    scheduledstart: from,
    scheduledend: new Date(Date.parse(from) + 1_800_000).toISOString(),
    ...(who && {
      appointment_activity_parties: [{ 'partyid_contact@odata.bind': `/contacts(${who})`, participationtypemask: 5 }],
    }),
    ...more,
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

test('no text of a row is markup, in any view, and no address of a row leads to a script', async () => {
  const hostile = `"><script>alert(1)</script><img onerror='a'`;
  const who = contact(hostile, { firstname: hostile, emailaddress1: hostile, address1_line1: hostile });
  const agent = dataverse.rows.insert('systemuser', { lastname: hostile, internalemailaddress: hostile });
  const id = rdv(hostile, '2026-12-15T08:30:00Z', {
    who,
    location: hostile,
    'ownerid@odata.bind': `/systemusers(${agent})`,
  });
  const paths = ['/', `/contacts/${who}`, '/rdv?vue=tous', `/rdv/${id}`, '/agents', `/agents/${agent}`];
  for (const path of [...paths, `/?q=${encodeURIComponent(hostile)}`, `/${encodeURIComponent(hostile)}`]) {
    const { text } = await get(path);
    expect(text, path).not.toMatch(/<script>|<img/);
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
  for (const path of ['/', '/rdv', '/agents', '/liens', '/nothing']) {
    expect((await get(path)).text, path).not.toMatch(/ style="| on\w+="|<style|<script>/);
  }
});

test('only browsers of this machine, only reading', async () => {
  const status = (options: object) =>
    new Promise((resolve, reject) => {
      const sent = request(dataverse.url, options, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.once('error', reject).end();
    });
  expect(await status({ headers: { host: 'rebound.example.org' } })).toBe(403);
  expect(await status({ headers: { host: 'localhost:7072' } })).toBe(200);
  expect(await status({ method: 'POST' })).toBe(405);
});

test('what does not exist is said in French, with a way back', async () => {
  const gone = '00000000-0000-4000-8000-000000000001';
  for (const path of [
    '/nothing',
    '/constructor',
    `/contacts/${gone}`,
    `/rdv/${gone}`,
    `/agents/${gone}`,
    '/contacts/x',
  ]) {
    const { status, text } = await get(path);
    expect([path, status]).toEqual([path, 404]);
    expect(text).toContain('<h1>Page introuvable</h1>');
    expect(text).toContain('href="/"');
  }
});

test('an empty Dataverse says what to do first', async () => {
  expect((await get('/')).text).toContain(
    'npm run connector -- send local/rdv-solidarites/notifications/rdv-created.json',
  );
  expect((await get('/agents')).text).toContain('agent-5@example.org');
  for (const path of ['/rdv', '/liens', '/liens?vue=sortis']) expect((await get(path)).text).toContain('class="empty"');
});

test('the command that adds an agent is accepted as it is shown', async () => {
  const [, json = ''] = /-d '(.*?)'/.exec((await get('/agents')).text) ?? [];
  const body = JSON.parse(json);
  expect((await rawClient(dataverse.url, 'local').post('systemusers', body)).status).toBe(204);
  expect((await get('/agents')).text).toContain('Dominique Agent-Test');
});

describe('contacts', () => {
  const found = async (query: string) => {
    const { text } = await get(`/?q=${encodeURIComponent(query)}`);
    return [...text.matchAll(/<th scope="row"[^>]*><a[^>]*>([^<]*)</g)].map(([, name]) => name);
  };

  test('found by any name, e-mail, town or telephone, whatever the accents and spaces', async () => {
    contact('Usager-Test', { firstname: 'Zoé', mobilephone: '+33639980013', address1_city: 'Ville-Test' });
    contact('Essai', { firstname: 'Noël', emailaddress1: 'noel@example.org', telephone1: '01 99 00 12 34' });
    expect(await found('zoe')).toEqual(['Zoé Usager-Test']);
    expect(await found('TEST zoé')).toEqual(['Zoé Usager-Test']);
    expect(await found('06 39 98 00 13')).toEqual(['Zoé Usager-Test']);
    expect(await found('+33 1 99 00 12')).toEqual(['Noël Essai']);
    expect(await found('noel@')).toEqual(['Noël Essai']);
    expect(await found('  ')).toEqual(['Noël Essai', 'Zoé Usager-Test']);
    expect(await found('personne')).toEqual([]);
  });

  test('a page at a time, and fast with 10,000 contacts', async () => {
    for (let n = 0; n < 10_000; n += 1) contact(`Usager-Test-${n}`, { emailaddress1: `usager-${n}@example.org` });
    for (let n = 0; n < 2000; n += 1) rdv('RDV', '2026-12-15T08:30:00Z', { who: contact('Usager-Test') });
    await get('/');
    for (const path of ['/', '/?q=test-9999', '/?page=200', '/rdv?vue=tous', '/liens']) {
      const begin = performance.now();
      const { text } = await get(path);
      expect(performance.now() - begin, path).toBeLessThan(1000);
      expect(text.length, path).toBeLessThan(150_000);
    }
    expect((await get('/?page=2&q=test')).text).toMatch(/href="\/\?page=3&amp;q=test"/);
    for (const page of ['0', '-1', '9999', 'x', '1e3']) expect((await get(`/?page=${page}`)).status).toBe(200);
  });
});

describe('a week', () => {
  const week = async (monday: string, events: readonly Parameters<typeof rdv>[]) => {
    const agent = dataverse.rows.insert('systemuser', { lastname: 'Agent-Test' });
    for (const [subject, from, more] of events) {
      rdv(subject, from, { ...more, 'ownerid@odata.bind': `/systemusers(${agent})` });
    }
    const { text } = await get(`/agents/${agent}?semaine=${monday}`);
    const days = text.split('<section class="weekday"').slice(1);
    return days.map((day) =>
      [...day.matchAll(/<li class="event ([^"]*)".*?<a[^>]*>([^<]*)<\/a>.*?<span class="hours-of">([^<]*)</gs)].map(
        ([, place, name, hours]) => `${name} | ${hours} | ${place}`,
      ),
    );
  };

  test('events stand on their day and quarter, beside those they meet', async () => {
    const [monday, tuesday, ...others] = await week('2026-12-16', [
      ['A', '2026-12-14T09:00:00Z', { statecode: 3, statuscode: 5 }],
      ['B', '2026-12-14T09:15:00Z', { statecode: 3, statuscode: 6 }],
      ['C', '2026-12-14T09:45:00Z', { statecode: 2 }],
      ['D', '2026-12-15T07:00:00Z', { scheduledend: '2026-12-15T11:00:00Z' }],
    ]);
    expect(monday).toEqual([
      'A | Occupé 10:00–10:30 | busy from-9 for-2 short lane-1',
      'B | Absent du bureau 10:15–10:45 | away from-10 for-2 short lane-2 last',
      'C | Annulé 10:45–11:15 | cancelled from-12 for-2 short lane-1 last',
    ]);
    expect(tuesday).toEqual(['D | Libre 08:00–12:00 | free from-1 for-16 lane-1 last']);
    expect(others.flat()).toEqual([]);
  });

  test('one that crosses midnight is on both days, a long one on each of its days', async () => {
    const days = await week('2026-12-14', [
      ['Nuit', '2026-12-14T22:00:00Z', { scheduledend: '2026-12-15T01:00:00Z' }],
      ['Congés', '2026-12-15T08:00:00Z', { scheduledend: '2026-12-17T17:00:00Z', statecode: 3, statuscode: 6 }],
      ['Fin à minuit', '2026-12-19T22:00:00Z', { scheduledend: '2026-12-19T23:00:00Z' }],
    ]);
    expect(days.map((events) => events.map((event) => event.split(' | ')[0]))).toEqual([
      ['Nuit'],
      ['Congés', 'Nuit'],
      ['Congés'],
      ['Congés'],
      [],
      ['Fin à minuit'],
      [],
    ]);
  });

  test.each([
    ['2026-03-23', '2026-03-29T01:00:00Z', '03:00–03:30'],
    ['2026-10-19', '2026-10-25T00:00:00Z', '02:00–02:30'],
    ['2026-10-19', '2026-10-25T01:30:00Z', '02:30–03:00'],
  ])('in the week from %s, %s is at %s on Sunday, as clocks show', async (monday, from, hours) => {
    const days = await week(monday, [['A', from]]);
    expect(days.map((events) => events.length)).toEqual([0, 0, 0, 0, 0, 0, 1]);
    expect(days[6]?.[0]).toContain(`Libre ${hours} |`);
  });

  test('an unknown week is this week', async () => {
    for (const value of ['x', '2026-02-31', '9999-99-99']) {
      const days = await week(value, [['A', '2026-12-14T09:00:00Z']]);
      expect(days[0], value).toHaveLength(1);
    }
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
});

test('the status of a person is their own, on the contact and among those expected', async () => {
  await provision(connect({ url: dataverse.url, token: async () => 'local' })());
  const [came, absent] = [contact('Venue-Test'), contact('Absente-Test')];
  const id = rdv('Atelier-Test', '2026-12-14T09:00:00Z', { who: absent, rdvs_rdvid: '77', rdvs_status: 2 });
  const attended = { _rdvs_appointment_value: id, rdvs_name: 'participation-1' };
  dataverse.rows.insert('rdvs_participation', { ...attended, _rdvs_contact_value: absent, rdvs_status: 5 });
  dataverse.rows.insert('rdvs_participation', { ...attended, _rdvs_contact_value: came, rdvs_status: 2 });
  const timeline = (await get(`/contacts/${absent}`)).text;
  expect(timeline).toMatch(/class="state"><span class="badge bad">.*Absent/);
  expect((await get('/rdv?vue=annules')).text).toContain('Atelier-Test');
  expect((await get(`/rdv/${id}`)).text).toMatch(/Absente-Test<\/a> <span class="badge bad">/);
});

test('the views have the names that they have in Dynamics', async () => {
  const shown = (await Promise.all(['/', '/rdv', '/liens'].map((path) => get(path)))).map(({ text }) => text).join();
  const known = new Set(['coming', 'today', 'cancelled', 'usagers', 'left', 'recent']);
  for (const { name } of views.filter(({ key }) => known.has(key)))
    expect(shown).toContain(`>${String(html`${name.fr}`)}</a>`);
});
