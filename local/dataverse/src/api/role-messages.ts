// Messages about roles and labels of rows.
// Microsoft Learn: RetrieveRolePrivilegesRole function (not bound), AddPrivilegesRole and ReplacePrivilegesRole actions
// (bound to role), SetLocLabels action.

import type { Call } from '../call/call.ts';
import type { ApiResponse } from '../call/message.ts';
import { done, readJson } from '../call/message.ts';
import { putLabels } from '../customization/localized-labels.ts';
import { DataverseError, invalidArgument, rowDoesNotExist } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { isObject, objects, text } from '../json.ts';
import { guidKey, keyValues } from '../odata/path.ts';
import { admit } from '../rows/admission.ts';
import { DEPTH_MASK, type Depth, grant, privilegesOfRole } from '../security/privileges.ts';
import type { Row } from '../store/row.ts';

const ADD = 'Microsoft.Dynamics.CRM.AddPrivilegesRole';
const REPLACE = 'Microsoft.Dynamics.CRM.ReplacePrivilegesRole';

export function retrieveRolePrivileges(call: Call): JsonObject {
  const { organization } = call.context;
  const [parameter] = keyValues(call.segments[0]?.argument ?? '');
  const literal = call.options.aliases.get(parameter?.text ?? '') ?? parameter?.text ?? '';
  const id = parameter?.name === 'RoleId' ? guidKey(literal) : undefined;
  if (id === undefined) throw invalidArgument("The parameter 'RoleId' is missing or not a GUID.");
  if (organization.store.get('role', id) === undefined) throw rowDoesNotExist('role', id);
  admit(organization, { action: 'read', row: { table: 'role', id } });
  return {
    RolePrivileges: privilegesOfRole(organization, id).map(({ privilege, mask }) => ({
      Depth: DEPTHS.find((depth) => DEPTH_MASK[depth] === mask) ?? 'Global',
      PrivilegeId: privilege.id,
      BusinessUnitId: organization.businessUnit.id,
      PrivilegeName: String(privilege.values['name']),
    })),
  };
}

export function isRoleAction(call: Call, row: Row, name: string): boolean {
  return row.table === 'role' && call.request.method === 'POST' && (name === ADD || name === REPLACE);
}

export function changeRolePrivileges(call: Call, role: Row, name: string): ApiResponse {
  const { organization } = call.context;
  const { store } = organization;
  admit(organization, { action: 'update', row: { table: 'role', id: role.id } });
  if (name === REPLACE) {
    for (const row of [...store.rows('roleprivileges')]) {
      if (row.values['roleid'] === role.id) store.remove('roleprivileges', row.id);
    }
  }
  for (const privilege of objects(readJson(call.request), 'Privileges')) {
    const id = text(privilege, 'PrivilegeId')?.toLowerCase() ?? '';
    const row = store.get('privilege', id);
    if (row === undefined) throw rowDoesNotExist('privilege', id);
    const depth = depthOf(privilege['Depth']);
    // InvalidPrivilegeDepth: a table without owners knows no depth but the whole organization.
    if (depth === undefined || row.values[`canbe${depth.toLowerCase()}`] !== true)
      throw new DataverseError(400, '0x8004140b', 'Invalid privilege depth.');
    grant(organization, { roleId: role.id, privilegeId: id, depth });
  }
  return done();
}

/** `PrivilegeDepth`, in the order of its numbers. */
const DEPTHS: readonly Depth[] = ['Basic', 'Local', 'Deep', 'Global'];

const depthOf = (value: unknown) => DEPTHS.find((depth, number) => value === depth || String(value) === String(number));

/** Labels of a row in other languages: kept beside the row, which has one text. */
export function setLocLabels(call: Call, body: JsonObject): ApiResponse {
  const moniker = body['EntityMoniker'];
  const type = isObject(moniker) ? text(moniker, '@odata.type')?.replace('Microsoft.Dynamics.CRM.', '') : undefined;
  const key = call.context.organization.schema.table(type ?? '')?.primaryId;
  const id = isObject(moniker) && key !== undefined ? text(moniker, key) : undefined;
  if (type === undefined || id === undefined) throw invalidArgument("The parameter 'EntityMoniker' is not valid.");
  if (call.context.organization.store.get(type, id.toLowerCase()) === undefined) throw rowDoesNotExist(type, id);
  const labels = objects(body, 'Labels');
  if (labels.length === 0) throw invalidArgument("The parameter 'Labels' is missing or empty.");
  const texts = labels.map((label) => [String(label['LanguageCode']), text(label, 'Label') ?? ''] as const);
  const place = { table: type, id: id.toLowerCase() };
  putLabels(call.context.organization, place, text(body, 'AttributeName') ?? '', Object.fromEntries(texts));
  return done();
}
