// `connector held`: what was accepted while the connector may not write, and how it is let go.
import { setTimeout } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { listHeld } from '../delivery/held.ts';
import { release } from '../delivery/release.ts';
import { readStorageSettings, readWrites } from '../settings.ts';
import { openStorage } from '../storage/clients.ts';
import { CommandError, orCommandError } from './environment.ts';
import { printable, type Terminal } from './terminal.ts';

/** A minute of the worker, at ten notifications a second. */
const PACE = 600;

export function addHeld(program: Command, terminal: Terminal): void {
  const command = program.command('held').description('see and let go what is kept while WRITE_TO_DYNAMICS is false');
  const open = () => openStorage(orCommandError(() => readStorageSettings(terminal.environment)));

  command
    .command('list')
    .description('list them, in the order of receipt')
    .action(async () => {
      const entries = await listHeld(await open());
      for (const { notificationId, receivedAt } of entries) {
        terminal.print(printable(`${new Date(receivedAt).toISOString()}  ${notificationId}`));
      }
      terminal.print(entries.length === 0 ? 'Nothing is held.' : `${entries.length} held.`);
    });
  command
    .command('release')
    .description('send them to be applied, in the order of receipt; repeat it when it was interrupted')
    .option('--pace <number>', 'notifications a minute', parsePace, PACE)
    .action(async ({ pace }: { pace: number }) => letGo(pace, terminal, open));
}

async function letGo(pace: number, terminal: Terminal, open: () => ReturnType<typeof openStorage>): Promise<void> {
  if (!orCommandError(() => readWrites(terminal.environment))) {
    throw new CommandError('WRITE_TO_DYNAMICS is false: set it to true, here and in the application, then repeat');
  }
  const onProgress = (released: number, of: number) => {
    if (released % pace === 0) terminal.complain(`${released} of ${of}`);
  };
  const { released, heldAgain } = await release(await open(), { pace, now: Date.now, sleep: setTimeout, onProgress });
  terminal.print(`${released} released.`);
  if (heldAgain) {
    throw new CommandError('The application holds them again: set its WRITE_TO_DYNAMICS to true, then repeat');
  }
}

function parsePace(text: string): number {
  const pace = Number(text);
  if (!Number.isInteger(pace) || pace < 1) throw new InvalidArgumentError('a whole number from 1');
  return pace;
}
