// `connector quarantine`: shows notifications that could not be applied, and replays or discards them.

import { type Command, InvalidArgumentError } from 'commander';
import { discardQuarantine, listQuarantine, type QuarantineItem, readQuarantine } from '../delivery/quarantine.ts';
import { replay } from '../delivery/replay.ts';
import { readStorageSettings } from '../settings.ts';
import { openStorage, type Storage } from '../storage/clients.ts';
import { CommandError, orCommandError } from './environment.ts';
import { printable, type Terminal } from './terminal.ts';

interface ReplayOptions {
  readonly all?: boolean;
  readonly since?: Date;
}

export function addQuarantine(program: Command, terminal: Terminal): void {
  const command = program.command('quarantine').description('see and settle notifications that could not be applied');
  const open = () => openStorage(orCommandError(() => readStorageSettings(terminal.environment)));

  command
    .command('list')
    .description('list them, oldest first')
    .action(async () => list(await open(), terminal));
  command
    .command('show')
    .description('show one: why it is there and when it came')
    .argument('<id>', 'as listed')
    .option('--show-body', 'show the body too: personal data')
    .action(async (id: string, { showBody = false }: { showBody?: boolean }) => {
      const item = await find(await open(), id);
      for (const line of describe(id, item, showBody)) terminal.print(printable(line));
    });
  command
    .command('replay')
    .description('put them back on the queue, to be applied again')
    .argument('[id]', 'as listed')
    .option('--all', 'all of them, but those set aside in Dynamics')
    .option('--since <date>', 'those put there since then, e.g. 2026-11-24 or 2026-11-24T08:00Z', parseDate)
    .action(async (id: string | undefined, options: ReplayOptions) =>
      replayMany(await open(), { id, options, terminal }),
    );
  command
    .command('discard')
    .description('take one out for good')
    .argument('<id>', 'as listed')
    .option('--yes', 'confirm: it cannot be had back')
    .action(async (id: string, { yes = false }: { yes?: boolean }) => {
      const storage = await open();
      await find(storage, id);
      if (!yes) throw new CommandError(`${id} would be lost for good: repeat with --yes`);
      await discardQuarantine(storage, id);
      terminal.print(`${id}: discarded`);
    });
}

async function list(storage: Storage, terminal: Terminal): Promise<void> {
  const entries = await listQuarantine(storage);
  for (const { id, discarded } of entries) {
    const item = await readQuarantine(storage, id);
    if (item === undefined) continue;
    const note = discarded ? '  (set aside in Dynamics)' : '';
    terminal.print(printable(`${item.quarantinedAt}  ${id}  ${item.code}  ${item.reason}${note}`));
  }
  terminal.print(entries.length === 0 ? 'Quarantine is empty.' : `${entries.length} in quarantine.`);
}

function describe(id: string, item: QuarantineItem, showBody: boolean): string[] {
  const { envelope, body } = item;
  return [
    `id             ${id}`,
    `code           ${item.code}`,
    `reason         ${item.reason}`,
    `quarantined    ${item.quarantinedAt}`,
    `attempts       ${item.attempts}`,
    ...(envelope === null
      ? ['envelope       none: the message was not written by the receiver']
      : [
          `received       ${new Date(envelope.receivedAt).toISOString()}`,
          `source         ${envelope.source ?? '(none)'}`,
          ...(envelope.firstFailedAt === undefined
            ? []
            : [`first failed   ${new Date(envelope.firstFailedAt).toISOString()}`]),
        ]),
    `body           ${describeBody(body, showBody)}`,
  ];
}

function describeBody(body: string | null, showBody: boolean): string {
  if (body === null) return '(lost)';
  const bytes = Buffer.from(body, 'base64');
  return showBody ? bytes.toString('utf8') : `${bytes.length} bytes (--show-body shows them: personal data)`;
}

async function replayMany(
  storage: Storage,
  { id, options, terminal }: { id: string | undefined; options: ReplayOptions; terminal: Terminal },
): Promise<void> {
  const ids = await chosen(storage, id, options);
  let refused = 0;
  for (const one of ids) {
    const outcome = await replay(storage, one, Date.now());
    if (outcome === 'sent') terminal.print(`${one}: back on the queue`);
    else {
      refused += 1;
      terminal.complain(
        `${one}: ${outcome === 'gone' ? 'no longer there' : 'not a notification, it cannot be applied: discard it'}`,
      );
    }
  }
  terminal.print(`${ids.length - refused} of ${ids.length} put back.`);
  if (refused > 0) throw new CommandError(`${refused} could not be put back`);
}

async function chosen(storage: Storage, id: string | undefined, { all, since }: ReplayOptions): Promise<string[]> {
  if ([id, all, since].filter((choice) => choice !== undefined).length !== 1) {
    throw new CommandError('Say which: an id, --all, or --since <date>');
  }
  if (id !== undefined) {
    await find(storage, id);
    return [id];
  }
  const entries = (await listQuarantine(storage)).filter(({ discarded }) => !discarded);
  return entries.filter(({ quarantinedAt }) => since === undefined || quarantinedAt >= since).map((entry) => entry.id);
}

async function find(storage: Storage, id: string): Promise<QuarantineItem> {
  const item = await readQuarantine(storage, id);
  if (item === undefined) throw new CommandError(`${id}: not in quarantine (see: connector quarantine list)`);
  return item;
}

function parseDate(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('a date, e.g. 2026-11-24 or 2026-11-24T08:00Z');
  return date;
}
