// The usagers that notifications kept somewhere are about.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseNotification } from '../rdv-solidarites/notification.ts';
import type { Person } from './identity.ts';
import { NewestUsagers } from './newest-usagers.ts';

export interface UsagersFound {
  /** The newest copy of each, in the order of their ids; without those who were destroyed or anonymised. */
  readonly usagers: readonly Person[];
  readonly files: number;
  /** Files that hold no notification, by name. */
  readonly unread: readonly string[];
}

/**
 * Reads the `.json` files of a folder and of those inside it: bodies of notifications, as the sender posts them.
 *
 * @throws the error of Node when a folder or a file cannot be read
 */
export async function usagersInFolder(folder: string): Promise<UsagersFound> {
  const entries = await readdir(folder, { recursive: true });
  const files = entries.filter((name) => name.toLowerCase().endsWith('.json')).sort();
  const newest = new NewestUsagers();
  const unread: string[] = [];
  for (const name of files) {
    const parsed = parseNotification(await readFile(join(folder, name)));
    if (parsed.kind === 'notification') newest.add(parsed.notification);
    else unread.push(name);
  }
  return { usagers: newest.list(), files: files.length, unread };
}
