// `Merge` of two contacts. Microsoft Learn, "Merge table rows using the Web API": the subordinate is deactivated, what
// pointed to it points to the target where the relationship's Merge cascade says so.

import type { Call } from '../call/call.ts';
import type { ApiResponse } from '../call/message.ts';
import { done } from '../call/message.ts';
import { DataverseError, invalidArgument, rowDoesNotExist } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { isObject, text } from '../json.ts';
import type { Organization } from '../organization.ts';
import { admit } from '../rows/admission.ts';
import { stamp } from '../rows/derived.ts';
import { mirrorParties } from '../rows/parties.ts';
import { readPayload } from '../rows/payload.ts';
import { followCollection } from '../rows/row-shape.ts';
import { updateRow } from '../rows/write.ts';
import type { Relationship } from '../schema/model.ts';
import type { Row } from '../store/row.ts';

const MERGEABLE = 'contact';

export function merge(call: Call, body: JsonObject): ApiResponse {
  const { organization } = call.context;
  const table = organization.schema.known(MERGEABLE);
  const target = entityParameter(organization, body, 'Target');
  const subordinate = entityParameter(organization, body, 'Subordinate');
  // MergeEntitiesIdenticalError, MergeEntityNotActiveError.
  if (target.id === subordinate.id)
    throw new DataverseError(400, '0x80045305', 'Merge cannot be performed on same row.');
  if ([target, subordinate].some(({ values }) => values['statecode'] !== 0))
    throw new DataverseError(400, '0x80045304', 'Merge could not be performed on a row that is not active.');
  if (typeof body['PerformParentingChecks'] !== 'boolean')
    throw invalidArgument("The parameter 'PerformParentingChecks' is missing.");
  admit(organization, { action: 'merge', row: { table: target.table, id: target.id } });
  admit(organization, { action: 'update', row: { table: subordinate.table, id: subordinate.id } });
  const content = body['UpdateContent'];
  if (isObject(content)) {
    const changes = readPayload(organization, content, { table, operation: 'update' });
    const { [table.primaryId]: _named, ...values } = changes.values;
    updateRow(organization, target, { ...changes, values });
  }
  repoint(organization, subordinate, target);
  deactivate(organization, subordinate, target);
  return done();
}

function entityParameter(organization: Organization, body: JsonObject, name: string): Row {
  const value = body[name];
  if (!isObject(value)) throw invalidArgument(`The parameter '${name}' is missing.`);
  const type = text(value, '@odata.type')?.replace(/^#?Microsoft\.Dynamics\.CRM\./, '');
  if (type === undefined)
    throw new DataverseError(400, '0x80048d19', `The parameter '${name}' needs an '@odata.type'.`);
  if (type !== MERGEABLE) throw invalidArgument(`Merge is not supported for ${type} by the local Dataverse emulator.`);
  const id = text(value, `${type}id`)?.toLowerCase() ?? '';
  const row = organization.store.get(type, id);
  if (row === undefined) throw rowDoesNotExist(type, id);
  return row;
}

function repoint(organization: Organization, from: Row, to: Row): void {
  const { store, schema } = organization;
  for (const relationship of [...schema.pointingTo(from.table)]) {
    if (!followsMerge(organization, relationship)) continue;
    for (const row of followCollection(store, relationship, from)) {
      const moved = store.put(row.table, row.id, {
        ...row.values,
        [relationship.column]: row.id === to.id ? null : { table: to.table, id: to.id },
      });
      if (schema.known(row.table).isActivity) mirrorParties(organization, moved);
    }
  }
}

/** Attendees: a switch, since the relationship says NoCascade and the platform may treat them apart. */
function followsMerge({ settings }: Organization, { cascade, column, referencingTable }: Relationship): boolean {
  if (referencingTable === 'activityparty') return column === 'partyid' && settings.current.partiesFollowMerge;
  return cascade.Merge === 'Cascade' && column !== 'masterid';
}

function deactivate(organization: Organization, subordinate: Row, target: Row): void {
  const row = organization.store.get(subordinate.table, subordinate.id) ?? subordinate;
  organization.store.put(row.table, row.id, {
    ...row.values,
    ...stamp(organization, 'modified'),
    statecode: 1,
    statuscode: 2,
    merged: true,
    masterid: { table: target.table, id: target.id },
  });
}
