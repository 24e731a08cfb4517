// A worker on the emulator alone, under its role, driven message by message: receipt times and order are the test's.

import type { DataverseEmulator, DataverseOptions } from '../../local/dataverse/src/emulator.ts';
import { connect } from '../../src/dataverse/connection.ts';
import { createGate } from '../../src/dataverse/gate.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import { createMemory, type MemoryLimits } from '../../src/delivery/memory.ts';
import { createProgress } from '../../src/delivery/progress.ts';
import type { QuarantineItem } from '../../src/delivery/quarantine.ts';
import { createRoom } from '../../src/delivery/room.ts';
import { inTurn } from '../../src/delivery/turns.ts';
import type { Worker } from '../../src/delivery/worker.ts';
import { contentOf, type Envelope } from '../../src/intake/envelope.ts';
import { readDataverseSettings, readSettings } from '../../src/settings.ts';
import { mappedColumns } from '../../src/sync/mapped-columns.ts';
import { CONNECTOR_TOKEN, startProvisioned } from '../dataverse/connector-user.ts';
import { comparableState } from '../sync/state.ts';

export interface Bench {
  readonly dataverse: DataverseEmulator;
  readonly worker: Worker;
  readonly events: Record<string, unknown>[];
  readonly quarantined: Map<string, QuarantineItem>;
  /** Envelopes put back, with their delay in ms. */
  readonly putBack: { envelope: Envelope; delayMs: number }[];
  /** Delivers a body as if it had arrived at that time, in ms since 1970. */
  deliver(body: string, receivedAt?: number, source?: string): Promise<void>;
  /** Lets time pass: sets the worker's clock. */
  setClock(instant: string): void;
  /** The requests to Dataverse that a piece of work made. */
  requestsOf(work: () => Promise<unknown>): Promise<number>;
  /** Another worker on the same Dynamics: it shares nothing with this one, and may have other settings. */
  colleague(other?: Pick<BenchOptions, 'settings' | 'memory'>): Bench;
  stop(): Promise<void>;
}

export interface BenchOptions {
  readonly settings?: Record<string, string>;
  readonly dataverse?: DataverseOptions;
  readonly memory?: MemoryLimits;
  /** When the worker's clock begins: an instant, ISO 8601. */
  readonly now?: string;
}

export async function startBench(options: BenchOptions = {}): Promise<Bench> {
  return onDataverse(await startProvisioned(options.dataverse), options);
}

function onDataverse(dataverse: DataverseEmulator, options: BenchOptions): Bench {
  const settings = readSettings({
    DATAVERSE_URL: dataverse.url,
    NOTIFICATIONS_STORAGE: 'unused',
    ...options.settings,
  });
  const events: Record<string, unknown>[] = [];
  const quarantined = new Map<string, QuarantineItem>();
  const putBack: Bench['putBack'] = [];
  let clock = Date.parse(options.now ?? '2026-11-24T12:00:00Z');
  const { timeoutMs, concurrency } = readDataverseSettings({ DATAVERSE_URL: dataverse.url, ...options.settings });
  const worker: Worker = {
    dataverse: {
      connection: connect({ url: dataverse.url, token: async () => CONNECTOR_TOKEN }),
      timeoutMs,
      gate: createGate(concurrency),
      mapped: mappedColumns(settings.policy),
      renewToken: () => undefined,
    },
    memory: createMemory(options.memory),
    policy: settings.policy,
    maxAgeMs: settings.maxAgeMs,
    firstDelayMs: settings.firstDelayMs,
    inTurn: inTurn(),
    room: createRoom(),
    loadBody: async () => undefined,
    dropBody: async () => undefined,
    quarantine: async (id, item) => void quarantined.set(id, item),
    sendLater: async (envelope, delayMs) => void putBack.push({ envelope, delayMs }),
    progress: createProgress(
      async () => undefined,
      () => clock,
    ),
    now: () => clock,
    chance: () => 0.5,
  };
  return {
    dataverse,
    worker,
    events,
    quarantined,
    putBack,
    deliver: (text, receivedAt, source) => {
      clock += 1;
      const arrival = receivedAt ?? clock;
      const envelope = {
        v: 1,
        notificationId: `n-${arrival}`,
        receivedAt: arrival,
        content: contentOf(Buffer.from(text)),
        ...(source && { source }),
      };
      return deliver(envelope, worker, (level, event, fields) => void events.push({ level, event, ...fields }));
    },
    setClock: (instant) => {
      clock = Date.parse(instant);
    },
    requestsOf: async (work) => {
      const before = dataverse.requests.length;
      await work();
      return dataverse.requests.length - before;
    },
    colleague: (other) => onDataverse(dataverse, { ...options, ...other }),
    stop: () => dataverse.stop(),
  };
}

/** A memory that remembers nothing for longer than an instant. */
export const NO_MEMORY: MemoryLimits = { rows: 1, ttl: 1 };

/** The state of the emulator, in the form of `MemoryDynamics.state()`. */
export function stateOf({ rows }: DataverseEmulator, owners?: 'with owners'): Record<string, unknown> {
  const tables = {
    contact: 'contactid',
    appointment: 'activityid',
    rdvs_participation: 'rdvs_participationid',
    rdvs_referent: 'rdvs_referentid',
    rdvs_motif: 'rdvs_motifid',
    rdvs_link: 'rdvs_linkid',
  };
  const shown = Object.entries(tables).flatMap(([table, key]) =>
    rows.list(table).map((row) => {
      const columns = Object.entries(row).map(([name, value]) => [/^_(.*)_value$/.exec(name)?.[1] ?? name, value]);
      const id = String(row[key]);
      const parties = table === 'appointment' ? rows.parties(id) : [];
      return {
        table,
        id,
        columns: Object.fromEntries(columns),
        parties: parties.map((party) => ({
          role: Number(party['participationtypemask']),
          id: String(party['_partyid_value']),
        })),
      };
    }),
  );
  return comparableState(shown, owners);
}

/** Removes every contact, appointment and link. */
export function clear({ rows }: DataverseEmulator): void {
  for (const [table, key] of [
    ['rdvs_participation', 'rdvs_participationid'],
    ['rdvs_referent', 'rdvs_referentid'],
    ['appointment', 'activityid'],
    ['rdvs_link', 'rdvs_linkid'],
    ['contact', 'contactid'],
    ['rdvs_duplicate', 'rdvs_duplicateid'],
    ['rdvs_motif', 'rdvs_motifid'],
  ] as const) {
    for (const row of rows.list(table)) rows.remove(table, String(row[key]));
  }
}
