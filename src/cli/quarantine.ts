// `connector quarantine`: shows notifications that could not be applied, and replays or discards them.

import { type Command, InvalidArgumentError } from 'commander';
import { discardQuarantine, listQuarantine, type QuarantineItem, readQuarantine } from '../delivery/quarantine.ts';
import { replay } from '../delivery/replay.ts';
import { readStorageSettings } from '../settings.ts';
import { openStorage, type Storage } from '../storage/clients.ts';
import { CommandError, orCommandError } from './environment.ts';
import { printable, type Terminal } from './terminal.ts';
import { join, type Words } from './text.ts';

const AS_LISTED: Words = { en: 'as listed', fr: 'comme dans la liste' };

interface ReplayOptions {
  readonly all?: boolean;
  readonly since?: Date;
}

export function addQuarantine(program: Command, terminal: Terminal): void {
  const { text } = terminal;
  const command = program.command('quarantine').description(
    text({
      en: 'see and settle notifications that could not be applied',
      fr: 'voir et régler les notifications qui n’ont pas pu être appliquées',
    }),
  );
  const open = () => openStorage(orCommandError(() => readStorageSettings(terminal.environment)));

  command
    .command('list')
    .description(text({ en: 'list them, oldest first', fr: 'les lister, la plus ancienne d’abord' }))
    .action(async () => list(await open(), terminal));
  command
    .command('show')
    .description(
      text({ en: 'show one: why it is there and when it came', fr: 'en montrer une : sa raison et ses dates' }),
    )
    .argument('<id>', text(AS_LISTED))
    .option(
      '--show-body',
      text({ en: 'show the body too: personal data', fr: 'montrer aussi le corps : données personnelles' }),
    )
    .action(async (id: string, { showBody = false }: { showBody?: boolean }) => {
      const item = await find(await open(), id);
      for (const line of describe(id, item, showBody)) terminal.print(printable(text(line)));
    });
  command
    .command('replay')
    .description(
      text({
        en: 'put them back on the queue, to be applied again',
        fr: 'les remettre dans la file, pour être appliquées de nouveau',
      }),
    )
    .argument('[id]', text(AS_LISTED))
    .option(
      '--all',
      text({ en: 'all of them, but those set aside in Dynamics', fr: 'toutes, sauf celles écartées dans Dynamics' }),
    )
    .option(
      '--since <date>',
      text({
        en: 'those put there since then, e.g. 2026-11-24 or 2026-11-24T08:00Z',
        fr: 'celles arrivées depuis, par exemple 2026-11-24 ou 2026-11-24T08:00Z',
      }),
      parseDate,
    )
    .action(async (id: string | undefined, options: ReplayOptions) =>
      replayMany(await open(), { id, options, terminal }),
    );
  command
    .command('discard')
    .description(text({ en: 'take one out for good', fr: 'en retirer une pour toujours' }))
    .argument('<id>', text(AS_LISTED))
    .option(
      '--yes',
      text({ en: 'confirm: it cannot be had back', fr: 'confirmer : elle ne pourra pas être retrouvée' }),
    )
    .action(async (id: string, { yes = false }: { yes?: boolean }) => {
      const storage = await open();
      await find(storage, id);
      if (!yes) {
        throw new CommandError({
          en: `${id} would be lost for good: repeat with --yes`,
          fr: `${id} serait perdue pour toujours : répétez avec --yes`,
        });
      }
      await discardQuarantine(storage, id);
      terminal.print({ en: `${id}: discarded`, fr: `${id} : retirée` });
    });
}

async function list(storage: Storage, terminal: Terminal): Promise<void> {
  const { text } = terminal;
  const entries = await listQuarantine(storage);
  for (const { id, discarded } of entries) {
    const item = await readQuarantine(storage, id);
    if (item === undefined) continue;
    const note = discarded ? text({ en: '  (set aside in Dynamics)', fr: '  (écartée dans Dynamics)' }) : '';
    terminal.print(printable(`${item.quarantinedAt}  ${id}  ${item.code}  ${item.reason}${note}`));
  }
  terminal.print(
    entries.length === 0
      ? { en: 'Quarantine is empty.', fr: 'La quarantaine est vide.' }
      : { en: `${entries.length} in quarantine.`, fr: `${entries.length} en quarantaine.` },
  );
}

/** One line a field, with its name in front: scripts read it, so the names are the same in every language. */
function describe(id: string, item: QuarantineItem, showBody: boolean): readonly Words[] {
  const { envelope, body } = item;
  return [
    `id             ${id}`,
    `code           ${item.code}`,
    `reason         ${item.reason}`,
    `quarantined    ${item.quarantinedAt}`,
    `attempts       ${item.attempts}`,
    ...(envelope === null
      ? [
          {
            en: 'envelope       none: the message was not written by the receiver',
            fr: 'envelope       aucune : le message ne vient pas du récepteur',
          },
        ]
      : [
          `received       ${new Date(envelope.receivedAt).toISOString()}`,
          `source         ${envelope.source ?? '(none)'}`,
          ...(envelope.firstFailedAt === undefined
            ? []
            : [`first failed   ${new Date(envelope.firstFailedAt).toISOString()}`]),
        ]),
    join(['body           ', describeBody(body, showBody)], ''),
  ];
}

function describeBody(body: string | null, showBody: boolean): Words {
  if (body === null) return { en: '(lost)', fr: '(perdu)' };
  const bytes = Buffer.from(body, 'base64');
  if (showBody) return bytes.toString('utf8');
  return {
    en: `${bytes.length} bytes (--show-body shows them: personal data)`,
    fr: `${bytes.length} octets (--show-body les montre : données personnelles)`,
  };
}

async function replayMany(
  storage: Storage,
  { id, options, terminal }: { id: string | undefined; options: ReplayOptions; terminal: Terminal },
): Promise<void> {
  const ids = await chosen(storage, id, options);
  let refused = 0;
  for (const one of ids) {
    const outcome = await replay(storage, one, Date.now());
    if (outcome === 'sent') terminal.print({ en: `${one}: back on the queue`, fr: `${one} : remise dans la file` });
    else {
      refused += 1;
      terminal.complain(
        outcome === 'gone'
          ? { en: `${one}: no longer there`, fr: `${one} : n’y est plus` }
          : {
              en: `${one}: not a notification, it cannot be applied: discard it`,
              fr: `${one} : pas une notification, elle ne peut pas être appliquée : retirez-la (discard)`,
            },
      );
    }
  }
  const [sent, of] = [ids.length - refused, ids.length];
  terminal.print({ en: `${sent} of ${of} put back.`, fr: `${sent} sur ${of} remises dans la file.` });
  if (refused > 0) {
    throw new CommandError({ en: `${refused} could not be put back`, fr: `${refused} n’ont pas pu être remises` });
  }
}

async function chosen(storage: Storage, id: string | undefined, { all, since }: ReplayOptions): Promise<string[]> {
  if ([id, all, since].filter((choice) => choice !== undefined).length !== 1) {
    throw new CommandError({
      en: 'Say which: an id, --all, or --since <date>',
      fr: 'Dites lesquelles : un identifiant, --all, ou --since <date>',
    });
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
  if (item === undefined) {
    throw new CommandError({
      en: `${id}: not in quarantine (see: connector quarantine list)`,
      fr: `${id} : pas en quarantaine (voir : connector quarantine list)`,
    });
  }
  return item;
}

function parseDate(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('a date, e.g. 2026-11-24 or 2026-11-24T08:00Z');
  return date;
}
