// `connector duplicates`: contacts that may be one person.

import type { Command } from 'commander';
import { findDuplicates } from '../duplicates/find-duplicates.ts';
import { readDataverseAccess } from './environment.ts';
import { progressOn } from './progress.ts';
import type { Terminal } from './terminal.ts';

export function addDuplicates(program: Command, terminal: Terminal): void {
  const command = program.command('duplicates').description('contacts of Dynamics that may be one person');
  command
    .command('find')
    .description('compare all contacts, and keep the list “Doublons à examiner” in Dynamics; repeat it at will')
    .option('--dry-run', 'say what would be done, and write nothing')
    .action(async ({ dryRun = false }: { dryRun?: boolean }) => {
      const { dataverse } = readDataverseAccess(terminal.environment);
      const found = await findDuplicates(dataverse, { dryRun, progress: progressOn(terminal) });
      terminal.progress?.('');
      const { contacts, pairs, created, updated, deleted, requests } = found;
      const done = dryRun ? 'would be new' : 'new';
      const counts = `${created} ${done}, ${updated} updated, ${deleted} taken off the list`;
      terminal.print(`${contacts} contacts, ${pairs} pairs alike: ${counts} (${requests} requests)`);
    });
}
