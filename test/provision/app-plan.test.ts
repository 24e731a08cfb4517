// What is decided for one part, by what we last wrote and by what stands there.
import { expect, test } from 'vitest';
import type { CurrentApp } from '../../src/provision/app/current-app.ts';
import { parts, type Setting } from '../../src/provision/app/parts.ts';
import { planApp } from '../../src/provision/app/plan-app.ts';
import { readMemory, writeMemory } from '../../src/provision/app/written.ts';
import { fingerprint } from '../../src/provision/app/xml.ts';

const setting: Setting = { languages: { base: 1036, provisioned: [1036] }, typeCodes: new Map() };
const part = parts.find(({ component }) => component === 'form RDV-Solidarités (contact)');
if (part === undefined) throw new Error('no form');
const ours = part.content(setting)['formxml'] ?? '';
const older = ours.replace('Identité', 'Fiche');
const other = ours.replace('Identité', 'Autre');
const definition = fingerprint([ours]);

interface Case {
  row?: string;
  memory?: { definition: string; row: string };
}

function changeOf({ row, memory }: Case, restored: readonly string[] = []) {
  const found = new Map(row === undefined ? [] : [[part?.id ?? '', { id: part?.id ?? '', texts: [row] }]]);
  const remembered = new Map(memory === undefined ? [] : [[part?.id ?? '', memory]]);
  const current: CurrentApp = { setting, found, memory: remembered, remembered: true, published: true };
  return planApp(current, new Set(restored)).steps.find((step) => step.part === part)?.change;
}

const rewritten = ours.replace('<form ', '<form shownavigationbar="true" ');

test.each<[string, Case, string]>([
  ['absent', {}, 'create'],
  ['as defined', { row: ours }, 'nothing'],
  [
    'as we wrote it for an older release',
    { row: older, memory: { definition: 'old', row: fingerprint([older]) } },
    'update',
  ],
  ['changed by people', { row: other, memory: { definition: 'old', row: fingerprint([older]) } }, 'keep'],
  ['as Dataverse gave it back', { row: rewritten, memory: { definition, row: fingerprint([rewritten]) } }, 'nothing'],
  [
    'as Dataverse gave an older one back',
    { row: rewritten, memory: { definition: 'old', row: fingerprint([rewritten]) } },
    'update',
  ],
  ['another one, and nothing is remembered', { row: other }, 'keep'],
])('%s', (_, given, change) => {
  expect(changeOf(given)).toBe(change);
});

test('restored, it is brought to its definition whatever people made of it', () => {
  expect(changeOf({ row: other }, [part.id])).toBe('update');
});

test('a fingerprint leaves out what Dataverse may write otherwise', () => {
  const one = `<a x="1" id="{7E000000-0000-4000-8000-000000000001}"><labels><label languagecode="1"/><label languagecode="2"/></labels></a>`;
  const two = `<a  id="{7e000000-0000-4000-8000-000000000001}" x="1">\n <labels><label languagecode="2"/><label languagecode="1"/></labels>\n</a>`;
  expect(fingerprint([one])).toBe(fingerprint([two]));
  expect(fingerprint([one])).not.toBe(fingerprint([one.replace('x="1"', 'x="2"')]));
});

test('the memory is read as it was written', () => {
  const memory = new Map([
    ['b', { definition: '1', row: '2' }],
    ['a', { definition: '3', row: '4' }],
  ]);
  expect(readMemory(writeMemory(memory))).toEqual(memory);
  expect(readMemory(undefined).size).toBe(0);
});
