// GrantAccess and RevokeAccess, not bound. Microsoft Learn, GrantAccess action, RevokeAccess action, AccessRights enumeration.

import type { Call } from '../call/call.ts';
import type { ApiResponse } from '../call/message.ts';
import { done } from '../call/message.ts';
import { invalidArgument, rowDoesNotExist } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { isObject, text } from '../json.ts';
import type { Organization } from '../organization.ts';
import { admit } from '../rows/admission.ts';
import { shareWithChildren, unshareWithChildren } from '../rows/cascade.ts';
import { ACCESS_RIGHT, type Right } from '../security/privileges.ts';
import type { Row } from '../store/row.ts';

export function grantAccess({ context: { organization } }: Call, body: JsonObject): ApiResponse {
  const access = body['PrincipalAccess'];
  const row = rowNamed(organization, body['Target'], 'Target');
  const principal = rowNamed(organization, isObject(access) ? access['Principal'] : undefined, 'Principal');
  const mask = isObject(access) ? text(access, 'AccessMask') : undefined;
  admit(organization, { action: 'share', row: { table: row.table, id: row.id } });
  shareWithChildren(organization, row, {
    principal: { table: principal.table, id: principal.id },
    mask: readMask(mask),
  });
  return done();
}

export function revokeAccess({ context: { organization } }: Call, body: JsonObject): ApiResponse {
  const row = rowNamed(organization, body['Target'], 'Target');
  const revokee = rowNamed(organization, body['Revokee'], 'Revokee');
  admit(organization, { action: 'share', row: { table: row.table, id: row.id } });
  unshareWithChildren(organization, row, { table: revokee.table, id: revokee.id });
  return done();
}

function rowNamed({ schema, store }: Organization, json: Json | undefined, parameter: string): Row {
  const type = isObject(json) ? text(json, '@odata.type')?.replace(/^#?Microsoft\.Dynamics\.CRM\./, '') : undefined;
  const table = schema.table(type ?? '');
  const id = table && isObject(json) ? text(json, table.primaryId)?.toLowerCase() : undefined;
  if (table === undefined || id === undefined) throw invalidArgument(`The parameter '${parameter}' is not valid.`);
  const row = store.get(table.logicalName, id);
  if (row === undefined) throw rowDoesNotExist(table.logicalName, id);
  return row;
}

/** `ReadAccess, WriteAccess`. */
function readMask(names: string | undefined): number {
  const rights = (names ?? '').split(',').map((name) => name.trim().replace(/Access$/, ''));
  return rights.reduce((mask, name) => {
    if (!isRight(name)) throw invalidArgument(`AccessMask cannot hold ${name}.`);
    return mask | ACCESS_RIGHT[name];
  }, 0);
}

const isRight = (name: string): name is Right => Object.hasOwn(ACCESS_RIGHT, name);
