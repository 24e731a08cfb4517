// Where `links suggest` reads usagers: notifications in a folder or on hold, or the API of RDV-Solidarités.
import { listHeld, readHeld } from '../../delivery/held.ts';
import { type Person, personOf } from '../../matching/identity.ts';
import { NewestUsagers } from '../../matching/newest-usagers.ts';
import { usagersInFolder } from '../../matching/usagers-in-folder.ts';
import { isAnonymised } from '../../rdv-solidarites/anonymisation.ts';
import { parseNotification } from '../../rdv-solidarites/notification.ts';
import { readStorageSettings } from '../../settings.ts';
import { openStorage } from '../../storage/clients.ts';
import { everyone } from '../../sync/people/people.ts';
import { CommandError, orCommandError } from '../environment.ts';
import { type AccountFlags, openAccount } from '../sender/account.ts';
import { listOrganisations } from '../sender/status.ts';
import { printable, type Terminal } from '../terminal.ts';

export interface SourceFlags extends AccountFlags {
  readonly folder?: string;
  readonly held?: boolean;
  readonly sender?: boolean;
}

/**
 * Reads usagers from the source that was asked for.
 *
 * @returns undefined when none was
 * @throws CommandError, SenderError
 */
export async function readUsagers(flags: SourceFlags, terminal: Terminal): Promise<readonly Person[] | undefined> {
  if (flags.folder !== undefined) return inFolder(flags.folder, terminal);
  if (flags.held) return onHold(terminal);
  return flags.sender ? atSender(flags, terminal) : undefined;
}

async function inFolder(folder: string, terminal: Terminal): Promise<readonly Person[]> {
  const { usagers, files, unread } = await usagersInFolder(folder).catch((cause: unknown) => {
    throw new CommandError(`--folder: ${folder} cannot be read`, { cause });
  });
  if (files === 0) throw new CommandError(`--folder: ${folder} holds no .json file`);
  for (const name of unread) terminal.complain(`${name}: not a notification, left out`);
  return usagers;
}

async function onHold(terminal: Terminal): Promise<readonly Person[]> {
  const storage = await openStorage(orCommandError(() => readStorageSettings(terminal.environment)));
  const newest = new NewestUsagers();
  const entries = await listHeld(storage);
  if (entries.length === 0) throw new CommandError('--held: nothing is held');
  for (const [at, { name, notificationId }] of entries.entries()) {
    const held = await readHeld(storage, name);
    const parsed = held && parseNotification(held.body);
    if (parsed?.kind === 'notification') newest.add(parsed.notification);
    else if (parsed?.kind === 'invalid')
      terminal.complain(printable(`${notificationId}: not a notification, left out`));
    if (at % 100 === 0) terminal.progress?.(`${at} of ${entries.length} notifications read`);
  }
  return newest.list();
}

/** Everybody of the organisations where the account has a role, a hundred a request, at the pace of BACKFILL_PACE. */
async function atSender(flags: AccountFlags, terminal: Terminal): Promise<readonly Person[]> {
  const { sender } = await openAccount(terminal, flags);
  const found = new Map<number, Person>();
  const unread = new Set<number>();
  for (const { id: organisation } of await listOrganisations(sender)) {
    for await (const { records } of sender.readUsagers({ organisation })) {
      for (const { id, value } of records) {
        if (value === undefined) unread.add(id);
        for (const usager of value === undefined ? [] : everyone([value]).filter((one) => !isAnonymised(one))) {
          // A responsible may stand here by a copy alone.
          if (usager === value || !found.has(usager.id)) found.set(usager.id, personOf(usager));
        }
      }
      terminal.progress?.(`${found.size.toLocaleString('en')} usagers read`);
    }
  }
  for (const id of unread) terminal.complain(`usager-${id}: not as expected, left out`);
  if (found.size === 0) throw new CommandError('--sender: this account sees no usager; see `sender status`');
  return [...found.values()].toSorted((a, b) => a.id - b.id);
}
