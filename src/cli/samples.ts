// `connector samples`: the invented notifications that `send`, `explain` and `links suggest --folder` can be tried with.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { CommandError } from './environment.ts';
import type { Terminal } from './terminal.ts';

/** Put in place of this name when the command line is made into one file; from the sources they are read where they stand. */
declare const BUNDLED_SAMPLES: Readonly<Record<string, string>>;

const FOLDER = new URL('../../local/rdv-solidarites/notifications/', import.meta.url);

export function addSamples(program: Command, terminal: Terminal): void {
  const { text } = terminal;
  program
    .command('samples')
    .description(
      text({
        en: 'write invented notifications to a new folder, to be sent or explained',
        fr: 'écrire des notifications inventées dans un nouveau dossier, à envoyer ou à expliquer',
      }),
    )
    .argument(
      '<folder>',
      text({ en: 'where they go: it must not exist', fr: 'où elles vont : il ne doit pas exister' }),
    )
    .action(async (folder: string) => {
      const samples = Object.entries(await readSamples());
      await mkdir(folder).catch((cause: unknown) => {
        const words = {
          en: `${folder}: exists already, or cannot be made`,
          fr: `${folder} : existe déjà, ou ne peut pas être créé`,
        };
        throw new CommandError(words, { cause });
      });
      for (const [name, text] of samples) await writeFile(join(folder, name), text);
      const count = samples.length;
      terminal.print({ en: `${count} notifications in ${folder}`, fr: `${count} notifications dans ${folder}` });
    });
}

async function readSamples(): Promise<Readonly<Record<string, string>>> {
  if (typeof BUNDLED_SAMPLES !== 'undefined') return BUNDLED_SAMPLES;
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.json')).sort();
  const texts = names.map(async (name) => [name, await readFile(new URL(name, FOLDER), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}
