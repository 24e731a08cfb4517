// The usagers that notifications kept somewhere are about.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAnonymised } from '../rdv-solidarites/anonymisation.ts';
import type { Usager, UsagerId } from '../rdv-solidarites/models.ts';
import { type Notification, parseNotification } from '../rdv-solidarites/notification.ts';
import { everyone, namedUsagers } from '../sync/people/people.ts';

export interface UsagersFound {
  /** The newest copy of each, in the order of their ids; without those who were destroyed or anonymised. */
  readonly usagers: readonly Usager[];
  readonly files: number;
  /** Files that hold no notification, by name. */
  readonly unread: readonly string[];
}

interface Copy {
  readonly snapshotAt: string;
  readonly usager: Usager;
  readonly gone: boolean;
}

/**
 * Reads the `.json` files of a folder and of those inside it: bodies of notifications, as the sender posts them.
 *
 * @throws the error of Node when a folder or a file cannot be read
 */
export async function usagersInFolder(folder: string): Promise<UsagersFound> {
  const entries = await readdir(folder, { recursive: true });
  const files = entries.filter((name) => name.toLowerCase().endsWith('.json')).sort();
  return usagersIn(files, (name) => readFile(join(folder, name)));
}

/**
 * Reads bodies by their names, one after the other.
 *
 * @param read `undefined` for one that is gone meanwhile
 */
export async function usagersIn(
  names: readonly string[],
  read: (name: string) => Promise<Buffer | undefined>,
): Promise<UsagersFound> {
  const newest = new Map<UsagerId, Copy>();
  const unread: string[] = [];
  for (const name of names) {
    const body = await read(name);
    if (body === undefined) continue;
    const parsed = parseNotification(body);
    if (parsed.kind !== 'notification') unread.push(name);
    else for (const copy of copiesIn(parsed.notification)) keepNewest(newest, copy);
  }
  const present = [...newest.values()].filter(({ gone }) => !gone).map(({ usager }) => usager);
  return { usagers: present.sort((a, b) => a.id - b.id), files: names.length, unread };
}

function copiesIn(notification: Notification): readonly Copy[] {
  const { snapshotAt } = notification;
  return everyone(namedUsagers(notification)).map((usager) => {
    const destroyed =
      notification.model === 'User' && notification.event === 'destroyed' && usager === notification.data;
    return { snapshotAt, usager, gone: destroyed || isAnonymised(usager) };
  });
}

function keepNewest(newest: Map<UsagerId, Copy>, copy: Copy): void {
  const known = newest.get(copy.usager.id);
  if (known === undefined || known.snapshotAt <= copy.snapshotAt) newest.set(copy.usager.id, copy);
}
