// `connector backfill`: what RDV-Solidarités has, read by its API and sent to be applied.

import { type Command, InvalidArgumentError } from 'commander';
import { BackfillStopped } from '../backfill/batches.ts';
import { type Estimate, estimate } from '../backfill/estimate.ts';
import { countOutcomes } from '../backfill/outcomes.ts';
import { begin, KINDS, type Kind, leftOf, type Progress } from '../backfill/progress.ts';
import { type HeldProgress, withProgress } from '../backfill/progress-store.ts';
import { runBackfill } from '../backfill/run-backfill.ts';
import { writeRun } from '../backfill/run-row.ts';
import { openSnapshotQueue } from '../backfill/snapshot-queue.ts';
import { SYSTEM_CLOCK } from '../rdv-solidarites/api/pace.ts';
import { readStorageSettings, readWrites } from '../settings.ts';
import { openStorage, type Storage } from '../storage/clients.ts';
import { showProgress } from './backfill/show-progress.ts';
import { costOf, resultOf, STOPPED } from './backfill/texts.ts';
import { CommandError, orCommandError, readDataverseAccess } from './environment.ts';
import { type Account, type AccountFlags, openAccount } from './sender/account.ts';
import { choose, parseOrganisations } from './sender/organisations.ts';
import type { Terminal } from './terminal.ts';

interface BackfillFlags extends AccountFlags {
  readonly organisation?: readonly number[];
  readonly only?: readonly Kind[];
  readonly since?: number;
  readonly dryRun?: boolean;
  readonly restart?: boolean;
  readonly yes?: boolean;
}

export function addBackfill(program: Command, terminal: Terminal): void {
  program
    .command('backfill')
    .description('bring over what RDV-Solidarités has; interrupted, it is repeated and goes on')
    .option('--organisation <ids>', 'only these, as 12 or 12,13 (absences belong to none)', parseOrganisations)
    .option('--only <kinds>', 'some of rdv,usagers,absences (default: all)', parseKinds)
    .option('--since <day>', 'only RDV that begin on that day or later, as 2026-01-31', parseDay)
    .option('--dry-run', 'say what it would cost, and read nothing else')
    .option('--restart', 'forget one that was interrupted')
    .option('--yes', 'do not ask')
    .option('--sign-in', 'ask for e-mail and password, on instances that still take them; kept nowhere')
    .action((flags: BackfillFlags) => backfill(flags, terminal));
}

async function backfill(flags: BackfillFlags, terminal: Terminal): Promise<void> {
  const { environment, print } = terminal;
  if (flags.dryRun !== true && !orCommandError(() => readWrites(environment))) {
    throw new CommandError('WRITE_TO_DYNAMICS is false: set it to true, here and in the application, then repeat');
  }
  const storage = await openStorage(orCommandError(() => readStorageSettings(environment)));
  const { dataverse } = readDataverseAccess(environment);
  const account = await openAccount(terminal, flags);
  if (flags.dryRun === true) {
    await plan(flags, account, terminal);
    return print('Dry run: nothing was sent.');
  }
  const done = await withProgress(storage, async (held) => {
    const start = interrupted(flags, held, terminal) ?? (await beginAnew(flags, account, terminal));
    await held.write(start);
    await writeRun(dataverse, start);
    const ended = await run(start, { account, storage, held, terminal });
    const left = leftOf(ended);
    const outcomes = await countOutcomes(dataverse, storage, ended.run);
    const counts = resultOf(ended, outcomes);
    await writeRun(dataverse, ended, { at: Date.now(), counts });
    await (left === undefined ? held.remove() : held.write(left));
    for (const line of counts) print(line);
    return left === undefined ? 'ended' : 'left';
  });
  if (done === 'busy')
    throw new CommandError('Another backfill is running, or was killed less than 15 s ago: nothing was done.');
  if (done === 'left') throw new CommandError('Not all was read: give the account its role, then repeat the command.');
}

/** One that did not end goes on as it was begun. */
function interrupted(flags: BackfillFlags, { stored }: HeldProgress, { print }: Terminal): Progress | undefined {
  if (stored === undefined || flags.restart === true) return undefined;
  if (flags.organisation !== undefined || flags.only !== undefined || flags.since !== undefined) {
    throw new CommandError(`${stored.run} was interrupted: repeat without other options to go on, or with --restart`);
  }
  print(`Goes on with ${stored.run}.`);
  return stored;
}

async function beginAnew(flags: BackfillFlags, account: Account, terminal: Terminal): Promise<Progress> {
  const { kinds, organisations, cost } = await plan(flags, account, terminal);
  if (flags.yes !== true) {
    if (terminal.ask === undefined) throw new CommandError('Nothing was sent: repeat with --yes');
    if ((await terminal.ask('Begin? Type yes: ')).trim() !== 'yes') throw new CommandError('Nothing was sent.');
  }
  const startedAt = Date.now();
  const since = flags.since === undefined ? {} : { since: flags.since };
  const id = `backfill-${new Date(startedAt).toISOString().replaceAll(/\D/g, '').slice(0, 14)}`;
  return begin({ run: id, startedAt, kinds, organisations, expected: cost.records, ...since });
}

interface Planned {
  readonly kinds: Kind[];
  readonly organisations: number[];
  readonly cost: Estimate;
}

async function plan(flags: BackfillFlags, { sender, settings }: Account, { print }: Terminal): Promise<Planned> {
  const asked = flags.only ?? KINDS;
  const kinds = KINDS.filter(
    (kind) => asked.includes(kind) && (kind !== 'absences' || flags.organisation === undefined),
  );
  if (kinds.length === 0) throw new CommandError('--organisation: absences belong to none');
  const chosen = await choose(sender, flags.organisation);
  const foreign = chosen.filter(({ isOwn }) => !isOwn).map(({ id }) => id);
  if (foreign.length > 0) throw new CommandError(`The account has no role in organisation ${foreign.join(', ')}.`);
  if (chosen.length === 0) throw new CommandError('The account has a role in no organisation.');
  const { perMinute } = settings;
  print(
    `${chosen.length} organisations, ${perMinute} requests a minute: counting takes ${minutes(2 * chosen.length, perMinute)}.`,
  );
  const organisations = chosen.map(({ id }) => id);
  const cost = await estimate(sender, kinds, organisations);
  for (const line of costOf(cost, perMinute)) print(line);
  return { kinds, organisations, cost };
}

const minutes = (requests: number, perMinute: number) => `${Math.ceil(requests / perMinute)} min at most`;

interface RunWith {
  readonly account: Account;
  readonly storage: Storage;
  readonly held: HeldProgress;
  readonly terminal: Terminal;
}

/** Ctrl-C ends it between two requests; a second one at once. */
async function run(start: Progress, { account, storage, held, terminal }: RunWith): Promise<Progress> {
  let isAsked = false;
  const stop = () => {
    isAsked = true;
  };
  process.once('SIGINT', stop);
  try {
    return await runBackfill(start, {
      sender: account.sender,
      queue: openSnapshotQueue(storage, SYSTEM_CLOCK.now),
      clock: SYSTEM_CLOCK,
      stopping: () => isAsked,
      save: held.write,
      onProgress: showProgress(start, terminal, Date.now),
    });
  } catch (error) {
    if (error instanceof BackfillStopped) throw new CommandError(STOPPED[error.reason]);
    terminal.complain('Interrupted: repeat the command to go on.');
    throw error;
  } finally {
    process.removeListener('SIGINT', stop);
    terminal.progress?.('');
  }
}

function parseKinds(text: string): readonly Kind[] {
  const names = text.split(',').map((name) => name.trim());
  const kinds = KINDS.filter((kind) => names.includes(kind));
  if (kinds.length !== new Set(names).size) throw new InvalidArgumentError('some of rdv,usagers,absences');
  return kinds;
}

function parseDay(text: string): number {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(day)) throw new InvalidArgumentError('a day, as 2026-01-31');
  return day;
}
