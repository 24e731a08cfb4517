// How a process reaches Dataverse, made from its settings.
import type { DataverseSettings } from '../settings.ts';
import { type MappedColumns, OUR_MAPPED_COLUMNS } from '../sync/mapped-columns.ts';
import type { DataverseAccess } from './calls.ts';
import { connect } from './connection.ts';
import { createGate } from './gate.ts';
import { tokenSource } from './token.ts';

export interface DataverseAccessOptions {
  /** Exchanges at the same time; default: as the settings say. */
  readonly places?: number;
  /** Of silence on the socket, in ms; default: as long as a whole exchange may take. */
  readonly idleTimeoutMs?: number;
  /** The columns that notifications fill here; default: those of the connector's own mapping. */
  readonly mapped?: MappedColumns;
  /** Also while `WRITE_TO_DYNAMICS` is false: for what prepares the first day. */
  readonly writesAlways?: boolean;
}

/** Wires the connection, its token and its gate; nothing is sent. */
export function openDataverse(settings: DataverseSettings, options: DataverseAccessOptions = {}): DataverseAccess {
  const { url, timeoutMs, concurrency } = settings;
  const {
    places = concurrency,
    idleTimeoutMs = timeoutMs,
    mapped = OUR_MAPPED_COLUMNS,
    writesAlways = false,
  } = options;
  const { token, renew } = tokenSource(settings);
  return {
    connection: connect({ url, token, idleTimeoutMs }),
    timeoutMs,
    gate: createGate(places),
    mapped,
    readOnly: !settings.writes && !writesAlways,
    renewToken: renew,
  };
}
