// Functions and actions that are not bound to a row. Microsoft Learn: "Use Web API functions", "Use Web API actions".

import type { Call } from '../call/call.ts';
import type { ApiResponse } from '../call/message.ts';
import { answer, done, readJson } from '../call/message.ts';
import { publishAll, publishListed } from '../customization/publication.ts';
import { badRequest, invalidArgument, methodNotAllowed } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { isObject, objects, text } from '../json.ts';
import { insertOptionValue, updateOptionValue } from '../metadata/options.ts';
import { addExistingComponent } from '../metadata/solutions.ts';
import { createTable } from '../metadata/tables.ts';
import type { Segment } from '../odata/path.ts';
import { baseLanguage, provisionedLanguages } from '../organization.ts';
import { publishSecurity } from '../security/secured-columns.ts';
import {
  addAppComponents,
  removeAppComponents,
  retrieveAppComponents,
  retrieveDependenciesForDelete,
  validateApp,
} from './app-messages.ts';
import { publishDuplicateRule, unpublishDuplicateRule } from './duplicate-rules.ts';
import { merge } from './merge.ts';
import { retrieveRolePrivileges, setLocLabels } from './role-messages.ts';
import { grantAccess, revokeAccess } from './share.ts';

const FUNCTIONS: Readonly<Record<string, (call: Call) => JsonObject>> = {
  WhoAmI: ({ context: { organization } }) => ({
    BusinessUnitId: organization.businessUnit.id,
    UserId: organization.caller.id,
    OrganizationId: organization.organizationId,
  }),
  RetrieveAppComponents: retrieveAppComponents,
  RetrieveDependenciesForDelete: retrieveDependenciesForDelete,
  RetrieveRolePrivilegesRole: retrieveRolePrivileges,
  RetrieveVersion: () => ({ Version: '9.2.0.0' }),
  RetrieveProvisionedLanguages: ({ context }) => ({
    RetrieveProvisionedLanguages: provisionedLanguages(context.organization),
  }),
  RetrieveAvailableLanguages: ({ context }) => ({ LocaleIds: provisionedLanguages(context.organization) }),
  ValidateApp: validateApp,
  RetrieveInstalledLanguagePacks: ({ context }) => ({
    RetrieveInstalledLanguagePacks: provisionedLanguages(context.organization).filter(
      (code) => code !== baseLanguage(context.organization),
    ),
  }),
};

/** Tables with their columns in one request, as Microsoft's Python client makes them. */
const createTables = (call: Call, body: JsonObject): ApiResponse => {
  const ids = objects(body, 'Entities').map((entity) => createTable(call, entity).metadataId);
  if (ids.length === 0) throw invalidArgument("The parameter 'Entities' is missing or empty.");
  return answer(
    200,
    {},
    { '@odata.context': `${call.context.root}$metadata#Microsoft.Dynamics.CRM.CreateEntitiesResponse`, EntityIds: ids },
  );
};

const ACTIONS: Readonly<Record<string, (call: Call, body: JsonObject) => ApiResponse>> = {
  AddAppComponents: addAppComponents,
  CreateEntities: createTables,
  GrantAccess: grantAccess,
  InsertOptionValue: insertOptionValue,
  Merge: merge,
  RemoveAppComponents: removeAppComponents,
  RevokeAccess: revokeAccess,
  SetLocLabels: setLocLabels,
  UpdateOptionValue: updateOptionValue,
  PublishAllXml: ({ context }) => {
    publishSecurity(context.organization, 'all');
    publishAll(context.organization);
    return done();
  },
  PublishDuplicateRule: publishDuplicateRule,
  UnpublishDuplicateRule: unpublishDuplicateRule,
  PublishXml: (call, body) => {
    const xml = text(body, 'ParameterXml');
    if (xml === undefined || !/<importexportxml[\s>]/.test(xml))
      throw badRequest("The parameter 'ParameterXml' is not valid.", '0x80040203');
    const entities = publishListed(call.context.organization, xml);
    publishSecurity(call.context.organization, entities);
    return done();
  },
  AddSolutionComponent: (call, body) => answer(200, {}, { id: addExistingComponent(call.context.organization, body) }),
};

/** Names of what is served, for `$metadata`. */
export function servedOperations(): { functions: readonly string[]; actions: readonly string[] } {
  return { functions: Object.keys(FUNCTIONS), actions: Object.keys(ACTIONS) };
}

export function isOperation(name: string): boolean {
  return Object.hasOwn(FUNCTIONS, name) || Object.hasOwn(ACTIONS, name);
}

export function callOperation(call: Call, segment: Segment): ApiResponse {
  const { method } = call.request;
  const read = FUNCTIONS[segment.name];
  if (read !== undefined) {
    if (method !== 'GET') throw methodNotAllowed();
    const type = `Microsoft.Dynamics.CRM.${segment.name}Response`;
    return answer(200, {}, { '@odata.context': `${call.context.root}$metadata#${type}`, ...read(call) });
  }
  if (method !== 'POST') throw methodNotAllowed();
  const act = ACTIONS[segment.name];
  const body = call.request.body.trim() === '' ? {} : readJson(call.request);
  if (act === undefined || !isObject(body)) throw invalidArgument(`${segment.name} cannot be called.`);
  return act(call, body);
}
