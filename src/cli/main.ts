// `npm run connector -- <command>`: what an administrator does from a terminal. One file per command.

import { Command, CommanderError } from 'commander';
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
import type { ExitCode, Terminal } from './terminal.ts';

/** Runs one command, e.g. `['send', 'rdv-created.json']`. Never throws: what goes wrong is printed and gives 1, or 3 when only parts of the application were refused. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const program = new Command('connector')
    .description('Connector from RDV-Solidarités to Dynamics 365')
    .version(manifest.version)
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
    terminal.complain(messageOf(error));
    return error instanceof PartsRefused ? 3 : 1;
  }
}

const expected = [CommandError, PartsRefused, ProvisionConflict, ProvisionError];

function hintFor({ failure: { code, status, missing } }: DataverseError): string {
  if (code === 'memory-hidden') {
    return `this account may not read what links remember: it needs the column security profile “${missing}”, or the role System Administrator`;
  }
  if (code === 'writing-is-off') return 'nothing was written: WRITE_TO_DYNAMICS is false';
  if (status === undefined) return `no usable answer (${code}); is the address right, and is Dataverse up?`;
  if (status === 401) return 'the sign-in was refused; `az login`, or an application user for the identity';
  return `refused with ${status} (${code})${missing === undefined ? '' : `, missing: ${missing}`}`;
}

// Errors of the storage SDK and of the sign-in to it.
const OF_STORAGE: readonly string[] = ['RestError', 'CredentialUnavailableError', 'AggregateAuthenticationError'];

function messageOf(error: unknown): string {
  if (error instanceof Error && OF_STORAGE.includes(error.name)) {
    const code = 'code' in error ? String(error.code) : error.name;
    return `NOTIFICATIONS_STORAGE: no usable answer (${code}); is it right, are you signed in (az login), with the data roles?`;
  }
  if (error instanceof DataverseError) return `DATAVERSE_URL: ${hintFor(error)}`;
  if (error instanceof SenderError) return hintForSender(error.failure);
  if (expected.some((kind) => error instanceof kind) && error instanceof Error) return error.message;
  return `Unexpected failure: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
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
    print: (line) => console.log(line),
    complain: (line) => console.error(line),
    ask: process.stdin.isTTY ? ask : undefined,
    askSecret: process.stdin.isTTY ? askSecret : undefined,
    // Erases the line, then stays on it (ECMA-48, EL): the next line of the command begins below.
    progress: process.stderr.isTTY ? (line) => process.stderr.write(`\r\u001b[K${line}\n\u001b[A`) : undefined,
  });
}
