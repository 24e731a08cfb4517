// Waits for what was just created: Dataverse shows new tables, columns and privileges after a while, not at once.

import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamicsWebApi } from 'dynamics-web-api';
import * as z from 'zod';
import type { Call } from './calls.ts';
import { readPrivileges } from './current-security.ts';
import { CUSTOM_ONLY } from './current-tables.ts';
import { listOf, oneOf, type Read, reader } from './read.ts';

/** The wait before each look, in ms. Microsoft's Python client waits 0, 3, 10, 20 s for a new table; ours looks once more. */
const WAITS_MS = [0, 3_000, 10_000, 20_000, 30_000];

/** Lets `ms` milliseconds pass. */
export type Pause = (ms: number) => Promise<unknown>;

interface Newcomers {
  /** Waits until what this run created, and a call needs, can be seen. Throws when it does not appear in about a minute. */
  before(call: Call): Promise<void>;
  /** Remembers what a call created. */
  after(call: Call): void;
}

const named = z.object({ SchemaName: z.string() });
const table = named.extend({ Attributes: z.array(named) });
const relationship = z.object({ ReferencingEntity: z.string(), Lookup: named });

/** What one run of provisioning creates, until it has been seen. */
export function newcomers(client: DynamicsWebApi, pause: Pause = sleep): Newcomers {
  const read = reader(client);
  const newTables = new Set<string>();
  const unseenTables = new Set<string>();
  const unseen = new Map<string, string[]>();
  const add = (owner: string, columns: readonly z.infer<typeof named>[]) =>
    unseen.set(owner, [...(unseen.get(owner) ?? []), ...columns.map(({ SchemaName }) => SchemaName.toLowerCase())]);
  return {
    before: async (call) => {
      if (unseen.size > 0 && needsAll(call, unseenTables)) {
        if (!(await appears(() => allSeen(read, unseen), pause))) {
          throw new Error('what was created is not visible yet: run the command again in some minutes');
        }
        unseen.clear();
        unseenTables.clear();
      }
      // A privilege that never appears is named by the call itself.
      if (call.kind === 'grant' && newTables.size > 0) await appears(() => allExist(read, call.required), pause);
    },
    after: (call) => {
      if (call.kind === 'create-column') add(call.table, [named.parse(call.body)]);
      if (call.kind === 'create-relationship') {
        const { ReferencingEntity, Lookup } = relationship.parse(call.body);
        add(ReferencingEntity, [Lookup]);
      }
      if (call.kind === 'create-table') {
        const { SchemaName, Attributes } = table.parse(call.body);
        newTables.add(SchemaName.toLowerCase());
        unseenTables.add(SchemaName.toLowerCase());
        add(SchemaName.toLowerCase(), Attributes);
      }
    },
  };
}

/** A lookup needs its table; views, roles and a publication need everything. */
function needsAll(call: Call, unseenTables: ReadonlySet<string>): boolean {
  switch (call.kind) {
    case 'create-table':
    case 'create-column':
      return false;
    case 'create-relationship':
      return unseenTables.has(relationship.parse(call.body).ReferencingEntity);
    default:
      return true;
  }
}

async function appears(look: () => Promise<boolean>, pause: Pause): Promise<boolean> {
  for (const ms of WAITS_MS) {
    if (ms > 0) await pause(ms);
    if (await look()) return true;
  }
  return false;
}

async function allSeen(read: Read, wanted: ReadonlyMap<string, readonly string[]>): Promise<boolean> {
  const Attributes = z.array(z.object({ LogicalName: z.string() }));
  const { value } = await read(listOf({ LogicalName: z.string(), Attributes }), (api, signal) =>
    api.retrieveEntities({
      select: ['LogicalName'],
      filter: oneOf('LogicalName', [...wanted.keys()]),
      expand: [{ property: 'Attributes', select: ['LogicalName'], filter: CUSTOM_ONLY }],
      signal,
    }),
  );
  const seen = new Map(
    value.map((found) => [found.LogicalName, found.Attributes.map(({ LogicalName }) => LogicalName)]),
  );
  return [...wanted].every(([owner, columns]) => columns.every((column) => seen.get(owner)?.includes(column)));
}

async function allExist(read: Read, privileges: readonly string[]): Promise<boolean> {
  const found = await readPrivileges(read);
  return privileges.every((name) => found.has(name));
}
