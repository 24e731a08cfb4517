// `connector held`: what was accepted while the connector may not write, and how it is let go.
import { setTimeout } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { listHeld } from '../delivery/held.ts';
import { release } from '../delivery/release.ts';
import { readStorageSettings, readWrites } from '../settings.ts';
import { openStorage } from '../storage/clients.ts';
import { CommandError, orCommandError, WRITING_IS_OFF } from './environment.ts';
import { printable, type Terminal } from './terminal.ts';

/** A minute of the worker, at ten notifications a second. */
const PACE = 600;

export function addHeld(program: Command, terminal: Terminal): void {
  const { text } = terminal;
  const command = program.command('held').description(
    text({
      en: 'see and let go what is kept while WRITE_TO_DYNAMICS is false',
      fr: 'voir et laisser partir ce qui est retenu tant que WRITE_TO_DYNAMICS est à false',
    }),
  );
  const open = () => openStorage(orCommandError(() => readStorageSettings(terminal.environment)));

  command
    .command('list')
    .description(text({ en: 'list them, in the order of receipt', fr: 'les lister, dans l’ordre de réception' }))
    .action(async () => {
      const entries = await listHeld(await open());
      for (const { notificationId, receivedAt } of entries) {
        terminal.print(printable(`${new Date(receivedAt).toISOString()}  ${notificationId}`));
      }
      terminal.print(
        entries.length === 0
          ? { en: 'Nothing is held.', fr: 'Rien n’est retenu.' }
          : { en: `${entries.length} held.`, fr: `${entries.length} retenues.` },
      );
    });
  command
    .command('release')
    .description(
      text({
        en: 'send them to be applied, in the order of receipt; repeat it when it was interrupted',
        fr: 'les envoyer pour être appliquées, dans l’ordre de réception ; à répéter après une interruption',
      }),
    )
    .option('--pace <number>', text({ en: 'notifications a minute', fr: 'notifications par minute' }), parsePace, PACE)
    .action(async ({ pace }: { pace: number }) => letGo(pace, terminal, open));
}

async function letGo(pace: number, terminal: Terminal, open: () => ReturnType<typeof openStorage>): Promise<void> {
  if (!orCommandError(() => readWrites(terminal.environment))) {
    throw new CommandError(WRITING_IS_OFF);
  }
  const onProgress = (released: number, of: number) => {
    if (released % pace === 0) terminal.complain({ en: `${released} of ${of}`, fr: `${released} sur ${of}` });
  };
  const { released, heldAgain } = await release(await open(), { pace, now: Date.now, sleep: setTimeout, onProgress });
  terminal.print({ en: `${released} released.`, fr: `${released} envoyées.` });
  if (heldAgain) {
    throw new CommandError({
      en: 'The application holds them again: set its WRITE_TO_DYNAMICS to true, then repeat',
      fr: 'L’application les retient de nouveau : mettez son WRITE_TO_DYNAMICS à true, puis répétez',
    });
  }
}

function parsePace(text: string): number {
  const pace = Number(text);
  if (!Number.isInteger(pace) || pace < 1) throw new InvalidArgumentError('a whole number from 1');
  return pace;
}
