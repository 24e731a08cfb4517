// The pages for people, as HTML: what they never let through, whom they answer, and how fast.

import { request } from 'node:http';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { startDataverse } from '../dataverse/src/emulator.ts';
import { rawClient } from '../dataverse/test/raw-client.ts';
import { answerPage } from './answer.ts';
import { html, webAddress } from './html.ts';
import { startPage } from './provisioned.ts';

const page = await startPage();
const { dataverse, get, contact, rdv, linked } = page;
beforeEach(page.clear);
afterAll(() => dataverse.stop());

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
      const begin = process.cpuUsage();
      const { text } = await get(path);
      const { user, system } = process.cpuUsage(begin);
      expect((user + system) / 1000, path).toBeLessThan(2000);
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
