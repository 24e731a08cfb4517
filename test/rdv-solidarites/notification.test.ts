// Reading notifications: every known form passes, and anything else gets a reason.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { makeNotification, makeRdv, makeUser, senderJson } from '../../local/rdv-solidarites/make-notification.ts';
import { toPrint } from '../../src/rdv-solidarites/inspect.ts';
import { parseNotification } from '../../src/rdv-solidarites/notification.ts';

const FIXTURES = new URL('../../local/rdv-solidarites/notifications/', import.meta.url);

const parse = (value: unknown) =>
  parseNotification(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
const user = (data: object, meta: object = {}) =>
  parse({
    data: { id: 12, ...data },
    meta: { model: 'User', event: 'updated', timestamp: '2026-11-24 10:00:00 +0100', ...meta },
  });

/** The notification, or a failure that shows what it was instead. */
function read(parsed: ReturnType<typeof parse>) {
  if (parsed.kind !== 'notification') throw new Error(JSON.stringify(parsed));
  return parsed.notification;
}

describe('notifications', () => {
  test.each(readdirSync(FIXTURES))('understands every field of %s', (file) => {
    const notification = read(parseNotification(readFileSync(new URL(file, FIXTURES))));
    expect(notification.surprises).toEqual({ unknownKeys: [], unknownValues: [], misshapen: [] });
  });

  test('reads both forms of meta, and trusts the time of rendering', () => {
    const data = makeUser();
    const old = makeNotification({ model: 'User', event: 'updated', data, at: '2026-11-24T09:00:00Z', era: '2024' });
    expect(read(parse(senderJson(old))).snapshotAt).toBe('2026-11-24T09:00:00.000000Z');
    const times = { event_occurred_at: '2026-11-24T08:00:00Z', payload_computed_at: '2026-11-24T08:00:05.25Z' };
    expect(read(user({}, times)).snapshotAt).toBe('2026-11-24T08:00:05.250000Z');
    expect(read(user({}, { timestamp: undefined, event_occurred_at: '2026-11-24T08:00:00Z' })).snapshotAt).toBe(
      '2026-11-24T08:00:00.000000Z',
    );
  });

  test('tells an absent key from null', () => {
    const { data } = read(user({ email: null }));
    expect(data).toMatchObject({ email: null });
    expect('phone_number' in data && data.phone_number !== undefined).toBe(false);
  });

  test('lets new keys, new values and changed types pass, and names them without their values', () => {
    const { data, surprises } = read(
      user({ nouveau: 'canari', 'Clé <b>': 1, logement: 'peniche', first_name: 3, responsible: { id: 13, autre: 1 } }),
    );
    expect(surprises).toEqual({
      unknownKeys: ['User.(unprintable)', 'User.nouveau', 'User.responsible.autre'],
      unknownValues: ['User.logement'],
      misshapen: ['User.first_name'],
    });
    expect(data).toMatchObject({ first_name: undefined, logement: 'peniche' });
  });

  test('prints twenty names of each kind at most, none that looks like a value, and how many there are', () => {
    const many = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`cle_${index}`, 1]));
    const odd = { 'Canari Test': 1, '0612345678': 1, 'canari@example.org': 1, [`x${'y'.repeat(70)}`]: 1 };
    const printed = toPrint(read(user({ ...many, ...odd, logement: 'peniche' })).surprises);
    expect(printed).toMatchObject({ unknownValues: ['User.logement'], misshapen: [], count: 60_002 });
    expect(printed.unknownKeys).toHaveLength(20);
    const alone = toPrint(read(user(odd)).surprises);
    expect(alone).toEqual({ unknownKeys: [], unknownValues: [], misshapen: [], count: 1 });
  });

  test('keeps texts that can be stored: halves of surrogate pairs are replaced, control characters go', () => {
    const { data } = read(
      user({
        first_name: 'a\ud800',
        last_name: 'b\u000bc\u0000\u001f\ufffe\uffff',
        notes: 'd\t\r\n\u0085é😀',
        logement: '\udc00',
      }),
    );
    expect(data).toMatchObject({
      first_name: 'a\ufffd',
      last_name: 'bc',
      notes: 'd\t\r\n\u0085é😀',
      logement: '\ufffd',
    });
  });

  test('keeps a status that is not known yet', () => {
    const body = senderJson(
      makeNotification({ model: 'Rdv', event: 'updated', data: { ...makeRdv(), status: 'reporte' } }),
    );
    const notification = read(parse(body));
    expect(notification.data).toMatchObject({ status: 'reporte' });
    expect(notification.surprises.unknownValues).toEqual(['Rdv.status']);
  });

  test.each([
    ['no JSON', 'plain text', 'not-json'],
    ['bytes that are not UTF-8', undefined, 'not-json'],
    ['no data', { meta: { model: 'User', event: 'created' } }, 'not-a-notification'],
    ['data that is a list', { data: [], meta: { model: 'User', event: 'created' } }, 'not-a-notification'],
    ['no time', { data: { id: 1 }, meta: { model: 'User', event: 'created' } }, 'no-snapshot-time'],
    [
      'no id',
      { data: {}, meta: { model: 'User', event: 'created', timestamp: '2026-11-24 10:00:00 +0100' } },
      'invalid-data',
    ],
  ])('says what is wrong with %s', (_, value, code) => {
    const parsed = value === undefined ? parseNotification(Buffer.from([0x7b, 0xff, 0xfe])) : parse(value);
    expect(parsed).toMatchObject({ kind: 'invalid', code });
  });

  test('gives a reason that holds no value of the body', () => {
    const parsed = user({ id: 'Canari', responsible: { id: 'Canari' } });
    expect(parsed).toMatchObject({
      kind: 'invalid',
      reason: 'data.id: expected number; data.responsible.id: expected number',
    });
    expect(JSON.stringify(parsed)).not.toContain('Canari');
  });

  test('survives a body nested thousands of times', () => {
    const depth = 20_000;
    const nested = `${'{"id":1,"responsible":'.repeat(depth)}null${'}'.repeat(depth)}`;
    const meta = '{"model":"User","event":"updated","timestamp":"2026-11-24 10:00:00 +0100"}';
    expect(parse(`{"data":${nested},"meta":${meta}}`)).toMatchObject({ kind: 'invalid', reason: 'nested too deeply' });
  });

  test('knows models and events that it does not know', () => {
    expect(user({}, { model: 'Facture' })).toEqual({ kind: 'unknown', reason: 'unknown-model' });
    expect(user({}, { model: 'toString' })).toEqual({ kind: 'unknown', reason: 'unknown-model' });
    expect(user({}, { event: 'archived' })).toEqual({ kind: 'unknown', reason: 'unknown-event' });
  });
});
