// Remembers rows that were just read or written, so that bursts about one record need not read them again.
import { LRUCache } from 'lru-cache';
import { rowTables } from '../dataverse/tables.ts';
import { type WrittenTable, writtenTables } from '../schema/tables.ts';
import { type Guid, type LinkName, linkId } from '../sync/model/link-names.ts';
import type { Plan, Write } from '../sync/model/plan.ts';
import {
  everyRow,
  everyTable,
  type Known,
  NOTHING_KNOWN,
  type ReadRequest,
  type RowsById,
  type TableRows,
} from '../sync/model/rows.ts';
import type { RefusedOwner } from './refused-owners.ts';

type Caches = { readonly [T in WrittenTable]: LRUCache<Guid, TableRows[T]> };

export interface Memory {
  /** Everything that was asked for, when all of it is remembered. */
  recall(request: ReadRequest): Known | undefined;
  /** Whether the link of a record is remembered. */
  remembers(name: LinkName): boolean;
  /** The motifs among these that are remembered. */
  recallMotifs(ids: readonly Guid[]): ReadonlyMap<Guid, TableRows['rdvs_motif']>;
  /** The agents among these who are remembered. */
  recallAgents(emails: readonly string[]): ReadonlyMap<string, Guid | null>;
  /** Users and teams that Dataverse refused as owners of participations, or of other rows, within the time of this memory. */
  refusedOwners(of: RefusedOwner['of']): ReadonlySet<Guid>;
  learnRefused(owners: readonly RefusedOwner[]): void;
  learn(known: Known): void;
  /** Learns a row as it is after a write. */
  learnWritten<T extends WrittenTable>(table: T, row: TableRows[T]): void;
  /** Forgets what a change set that failed was about. */
  forget(writes: readonly Write[]): void;
}

export interface MemoryLimits {
  /** Rows of each kind. */
  readonly rows: number;
  /** In ms. */
  readonly ttl: number;
  /** Milliseconds since any moment; default: the process's own clock. */
  readonly now?: () => number;
}

/** Ten minutes outlast the sender's bursts; a worker of 512 MB holds 5,000 rows of each kind in a few megabytes. */
export const MEMORY_LIMITS: MemoryLimits = { rows: 5_000, ttl: 600_000 };

/**
 * Remembers rows that exist, never that one does not. An outdated row does no harm: see `isProven`.
 */
export function createMemory({ rows, ttl, now }: MemoryLimits = MEMORY_LIMITS): Memory {
  const limits = { max: rows, ttl, ...(now === undefined ? {} : { perf: { now }, ttlResolution: 0 }) };
  const cacheOf = (table: WrittenTable) =>
    new LRUCache({ ...limits, ttl: Math.min(ttl, rowTables[table].rememberedFor ?? ttl) });
  const caches = Object.fromEntries(writtenTables.map((table) => [table, cacheOf(table)])) as unknown as Caches;
  const agents = new LRUCache<string, { readonly id: Guid | null }>(limits);
  const refused = { rows: new LRUCache<Guid, true>(limits), participations: new LRUCache<Guid, true>(limits) };
  const keep = <T extends WrittenTable>(table: T, row: TableRows[T]) => {
    const { idOf, isRemembered } = rowTables[table];
    if (isRemembered(row)) caches[table].set(idOf(row), row);
  };
  const keepAll = <T extends WrittenTable>(table: T, rows: Iterable<TableRows[T] | null>) => {
    for (const row of rows) if (row !== null) keep(table, row);
  };

  return {
    recall: (request) => {
      if (request.memberships.length + request.companions.length > 0) return undefined;
      const foundLinks = allOf(request.links, (name: LinkName) => caches.rdvs_link.get(linkId(name)));
      const foundAgents = allOf(request.agents, (email) => agents.get(email));
      if (foundLinks === undefined || foundAgents === undefined) return undefined;
      const contactIds = [...foundLinks.values()].flatMap(({ contactId }) => contactId ?? []);
      const wanted = { ...request, contact: [...request.contact, ...contactIds] };
      const rows = everyRow((table) => wanted[table].map((id) => [id, caches[table].get(id) ?? null]));
      if (Object.values(rows).some((found) => [...found.values()].includes(null))) return undefined;
      return {
        // Memory never knows whether there are further rows. A decision that needs these lists reads first.
        ...NOTHING_KNOWN,
        ...rows,
        links: foundLinks,
        agents: new Map([...foundAgents].map(([email, { id }]) => [email, id])),
      };
    },
    recallMotifs: (ids) =>
      new Map(
        ids.flatMap((id) => {
          const motif = caches.rdvs_motif.get(id);
          return motif === undefined ? [] : [[id, motif]];
        }),
      ),
    remembers: (name) => caches.rdvs_link.has(linkId(name)),
    recallAgents: (emails) =>
      new Map(
        emails.flatMap((email) => {
          const agent = agents.get(email);
          return agent === undefined ? [] : [[email, agent.id]];
        }),
      ),
    refusedOwners: (of) => new Set(refused[of].keys()),
    learnRefused: (owners) => {
      for (const { of, id } of owners) refused[of].set(id, true);
    },
    learn: (known) => {
      const rows: RowsById = known;
      keepAll('rdvs_link', known.links.values());
      everyTable((table) => keepAll(table, rows[table].values()));
      for (const [email, id] of known.agents) agents.set(email, { id });
    },
    learnWritten: keep,
    forget: (writes) => {
      for (const { table, id } of writes) caches[table].delete(id);
    },
  };
}

/**
 * Whether a plan made from memory may be performed, or believed when it writes nothing.
 *
 * Versions of links only grow, so a memory that calls a snapshot stale is right. Whatever else led to the plan must be
 * written by it: then the row's version is a condition, and a wrong memory ends in a conflict, not in a wrong row. A plan
 * that is split has written something before its last condition is met.
 */
export function isProven({ reliesOn, changeSets }: Plan): boolean {
  if (changeSets.length > 1) return false;
  const written = new Set(changeSets.flat().map(({ id }) => id));
  return reliesOn.every((id) => written.has(id));
}

function allOf<K, V>(keys: readonly K[], find: (key: K) => V | undefined): Map<K, V> | undefined {
  const found = new Map<K, V>();
  for (const key of keys) {
    const value = find(key);
    if (value === undefined) return undefined;
    found.set(key, value);
  }
  return found;
}
