// `connector reconcile`: the nightly comparison with RDV-Solidarités, on demand.
import { appendFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import { openCalls } from '../dataverse/calls.ts';
import { openPace } from '../rdv-solidarites/api/pace.ts';
import { isBroken } from '../reconcile/chain.ts';
import type { Compared } from '../reconcile/compare.ts';
import { takingFor } from '../reconcile/open.ts';
import { quietFor } from '../reconcile/paris.ts';
import { newRun, type Run } from '../reconcile/run.ts';
import { openRunStore } from '../reconcile/run-store.ts';
import { linesOf, tellOf } from '../reconcile/show-run.ts';
import { countWaiting } from '../reconcile/waiting.ts';
import { work } from '../reconcile/work.ts';
import { readPolicy, readStorageSettings } from '../settings.ts';
import { openStorage } from '../storage/clients.ts';
import { mappedColumns } from '../sync/mapped-columns.ts';
import { CommandError, orCommandError, readDataverseAccess } from './environment.ts';
import { openAccount } from './sender/account.ts';
import type { Terminal } from './terminal.ts';
import type { Text } from './text.ts';

interface Flags {
  readonly dryRun?: boolean;
  readonly report?: string;
  readonly signIn?: boolean;
}

export function addReconcile(program: Command, terminal: Terminal): void {
  const { text } = terminal;
  program
    .command('reconcile')
    .description(
      text({
        en: 'compare RDV-Solidarités with Dynamics, and write what differs; repeat it when it was interrupted',
        fr: 'comparer RDV-Solidarités et Dynamics, et écrire ce qui diffère ; à répéter après une interruption',
      }),
    )
    .option('--dry-run', text({ en: 'write nothing', fr: 'ne rien écrire' }))
    .option(
      '--report <file>',
      text({
        en: 'add what differs to a CSV file: ids and column names only',
        fr: 'ajouter ce qui diffère à un fichier CSV : identifiants et noms de colonnes seulement',
      }),
    )
    .option(
      '--sign-in',
      text({
        en: 'ask for e-mail and password instead of taking the stored connection',
        fr: 'demander adresse et mot de passe au lieu de prendre la connexion enregistrée',
      }),
    )
    .action((flags: Flags) => reconcile(flags, terminal));
}

const AGAIN_MS = 60_000;

async function reconcile({ dryRun = false, report, signIn = false }: Flags, terminal: Terminal): Promise<void> {
  const { environment } = terminal;
  const policy = orCommandError(() => readPolicy(environment));
  const storage = await openStorage(orCommandError(() => readStorageSettings(environment)));
  const { dataverse } = readDataverseAccess(environment, { places: 1, mapped: mappedColumns(policy) });
  if (dataverse.readOnly === true && !dryRun)
    throw new CommandError({
      en: 'WRITE_TO_DYNAMICS is false: only --dry-run',
      fr: 'WRITE_TO_DYNAMICS est à false : seulement --dry-run',
    });
  if (quietFor(Date.now()) > 0)
    terminal.complain({
      en: 'RDV-Solidarités purges at this hour: lists may change meanwhile',
      fr: 'RDV-Solidarités fait sa purge à cette heure : les listes peuvent changer entre-temps',
    });
  const account = await openAccount(terminal, { signIn });
  const show = progressTo(terminal);
  const done = await openRunStore(storage).locked(async ({ run: former, write }) => {
    const run = continued(former, dryRun);
    await write(run);
    const pace = openPace({ perMinute: account.settings.perMinute, nextAt: run.nextAt });
    const means = { storage, settings: { policy }, sender: account.settings, signIn: account.signIn };
    const taking = takingFor(run, { ...means, calls: () => openCalls(dataverse) }, pace);
    while (run.endedAt === null) {
      await work(run, {
        ...taking,
        isLate: () => false,
        report: report === undefined ? undefined : (found) => addTo(report, found),
        save: async (next) => {
          await taking.save();
          await write({ ...next, touchedAt: Date.now() });
          show(next);
        },
      });
      if (run.endedAt === null) await setTimeout(AGAIN_MS);
    }
    const waiting = () => countWaiting(storage);
    await tellOf(run, { calls: openCalls(dataverse), log: () => undefined, waiting });
    return { run };
  });
  if (done === undefined)
    throw new CommandError({
      en: 'A comparison is under way, or was interrupted less than a minute ago: wait',
      fr: 'Une comparaison est en cours, ou a été interrompue il y a moins d’une minute : attendez',
    });
  for (const line of linesOf(done.run)) terminal.print(line);
  if (done.run.stopped !== null)
    throw new CommandError({
      en: `The comparison was stopped: ${done.run.stopped}`,
      fr: `La comparaison a été arrêtée : ${done.run.stopped}`,
    });
}

/** The command's own run goes on where it was interrupted; a night's is not taken over. */
function continued(former: Run | undefined, dryRun: boolean): Run {
  const now = Date.now();
  if (former?.endedAt === null) {
    if (former.kind === 'command' && former.dryRun === dryRun) return former;
    // Who holds the run knows that no other command works on it; a night is left for a moment between two items.
    if (former.kind === 'night' && !isBroken(former, now))
      throw new CommandError({
        en: 'The night’s comparison is under way',
        fr: 'La comparaison de la nuit est en cours',
      });
  }
  const id = `command-${new Date(now).toISOString().slice(0, 23).replace(/\D/g, '')}`;
  return newRun({ id, kind: 'command', night: former?.night ?? null, dryRun, now, former });
}

async function addTo(file: string, found: readonly Compared[]): Promise<void> {
  const lines = found.map(({ name, drift, columns }) => `${name},${drift},${columns.join(' ')}\n`);
  if (lines.length > 0) await appendFile(file, lines.join(''));
}

/** On a terminal after each step, elsewhere one line a minute. */
function progressTo({ progress, complain }: Terminal): (run: Run) => void {
  let saidAt = 0;
  return ({ stage, at, organisations, counts }) => {
    const place = `${stage} ${at + 1}/${organisations.length}`;
    const line: Text = {
      en: `${place}: ${counts.read} read, ${counts.healed} to write`,
      fr: `${place} : ${counts.read} lus, ${counts.healed} à écrire`,
    };
    if (progress !== undefined) progress(line);
    else if (Date.now() - saidAt >= AGAIN_MS) {
      saidAt = Date.now();
      complain(line);
    }
  };
}
