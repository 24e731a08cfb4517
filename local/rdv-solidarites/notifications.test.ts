// The sample notifications are what the builders write, in the exact form of the sender.
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parseNotification } from '../../src/rdv-solidarites/notification.ts';
import { makeLieu, makeMotif, makeNotification, makeRdv, makeUser, rubyTime, senderJson } from './make-notification.ts';
import { samples } from './write-samples.ts';

const folder = new URL('notifications/', import.meta.url);

test('the files are what the builders write', async () => {
  const files = await readdir(folder);
  expect(files.sort()).toEqual([...samples().keys()].sort());
  for (const [name, text] of samples()) {
    expect(
      await readFile(new URL(name, folder), 'utf8'),
      `run: node local/rdv-solidarites/write-samples.ts (${name})`,
    ).toBe(text);
  }
});

test.each([...samples()])('%s is understood, and names nobody real', (_, text) => {
  const parsed = parseNotification(Buffer.from(text));
  expect(parsed).toMatchObject({ notification: { surprises: { unknownValues: [], misshapen: [] } } });

  for (const email of text.match(/[\w.+-]+@[\w-]+\.\w+/g) ?? []) expect(email).toMatch(/@example\.org$/);
  for (const phone of text.matchAll(/"phone_number":"([^"]+)"/g)) {
    expect(phone[1]?.replaceAll(' ', '')).toMatch(/^(0199|0261|0353|0465|0536|0639)\d{6}$/);
  }
  for (const name of text.matchAll(/"last_name":"([^"]+)"/g)) expect(name[1]).toMatch(/-Test$/);
});

test('the text has the order and the form of the sender', () => {
  const text = senderJson(
    makeNotification({ model: 'User', event: 'updated', data: makeUser({}, '2024'), era: '2024' }),
  );
  expect(text).toMatch(
    /^\{"data":\{"id":12,"address":"12 Rue de l'Exemple, .*"user_profiles":null\},"meta":\{"model":"User"/,
  );
  expect(text).toMatch(/"webhook_reason":null,"timestamp":"2026-11-24 10:00:00 \+0100"\}\}$/);
  expect(text).not.toMatch(/\n|": |\\u/);
});

test('the eras differ by their fields, and a test may leave a key out or invent one', () => {
  expect(Object.keys(makeUser({}, '2024'))).toContain('logement');
  expect(Object.keys(makeUser())).not.toContain('logement');
  expect(Object.keys(makeRdv())).toContain('time_zone');
  expect(Object.keys(makeRdv({}, '2024'))).not.toContain('time_zone');
  const text = senderJson({ data: makeUser({ email: undefined, nouveau: 1 }), meta: {} });
  expect(text).not.toContain('"email"');
  expect(text).toContain('"nouveau":1');
});

test.each([
  ['public_office', '3 Rue du Lieu', '3 Rue du Lieu'],
  ['home', null, "12 Rue de l'Exemple, Ville-Test, 62999, 62, Pas-de-Calais, Hauts-de-France"],
  ['phone', null, ''],
  ['visio', null, ''],
] as const)('an RDV at %s has the address that the sender gives it', (location_type, lieu, address) => {
  const given = lieu === null ? {} : { lieu: makeLieu({ address: lieu }) };
  expect(makeRdv({ motif: makeMotif({ location_type }), ...given })).toMatchObject({ address });
});

test.each([
  ['2026-03-29T01:30:00Z', 'Europe/Paris', '2026-03-29 03:30:00 +0200'],
  ['2026-10-25T01:30:00Z', 'Europe/Paris', '2026-10-25 02:30:00 +0100'],
  ['2026-06-01T12:00:00Z', 'America/Guadeloupe', '2026-06-01 08:00:00 -0400'],
])('rubyTime writes %s in %s as %s', (instant, zone, expected) => {
  expect(rubyTime(instant, zone)).toBe(expected);
});
