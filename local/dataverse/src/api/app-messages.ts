// Components of an app, and what is asked of it as a whole. Microsoft Learn: AddAppComponents and RemoveAppComponents actions,
// RetrieveAppComponents and ValidateApp functions, "Create, manage, and publish model-driven apps using code".

import { randomUUID } from 'node:crypto';
import type { Call } from '../call/call.ts';
import type { ApiResponse } from '../call/message.ts';
import { done } from '../call/message.ts';
import { APP_COMPONENT, ROW_COMPONENT, SITE_MAP } from '../customization/component-types.ts';
import { usersOf } from '../customization/dependencies.ts';
import { publishedComponents, publishedRow } from '../customization/publication.ts';
import { named } from '../customization/xml-tree.ts';
import { badRequest, invalidArgument, rowDoesNotExist } from '../errors.ts';
import { readXml } from '../fetch/xml.ts';
import type { Json, JsonObject } from '../json.ts';
import { objects, text } from '../json.ts';
import { guidKey, keyValues } from '../odata/path.ts';
import type { Organization } from '../organization.ts';
import { admit } from '../rows/admission.ts';
import type { Row } from '../store/row.ts';

export function addAppComponents(call: Call, body: JsonObject): ApiResponse {
  const { organization } = call.context;
  const app = requireApp(organization, text(body, 'AppId'));
  for (const { type, id } of componentsIn(organization, body)) {
    const held = componentsOf(organization, app);
    if (held.some(({ values }) => values['objectid'] === id)) continue;
    if (type === SITE_MAP && held.some(({ values }) => values['componenttype'] === type))
      throw badRequest('An app has one site map.', '0x80050111');
    const key = randomUUID();
    organization.store.put('appmodulecomponent', key, {
      appmodulecomponentid: key,
      componenttype: type,
      objectid: id,
      appmoduleidunique: { table: 'appmodule', id: app.id },
    });
  }
  return done();
}

export function removeAppComponents(call: Call, body: JsonObject): ApiResponse {
  const { organization } = call.context;
  const app = requireApp(organization, text(body, 'AppId'));
  const gone = componentsIn(organization, body).map(({ id }) => id);
  for (const row of componentsOf(organization, app))
    if (gone.includes(String(row.values['objectid']))) organization.store.remove(row.table, row.id);
  return done();
}

function requireApp(organization: Organization, given: string | undefined): Row {
  const id = given?.toLowerCase() ?? '';
  const app = organization.store.get('appmodule', id);
  if (app === undefined) throw rowDoesNotExist('appmodule', id);
  admit(organization, { action: 'update', row: { table: 'appmodule', id } });
  return app;
}

function componentsOf({ store }: Organization, app: Row): Row[] {
  return store.lookup('appmodulecomponent', 'appmoduleidunique', app.id);
}

function componentsIn(organization: Organization, body: JsonObject): { type: number; id: string }[] {
  const components = objects(body, 'Components');
  if (components.length === 0) throw invalidArgument("The parameter 'Components' is missing or empty.");
  return components.map((component) => {
    const name = text(component, '@odata.type')?.replace(/^#?Microsoft\.Dynamics\.CRM\./, '') ?? '';
    const type = APP_COMPONENT[name];
    if (type === undefined) throw invalidArgument(`'${name}' is no component of an app.`);
    const key = name === 'entity' ? 'entityid' : organization.schema.known(name).primaryId;
    const id = text(component, key)?.toLowerCase() ?? '';
    const exists =
      name === 'entity'
        ? [...organization.schema.tables].some(({ metadataId }) => metadataId === id)
        : organization.store.get(name, id) !== undefined;
    if (!exists) throw rowDoesNotExist(name, id);
    return { type, id };
  });
}

/** The GUID that a function takes: `Name(AppModuleId=…)`, or by an alias. */
function guidParameter(call: Call, name: string): string {
  const pairs = keyValues(call.segments[0]?.argument ?? '');
  const given = pairs.find((pair) => pair.name === name)?.text ?? '';
  const id = guidKey(call.options.aliases.get(given) ?? given);
  if (id === undefined) throw invalidArgument(`The parameter '${name}' is missing or not a GUID.`);
  return id;
}

/** Only of a published app. */
export function retrieveAppComponents(call: Call): JsonObject {
  const { organization } = call.context;
  const id = guidParameter(call, 'AppModuleId');
  if (publishedRow(organization, 'appmodule', id) === undefined) throw rowDoesNotExist('appmodule', id);
  return {
    AppComponents: publishedComponents(organization, id).map(
      ({ values }): Json => ({
        componenttype: Number(values['componenttype']),
        objectid: String(values['objectid']),
      }),
    ),
  };
}

export function validateApp(call: Call): JsonObject {
  const { organization } = call.context;
  const app = requireApp(organization, guidParameter(call, 'AppModuleId'));
  const held = componentsOf(organization, app);
  const map = held.find(({ values }) => values['componenttype'] === SITE_MAP);
  const issues: JsonObject[] =
    map === undefined
      ? [{ ErrorType: 'Error', Message: 'App does not contain Site Map', CRMErrorCode: -2147155684 }]
      : tablesOf(organization, map)
          .filter((table) => !held.some((row) => isAbout(organization, row, table)))
          .map((table) => ({
            ErrorType: 'Warning',
            Message: `${table} doesn’t reference a form or view. App users will see all forms and views.`,
            CRMErrorCode: -2147155691,
          }));
  return { AppValidationResponse: { ValidationSuccess: issues.length === 0, ValidationIssueList: issues } };
}

function tablesOf({ store }: Organization, component: Row): string[] {
  const map = readXml(String(store.get('sitemap', String(component.values['objectid']))?.values['sitemapxml'] ?? ''));
  const tables = map === undefined ? [] : named(map, 'SubArea').map(({ attributes }) => attributes['Entity']);
  return [...new Set(tables.filter((table) => table !== undefined))];
}

function isAbout({ store }: Organization, { values }: Row, table: string): boolean {
  const id = String(values['objectid']);
  return (
    store.get('systemform', id)?.values['objecttypecode'] === table ||
    store.get('savedquery', id)?.values['returnedtypecode'] === table
  );
}

/** Microsoft Learn, RetrieveDependenciesForDelete function. */
export function retrieveDependenciesForDelete(call: Call): JsonObject {
  const { organization } = call.context;
  const id = guidParameter(call, 'ObjectId');
  const pairs = keyValues(call.segments[0]?.argument ?? '');
  const given = pairs.find(({ name }) => name === 'ComponentType')?.text ?? '';
  const type = Number(call.options.aliases.get(given) ?? given);
  const table = Object.entries(ROW_COMPONENT).find(([, number]) => number === type)?.[0];
  if (table === undefined) throw invalidArgument("The parameter 'ComponentType' is not valid.");
  const row = organization.store.get(table, id);
  const users = row === undefined ? [] : usersOf(organization, row);
  return {
    EntityCollection: users.map(
      (user): Json => ({
        dependentcomponenttype: ROW_COMPONENT[user.table] ?? 0,
        dependentcomponentobjectid: user.id,
        requiredcomponenttype: type,
        requiredcomponentobjectid: id,
      }),
    ),
  };
}
