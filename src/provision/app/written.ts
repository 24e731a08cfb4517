// What we last wrote of each part, kept in the environment: a web resource of our solution with one line for each part, hashes only.
// docs/decisions/0030-parts-that-people-changed.md says why there.

import { idOf } from './ids.ts';
import { el, readXml, writeXml } from './xml.ts';

export const WRITTEN = { id: idOf('written'), name: 'rdvs_/provision/written.xml', webresourcetype: 4 } as const;

/** Of one part: the fingerprint of the definition that we wrote, and that of the row as Dataverse then gave it back. */
export interface Written {
  readonly definition: string;
  readonly row: string;
}

export type Memory = ReadonlyMap<string, Written>;

/** The content of the web resource. */
export function writeMemory(memory: Memory): string {
  const lines = [...memory]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([part, { definition, row }]) => el('part', { id: part, definition, row }));
  return Buffer.from(writeXml(el('written', {}, lines)), 'utf8').toString('base64');
}

export function readMemory(content: string | undefined): Memory {
  if (content === undefined) return new Map();
  const [root] = readXml(Buffer.from(content, 'base64').toString('utf8'));
  const lines = (root?.children ?? []).flatMap((child): (readonly [string, Written])[] => {
    if (typeof child === 'string') return [];
    const { id, definition, row } = child.attributes;
    return id === undefined || definition === undefined || row === undefined ? [] : [[id, { definition, row }]];
  });
  return new Map(lines);
}
