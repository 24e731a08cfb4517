// `check` names the motifs whose template cannot be filled.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DataverseEmulator } from '../../local/dataverse/src/emulator.ts';
import { run } from '../../src/cli/main.ts';
import { startProvisioned } from '../dataverse/connector-user.ts';

let dataverse: DataverseEmulator;
beforeAll(async () => {
  dataverse = await startProvisioned();
});
afterAll(() => dataverse.stop());

async function check() {
  const lines: string[] = [];
  const keep = (line: string) => void lines.push(line);
  await run(['check'], { environment: { DATAVERSE_URL: dataverse.url }, print: keep, complain: keep });
  return lines.filter((line) => line.includes('templates of motifs')).map((line) => line.trim());
}

test('a template is understood, or named with what is unknown in it', async () => {
  dataverse.rows.insert('rdvs_motif', { rdvs_name: 'Suivi-Test', rdvs_subject: '{motif} - {initiales}' });
  dataverse.rows.insert('rdvs_motif', { rdvs_name: 'Atelier-Test' });
  expect(await check()).toEqual(['ok       templates of motifs: 1 motifs have their own, all understood']);
  dataverse.rows.insert('rdvs_motif', { rdvs_name: 'Bilan-Test', rdvs_subject: '{motif} {nom}' });
  expect(await check()).toEqual([
    'warning  templates of motifs: Bilan-Test: unknown {nom}; RDV_SUBJECT is used instead',
  ]);
});
