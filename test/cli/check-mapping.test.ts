// `check` compares the mapping with the environment.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DataverseEmulator } from '../../local/dataverse/src/emulator.ts';
import { run } from '../../src/cli/main.ts';
import { startProvisioned } from '../dataverse/connector-user.ts';
import { makeColumns, makePublisher } from '../dataverse/departement-columns.ts';

let dataverse: DataverseEmulator;
beforeAll(async () => {
  dataverse = await startProvisioned();
  await makePublisher(dataverse);
  await makeColumns(dataverse, 'contact', {
    cd62_texte: 'text',
    cd62_court: { kind: 'text', MaxLength: 5 },
    cd62_entier: { kind: 'whole', MinValue: 0, MaxValue: 20 },
    cd62_decimal: { kind: 'decimal', Precision: 1 },
    cd62_choix: 'choice',
    cd62_date: 'date',
    cd62_moment: 'datetime',
    cd62_secret: { kind: 'text', IsSecured: true },
  });
});
afterAll(() => dataverse.stop());

async function check(contact: object) {
  const lines: string[] = [];
  const keep = (line: string) => void lines.push(line);
  const environment = { DATAVERSE_URL: dataverse.url, MAPPING: JSON.stringify({ contact }) };
  await run(['check'], { environment, print: keep, complain: keep });
  return lines.filter((line) => /mapping of|sensitive fields/.test(line)).map((line) => line.trim());
}

test('all is well where each column takes what its line lets through', async () => {
  expect(
    await check({
      cd62_texte: { from: 'address_details', type: 'text', maxLength: 20 },
      cd62_entier: { from: 'id', type: 'whole', minimum: 0, maximum: 20 },
      cd62_decimal: { from: 'id', type: 'decimal', precision: 1 },
      cd62_date: { from: 'birth_date', type: 'date' },
      cd62_moment: { from: 'created_at', type: 'datetime' },
      description: { from: 'address_details', type: 'memo', maxLength: 2000 },
    }),
  ).toEqual(['ok       mapping of contact: 6 columns of yours, as MAPPING says']);
});

test.each([
  ['cd62_absent', { from: 'email', type: 'text', maxLength: 5 }, 'cd62_absent is missing'],
  ['cd62_entier', { from: 'email', type: 'text', maxLength: 5 }, 'is of type Integer; expected String'],
  ['cd62_court', { from: 'email', type: 'text', maxLength: 20 }, 'holds 5 characters; MAPPING says 20'],
  ['cd62_entier', { from: 'id', type: 'whole' }, 'takes numbers from 0 to 20; MAPPING lets -2147483648 to 2147483647'],
  ['cd62_decimal', { from: 'id', type: 'decimal', precision: 3 }, 'keeps 1 decimals; MAPPING says 3'],
  ['cd62_date', { from: 'created_at', type: 'datetime' }, 'has format DateOnly and behavior DateOnly'],
  ['cd62_moment', { from: 'birth_date', type: 'date' }, 'expected DateOnly and DateOnly'],
  ['cd62_choix', { from: 'email', type: 'choice', values: { a: 1, b: 7, c: 9 } }, 'has no option 7, 9'],
  ['fullname', { from: 'email', type: 'text', maxLength: 20 }, 'cannot be written'],
])('%s as %j: a problem', async (column, line, message) => {
  expect(await check({ [column]: line })).toEqual([expect.stringMatching(/^PROBLEM {2}mapping of contact/)]);
  expect(await check({ [column]: line })).toEqual([expect.stringContaining(message)]);
});

test('a secured column and a sensitive field are reminded of', async () => {
  expect(await check({ cd62_secret: { from: 'affiliation_number', type: 'text', maxLength: 20 } })).toEqual([
    expect.stringMatching(/^ok/),
    'warning  mapping of contact: contact.cd62_secret: secured columns',
    expect.stringContaining('holds as sensitive what fills contact.cd62_secret (affiliation_number)'),
  ]);
});
