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
import { join, type Text, type Words } from './text.ts';

export function addLinks(program: Command, terminal: Terminal): void {
  const { text } = terminal;
  const command = program.command('links').description(
    text({
      en: 'tie usagers to the contacts that Dynamics already has',
      fr: 'rattacher les usagers aux contacts que Dynamics a déjà',
    }),
  );
  command
    .command('suggest')
    .description(
      text({
        en: 'list usagers beside contacts that may be theirs, as CSV: personal data',
        fr: 'lister les usagers à côté des contacts qui peuvent être les leurs, en CSV : données personnelles',
      }),
    )
    .option(
      '--folder <dir>',
      text({
        en: 'usagers of the notifications (JSON) in a folder (default: everyone linked)',
        fr: 'usagers des notifications (JSON) d’un dossier (par défaut : tous ceux qui ont un lien)',
      }),
    )
    .addOption(
      new Option(
        '--held',
        text({
          en: 'usagers of the notifications that wait while WRITE_TO_DYNAMICS is false',
          fr: 'usagers des notifications retenues tant que WRITE_TO_DYNAMICS est à false',
        }),
      ).conflicts('folder'),
    )
    .addOption(
      new Option(
        '--sender',
        text({ en: 'usagers of the API of RDV-Solidarités', fr: 'usagers de l’API de RDV-Solidarités' }),
      ).conflicts(['folder', 'held']),
    )
    .option(
      '--sign-in',
      text({
        en: 'with --sender: ask for e-mail and password in place of the stored connection',
        fr: 'avec --sender : demander adresse et mot de passe au lieu de la connexion enregistrée',
      }),
    )
    .option('--json', text({ en: 'write JSON, for programs', fr: 'écrire du JSON, pour des programmes' }))
    .option(
      '--out <file>',
      text({
        en: 'write there, to a new file (default: print it)',
        fr: 'y écrire, dans un nouveau fichier (par défaut : l’afficher)',
      }),
    )
    .action((options: SuggestOptions) => suggest(options, terminal));
  command
    .command('import')
    .description(
      text({
        en: 'tie usagers to contacts, as the columns usager and contact of a CSV say; repeat it at will',
        fr: 'rattacher les usagers aux contacts selon les colonnes usager et contact d’un CSV ; à répéter sans crainte',
      }),
    )
    .argument(
      '<csv>',
      text({ en: 'file made by `links suggest`, completed', fr: 'fichier fait par `links suggest`, complété' }),
    )
    .option(
      '--dry-run',
      text({ en: 'say what would be done, and write nothing', fr: 'dire ce qui serait fait, sans rien écrire' }),
    )
    .option(
      '--move',
      text({
        en: 'take usagers away from the contact that they have',
        fr: 'détacher les usagers du contact qu’ils ont',
      }),
    )
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
  readonly summary: Text;
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
    const words = exists
      ? { en: `--out: ${file} exists already`, fr: `--out : ${file} existe déjà` }
      : { en: `--out: ${file} cannot be written`, fr: `--out : ${file} ne peut pas être écrit` };
    throw new CommandError(words, { cause });
  });
}

function summaryOf(suggestions: readonly Suggestion[]): Text {
  const count = (wanted: Suggestion['situation']) => suggestions.filter(({ situation }) => situation === wanted).length;
  const [proposed, ambiguous] = [count('proposed'), count('ambiguous')];
  const [none, tied] = [count('none'), count('tied')];
  return {
    en: `${suggestions.length} usagers: ${proposed} proposed, ${ambiguous} ambiguous, ${none} without a candidate, ${tied} already tied`,
    fr: `${suggestions.length} usagers : ${proposed} proposés, ${ambiguous} ambigus, ${none} sans candidat, ${tied} déjà rattachés`,
  };
}

function summaryOfLinks(suggestions: readonly Suggestion[], linked: number): Text {
  const without = suggestions.filter(({ situation }) => situation === 'unknown').length;
  const twice = suggestions.length - without;
  const byHand: Words =
    without === 0
      ? ''
      : {
          en: ': find theirs by hand, for a link names nobody',
          fr: ' : cherchez le leur à la main, car un lien ne nomme personne',
        };
  const counts = {
    en: `${linked} usagers with a contact, ${twice} of whom resemble another; ${without} without a contact`,
    fr: `${linked} usagers avec un contact, dont ${twice} ressemblent à un autre ; ${without} sans contact`,
  };
  return join([counts, byHand], '');
}

interface ImportFlags {
  readonly dryRun?: boolean;
  readonly move?: boolean;
}

const REASONS: Readonly<Record<RefusedLine['reason'] | SheetRead['bad'][number]['reason'], Text>> = {
  'usager-expected': {
    en: 'expected the id of a usager, a number',
    fr: 'attendu : l’identifiant d’un usager, un nombre',
  },
  'contact-expected': {
    en: 'expected the id of a contact, or the address of its page',
    fr: 'attendu : l’identifiant d’un contact, ou l’adresse de sa fiche',
  },
  'not-csv': { en: 'a quote is not closed, or not doubled', fr: 'un guillemet n’est pas fermé, ou pas doublé' },
  'too-many-columns': { en: 'more columns than the first line', fr: 'plus de colonnes que la première ligne' },
  'several-contacts': {
    en: 'this usager has several contacts in the file: keep one',
    fr: 'cet usager a plusieurs contacts dans le fichier : gardez-en un',
  },
  'contact-not-found': { en: 'no contact has this id', fr: 'aucun contact n’a cet identifiant' },
  'contact-inactive': {
    en: 'the contact is inactive: activate it, or choose another',
    fr: 'le contact est inactif : activez-le, ou choisissez-en un autre',
  },
  'already-tied': {
    en: 'the usager has another contact: merge the two in Dynamics, or repeat with --move',
    fr: 'l’usager a un autre contact : fusionnez les deux dans Dynamics, ou répétez avec --move',
  },
  'usager-removed': {
    en: 'the usager was deleted in RDV-Solidarités',
    fr: 'l’usager a été supprimé dans RDV-Solidarités',
  },
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
    const { line, reason } = problem;
    const { en, fr } = REASONS[reason];
    terminal.complain({ en: `line ${line}: ${who}${reason}: ${en}`, fr: `ligne ${line} : ${who}${reason} : ${fr}` });
  }
  const count = problems.length;
  terminal.print({
    en: `${tied} ${dryRun ? 'would be tied' : 'tied'}, ${unchanged} already so, ${count} refused, ${undecided} undecided (${requests} requests)`,
    fr: `${tied} ${dryRun ? 'seraient rattachés' : 'rattachés'}, ${unchanged} déjà ainsi, ${count} refusés, ${undecided} sans choix (${requests} requêtes)`,
  });
  if (count > 0) throw new CommandError({ en: `${count} lines refused`, fr: `${count} lignes refusées` });
}

async function read(file: string): Promise<SheetRead> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new CommandError({ en: `${file} cannot be read`, fr: `${file} ne peut pas être lu` }, { cause });
  });
  try {
    return readSheet(bytes);
  } catch (error) {
    if (error instanceof SheetError) throw new CommandError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}
