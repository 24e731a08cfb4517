// The calls that secure columns, and the proofs that the application user goes on reading them.

import { setTimeout as delay } from 'node:timers/promises';
import type { DynamicsWebApi } from 'dynamics-web-api';
import * as z from 'zod';
import { memoryProfile, type SecuredColumn } from '../schema/memory-profile.ts';
import { type CallKinds, type CallOf, IN_OUR_SOLUTION } from './call-kinds.ts';
import type { Created } from './created.ts';
import { readProfile } from './current-profile.ts';
import type { DefinitionNeeds } from './definition-calls.ts';
import { listOf, reader } from './read.ts';
import { replaceColumn } from './replace-column.ts';

export interface ProfileNeeds {
  'create-profile': { body: object };
  'add-member': { userId: string | undefined };
  'prove-member': { userId: string | undefined };
  secure: SecuredColumn;
  allow: { permissionId: string | undefined } & SecuredColumn;
  'prove-reading': { userId: string | undefined };
}

export type ProfileCall = CallOf<ProfileNeeds> | CallOf<DefinitionNeeds, 'publish'>;

const PROFILE = `fieldsecurityprofiles(${memoryProfile.id})`;
const NEW_USER = 'the new user';

/** Dataverse learns of a changed security within seconds to a minute (seen: 0x8004f508 right after a publication). */
const ATTEMPTS = 12;
const PAUSE_MS = 10_000;

export const profileKinds: CallKinds<ProfileNeeds> = {
  'create-profile': {
    describe: ({ body }) => ({ request: 'POST fieldsecurityprofiles', body }),
    send: ({ body }, { client, signal }) =>
      client.create({ collection: 'fieldsecurityprofiles', data: body, signal, headers: IN_OUR_SOLUTION }),
  },
  'add-member': {
    describe: ({ userId }) => ({
      request: `POST ${PROFILE}/systemuserprofiles_association/$ref`,
      body: { '@odata.id': `systemusers(${userId ?? NEW_USER})` },
    }),
    send: (call, { client, created, signal }) =>
      client.associate({
        collection: 'fieldsecurityprofiles',
        primaryKey: memoryProfile.id,
        relationshipName: 'systemuserprofiles_association',
        relatedCollection: 'systemusers',
        relatedKey: userIdOf(call, created),
        signal,
      }),
  },
  'prove-member': {
    describe: ({ userId }) => ({
      request: `GET ${PROFILE}, and rdvs_links as the user ${userId ?? NEW_USER}`,
      body: {},
    }),
    send: (call, { client, created }) => proveMember(client, userIdOf(call, created)),
  },
  secure: {
    describe: (call) => ({ request: `PUT ${attribute(call)}`, body: { IsSecured: true } }),
    send: (call, { client, signal }) => secure(client, call, signal),
  },
  allow: {
    describe: (call) =>
      call.permissionId === undefined
        ? { request: 'POST fieldpermissions', body: permission(call) }
        : { request: `PATCH fieldpermissions(${call.permissionId})`, body: EVERYTHING },
    send: (call, { client, signal }) => patiently(isNotYetSecured, () => allow(client, call, signal)),
  },
  'prove-reading': {
    describe: ({ userId }) => ({ request: `GET rdvs_links as the user ${userId ?? NEW_USER}`, body: {} }),
    send: (call, { client, created }) => patiently(isStillHidden, () => proveReading(client, userIdOf(call, created))),
  },
};

function userIdOf({ userId }: { userId: string | undefined }, created: Created): string {
  const id = userId ?? created.userId;
  if (id === undefined) throw new Error('no application user was created');
  return id;
}

/** Proves, before a column is secured, that the user has the profile and reads links. */
async function proveMember(client: DynamicsWebApi, userId: string): Promise<void> {
  const profile = await readProfile(reader(client));
  if (profile?.members.has(userId) !== true) throw new Error('the application user has not got the profile');
  await readMemories(client, userId);
}

const memories = listOf({ rdvs_linkid: z.string(), rdvs_applied: z.string().nullish() });

/** Some links as a user sees them (Microsoft Learn, "Impersonate another user using the Web API"). */
async function readMemories(client: DynamicsWebApi, userId?: string) {
  const { value } = await reader(client)(memories, (api, signal) =>
    api.retrieveMultiple({
      collection: 'rdvs_links',
      select: ['rdvs_linkid', 'rdvs_applied'],
      filter: 'rdvs_version ne null',
      orderBy: ['rdvs_linkid asc'],
      top: 20,
      ...(userId === undefined ? {} : { impersonate: userId }),
      signal,
    }),
  );
  return value;
}

class StillHidden extends Error {
  override readonly message = 'the application user still reads null in rdvs_link.rdvs_applied';
}

/** Proves that the user reads the same values as the administrator. Without any link nothing could be hidden. */
async function proveReading(client: DynamicsWebApi, userId: string): Promise<void> {
  const seen = new Map((await readMemories(client, userId)).map((row) => [row.rdvs_linkid, row.rdvs_applied ?? null]));
  const all = await readMemories(client);
  if (all.some((row) => row.rdvs_applied != null && seen.get(row.rdvs_linkid) === null)) throw new StillHidden();
}

const isStillHidden = (error: unknown) => error instanceof StillHidden;

const notSecured = z.looseObject({ code: z.string().regex(/^0x8004f508$/i) });
const isNotYetSecured = (error: unknown) => notSecured.safeParse(error).success;

async function patiently(passes: (error: unknown) => boolean, work: () => Promise<unknown>): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!passes(error) || attempt >= ATTEMPTS) throw error;
      await delay(PAUSE_MS);
    }
  }
}

const attribute = ({ table, column }: SecuredColumn) =>
  `EntityDefinitions(LogicalName='${table}')/Attributes(LogicalName='${column}')`;

/** Puts column-level security on a column of the memory, which are all memos. */
function secure(client: DynamicsWebApi, { table, column }: SecuredColumn, signal: AbortSignal): Promise<unknown> {
  const keys = { entityKey: `LogicalName='${table}'`, attributeKey: `LogicalName='${column}'` };
  return replaceColumn(client, { ...keys, type: 'Memo', changes: { IsSecured: true } }, signal);
}

/** Microsoft Learn, FieldPermission reference: 4 is allowed. */
const EVERYTHING = { canread: 4, cancreate: 4, canupdate: 4 };

const permission = ({ table, column }: SecuredColumn) => ({
  entityname: table,
  attributelogicalname: column,
  ...EVERYTHING,
  'fieldsecurityprofileid@odata.bind': `/${PROFILE}`,
});

async function allow(client: DynamicsWebApi, call: ProfileNeeds['allow'], signal: AbortSignal) {
  const collection = 'fieldpermissions';
  if (call.permissionId !== undefined) {
    return client.update({ collection, key: call.permissionId, data: EVERYTHING, signal });
  }
  return client.create({ collection, data: permission(call), signal });
}
