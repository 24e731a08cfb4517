// `connector erase`: removes a person, at the person's request, from everything that the connector wrote or stores.

import { type Command, InvalidArgumentError } from 'commander';
import { type BodyCounts, eraseBodies } from '../delivery/erase-bodies.ts';
import { type Erased, eraseUsager } from '../delivery/erase-usager.ts';
import type { UsagerId } from '../rdv-solidarites/models.ts';
import { readPolicy, readStorageSettings } from '../settings.ts';
import { openStorage } from '../storage/clients.ts';
import { mappedColumns } from '../sync/mapped-columns.ts';
import { CommandError, orCommandError, readDataverseAccess } from './environment.ts';
import type { Terminal } from './terminal.ts';

interface EraseFlags {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export function addErase(program: Command, terminal: Terminal): void {
  program
    .command('erase')
    .description('erase one person: what the connector wrote in Dynamics, remembers and keeps; cannot be undone')
    .argument('<usager>', 'the record of RDV-Solidarités, as usager-12', parseUsager)
    .option('--dry-run', 'say what would be done, and change nothing')
    .option('--yes', 'do not ask')
    .action((usager: UsagerId, flags: EraseFlags) => erase(usager, flags, terminal));
}

async function erase(usager: UsagerId, { dryRun = false, yes = false }: EraseFlags, terminal: Terminal): Promise<void> {
  const policy = orCommandError(() => readPolicy(terminal.environment));
  const { dataverse } = readDataverseAccess(terminal.environment, { mapped: mappedColumns(policy) });
  const storage = await openStorage(orCommandError(() => readStorageSettings(terminal.environment)));
  if (!dryRun && !yes) await confirm(usager, terminal);
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const erased = await eraseUsager(dataverse, usager, { now, dryRun });
  const bodies = await eraseBodies(storage, usager, dryRun);
  for (const text of report(usager, { erased, bodies, dryRun })) terminal.print(text);
}

async function confirm(usager: UsagerId, { ask }: Terminal): Promise<void> {
  const name = `usager-${usager}`;
  if (ask === undefined) throw new CommandError(`${name} would be erased for good: repeat with --yes`);
  const answer = await ask(`Erase ${name} for good? Type ${name} to confirm: `);
  if (answer.trim() !== name) throw new CommandError('Nothing was changed.');
}

function report(
  usager: UsagerId,
  { erased, bodies, dryRun }: { erased: Erased; bodies: BodyCounts; dryRun: boolean },
): readonly string[] {
  const { person, referents, rdvs, alone } = erased;
  return [
    dryRun ? 'Dry run: nothing was changed. It would be so:' : 'Done:',
    `  link       usager-${usager} is a tombstone: whatever comes later leaves the person out`,
    `  contact    ${contactLine(person)}`,
    `  referents  ${referents} taken away`,
    `  RDV        ${rdvs} without the person, ${alone} of them about nobody else: without subject and place, and no longer updated`,
    `  bodies     ${bodies.deleted} deleted, ${bodies.redacted} kept without the person, ${bodies.unreadable} unreadable: look at them in quarantine`,
    'Still there, and not ours to erase:',
    '  - the person in RDV-Solidarités, unless erased there: do that too',
    '  - Dataverse: audit history of contacts and appointments (delete it row by row), backups until they expire',
    '  - deleted and former blobs, as long as the storage account keeps them (blobSoftDeleteDays, 7 days by default)',
    '  - messages that wait on the queue: they go when they are applied, and leave the person out',
    '  - what people typed or added themselves in Dynamics, the contact itself among it: delete it there',
  ];
}

function contactLine({ contact, shared, emptied, kept }: Erased['person']): string {
  if (contact === null) return 'none';
  if (shared) return `${contact} stands for somebody else too, and stays as it is: correct it by hand`;
  return `${contact}: ${emptied} columns emptied, ${kept} that people filled are left`;
}

function parseUsager(text: string): UsagerId {
  const id = /^usager-([1-9]\d{0,14})$/.exec(text)?.[1];
  if (id === undefined) throw new InvalidArgumentError('expected a usager, as usager-12');
  return Number(id) as UsagerId;
}
