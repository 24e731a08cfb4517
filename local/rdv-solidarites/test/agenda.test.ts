// The agenda without a browser: its forms are read from the page, filled in and sent, and each click is a signed webhook.
import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Desk, openDesk } from './desk.ts';
import { openReceiver, type Receiver } from './receiver.ts';

let desk: Desk;
let receiver: Receiver;
let organisation = 0;

beforeEach(async () => {
  receiver = await openReceiver();
  desk = await openDesk();
  organisation = [...desk.sender.store.organisations.values()][0]?.id ?? 0;
  const target_url = `${receiver.url}/api/notifications/${organisation}`;
  const subscriptions = ['rdv', 'user', 'user_profile'];
  desk.sender.store.endpoints.put({
    id: 900_001,
    organisation_id: organisation,
    target_url,
    secret: 'secret',
    subscriptions,
  });
});
afterEach(async () => {
  receiver.stop();
  await desk.sender.stop();
});

const open = async (path: string) => (await fetch(`${desk.sender.url}${path}`)).text();

/** The form that goes to `action` on a page, as a browser would send it, with what somebody fills in. */
async function submit(path: string, action: string, filled: Record<string, string> = {}) {
  const page = await open(path);
  const markup = page.split('<form').find((part) => part.includes(`action="${action}"`)) ?? '';
  const form = new URLSearchParams();
  for (const [, name = '', value = ''] of markup.matchAll(/<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"/g))
    form.set(name, value);
  for (const [, name = '', options = ''] of markup.matchAll(/<select[^>]*? name="([^"]+)"[^>]*>(.*?)<\/select>/gs)) {
    form.set(name, /value="([^"]*)" selected/.exec(options)?.[1] ?? /value="([^"]*)"/.exec(options)?.[1] ?? '');
  }
  for (const [name, value] of Object.entries(filled)) form.set(name, value);
  const answer = await fetch(`${desk.sender.url}${action}`, { method: 'POST', body: form, redirect: 'manual' });
  await desk.sender.settled();
  return { status: answer.status, to: answer.headers.get('location') ?? '', text: await answer.text() };
}

test('book, mark attendance, move, cancel, delete: each click arrives, signed', async () => {
  const booked = await submit(`/rdv/nouveau?organisation=${organisation}`, '/rdv', { debut: '2026-11-26T09:30' });
  expect(booked.status).toBe(303);
  const [, id = ''] = /^\/rdv\/(\d+)$/.exec(booked.to) ?? [];
  expect(receiver.webhooks[0]?.data).toMatchObject({ id: Number(id), starts_at: '2026-11-26 09:30:00 +0100' });
  expect(receiver.told()).toEqual(['Rdv created']);

  await submit(booked.to, `${booked.to}/presence`, { statut: 'seen' });
  expect(await open(booked.to)).toContain('Venu');
  await submit(booked.to, `${booked.to}/deplacer`, { debut: '2026-11-27T14:00' });
  expect(receiver.webhooks.at(-1)?.data).toMatchObject({ starts_at: '2026-11-27 14:00:00 +0100', status: 'seen' });
  expect(await open(`/?organisation=${organisation}&jour=2026-11-27`)).toContain(`href="/rdv/${id}"`);
  await submit(booked.to, `${booked.to}/annuler`);
  expect(receiver.webhooks.at(-1)?.data).toMatchObject({ status: 'revoked' });
  const gone = await submit(booked.to, `${booked.to}/supprimer`);
  expect(gone.to).toBe(`/?organisation=${organisation}`);
  expect(receiver.told()).toEqual(['Rdv created', ...Array(4).fill('Rdv updated'), 'Rdv destroyed']);
  expect(receiver.webhooks.every(({ signed }) => signed)).toBe(true);
  expect((await fetch(`${desk.sender.url}${booked.to}`)).status).toBe(404);
});

test('add an usager, whose name is text and nothing else', async () => {
  const filled = { prenom: '<b>Zoé</b>', nom: 'Usager-Test', naissance: '2015-09-01', organisation: `${organisation}` };
  const added = await submit(`/usagers/nouveau?organisation=${organisation}`, '/usagers', filled);
  expect(added.status).toBe(303);
  expect(receiver.told()).toEqual(['User created', 'UserProfile created']);
  expect(receiver.webhooks[0]?.data).toMatchObject({ first_name: '<b>Zoé</b>', birth_date: '2015-09-01', email: null });
  expect(await open(added.to)).toContain('&lt;b&gt;Zoé&lt;/b&gt; Usager-Test');
});

test('what cannot be is said, and nothing is sent', async () => {
  const path = `/rdv/nouveau?organisation=${organisation}`;
  const unread = await submit(path, '/rdv', { debut: 'demain' });
  expect([unread.status, unread.text]).toEqual([422, expect.stringContaining('role="alert"')]);
  expect((await submit(path, '/rdv', { usager: '1' })).status).toBe(422);
  expect((await submit('/', '/rdv/99999/annuler')).status).toBe(404);
  expect(receiver.webhooks).toEqual([]);
});

test('neither another site nor another name of this machine gets in', async () => {
  const form = { method: 'POST', body: new URLSearchParams({ debut: '2026-11-26T09:30' }) };
  const foreign = await fetch(`${desk.sender.url}/rdv`, { ...form, headers: { 'Sec-Fetch-Site': 'cross-site' } });
  expect(foreign.status).toBe(403);
  const { port } = new URL(desk.sender.url);
  const status = await new Promise((resolve) =>
    request({ host: '127.0.0.1', port, headers: { Host: 'evil.example.org' } }, ({ statusCode }) =>
      resolve(statusCode),
    ).end(),
  );
  expect(status).toBe(403);
});

test('a page is French, has one heading, labels for its fields, and lets no script in', async () => {
  const answer = await fetch(`${desk.sender.url}/rdv/nouveau`);
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  const page = await answer.text();
  expect(page).toContain('<html lang="fr">');
  expect(page.match(/<h1>/g)).toHaveLength(1);
  for (const [, id] of page.matchAll(/<(?:input|select|textarea) id="([^"]+)"/g))
    expect(page).toContain(`<label for="${id}">`);
  expect(page).not.toMatch(/<script| style=| on\w+=/);
  expect((await fetch(`${desk.sender.url}/page.css`)).headers.get('content-type')).toContain('text/css');
});
