// `explain` shows what a notification would change, and writes nothing.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { run } from '../../src/cli/main.ts';
import { makeColumns, makePublisher } from '../dataverse/departement-columns.ts';
import { type Bench, startBench } from '../delivery/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const path = (name: string) =>
  fileURLToPath(new URL(`../../local/rdv-solidarites/notifications/${name}.json`, import.meta.url));

const explain = (...args: string[]) => explainWith({}, ...args);

async function explainWith(settings: Record<string, string>, ...args: string[]) {
  const lines: string[] = [];
  const code = await run(['explain', ...args], {
    environment: { DATAVERSE_URL: bench.dataverse.url, ...settings },
    print: (line) => lines.push(line),
    complain: (line) => lines.push(line),
  });
  return { code, text: lines.join('\n') };
}

describe('connector explain', () => {
  test('shows the plan without writing, and without values', async () => {
    const before = bench.dataverse.snapshot();
    const { code, text } = await explain(path('rdv-created'));
    expect(code).toBe(0);
    expect(text).toMatch(/^Rdv created, as of 2026-.*: applied\n {2}usager-12 +applied\n {2}rdv-77001 +applied\n/);
    expect(text).toContain('create contact');
    expect(text).toMatch(/create appointment .* \(if absent\): .*subject=•••.*attendees=1/);
    expect(text).toMatch(/create rdvs_participation .* \(there or not\): .*rdvs_status=•••/);
    expect(text).not.toMatch(/Usager-Test|example\.org|2026-12-03/);
    expect(bench.dataverse.snapshot()).toEqual(before);
  });

  test('shows values on demand', async () => {
    expect((await explain(path('rdv-created'), '--show-values')).text).toContain('lastname="Usager-Test"');
  });

  test('shows the status of each person', async () => {
    const of = (id: number, status: 'seen' | 'noshow' | 'excused') =>
      makeParticipation({ status, user: makeUser({ id }) });
    const data = makeRdv({ status: 'seen', participations: [of(12, 'seen'), of(13, 'noshow'), of(14, 'excused')] });
    const file = join(mkdtempSync(join(tmpdir(), 'explain-')), 'rdv.json');
    writeFileSync(file, senderJson(makeNotification({ model: 'Rdv', event: 'updated', data })));
    const { text } = await explain(file, '--show-values');
    const rows = text.split('\n').filter((line) => line.includes('create rdvs_participation'));
    const statuses = rows.map(
      (line) => `${/rdvs_name="([^"]+)"/.exec(line)?.[1]} ${/rdvs_status=(\d)/.exec(line)?.[1]}`,
    );
    expect(statuses.toSorted()).toEqual(['participation-90012 2', 'participation-90013 5', 'participation-90014 3']);
  });

  test('names the motif that an RDV brings, and says why no RDV of an ignored one is written', async () => {
    const own = await startBench();
    const explained = async () => {
      const lines: string[] = [];
      const environment = { DATAVERSE_URL: own.dataverse.url };
      await run(['explain', path('rdv-created')], {
        environment,
        print: (line) => lines.push(line),
        complain: () => {},
      });
      return lines.join('\n');
    };
    expect(await explained()).toMatch(/\n {2}motif-\d+ +applied\n/);
    await own.deliver(readFileSync(path('motif-updated'), 'utf8'));
    const [motif] = own.dataverse.rows.list('rdvs_motif');
    own.dataverse.rows.update('rdvs_motif', String(motif?.['rdvs_motifid']), { rdvs_handling: 2 });
    const ignored = await explained();
    expect(ignored).toMatch(/rdv-77001 +ignored \(motif-ignored\)/);
    expect(ignored).not.toMatch(/motif-\d+ +applied/);
    await own.stop();
  });

  test('shows who is to follow whom', async () => {
    const { text } = await explain(path('referent-assignation-created'), '--show-values');
    expect(text).toMatch(/referent-12-5 +applied\n/);
    expect(text).toMatch(/create rdvs_referent .* \(if absent\): .*rdvs_agent="Dominique Agent-Test"/);
  });

  test('says that nothing would change, and why', async () => {
    await bench.deliver(readFileSync(path('rdv-created'), 'utf8'), Date.parse('2026-11-24T08:13:00Z'));
    const { text } = await explain(path('rdv-created'));
    expect(text).toContain('rdv-77001            stale (already-applied)\nNothing to write.');
  });

  test('names what is wrong with a file', async () => {
    expect(await explain(path('nowhere'))).toMatchObject({ code: 1, text: expect.stringContaining('Cannot read') });
    const { code, text } = await explain(fileURLToPath(import.meta.url));
    expect([code, text]).toEqual([1, 'It would be put in quarantine: not-json, the body is not JSON']);
  });

  test('names the columns of a mapping that cannot hold what the sender says', async () => {
    await makePublisher(bench.dataverse);
    await makeColumns(bench.dataverse, 'contact', { cd62_prenom: 'whole', cd62_nom: 'text' });
    const contact = {
      cd62_prenom: { from: 'first_name', type: 'whole' },
      cd62_nom: { from: 'last_name', type: 'text', maxLength: 3 },
    };
    const { text } = await explainWith({ MAPPING: JSON.stringify({ contact }) }, path('user-updated'));
    expect(text).toContain("Cut to the column's length: contact.cd62_nom");
    expect(text).toContain('Without a value that the column can hold: contact.cd62_prenom');
    expect(text).toMatch(/contact .*cd62_nom=•••/);
  });

  test('says that a source may not send for the organisation', async () => {
    const settings = { SOURCE_ORGANISATIONS: '{"mds-8":[8]}' };
    const { code, text } = await explainWith(settings, path('rdv-created'), '--source', 'MDS-8');
    expect([code, text]).toEqual([
      1,
      expect.stringMatching(/^It would be put in quarantine: other-organisation, data\.org/),
    ]);
    expect(await explainWith(settings, path('rdv-created'), '--source', 'mds-7')).toMatchObject({ code: 0 });
  });
});
