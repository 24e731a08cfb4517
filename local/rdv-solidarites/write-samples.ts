// Writes `notifications/*.json`: one invented sample per model and event, telling one story when read in this order.
// Run it with `node local/rdv-solidarites/write-samples.ts`; a test proves that the files are what it writes.

import { writeFile } from 'node:fs/promises';
import { agendaSamples } from './samples-agenda.ts';
import { rdvSamples } from './samples-rdv.ts';
import { usagerSamples } from './samples-usager.ts';
import { senderJson } from './sender-json.ts';

/** File name → exact text, in the order in which the sender would send them. */
export function samples(): ReadonlyMap<string, string> {
  const all = { ...usagerSamples, ...rdvSamples, ...agendaSamples };
  const inOrder = Object.entries(all).sort(([, a], [, b]) => renderedAt(a) - renderedAt(b));
  return new Map(inOrder.map(([name, notification]) => [`${name}.json`, senderJson(notification)]));
}

function renderedAt({ meta }: { meta: Record<string, string | null> }): number {
  return Date.parse(meta['payload_computed_at'] ?? meta['timestamp'] ?? '');
}

if (import.meta.main) {
  const folder = new URL('notifications/', import.meta.url);
  for (const [name, text] of samples()) await writeFile(new URL(name, folder), text);
}
