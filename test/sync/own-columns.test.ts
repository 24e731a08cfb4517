// What a département's column holds for what the sender says.
import { describe, expect, test } from 'vitest';
import { makeUser } from '../../local/rdv-solidarites/make-notification.ts';
import { readPolicy } from '../../src/settings.ts';
import { ownValue } from '../../src/sync/rules/own-values.ts';
import { MemoryDynamics } from './memory-dynamics.ts';

/** A line as the setting gives it, with its limits. */
function lineOf(given: object) {
  const line = readPolicy({ MAPPING: JSON.stringify({ contact: { cd62_a: given } }) }).mapping.contact.own['cd62_a'];
  if (line === undefined) throw new Error('no line');
  return line;
}

const whole = { from: 'case_number', type: 'whole', minimum: 0, maximum: 500 };
const decimal = { from: 'case_number', type: 'decimal' };
const date = { from: 'case_number', type: 'date' };
const datetime = { from: 'case_number', type: 'datetime' };
const choice = { from: 'logement', type: 'choice', values: { sdf: 1, true: 2, 3: 30 } };
const text = { from: 'case_number', type: 'text', maxLength: 20 };

describe('a value', () => {
  test.each([
    [whole, 12, 12],
    [whole, ' 012 ', 12],
    [decimal, '12,345', 12.35],
    [decimal, 50.4321, 50.43],
    [date, '2026-11-24', '2026-11-24'],
    [datetime, '2026-11-24 10:00:00 +0100', '2026-11-24T09:00:00Z'],
    [choice, 'sdf', 1],
    [choice, true, 2],
    [choice, 3, 30],
    [text, 12, '12'],
    [text, '  D-1 ', 'D-1'],
    [text, '[valeur unique anonymisée 12]', null],
    [text, '   ', null],
    [whole, null, null],
    [choice, undefined, undefined],
  ])('of %j for %j is %j', (given, said, value) => {
    expect(ownValue(lineOf(given), said)).toEqual({ value, unfit: false });
  });

  test.each([
    [whole, 'abc'],
    [whole, '1e3'],
    [whole, 1.5],
    [whole, 501],
    [decimal, '9999999999999'],
    [date, '24/11/2026'],
    [date, '1492-10-12'],
    [datetime, '2026-11-24'],
    [choice, 'yourte'],
    [choice, 'toString'],
  ])('of %j for %j does not fit', (given, said) => {
    expect(ownValue(lineOf(given), said)).toEqual({ value: null, unfit: true });
  });
});

test('a proche does not get the e-mail and the address of the responsible', () => {
  const contact = {
    cd62_mail: { from: 'email', type: 'text', maxLength: 100 },
    cd62_adresse: { from: 'address', type: 'memo', maxLength: 250 },
  };
  const dynamics = new MemoryDynamics({ MAPPING: JSON.stringify({ contact }) });
  const responsible = makeUser({ id: 1 });
  const { email, address } = responsible;
  dynamics.receive({ model: 'User', event: 'updated', data: makeUser({ id: 2, responsible, email, address }) });
  expect(dynamics.contact(1)).toMatchObject({ cd62_mail: email, cd62_adresse: address });
  expect(dynamics.contact(2)?.['cd62_mail'] ?? null).toBeNull();
  expect(dynamics.contact(2)?.['cd62_adresse'] ?? null).toBeNull();
});
