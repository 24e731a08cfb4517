// The present state of the connector, as a row of Dynamics.
import { v5 as uuidV5 } from 'uuid';
import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { type Calls, type DataverseAccess, openCalls } from '../dataverse/calls.ts';
import { DataverseError } from '../dataverse/failure.ts';
import { listQuarantine } from '../delivery/quarantine.ts';
import { lookInto } from '../delivery/waiting.ts';
import type { Log } from '../log.ts';
import { optionValues } from '../schema/schema.ts';
import { tables } from '../schema/tables.ts';
import type { Storage } from '../storage/clients.ts';
import { readMarks } from '../storage/marks.ts';
import { NOTIFICATIONS_QUEUE } from '../storage/names.ts';
import { toInstant } from './incident-rows.ts';

/** Keys of runs follow from their names, as those of links do. */
export const RUN_NAMESPACE = '7c2e4f1a-9d36-4b58-a0e7-3f8b5c6d1e92';
const STATE_ID = uuidV5('state', RUN_NAMESPACE);

/** Not more often than this, in ms: a busy queue changes all the time. */
const EVERY_MS = 5 * 60_000;

export interface Stating {
  readonly dataverse: DataverseAccess;
  readonly storage: Storage;
  /** ms since 1970 */
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Writes the state when it changed, at most every five minutes.
 *
 * @throws when storage cannot be reached; failures of Dataverse are logged
 */
export async function showState({ dataverse, storage, now, log }: Stating): Promise<void> {
  const columns = await stateOf(storage);
  try {
    const calls = openCalls(dataverse);
    const row = await readState(calls);
    if (row !== undefined && (now() - row.modifiedOn < EVERY_MS || isSame(row.columns, columns))) return;
    await writeState(calls, row?.etag, columns);
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error;
    const { kind, code, status } = error.failure;
    // A conflict is another process that says the same.
    if (kind !== 'conflict') log('warn', 'watch.failed', { part: 'state', kind, code, status });
  }
}

type Columns = Readonly<Record<string, string | number | null>>;

async function stateOf(storage: Storage): Promise<Columns> {
  const [{ count, oldest }, entries, { received, applied }] = await Promise.all([
    lookInto(storage, NOTIFICATIONS_QUEUE),
    listQuarantine(storage),
    readMarks(storage),
  ]);
  const orNull = (time: number | undefined) => (time === undefined ? null : toInstant(time));
  return {
    rdvs_name: 'État du connecteur',
    rdvs_kind: optionValues.rdvs_run.rdvs_kind.state,
    rdvs_lastreceived: orNull(received),
    rdvs_lastapplied: orNull(applied),
    rdvs_waiting: count,
    rdvs_oldest: orNull(oldest),
    rdvs_incidents: entries.filter(({ discarded }) => !discarded).length,
    rdvs_version: manifest.version,
  };
}

const { entitySet: collection, primaryKey } = tables.rdvs_run;
const value = z.union([z.string(), z.number(), z.null(), z.date().transform((date) => toInstant(date.getTime()))]);
const row = z
  .looseObject({ '@odata.etag': z.string(), modifiedon: z.union([z.date(), z.string()]) })
  .transform(({ '@odata.etag': etag, modifiedon, ...columns }) => ({
    etag,
    modifiedOn: new Date(modifiedon).getTime(),
    columns,
  }));
const answer = z.object({ value: z.array(row) });

const COLUMNS = [
  'rdvs_name',
  'rdvs_kind',
  'rdvs_lastreceived',
  'rdvs_lastapplied',
  'rdvs_waiting',
  'rdvs_oldest',
  'rdvs_incidents',
  'rdvs_version',
];

async function readState(calls: Calls) {
  const select = [primaryKey, 'modifiedon', ...COLUMNS];
  const filter = `${primaryKey} eq ${STATE_ID}`;
  const { value } = answer.parse(await calls.run((api) => api.retrieveMultiple({ collection, select, filter })));
  return value[0];
}

function isSame(found: Readonly<Record<string, unknown>>, wanted: Columns): boolean {
  return Object.entries(wanted).every(([name, want]) => value.safeParse(found[name] ?? null).data === want);
}

function writeState(calls: Calls, etag: string | undefined, columns: Columns): Promise<unknown> {
  const target = { collection, key: STATE_ID, data: { ...columns } };
  return calls.run((api) =>
    etag === undefined ? api.upsert({ ...target, ifnonematch: '*' }) : api.update({ ...target, ifmatch: etag }),
  );
}
