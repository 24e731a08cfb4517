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
import { CommandError, orCommandError, readDataverseAccess, WRITING_IS_OFF } from './environment.ts';
import { type Account, type AccountFlags, openAccount, SIGN_IN } from './sender/account.ts';
import { choose, parseOrganisations } from './sender/organisations.ts';
import type { Terminal } from './terminal.ts';
import { DO_NOT_ASK, YES } from './text.ts';

interface BackfillFlags extends AccountFlags {
  readonly organisation?: readonly number[];
  readonly only?: readonly Kind[];
  readonly since?: number;
  readonly dryRun?: boolean;
  readonly restart?: boolean;
  readonly yes?: boolean;
}

export function addBackfill(program: Command, terminal: Terminal): void {
  const { text } = terminal;
  program
    .command('backfill')
    .description(
      text({
        en: 'bring over what RDV-Solidarités has; interrupted, it is repeated and goes on',
        fr: 'reprendre ce que RDV-Solidarités contient ; interrompue, on la répète et elle continue',
      }),
    )
    .option(
      '--organisation <ids>',
      text({
        en: 'only these, as 12 or 12,13 (absences belong to none)',
        fr: 'seulement celles-ci, comme 12 ou 12,13 (les absences n’appartiennent à aucune)',
      }),
      parseOrganisations,
    )
    .option(
      '--only <kinds>',
      text({ en: 'some of rdv,usagers,absences (default: all)', fr: 'parmi rdv,usagers,absences (par défaut : tous)' }),
      parseKinds,
    )
    .option(
      '--since <day>',
      text({
        en: 'only RDV that begin on that day or later, as 2026-01-31',
        fr: 'seulement les RDV de ce jour ou d’après, comme 2026-01-31',
      }),
      parseDay,
    )
    .option(
      '--dry-run',
      text({
        en: 'say what it would cost, and read nothing else',
        fr: 'dire ce que cela coûterait, sans rien lire d’autre',
      }),
    )
    .option('--restart', text({ en: 'forget one that was interrupted', fr: 'oublier celle qui a été interrompue' }))
    .option('--yes', text(DO_NOT_ASK))
    .option('--sign-in', text(SIGN_IN))
    .action((flags: BackfillFlags) => backfill(flags, terminal));
}

async function backfill(flags: BackfillFlags, terminal: Terminal): Promise<void> {
  const { environment, print } = terminal;
  if (flags.dryRun !== true && !orCommandError(() => readWrites(environment))) {
    throw new CommandError(WRITING_IS_OFF);
  }
  const storage = await openStorage(orCommandError(() => readStorageSettings(environment)));
  const { dataverse } = readDataverseAccess(environment);
  const account = await openAccount(terminal, flags);
  if (flags.dryRun === true) {
    await plan(flags, account, terminal);
    return print({ en: 'Dry run: nothing was sent.', fr: 'Essai à blanc : rien n’a été envoyé.' });
  }
  const done = await withProgress(storage, async (held) => {
    const start = interrupted(flags, held, terminal) ?? (await beginAnew(flags, account, terminal));
    await held.write(start);
    await writeRun(dataverse, start);
    const ended = await run(start, { account, storage, held, terminal });
    const left = leftOf(ended);
    const outcomes = await countOutcomes(dataverse, storage, ended.run);
    // They stay in a row of Dynamics too, in the language of whoever ran it.
    const counts = resultOf(ended, outcomes).map(terminal.text);
    await writeRun(dataverse, ended, { at: Date.now(), counts });
    await (left === undefined ? held.remove() : held.write(left));
    for (const line of counts) print(line);
    return left === undefined ? 'ended' : 'left';
  });
  if (done === 'busy')
    throw new CommandError({
      en: 'Another backfill is running, or was killed less than 15 s ago: nothing was done.',
      fr: 'Une autre reprise est en cours, ou a été tuée il y a moins de 15 s : rien n’a été fait.',
    });
  if (done === 'left')
    throw new CommandError({
      en: 'Not all was read: give the account its role, then repeat the command.',
      fr: 'Tout n’a pas été lu : donnez son rôle au compte, puis répétez la commande.',
    });
}

/** One that did not end goes on as it was begun. */
function interrupted(flags: BackfillFlags, { stored }: HeldProgress, { print }: Terminal): Progress | undefined {
  if (stored === undefined || flags.restart === true) return undefined;
  if (flags.organisation !== undefined || flags.only !== undefined || flags.since !== undefined) {
    throw new CommandError({
      en: `${stored.run} was interrupted: repeat without other options to go on, or with --restart`,
      fr: `${stored.run} a été interrompue : répétez sans autre option pour continuer, ou avec --restart`,
    });
  }
  print({ en: `Goes on with ${stored.run}.`, fr: `Suite de ${stored.run}.` });
  return stored;
}

async function beginAnew(flags: BackfillFlags, account: Account, terminal: Terminal): Promise<Progress> {
  const { kinds, organisations, cost } = await plan(flags, account, terminal);
  if (flags.yes !== true) {
    if (terminal.ask === undefined) {
      throw new CommandError({
        en: 'Nothing was sent: repeat with --yes',
        fr: 'Rien n’a été envoyé : répétez avec --yes',
      });
    }
    const answer = (await terminal.ask({ en: 'Begin? Type yes: ', fr: 'Commencer ? Tapez oui : ' })).trim();
    if (answer !== terminal.text(YES)) {
      throw new CommandError({ en: 'Nothing was sent.', fr: 'Rien n’a été envoyé.' });
    }
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
  if (kinds.length === 0)
    throw new CommandError({
      en: '--organisation: absences belong to none',
      fr: '--organisation : les absences n’appartiennent à aucune',
    });
  const chosen = await choose(sender, flags.organisation);
  const foreign = chosen.filter(({ isOwn }) => !isOwn).map(({ id }) => id);
  if (foreign.length > 0) {
    throw new CommandError({
      en: `The account has no role in organisation ${foreign.join(', ')}.`,
      fr: `Le compte n’a pas de rôle dans l’organisation ${foreign.join(', ')}.`,
    });
  }
  if (chosen.length === 0) {
    throw new CommandError({
      en: 'The account has a role in no organisation.',
      fr: 'Le compte n’a de rôle dans aucune organisation.',
    });
  }
  const { perMinute } = settings;
  const minutes = Math.ceil((2 * chosen.length) / perMinute);
  print({
    en: `${chosen.length} organisations, ${perMinute} requests a minute: counting takes ${minutes} min at most.`,
    fr: `${chosen.length} organisations, ${perMinute} requêtes par minute : le comptage prend ${minutes} min au plus.`,
  });
  const organisations = chosen.map(({ id }) => id);
  const cost = await estimate(sender, kinds, organisations);
  for (const line of costOf(cost, perMinute)) print(line);
  return { kinds, organisations, cost };
}

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
    terminal.complain({
      en: 'Interrupted: repeat the command to go on.',
      fr: 'Interrompu : répétez la commande pour continuer.',
    });
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
