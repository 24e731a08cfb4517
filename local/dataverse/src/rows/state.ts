// State and status reason. Microsoft Learn: "Special update operation behavior", table references (StateCode, StatusCode).

import { DataverseError } from '../errors.ts';
import type { Option, Table } from '../schema/model.ts';
import type { Row, Value } from '../store/row.ts';

const CLOSED: readonly Value[] = ['Completed', 'Canceled'];

/** State columns of a new row: always the default state; a status reason of another state is refused. */
export function initialState(table: Table, values: Record<string, Value>): Record<string, Value> {
  const state = table.columns.get('statecode');
  if (state === undefined) return {};
  const statecode = values['statecode'] ?? state.default ?? 0;
  return resolveState(table, Number(statecode), values['statuscode']);
}

/** State columns after an update: the pair must match; a state alone takes its default reason. */
export function nextState(table: Table, row: Row, values: Record<string, Value>): Record<string, Value> {
  if (!('statecode' in values) && !('statuscode' in values)) return {};
  const statecode = values['statecode'] ?? row.values['statecode'] ?? 0;
  return resolveState(table, Number(statecode), values['statuscode']);
}

function resolveState(table: Table, statecode: number, sent: Value | undefined): Record<string, Value> {
  const state = table.columns.get('statecode')?.options?.get(statecode);
  const statuscode = sent ?? state?.defaultStatus ?? null;
  const status = table.columns.get('statuscode')?.options?.get(Number(statuscode));
  if (status !== undefined && status.state !== statecode) {
    throw new DataverseError(
      400,
      '0x80048408',
      `${statuscode} is not a valid status code for state code ${table.schemaName}State.${stateName(state)} on ${table.logicalName}.`,
    );
  }
  return { statecode, statuscode };
}

function stateName(state: Option | undefined): string {
  return state?.invariantName ?? [...(state?.labels.values() ?? [])][0] ?? 'Unknown';
}

/**
 * Ordinary columns are written before the state, so a closed activity refuses them even when the same update reopens it.
 * Microsoft Learn, appointment reference: "Completed and canceled appointments are read-only and can't be edited";
 * that the API enforces it is one of two readings (`closedRowsRejectUpdates`).
 */
export function refuseClosedRow(table: Table, row: Row): void {
  const state = table.columns.get('statecode')?.options?.get(Number(row.values['statecode'] ?? 0));
  if (!table.isActivity || !CLOSED.includes(state?.invariantName ?? '')) return;
  throw new DataverseError(
    400,
    '0x8004022e',
    `This ${table.logicalName} is closed (${stateName(state)}): it is read-only and cannot be updated.`,
  );
}
