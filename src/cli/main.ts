// `npm run connector -- <command>`: what an administrator does from a terminal. One file per command.

import { Command, CommanderError, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { DataverseError } from '../dataverse/failure.ts';
import { ProvisionError } from '../provision/failure.ts';
import { ProvisionConflict } from '../provision/provision.ts';
import { SenderError } from '../rdv-solidarites/api/failure.ts';
import { addBackfill } from './backfill.ts';
import { addCalendar } from './calendar.ts';
import { addCheck } from './check.ts';
import { addDuplicates } from './duplicates.ts';
import { CommandError } from './environment.ts';
import { addErase } from './erase.ts';
import { addExplain } from './explain.ts';
import { addHeld } from './held.ts';
import { addLinks } from './links.ts';
import { addProvision, PartsRefused } from './provision.ts';
import { addQuarantine } from './quarantine.ts';
import { addReconcile } from './reconcile.ts';
import { addSamples } from './samples.ts';
import { addSend } from './send.ts';
import { hintForSender } from './sender/hint.ts';
import { addSender } from './sender.ts';
import { type ExitCode, type Shell, terminalIn } from './terminal.ts';
import { COLON, join, languageAsked, languageOf, type Words } from './text.ts';

/** Runs one command, e.g. `['send', 'rdv-created.json']`. Never throws: what goes wrong is printed and gives 1, or 3 when only parts of the application were refused. */
export async function run(args: readonly string[], shell: Shell): Promise<ExitCode> {
  const terminal = terminalIn(languageAsked(args) ?? languageOf(shell.locale), shell);
  const { text } = terminal;
  const program = new Command('connector')
    .description(
      text({
        en: 'Connector from RDV-Solidarités to Dynamics 365',
        fr: 'Connecteur de RDV-Solidarités vers Dynamics 365',
      }),
    )
    .version(manifest.version, '-V, --version', text({ en: 'print the version', fr: 'afficher la version' }))
    .helpOption('-h, --help', text({ en: 'print this help', fr: 'afficher cette aide' }))
    .helpCommand('help [command]', text({ en: 'print the help of a command', fr: 'afficher l’aide d’une commande' }))
    .addOption(
      new Option(
        '--lang <language>',
        text({
          en: 'language of what is printed (default: yours)',
          fr: 'langue de ce qui s’affiche (par défaut : la vôtre)',
        }),
      ).choices(['fr', 'en']),
    )
    .configureHelp({ styleTitle: (title) => text(TITLES[title] ?? title) })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.complain(text.trimEnd()),
    });
  addProvision(program, terminal);
  addCheck(program, terminal);
  addSend(program, terminal);
  addSamples(program, terminal);
  addExplain(program, terminal);
  addLinks(program, terminal);
  addDuplicates(program, terminal);
  addQuarantine(program, terminal);
  addHeld(program, terminal);
  addCalendar(program, terminal);
  addErase(program, terminal);
  addSender(program, terminal);
  addBackfill(program, terminal);
  addReconcile(program, terminal);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    terminal.complain(wordsOf(error));
    return error instanceof PartsRefused ? 3 : 1;
  }
}

/** Titles that commander prints itself. */
const TITLES: Readonly<Record<string, Words>> = {
  'Usage:': { en: 'Usage:', fr: 'Utilisation :' },
  'Options:': { en: 'Options:', fr: 'Options :' },
  'Commands:': { en: 'Commands:', fr: 'Commandes :' },
  'Arguments:': { en: 'Arguments:', fr: 'Arguments :' },
};

function hintFor({ failure: { code, status, missing } }: DataverseError): Words {
  if (code === 'memory-hidden') {
    return {
      en: `this account may not read what links remember: it needs the column security profile “${missing}”, or the role System Administrator`,
      fr: `ce compte ne peut pas lire ce que retiennent les liens : il lui faut le profil de sécurité de colonne « ${missing} », ou le rôle Administrateur système`,
    };
  }
  if (code === 'writing-is-off')
    return {
      en: 'nothing was written: WRITE_TO_DYNAMICS is false',
      fr: 'rien n’a été écrit : WRITE_TO_DYNAMICS est à false',
    };
  if (status === undefined)
    return {
      en: `no usable answer (${code}); is the address right, and is Dataverse up?`,
      fr: `pas de réponse utilisable (${code}) ; l’adresse est-elle juste, Dataverse répond-il ?`,
    };
  if (status === 401)
    return {
      en: 'the sign-in was refused; `az login`, or an application user for the identity',
      fr: 'la connexion est refusée ; `az login`, ou un utilisateur d’application pour l’identité',
    };
  return {
    en: `refused with ${status} (${code})${missing === undefined ? '' : `, missing: ${missing}`}`,
    fr: `refusé avec ${status} (${code})${missing === undefined ? '' : `, manque : ${missing}`}`,
  };
}

// Errors of the storage SDK and of the sign-in to it.
const OF_STORAGE: readonly string[] = ['RestError', 'CredentialUnavailableError', 'AggregateAuthenticationError'];

function wordsOf(error: unknown): Words {
  if (error instanceof Error && OF_STORAGE.includes(error.name)) {
    const code = 'code' in error ? String(error.code) : error.name;
    return {
      en: `NOTIFICATIONS_STORAGE: no usable answer (${code}); is it right, are you signed in (az login), with the data roles?`,
      fr: `NOTIFICATIONS_STORAGE : pas de réponse utilisable (${code}) ; le réglage est-il juste, êtes-vous connecté (az login), avec les rôles sur les données ?`,
    };
  }
  if (error instanceof DataverseError) return join(['DATAVERSE_URL', hintFor(error)], COLON);
  if (error instanceof SenderError) return hintForSender(error.failure);
  if (error instanceof CommandError) return error.words;
  if (error instanceof ProvisionConflict || error instanceof ProvisionError) return error.message;
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { en: `Unexpected failure: ${trace}`, fr: `Échec inattendu : ${trace}` };
}

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

async function askSecret(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const { Writable } = await import('node:stream');
  process.stderr.write(question);
  // The terminal shows what readline writes: here, nothing.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

if (import.meta.main) {
  process.exitCode = await run(process.argv.slice(2), {
    environment: process.env,
    locale: Intl.DateTimeFormat().resolvedOptions().locale,
    print: (line) => console.log(line),
    complain: (line) => console.error(line),
    ask: process.stdin.isTTY ? ask : undefined,
    askSecret: process.stdin.isTTY ? askSecret : undefined,
    // Erases the line, then stays on it (ECMA-48, EL): the next line of the command begins below.
    progress: process.stderr.isTTY ? (line) => process.stderr.write(`\r\u001b[K${line}\n\u001b[A`) : undefined,
  });
}
