// Row locks of the Dataverse emulator: change sets as transactions that interleave.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type DataverseEmulator, startDataverse } from '../src/emulator.ts';
import { type Part, type RawClient, rawClient } from './raw-client.ts';
import { makeTables } from './sample-solution.ts';

let dataverse: DataverseEmulator;
let client: RawClient;

beforeEach(async () => {
  await dataverse?.stop();
  // A request sent 15 ms after another one finds it between its first two parts.
  dataverse = await startDataverse({ rowLocks: true, lockStepMs: 100 });
  client = rawClient(dataverse.url);
  await client.get('WhoAmI');
});

afterAll(() => dataverse.stop());

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const contacts = (...numbers: number[]) => {
  for (const number of numbers) dataverse.rows.insert('contact', { contactid: id(number), lastname: `n${number}` });
};
const patch = (number: number, firstname: string, headers: Record<string, string> = {}): Part => ({
  method: 'PATCH',
  path: `contacts(${id(number)})`,
  body: { firstname },
  headers,
});
const create = (number: number, firstname: string): Part => ({
  method: 'POST',
  path: 'contacts',
  body: { contactid: id(number), firstname },
});
const meet = (number: number): Part => ({
  method: 'POST',
  path: 'appointments',
  body: {
    appointment_activity_parties: [
      { 'partyid_contact@odata.bind': `/contacts(${id(number)})`, participationtypemask: 5 },
    ],
  },
});
const wrong: Part = { method: 'PATCH', path: `contacts(${id(1)})`, body: { nothing: 1 } };
const changeSet = async (...parts: Part[]) => {
  const answer = await client.batch([parts]);
  return { status: answer.status, codes: answer.parts.map((part) => part.code ?? part.status), text: answer.text };
};
/** Sent one after the other, 15 ms apart. */
const inTurn = <T>(...sends: (() => Promise<T>)[]): Promise<T[]> =>
  Promise.all(sends.map((send, index) => delay(15 * index).then(send)));
const firstname = (number: number) => dataverse.rows.get('contact', id(number))?.['firstname'];
const done = { status: 200, codes: [204, 204] };

describe('deadlocks', () => {
  test('the younger of two is the victim: rolled back, told so, and free to come again', async () => {
    contacts(1, 2);
    const before = dataverse.rows.get('contact', id(2));
    const [older, younger] = await inTurn(
      () => changeSet(patch(1, 'older'), patch(2, 'older')),
      () => changeSet(patch(2, 'younger'), patch(1, 'younger')),
    );
    expect(older).toMatchObject(done);
    expect(younger).toMatchObject({ status: 500, codes: ['0x80044150'] });
    expect(younger?.text).toMatch(
      /Sql Number: 1205 .*Transaction \(Process ID \d+\) was deadlocked on lock resources with another process and has been chosen as the deadlock victim/,
    );
    expect([firstname(1), firstname(2)]).toEqual(['older', 'older']);
    expect(dataverse.rows.get('contact', id(2))).not.toEqual(before);
    expect(dataverse.stats).toMatchObject({ deadlocks: 1, lockWaits: 2, commits: 1, rollbacks: 1 });
    expect(await changeSet(patch(2, 'again'), patch(1, 'again'))).toMatchObject(done);
  });

  test('the youngest is the victim even when an older one closes the circle', async () => {
    contacts(1, 2, 3);
    const answers = await inTurn(
      () => changeSet(patch(1, 'a'), patch(4, 'a'), patch(2, 'a')),
      () => changeSet(patch(2, 'b'), patch(3, 'b')),
      () => changeSet(patch(3, 'c'), patch(1, 'c')),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 500]);
    expect([1, 2, 3, 4].map(firstname)).toEqual(['a', 'a', 'b', 'a']);
    expect(dataverse.stats).toMatchObject({ deadlocks: 1, commits: 2, rollbacks: 1 });
  });

  test('two that bind a row, then both write it', async () => {
    contacts(1);
    const answers = await inTurn(
      () => changeSet(meet(1), patch(1, 'older')),
      () => changeSet(meet(1), patch(1, 'younger')),
    );
    expect(answers.map(({ codes }) => codes)).toEqual([[204, 204], ['0x80044150']]);
    expect([firstname(1), dataverse.rows.list('appointment').length]).toEqual(['older', 1]);
  });

  test('no deadlock when all take the rows in the same order', async () => {
    contacts(1, 2);
    const sends = Array.from({ length: 6 }, (_, n) => () => changeSet(patch(1, `s${n}`), patch(2, `s${n}`)));
    expect((await inTurn(...sends)).map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect([firstname(1), firstname(2)]).toEqual(['s5', 's5']);
    expect(dataverse.stats).toMatchObject({ deadlocks: 0, lockWaits: 5, commits: 6, rollbacks: 0 });
  });

  test('the other items of the batch go on when asked', async () => {
    contacts(1, 2);
    const [, younger] = await inTurn(
      () => client.batch([[patch(1, 'x'), patch(2, 'x')]]),
      () => client.batch([[patch(2, 'y'), patch(1, 'y')], create(5, 'z')], { prefer: 'odata.continue-on-error' }),
    );
    expect(younger?.parts.map((part) => part.code ?? part.status)).toEqual(['0x80044150', 204]);
    expect(firstname(5)).toBe('z');
  });
});

describe('waiting', () => {
  test('a version checked after the wait: 412', async () => {
    contacts(1);
    const etag = String((await client.get(`contacts(${id(1)})?$select=lastname`)).json['@odata.etag']);
    const [first, second] = await inTurn(
      () => changeSet(patch(1, 'first', { 'If-Match': etag }), create(2, 'first')),
      () => changeSet(patch(1, 'second', { 'If-Match': etag })),
    );
    expect([first?.codes, second?.codes]).toEqual([[204, 204], ['0x80060882']]);
    expect(firstname(1)).toBe('first');
    expect(dataverse.stats).toMatchObject({ conflicts412: 1, lockWaits: 1, deadlocks: 0, duplicateKeys: 0 });
  });

  test('a version checked after the holder gave up: 204', async () => {
    contacts(1);
    const etag = String((await client.get(`contacts(${id(1)})?$select=lastname`)).json['@odata.etag']);
    const [first, second] = await inTurn(
      () => changeSet(patch(1, 'first'), wrong),
      () => changeSet(patch(1, 'second', { 'If-Match': etag })),
    );
    expect([first?.status, second?.codes, firstname(1)]).toEqual([400, [204], 'second']);
  });

  test('single writes, alone or in a batch, wait too; their columns are kept', async () => {
    contacts(1);
    const [, alone, part] = await inTurn<{ status: number }>(
      () => changeSet(patch(1, 'set'), create(2, 'set')),
      () => client.patch(`contacts(${id(1)})`, { jobtitle: 'alone' }),
      () => client.batch([{ method: 'PATCH', path: `contacts(${id(1)})`, body: { nickname: 'part' } }]),
    );
    expect([alone?.status, part?.status]).toEqual([204, 200]);
    expect(dataverse.rows.get('contact', id(1))).toMatchObject({
      firstname: 'set',
      jobtitle: 'alone',
      nickname: 'part',
    });
    expect(dataverse.stats.lockWaits).toBe(2);
  });

  test('a row that is bound: others may bind it, not write it', async () => {
    contacts(1);
    const [set, other, write] = await inTurn<{ status: number }>(
      () => changeSet(meet(1), create(2, 'set'), create(3, 'set')),
      () => changeSet(meet(1)),
      () => client.patch(`contacts(${id(1)})`, { firstname: 'write' }),
    );
    expect([set?.status, other?.status, write?.status, firstname(1)]).toEqual([200, 200, 204, 'write']);
    expect(dataverse.stats.lockWaits).toBe(1);
  });

  test('binding waits for the one who deletes the row: 404', async () => {
    contacts(1);
    const [, bound] = await inTurn(
      () => changeSet({ method: 'DELETE', path: `contacts(${id(1)})` }, create(2, 'x')),
      () => changeSet(meet(1)),
    );
    expect([bound?.codes, dataverse.rows.list('appointment')]).toEqual([['0x80040217'], []]);
  });

  test('too long a wait is a time-out: 500, and those behind go on', async () => {
    contacts(1);
    dataverse.settings.change({ lockStepMs: 300, lockTimeoutMs: 100 });
    const [holder, late, reader] = await inTurn<{ status: number; text: string }>(
      () => changeSet(patch(1, 'holder'), create(2, 'holder')),
      () => changeSet(patch(1, 'late')),
      () => client.get(`contacts(${id(1)})`),
    );
    expect([holder?.status, late?.status, reader?.status, firstname(1)]).toEqual([200, 500, 200, 'holder']);
    expect(late?.text).toContain('0x80044151');
    expect(late?.text).toContain('SQL timeout expired');
    expect(dataverse.stats).toMatchObject({ deadlocks: 0, commits: 1, rollbacks: 1 });
    expect((await changeSet(patch(1, 'free'))).status).toBe(200);
  });

  test('the fault `deadlock` still strikes, and holds no lock afterwards', async () => {
    contacts(1);
    dataverse.faults.add({ kind: 'deadlock' });
    expect((await changeSet(patch(1, 'x'), create(2, 'x'))).codes).toEqual(['0x80044150']);
    expect((await changeSet(patch(1, 'y'), create(2, 'y'))).codes).toEqual([204, 204]);
    expect(dataverse.stats.deadlocks).toBe(0);
  });
});

describe('inserts', () => {
  const upsert = (number: number, headers: Record<string, string> = {}) => patch(number, 'second', headers);
  test.each([
    ['POST', create(1, 'second')],
    ['PATCH', upsert(1)],
    ['PATCH with If-None-Match', upsert(1, { 'If-None-Match': '*' })],
  ])('%s of a key being inserted waits, then is refused', async (_what, part) => {
    const [first, second] = await inTurn(
      () => changeSet(create(1, 'first'), create(2, 'first')),
      () => changeSet(part),
    );
    expect([first?.codes, second?.codes, firstname(1)]).toEqual([[204, 204], ['0x80040237'], 'first']);
    expect(dataverse.stats).toMatchObject({
      lockWaits: 1,
      duplicateKeys: 1,
      conflicts412: 0,
      commits: 1,
      rollbacks: 1,
    });
  });

  test.each([
    ['POST', create(1, 'second')],
    ['PATCH', upsert(1)],
  ])('%s is let in when the first one fails', async (_what, part) => {
    const [first, second] = await inTurn(
      () => changeSet(create(1, 'first'), wrong),
      () => changeSet(part),
    );
    expect([first?.status, second?.codes, firstname(1)]).toEqual([400, [204], 'second']);
    expect(dataverse.stats).toMatchObject({ duplicateKeys: 0, commits: 1, rollbacks: 1 });
  });

  test('an alternate key: waits, then 412; let in when the key is given up', async () => {
    await makeTables(client);
    const keyed = (usager: string, name: string): Part => ({
      method: 'PATCH',
      path: `contacts(smp_usagerid='${usager}')`,
      body: { firstname: name },
    });
    const [, second] = await inTurn(
      () => changeSet(keyed('7', 'first'), create(1, 'first')),
      () => changeSet(keyed('7', 'second')),
    );
    expect(second?.codes).toEqual(['0x80060892']);
    const found = await client.get("contacts(smp_usagerid='7')?$select=firstname");
    expect(found.json).toMatchObject({ firstname: 'first' });
    const [, moved] = await inTurn(
      () =>
        changeSet(
          { method: 'PATCH', path: `contacts(${String(found.json['contactid'])})`, body: { smp_usagerid: '8' } },
          create(2, 'first'),
        ),
      () => changeSet({ method: 'POST', path: 'contacts', body: { smp_usagerid: '7', lastname: 'new' } }),
    );
    expect(moved?.codes).toEqual([204]);
    expect((await client.get("contacts(smp_usagerid='7')")).json).toMatchObject({ lastname: 'new' });
    expect((await client.get("contacts(smp_usagerid='8')")).json).toMatchObject({ firstname: 'first' });
  });
});

describe('what others see', () => {
  test('committed rows only, by every way in; the change set sees its own', async () => {
    contacts(1, 2);
    const running = client.batch([
      [
        patch(1, 'new'),
        { ...create(3, 'new'), contentId: '1' },
        { method: 'DELETE', path: `contacts(${id(2)})` },
        { method: 'PATCH', path: '$1', body: { nickname: 'own' }, headers: { Prefer: 'return=representation' } },
        { method: 'POST', path: 'appointments', body: { 'regardingobjectid_contact_appointment@odata.bind': '$1' } },
      ],
    ]);
    const read: Part[] = [
      { method: 'GET', path: 'contacts?$select=firstname&$orderby=contactid' },
      { method: 'GET', path: "contacts?$filter=firstname eq 'new'" },
      { method: 'GET', path: `contacts(${id(2)})?$select=firstname` },
    ];
    const seen = { byHttp: new Set<string>(), direct: new Set<string>() };
    let open = true;
    void running.then(() => {
      open = false;
    });
    while (open) {
      const { parts } = await client.batch(read, { prefer: 'odata.continue-on-error' });
      seen.byHttp.add(
        parts.map(({ status, json }) => (Array.isArray(json['value']) ? json['value'].length : status)).join(),
      );
      const names = dataverse.rows.list('contact').map((row) => row['firstname']);
      seen.direct.add(JSON.stringify([...names, dataverse.rows.list('activityparty').length]));
      await delay(5);
    }
    expect((await running).parts.map((part) => part.status)).toEqual([204, 204, 204, 200, 204]);
    const onlyOf = (...states: string[]) => expect.toSatisfy((state: unknown) => states.includes(String(state)));
    expect([...seen.byHttp]).toEqual([...seen.byHttp].map(() => onlyOf('2,0,200', '2,2,404')));
    expect([...seen.direct]).toEqual([...seen.direct].map(() => onlyOf('[null,null,0]', '["new","new",2]')));
    expect([seen.byHttp.has('2,0,200'), seen.direct.has('[null,null,0]')]).toEqual([true, true]);
    expect(dataverse.rows.get('contact', id(3))).toMatchObject({ nickname: 'own' });
  });

  test('a definition made and taken back in a change set', async () => {
    await makeTables(client);
    const answer = await changeSet(
      { method: 'POST', path: 'smp_links', body: { smp_name: 'x' } },
      { method: 'DELETE', path: "EntityDefinitions(LogicalName='contact')/Keys(LogicalName='smp_usagerkey')" },
      wrong,
    );
    expect(answer.status).toBe(400);
    expect((await client.patch("contacts(smp_usagerid='1')", { lastname: 'key works' })).status).toBe(204);
    expect(dataverse.rows.list('smp_link')).toEqual([]);
  });

  test('a person inside the CRM goes first: who holds the row is rolled back', async () => {
    contacts(1, 2);
    const running = changeSet(patch(1, 'set'), patch(2, 'set'));
    await delay(15);
    dataverse.rows.update('contact', id(1), { firstname: 'person' });
    expect(firstname(1)).toBe('person');
    expect((await running).codes).toEqual(['0x80044150']);
    expect([firstname(1), firstname(2)]).toEqual(['person', null]);
    expect(dataverse.stats).toMatchObject({ deadlocks: 0, rollbacks: 1 });
  });

  test('switched off while a change set runs: it ends as it began', async () => {
    contacts(1, 2);
    const running = changeSet(patch(1, 'set'), patch(2, 'set'));
    await delay(15);
    dataverse.settings.change({ rowLocks: false });
    expect(await changeSet(patch(3, 'off'), patch(4, 'off'))).toMatchObject(done);
    expect(await running).toMatchObject(done);
    expect([1, 2, 3, 4].map(firstname)).toEqual(['set', 'set', 'off', 'off']);
  });
});
