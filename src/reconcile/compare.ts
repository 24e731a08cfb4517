// Compares many records of the sender with Dynamics: rows are read for all of them together, each is decided as usual, and
// nothing is written.
import type { Calls } from '../dataverse/calls.ts';
import { readRows } from '../dataverse/read.ts';
import { createMemory } from '../delivery/memory.ts';
import { planFor } from '../delivery/synchronise.ts';
import { parseNotification } from '../rdv-solidarites/notification.ts';
import { recordName, type SnapshotRecord, writeSnapshot } from '../rdv-solidarites/snapshot.ts';
import type { UtcInstant } from '../rdv-solidarites/times.ts';
import { type Inspected, inspect } from '../sync/decide.ts';
import { bodyHash } from '../sync/model/applied.ts';
import type { Drift, NeedsMore, Plan } from '../sync/model/plan.ts';
import type { Policy } from '../sync/model/policy.ts';
import { addKnown, everyTable, NOTHING_KNOWN, type ReadRequest } from '../sync/model/rows.ts';
import { countsFrom } from '../sync/model/version.ts';

/** A record as it was read. */
export interface Reading {
  readonly record: SnapshotRecord;
  readonly version: UtcInstant;
  /** By our own clock, in ms since 1970. */
  readonly readAt: number;
}

export interface Compared {
  readonly reading: Reading;
  readonly name: string;
  readonly drift: Drift | 'unreadable';
  /** The records that would be written: the record itself, or people whom it names. */
  readonly drifting: readonly string[];
  /** What would be written, as `appointment.subject`. */
  readonly columns: readonly string[];
}

export interface CompareWith {
  readonly calls: Calls;
  readonly policy: Policy;
  readonly now: () => number;
}

/** Merged contacts may lead to merged contacts: see `settle`. */
const MAX_READS = 5;

/** Compares records, in a few requests for all of them. @throws DataverseError */
export async function compare(readings: readonly Reading[], means: CompareWith): Promise<readonly Compared[]> {
  const opened = readings.map((reading) => ({ reading, inspected: open(reading, means) }));
  const plans = await planAll(
    opened.flatMap(({ inspected }) => inspected ?? []),
    means.calls,
  );
  return opened.map(({ reading, inspected }) => describe(reading, inspected && plans.get(inspected)));
}

function open({ record, version, readAt }: Reading, { policy, now }: CompareWith): Inspected | undefined {
  const body = writeSnapshot(record, version);
  const parsed = parseNotification(body, 'api');
  if (parsed.kind !== 'notification') return undefined;
  const snapshotAt = countsFrom(parsed.notification.snapshotAt, readAt);
  const notification = { ...parsed.notification, snapshotAt };
  const notificationId = `compared.${recordName(record)}`;
  const stamp = { snapshotAt, receivedAt: readAt, body: bodyHash(body), notificationId, snapshot: true } as const;
  return inspect({ notification, policy, now: now(), stamp });
}

async function planAll(all: readonly Inspected[], calls: Calls): Promise<ReadonlyMap<Inspected, Plan>> {
  const plans = new Map<Inspected, Plan>();
  let known = NOTHING_KNOWN;
  let open: readonly Inspected[] = all;
  let requests: readonly ReadRequest[] = all.map(({ reads }) => reads);
  for (let reads = 0; reads < MAX_READS && open.length > 0; reads += 1) {
    known = addKnown(known, await readRows(calls, together(requests)));
    const further: { inspected: Inspected; request: ReadRequest }[] = [];
    for (const inspected of open) {
      const decided: Plan | NeedsMore = inspected.decide(known);
      if (decided.kind === 'plan') plans.set(inspected, decided);
      // Columns that only one record remembers are read for it alone.
      else if (decided.columns !== undefined) plans.set(inspected, await planAlone(inspected, calls));
      else further.push({ inspected, request: decided.request });
    }
    open = further.map(({ inspected }) => inspected);
    requests = further.map(({ request }) => request);
  }
  for (const inspected of open) plans.set(inspected, await planAlone(inspected, calls));
  return plans;
}

const planAlone = (inspected: Inspected, calls: Calls) => planFor(inspected, { calls, memory: createMemory() });

function together(requests: readonly ReadRequest[]): ReadRequest {
  const all = <T>(of: (request: ReadRequest) => readonly T[]): readonly T[] => [...new Set(requests.flatMap(of))];
  return {
    ...everyTable((table) => all((request) => request[table])),
    links: all(({ links }) => links),
    occurrences: all(({ occurrences }) => occurrences),
    memberships: all(({ memberships }) => memberships),
    candidates: all(({ candidates }) => candidates),
    companions: all(({ companions }) => companions),
    agents: all(({ agents }) => agents),
  };
}

/** What weighs more hides what weighs less. */
const WEIGHT: readonly Drift[] = ['would-write', 'stale', 'corrected', 'kept-out', 'same'];

function describe(reading: Reading, plan: Plan | undefined): Compared {
  const name = recordName(reading.record);
  if (plan === undefined) return { reading, name, drift: 'unreadable', drifting: [], columns: [] };
  const found = plan.drift ?? [];
  const drifting = found.flatMap(({ record, drift }) => (drift === 'would-write' ? [record] : []));
  const own = ownNames(reading.record);
  const kinds = found.flatMap(({ record, drift }) => (own.includes(record) ? [drift] : []));
  const onlyTurns = reading.record.model === 'Absence' && columnsOf(plan).length === 0;
  // The weeks that Dynamics shows of an absence go on by themselves: its link then says another turn, and nothing was lost.
  if (onlyTurns && drifting.length > 0) return { reading, name, drift: 'same', drifting: [], columns: [] };
  const drift = drifting.length > 0 ? 'would-write' : (WEIGHT.find((one) => kinds.includes(one)) ?? 'same');
  return { reading, name, drift, drifting, columns: drift === 'would-write' ? columnsOf(plan) : [] };
}

/** An usager in the list of an organisation is two records. */
function ownNames(record: SnapshotRecord): readonly string[] {
  const name = recordName(record);
  return record.model === 'UserProfile' ? [name, `usager-${String(record.data.user['id'])}`] : [name];
}

function columnsOf({ changeSets }: Plan): readonly string[] {
  const written = changeSets.flat().filter(({ table }) => table !== 'rdvs_link');
  const names = written.flatMap(({ table, columns, parties }) => [
    ...Object.keys(columns).map((column) => `${table}.${column}`),
    ...(parties === undefined ? [] : [`${table}.parties`]),
  ]);
  return [...new Set(names)].toSorted();
}
