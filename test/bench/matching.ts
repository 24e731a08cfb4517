// Measure 7: whether usagers find the contacts that they are, in an invented population.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDataverse } from '../../local/dataverse/src/emulator.ts';
import { connect } from '../../src/dataverse/connection.ts';
import { provision } from '../../src/provision/provision.ts';
import { FAMILIAR, UNFAMILIAR } from '../matching/population/names.ts';
import { makePopulation, type Population, RATES } from '../matching/population/population.ts';
import { measureQuality, type Quality } from '../matching/population/quality.ts';
import { toRow, toUsager } from '../matching/population/rows.ts';
import { VARIANTS } from '../matching/population/variants.ts';
import { runChild } from './child.ts';
import type { DuplicatesSeen } from './matching/duplicates-worker.ts';
import type { MatchingCase, MatchingSeen } from './matching/worker.ts';
import type { Figure, Measure, Table } from './report.ts';

const CONTACTS = 50_000;
const USAGERS = 80_000;
const POPULATIONS = [
  { name: 'the one it was made with', seed: 20_261_124, lists: FAMILIAR },
  { name: 'the one kept aside', seed: 77, lists: UNFAMILIAR },
] as const;

/** As `npm run connector` starts (package.json): left alone, Node keeps up to 134 MB for what was just made. */
const FLAGS = ['--max-semi-space-size=16'];

interface Tried {
  readonly name: string;
  readonly quality: Quality;
  readonly seen: Seen;
}

interface Seen extends MatchingSeen {
  /** Of `duplicates find` among the same contacts. */
  readonly duplicates: DuplicatesSeen;
}

export const measureMatching: Measure = async ({ say }) => {
  const tried: Tried[] = [];
  for (const { name, ...given } of POPULATIONS) {
    const population = makePopulation({ ...given, contacts: CONTACTS, usagers: USAGERS });
    say(`${name}: made`);
    const seen = await suggestTo(population);
    tried.push({ name, seen, quality: measureQuality(population, seen.suggested) });
    say(`${name}: ${seen.seconds.toFixed(0)} s`);
  }
  return {
    title: 'Usagers beside contacts',
    text: [
      `\`links suggest\` for ${USAGERS.toLocaleString('en')} usagers beside ${CONTACTS.toLocaleString('en')} contacts, in a process of its own that knows the usagers already; the emulator is another process. Both start as \`npm run connector\` does, with \`--max-semi-space-size=16\`: left alone, Node keeps up to 134 MB for what was just made, and holds a hundred more. Two invented populations, of other seeds and other names: the rules were made with the first, and the second judges them. Time and memory have bars because an administrator waits, on whatever machine.`,
      `Shares, all guesses: ${Object.entries(RATES)
        .map(([name, rate]) => `${name} ${rate}`)
        .join(
          ', ',
        )}. Of those who are in Dynamics, e-mail, telephone and address are kept (60 %), missing (25 %) or others (15 %), each by itself.`,
    ],
    figures: tried.flatMap(figuresOf),
    tables: tried.map(tableOf),
  };
};

async function suggestTo({ contacts, usagers }: Population): Promise<Seen> {
  const dataverse = await startDataverse();
  const folder = await mkdtemp(join(tmpdir(), 'matching-'));
  try {
    await provision(connect({ url: dataverse.url, token: async () => 'local' })());
    for (const contact of contacts) dataverse.rows.insert('contact', toRow(contact));
    const file = join(folder, 'usagers.jsonl');
    await writeFile(file, usagers.map((one) => JSON.stringify(toUsager(one))).join('\n'));
    const given: MatchingCase = { dataverseUrl: dataverse.url, usagers: file };
    const seen = await runChild<MatchingSeen>('matching/worker.ts', given, FLAGS);
    const duplicates = await runChild<DuplicatesSeen>('matching/duplicates-worker.ts', dataverse.url, FLAGS);
    return { ...seen, duplicates };
  } finally {
    await dataverse.stop();
    await rm(folder, { recursive: true });
  }
}

function figuresOf({ name, quality, seen }: Tried): readonly Figure[] {
  const { proposed, wrong, first, present } = quality;
  return [
    {
      name: `Proposals that are right (${name})`,
      value: (100 * proposed) / (proposed + wrong),
      unit: '%',
      bar: { atLeast: 99.9 },
    },
    {
      name: `Of those present, proposed or first among the candidates (${name})`,
      value: (100 * first) / present,
      unit: '%',
      bar: { atLeast: 95 },
    },
    { name: `Of those present, proposed (${name})`, value: (100 * proposed) / present, unit: '%' },
    { name: `Time (${name})`, value: seen.seconds, unit: 's', bar: { atMost: 120 } },
    { name: `Memory of the process, at most (${name})`, value: seen.megabytes, unit: 'MB', bar: { atMost: 300 } },
    { name: `\`duplicates find\`, time (${name})`, value: seen.duplicates.seconds, unit: 's', bar: { atMost: 120 } },
    {
      name: `\`duplicates find\`, memory at most (${name})`,
      value: seen.duplicates.megabytes,
      unit: 'MB',
      bar: { atMost: 300 },
    },
  ];
}

function tableOf({ name, quality: { byVariant, wrong, proposed } }: Tried): Table {
  const percent = (part: number, whole: number) => ((100 * part) / whole).toFixed(1);
  return {
    title: `How the contact is written (${name}): ${wrong} of ${proposed + wrong} proposals wrong.`,
    columns: ['variant', 'rate, ‰', 'usagers', 'proposed, %', 'proposed or first, %'],
    rows: VARIANTS.flatMap(({ name: variant, weight }) => {
      const found = byVariant.get(variant);
      if (found === undefined) return [];
      return [
        [variant, weight, found.present, percent(found.proposed, found.present), percent(found.first, found.present)],
      ];
    }),
  };
}
