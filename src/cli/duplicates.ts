// `connector duplicates`: contacts that may be one person.

import type { Command } from 'commander';
import { findDuplicates } from '../duplicates/find-duplicates.ts';
import { readDataverseAccess } from './environment.ts';
import { progressOn } from './progress.ts';
import type { Terminal } from './terminal.ts';
import type { Text } from './text.ts';

export function addDuplicates(program: Command, terminal: Terminal): void {
  const { text } = terminal;
  const command = program.command('duplicates').description(
    text({
      en: 'contacts of Dynamics that may be one person',
      fr: 'contacts de Dynamics qui sont peut-être une même personne',
    }),
  );
  command
    .command('find')
    .description(
      text({
        en: 'compare all contacts, and keep the list “Doublons à examiner” in Dynamics; repeat it at will',
        fr: 'comparer tous les contacts, et tenir à jour la liste « Doublons à examiner » dans Dynamics ; à répéter à volonté',
      }),
    )
    .option(
      '--dry-run',
      text({ en: 'say what would be done, and write nothing', fr: 'dire ce qui serait fait, sans rien écrire' }),
    )
    .action(async ({ dryRun = false }: { dryRun?: boolean }) => {
      const { dataverse } = readDataverseAccess(terminal.environment);
      const found = await findDuplicates(dataverse, { dryRun, progress: progressOn(terminal) });
      terminal.progress?.('');
      const { contacts, pairs, created, updated, deleted, requests } = found;
      const anew: Text = dryRun ? { en: 'would be new', fr: 'seraient nouvelles' } : { en: 'new', fr: 'nouvelles' };
      const en = `${created} ${anew.en}, ${updated} updated, ${deleted} taken off the list`;
      const fr = `${created} ${anew.fr}, ${updated} mises à jour, ${deleted} retirées de la liste`;
      terminal.print({
        en: `${contacts} contacts, ${pairs} pairs alike: ${en} (${requests} requests)`,
        fr: `${contacts} contacts, ${pairs} paires semblables : ${fr} (${requests} requêtes)`,
      });
    });
}
