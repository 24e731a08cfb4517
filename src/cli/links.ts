// `connector links`: ties usagers to contacts that an existing CRM already has.

import { readFile, writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { DataverseAccess } from '../dataverse/calls.ts';
import type { Progress } from '../matching/candidates.ts';
import type { Person } from '../matching/identity.ts';
import { importTies, type RefusedLine } from '../matching/import-ties.ts';
import { readSheet, SheetError, type SheetRead } from '../matching/sheet-reading.ts';
import { writeJson, writeSheet } from '../matching/sheet-writing.ts';
import type { Suggestion } from '../matching/suggestion.ts';
import { suggestFor, suggestForLinks } from '../matching/suggestions.ts';
import { CommandError, readDataverseAccess } from './environment.ts';
import { readUsagers, type SourceFlags } from './links/usagers.ts';
import { progressOn } from './progress.ts';
import type { Terminal } from './terminal.ts';

export function addLinks(program: Command, terminal: Terminal): void {
  const command = program.command('links').description('tie usagers to the contacts that Dynamics already has');
  command
    .command('suggest')
    .description('list usagers beside contacts that may be theirs, as CSV: personal data')
    .option('--folder <dir>', 'usagers of the notifications (JSON) in a folder (default: everyone linked)')
    .addOption(
      new Option('--held', 'usagers of the notifications that wait while WRITE_TO_DYNAMICS is false').conflicts(
        'folder',
      ),
    )
    .addOption(new Option('--sender', 'usagers of the API of RDV-Solidarités').conflicts(['folder', 'held']))
    .option('--sign-in', 'with --sender: ask for e-mail and password in place of the stored connection')
    .option('--json', 'write JSON, for programs')
    .option('--out <file>', 'write there, to a new file (default: print it)')
    .action((options: SuggestOptions) => suggest(options, terminal));
  command
    .command('import')
    .description('tie usagers to contacts, as the columns usager and contact of a CSV say; repeat it at will')
    .argument('<csv>', 'file made by `links suggest`, completed')
    .option('--dry-run', 'say what would be done, and write nothing')
    .option('--move', 'take usagers away from the contact that they have')
    .action((file: string, options: ImportFlags) => importFile(file, options, terminal));
}

interface SuggestOptions extends SourceFlags {
  readonly json?: boolean;
  readonly out?: string;
}

async function suggest({ json = false, out, ...source }: SuggestOptions, terminal: Terminal): Promise<void> {
  const { dataverse, url } = readDataverseAccess(terminal.environment);
  const progress = progressOn(terminal);
  const usagers = await readUsagers(source, terminal);
  const { suggestions, summary } =
    usagers === undefined ? await fromLinks(dataverse, progress) : await fromUsagers(dataverse, usagers, progress);
  terminal.progress?.('');
  const pieces = json ? writeJson(suggestions) : writeSheet(suggestions, url);
  if (out === undefined) terminal.print([...pieces].join('').trimEnd());
  else await writeNew(out, pieces);
  terminal.complain(summary);
}

interface Suggested {
  readonly suggestions: readonly Suggestion[];
  readonly summary: string;
}

async function fromUsagers(
  dataverse: DataverseAccess,
  usagers: readonly Person[],
  progress: Progress | undefined,
): Promise<Suggested> {
  const suggestions = await suggestFor(dataverse, usagers, progress);
  return { suggestions, summary: summaryOf(suggestions) };
}

async function fromLinks(dataverse: DataverseAccess, progress: Progress | undefined): Promise<Suggested> {
  const { suggestions, linked } = await suggestForLinks(dataverse, progress);
  return { suggestions, summary: summaryOfLinks(suggestions, linked) };
}

/** Never overwrites a sheet that somebody may be working on. Only the owner of the file may read it. */
async function writeNew(file: string, text: Iterable<string>): Promise<void> {
  await writeFile(file, text, { flag: 'wx', mode: 0o600 }).catch((cause: unknown) => {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new CommandError(`--out: ${file} ${exists ? 'exists already' : 'cannot be written'}`, { cause });
  });
}

function summaryOf(suggestions: readonly Suggestion[]): string {
  const count = (wanted: Suggestion['situation']) => suggestions.filter(({ situation }) => situation === wanted).length;
  const parts = [
    `${count('proposed')} proposed`,
    `${count('ambiguous')} ambiguous`,
    `${count('none')} without a candidate`,
    `${count('tied')} already tied`,
  ];
  return `${suggestions.length} usagers: ${parts.join(', ')}`;
}

function summaryOfLinks(suggestions: readonly Suggestion[], linked: number): string {
  const without = suggestions.filter(({ situation }) => situation === 'unknown').length;
  const twice = suggestions.length - without;
  const byHand = without === 0 ? '' : ': find theirs by hand, for a link names nobody';
  return `${linked} usagers with a contact, ${twice} of whom resemble another; ${without} without a contact${byHand}`;
}

interface ImportFlags {
  readonly dryRun?: boolean;
  readonly move?: boolean;
}

const REASONS: Readonly<Record<RefusedLine['reason'] | SheetRead['bad'][number]['reason'], string>> = {
  'usager-expected': 'expected the id of a usager, a number',
  'contact-expected': 'expected the id of a contact, or the address of its page',
  'not-csv': 'a quote is not closed, or not doubled',
  'too-many-columns': 'more columns than the first line',
  'several-contacts': 'this usager has several contacts in the file: keep one',
  'contact-not-found': 'no contact has this id',
  'contact-inactive': 'the contact is inactive: activate it, or choose another',
  'already-tied': 'the usager has another contact: merge the two in Dynamics, or repeat with --move',
  'usager-removed': 'the usager was deleted in RDV-Solidarités',
};

async function importFile(file: string, { dryRun = false, move = false }: ImportFlags, terminal: Terminal) {
  // Ties are made before the first notification is applied.
  const { dataverse } = readDataverseAccess(terminal.environment, { writesAlways: true });
  const { decisions, bad, undecided } = await read(file);
  const whenTied = move ? 'move' : 'refuse';
  const { tied, unchanged, refused, requests } = await importTies(dataverse, decisions, { whenTied, dryRun });
  const problems = [...bad, ...refused].sort((a, b) => a.line - b.line);
  for (const problem of problems) {
    const who = 'usager' in problem ? `usager-${problem.usager}: ` : '';
    terminal.complain(`line ${problem.line}: ${who}${problem.reason}: ${REASONS[problem.reason]}`);
  }
  const done = dryRun ? 'would be tied' : 'tied';
  const counts = [`${tied} ${done}`, `${unchanged} already so`, `${problems.length} refused`, `${undecided} undecided`];
  terminal.print(`${counts.join(', ')} (${requests} requests)`);
  if (problems.length > 0) throw new CommandError(`${problems.length} lines refused`);
}

async function read(file: string): Promise<SheetRead> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new CommandError(`${file} cannot be read`, { cause });
  });
  try {
    return readSheet(bytes);
  } catch (error) {
    if (error instanceof SheetError) throw new CommandError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}
