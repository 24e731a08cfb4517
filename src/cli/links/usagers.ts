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
import type { Text } from '../text.ts';

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
    const words = { en: `--folder: ${folder} cannot be read`, fr: `--folder : ${folder} ne peut pas être lu` };
    throw new CommandError(words, { cause });
  });
  if (files === 0) {
    throw new CommandError({
      en: `--folder: ${folder} holds no .json file`,
      fr: `--folder : ${folder} ne contient aucun fichier .json`,
    });
  }
  for (const name of unread) terminal.complain(leftOut(name));
  return usagers;
}

const leftOut = (name: string): Text => ({
  en: `${name}: not a notification, left out`,
  fr: `${name} : pas une notification, laissée de côté`,
});

async function onHold(terminal: Terminal): Promise<readonly Person[]> {
  const storage = await openStorage(orCommandError(() => readStorageSettings(terminal.environment)));
  const newest = new NewestUsagers();
  const entries = await listHeld(storage);
  if (entries.length === 0) {
    throw new CommandError({ en: '--held: nothing is held', fr: '--held : rien n’est retenu' });
  }
  for (const [at, { name, notificationId }] of entries.entries()) {
    const held = await readHeld(storage, name);
    const parsed = held && parseNotification(held.body);
    if (parsed?.kind === 'notification') newest.add(parsed.notification);
    else if (parsed?.kind === 'invalid') terminal.complain(leftOut(printable(notificationId)));
    const of = entries.length;
    if (at % 100 === 0) {
      terminal.progress?.({ en: `${at} of ${of} notifications read`, fr: `${at} notifications lues sur ${of}` });
    }
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
      const count = found.size;
      terminal.progress?.({
        en: `${count.toLocaleString('en')} usagers read`,
        fr: `${count.toLocaleString('fr')} usagers lus`,
      });
    }
  }
  for (const id of unread) {
    terminal.complain({
      en: `usager-${id}: not as expected, left out`,
      fr: `usager-${id} : inattendu, laissé de côté`,
    });
  }
  if (found.size === 0) {
    throw new CommandError({
      en: '--sender: this account sees no usager; see `sender status`',
      fr: '--sender : ce compte ne voit aucun usager ; voir `sender status`',
    });
  }
  return [...found.values()].toSorted((a, b) => a.id - b.id);
}
