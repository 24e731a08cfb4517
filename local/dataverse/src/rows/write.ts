// Create and update of one row, by any way in: request, change set, merge, or a test that plays a CRM user.

import { randomUUID } from 'node:crypto';
import { refuseUnfitCustomization } from '../customization/rules.ts';
import { duplicateKey, duplicateRecord, invalidArgument } from '../errors.ts';
import type { Organization } from '../organization.ts';
import type { Table } from '../schema/model.ts';
import { refuseAssignee } from '../security/assignees.ts';
import { admitColumns } from '../security/secured-columns.ts';
import type { Ref, Row, Value, Values } from '../store/row.ts';
import { isRef } from '../store/row.ts';
import { admit } from './admission.ts';
import { below, inheritShares } from './cascade.ts';
import type { Changes } from './changes.ts';
import { refuseUnfitComponent } from './component-rules.ts';
import { derive, stamp } from './derived.ts';
import { mirrorParties, replaceParties } from './parties.ts';
import { indexKey } from './reference.ts';
import { initialState, nextState, refuseClosedRow } from './state.ts';

interface Creation extends Changes {
  /** From the URL of an upsert; else the payload names it, or the server chooses. */
  readonly id?: string | undefined;
  /** A test that plays someone inside the CRM: any owner is taken. */
  readonly trusted?: boolean | undefined;
}

export interface Update extends Changes {
  /** A test that plays someone inside the CRM: closed rows are open to it. */
  readonly trusted?: boolean | undefined;
}

export function createRow(organization: Organization, table: Table, creation: Creation): Row {
  const { values: sent, parties, id, trusted } = creation;
  const { store } = organization;
  return store.atomically(() => {
    const named = sent[table.primaryId];
    const key = id ?? (typeof named === 'string' ? named : randomUUID());
    const written: Record<string, Value> = { ...defaults(table), ...owner(organization, table), ...sent };
    admit(organization, { action: 'create', row: { table: table.logicalName, id: key }, owner: ownerIn(written) });
    admitColumns(organization, table, { values: sent, creates: true });
    if (store.get(table.logicalName, key) !== undefined) throw duplicateRecord();
    const values: Record<string, Value> = {
      ...written,
      ...stamp(organization, 'created'),
      ...stamp(organization, 'modified'),
      ...initialState(table, sent),
      [table.primaryId]: key,
    };
    admitReferences(organization, table, { written, owner: ownerIn(written) });
    const assignee = ownerIn(sent);
    if (assignee !== undefined && !trusted) refuseAssignee(organization, table, assignee);
    const row = save(organization, key, {
      table,
      values: { ...values, ...derive(organization, table, { values, written }) },
    });
    inheritShares(organization, row, written);
    follow(organization, row, parties);
    return row;
  });
}

/** Every update raises the version, even one that changes nothing. */
export function updateRow(organization: Organization, row: Row, { values: sent, parties, trusted }: Update): Row {
  const table = organization.schema.known(row.table);
  return organization.store.atomically(() => {
    const { statecode, statuscode, [table.primaryId]: named, ...written } = sent;
    admit(organization, { action: 'ownerid' in written ? 'assign' : 'update', row: { table: row.table, id: row.id } });
    admitColumns(organization, table, { values: written, creates: false });
    if (named !== undefined && named !== row.id) {
      throw invalidArgument('Entity Id must be the same as the value set in property bag.');
    }
    const touches = Object.keys(written).length > 0 || parties !== undefined;
    if (touches && organization.rules.closedRowsRejectUpdates && !trusted) refuseClosedRow(table, row);
    const values: Record<string, Value> = {
      ...defined(row.values),
      ...stamp(organization, 'modified'),
      ...written,
      ...nextState(table, row, defined({ statecode, statuscode })),
    };
    admitReferences(organization, table, { written, owner: ownerIn(row.values) });
    const assignee = ownerIn(written);
    if (assignee !== undefined && !trusted) refuseAssignee(organization, table, assignee);
    const next = save(organization, row.id, {
      table,
      values: { ...values, ...derive(organization, table, { values, written }) },
    });
    inheritShares(organization, next, written);
    follow(organization, next, parties);
    if (assignee !== undefined) assignChildren(organization, row, assignee);
    return next;
  });
}

/** Rows below go to the new owner too; one that the owner could not read refuses the whole. */
function assignChildren(organization: Organization, row: Row, owner: Ref): void {
  for (const child of [...below(organization, row, 'Assign')]) {
    if (ownerIn(child.values)?.id === owner.id) continue;
    refuseAssignee(organization, organization.schema.known(child.table), owner);
    updateRow(organization, child, { values: { ownerid: owner }, trusted: true });
  }
}

/** Binding a row needs the right to append to it. */
function admitReferences(
  organization: Organization,
  { logicalName: from }: Table,
  { written, owner }: { written: Values; owner: Ref | undefined },
): void {
  for (const [column, value] of Object.entries(written))
    if (isRef(value)) admit(organization, { action: 'append', row: value, from, column, owner });
}

function ownerIn({ ownerid }: Values): Ref | undefined {
  return isRef(ownerid) ? ownerid : undefined;
}

function follow(organization: Organization, row: Row, parties: Changes['parties']): void {
  if (parties !== undefined) replaceParties(organization, row, parties);
  if (organization.schema.known(row.table).isActivity) mirrorParties(organization, row);
}

function save(organization: Organization, id: string, { table, values }: { table: Table; values: Values }): Row {
  const { store } = organization;
  const candidate = { table: table.logicalName, id, values };
  refuseUnfitCustomization(organization, candidate);
  refuseUnfitComponent(organization, candidate);
  for (const key of table.keys.values()) {
    const wanted = indexKey(key, values);
    if (key.status !== 'Active' || wanted === undefined) continue;
    const others = (): Row[] => store.lookup(table.logicalName, key.schemaName, wanted).filter((row) => row.id !== id);
    const [other] = others();
    // The other row may be about to give the key up: who holds it decides first.
    if (other !== undefined) store.claim(other, 'shared');
    if (other !== undefined) throw duplicateKey(key.schemaName, key.columns);
    const taken = () => (others().length > 0 ? duplicateKey(key.schemaName, key.columns) : undefined);
    store.claimKey(table.logicalName, { name: key.schemaName, value: wanted }, taken);
  }
  return store.put(table.logicalName, id, values);
}

function defaults(table: Table): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const { name, type, default: value } of table.columns.values()) {
    if (value !== undefined && type !== 'State' && type !== 'Status') values[name] = value;
  }
  return values;
}

/** The caller owns what it creates, unless the payload says otherwise [inference]. */
function owner(organization: Organization, table: Table): Record<string, Value> {
  return table.ownership === 'UserOwned' ? { ownerid: organization.caller } : {};
}

function defined(values: Values): Record<string, Value> {
  const kept: Record<string, Value> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) kept[name] = value;
  return kept;
}
