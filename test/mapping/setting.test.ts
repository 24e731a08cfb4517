// The setting MAPPING: what is wrong stops the start, with the line named.
import { describe, expect, test } from 'vitest';
import { readPolicy } from '../../src/settings.ts';

const TEXT = { from: 'affiliation_number', type: 'text', maxLength: 20 };
const read = (mapping: object | string) =>
  readPolicy({ MAPPING: typeof mapping === 'string' ? mapping : JSON.stringify(mapping) }).mapping;

test('adds columns and takes lines away', () => {
  const mapping = read({
    $schema: 'mapping.schema.json',
    contact: { cd62_allocataire: TEXT, emailaddress1: false },
    appointment: { cd62_latitude: { from: 'lieu.latitude', type: 'decimal' } },
  });
  expect(mapping.contact).toEqual({ own: { cd62_allocataire: TEXT }, without: new Set(['emailaddress1']) });
  expect(mapping.appointment.own).toEqual({
    cd62_latitude: { from: 'lieu.latitude', type: 'decimal', precision: 2, minimum: -1e11, maximum: 1e11 },
  });
});

test('is empty when it is not set', () => {
  expect(read('')).toEqual(read({}));
  expect(read({}).contact).toEqual({ own: {}, without: new Set() });
});

describe.each<[string, object | string, string]>([
  ['no JSON', 'contact', 'MAPPING: expected a JSON object'],
  ['a list', [], 'MAPPING: expected a JSON object'],
  [
    'a table that is not filled',
    { account: {} },
    'MAPPING: expected a JSON object: {"contact": {…}, "appointment": {…}}',
  ],
  [
    'a column twice',
    `{"contact": {"cd62_a": ${JSON.stringify(TEXT)}, "cd62_b": ${JSON.stringify(TEXT)}, "cd62_a": false}}`,
    'MAPPING.contact.cd62_a: expected once',
  ],
  [
    'a field that the sender does not have',
    { contact: { cd62_a: { ...TEXT, from: 'numero_allocataire' } } },
    'MAPPING.contact.cd62_a.from: expected a field that text can hold: id, first_name,',
  ],
  [
    'a field of the other table',
    { contact: { cd62_a: { ...TEXT, from: 'context' } } },
    'MAPPING.contact.cd62_a.from: expected a field',
  ],
  [
    'a field of another person',
    { contact: { cd62_a: { ...TEXT, from: 'responsible.last_name' } } },
    'MAPPING.contact.cd62_a.from: expected a field',
  ],
  [
    'a field that the type cannot hold',
    { contact: { cd62_a: { from: 'birth_date', type: 'boolean' } } },
    'MAPPING.contact.cd62_a.from: expected a field that boolean can hold: notify_by_sms, notify_by_email',
  ],
  [
    'an unknown type',
    { contact: { cd62_a: { from: 'id', type: 'integer' } } },
    'MAPPING.contact.cd62_a.type: expected',
  ],
  [
    'no length',
    { contact: { cd62_a: { from: 'notes', type: 'memo' } } },
    'MAPPING.contact.cd62_a.maxLength: expected a whole number from 1 to 1048576',
  ],
  [
    'a length beyond Dataverse',
    { contact: { cd62_a: { ...TEXT, maxLength: 4001 } } },
    'MAPPING.contact.cd62_a.maxLength: expected a whole number from 1 to 4000',
  ],
  [
    'a word that means nothing',
    { contact: { cd62_a: { ...TEXT, maxlength: 5 } } },
    'MAPPING.contact.cd62_a: expected from, type, maxLength, and nothing else',
  ],
  [
    'a choice without options',
    { contact: { cd62_a: { from: 'logement', type: 'choice' } } },
    'MAPPING.contact.cd62_a.values: expected the options',
  ],
  [
    'a choice with no option',
    { contact: { cd62_a: { from: 'logement', type: 'choice', values: {} } } },
    'MAPPING.contact.cd62_a.values: expected one option at least',
  ],
  [
    'limits that exclude each other',
    { contact: { cd62_a: { from: 'number_of_children', type: 'whole', minimum: 9, maximum: 1 } } },
    'MAPPING.contact.cd62_a.minimum: expected at most the maximum',
  ],
  ['a column of ours', { contact: { emailaddress1: TEXT } }, 'MAPPING.contact.emailaddress1: expected false'],
  ['a name with our prefix', { contact: { rdvs_a: TEXT } }, 'MAPPING.contact.rdvs_a: expected another column'],
  [
    'a column we need',
    { appointment: { ownerid: { from: 'name', type: 'memo', maxLength: 9 } } },
    'MAPPING.appointment.ownerid: expected another column',
  ],
  ['a name that is not logical', { contact: { CD62_A: TEXT } }, 'MAPPING.contact.CD62_A: expected the logical name'],
  ['a line that no row can do without', { contact: { lastname: false } }, 'MAPPING.contact.lastname: expected nothing'],
  [
    'more columns than a link can remember',
    { contact: Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`cd62_${at}`, TEXT])) },
    'MAPPING.contact: expected 100 columns of yours at most',
  ],
  ['a column of theirs taken away', { contact: { cd62_a: false } }, 'MAPPING.contact.cd62_a: expected a column'],
  [
    'half of an address taken away',
    { contact: { address1_line2: false } },
    'MAPPING.contact.address1_line2: expected false for address1_line1, address1_postalcode, address1_city too',
  ],
])('%s', (_, mapping, message) => {
  test('stops the start', () => expect(() => read(mapping)).toThrow(message));
});

test('a whole address may be taken away', () => {
  const address = ['address1_line1', 'address1_line2', 'address1_postalcode', 'address1_city'];
  const contact = Object.fromEntries(address.map((column) => [column, false]));
  expect(read({ contact }).contact.without).toEqual(new Set(address));
});

test('names every line at fault at once', () => {
  expect(() => read({ contact: { cd62_a: { ...TEXT, maxLength: 0 }, cd62_b: { ...TEXT, from: 'x' } } })).toThrow(
    /cd62_a\.maxLength(.|\n)*cd62_b\.from/,
  );
});
