// Solutions, publishers and the prefix of names. Microsoft Learn: "Create and update table definitions using the Web API"
// (header MSCRM.SolutionUniqueName), "AddSolutionComponent action".

import { randomUUID } from 'node:crypto';
import type { Call } from '../call/call.ts';
import { ROW_COMPONENT } from '../customization/component-types.ts';
import { DataverseError, invalidArgument } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { text } from '../json.ts';
import type { Organization } from '../organization.ts';
import type { Row } from '../store/row.ts';
import { isRef } from '../store/row.ts';

/** Values of solutioncomponent.componenttype. */
export const COMPONENT = { table: 1, column: 2, relationship: 10, key: 14 } as const;

/** The solution named by the request, if any; an unknown one is refused [the code is an inference]. */
export function solutionNamed(organization: Organization, uniqueName: string): Row {
  for (const row of organization.store.rows('solution')) {
    if (String(row.values['uniquename']).toLowerCase() === uniqueName.toLowerCase()) return row;
  }
  throw new DataverseError(404, '0x80040217', `Solution '${uniqueName}' was not found.`);
}

function requestedSolution(call: Call): Row | undefined {
  const { headers, target } = call.request;
  const parameter = /[?&]SolutionUniqueName=([^&]+)/.exec(target)?.[1];
  const name = parameter ?? headers.get('mscrm.solutionuniquename') ?? headers.get('mscrm.solutionname');
  return name === undefined ? undefined : solutionNamed(call.context.organization, name);
}

/**
 * A custom name starts with the customization prefix of its solution's publisher. Without a solution any publisher's
 * prefix will do [inference].
 */
export function checkPrefix(call: Call, schemaName: string): void {
  const { store } = call.context.organization;
  const publisher = requestedSolution(call)?.values['publisherid'];
  const publishers = isRef(publisher) ? [store.get('publisher', publisher.id)] : [...store.rows('publisher')];
  const prefixes = publishers.map((row) => String(row?.values['customizationprefix']));
  if (prefixes.some((prefix) => schemaName.toLowerCase().startsWith(`${prefix.toLowerCase()}_`))) return;
  throw new DataverseError(
    400,
    '0x8004701e',
    `Schema name '${schemaName}' does not start with the customization prefix of the publisher (${prefixes.join(', ')}).`,
  );
}

/** Puts what a request made into the solution of its header. */
export function addToSolution(call: Call, type: number, objectId: string): void {
  const solution = requestedSolution(call);
  if (solution !== undefined) addComponent(call.context.organization, solution, { type, objectId });
}

/** Roles, views, forms and other parts of apps are rows; the header puts them into a solution as it does definitions. */
export function addRowToSolution(call: Call, { table, id }: Row): void {
  const type = ROW_COMPONENT[table];
  if (type !== undefined) addToSolution(call, type, id);
}

/** `AddSolutionComponent`: the component must exist. */
export function addExistingComponent(organization: Organization, body: JsonObject): string {
  const objectId = text(body, 'ComponentId')?.toLowerCase();
  const type = body['ComponentType'];
  const solution = solutionNamed(organization, text(body, 'SolutionUniqueName') ?? '');
  if (objectId === undefined || typeof type !== 'number')
    throw invalidArgument('ComponentId and ComponentType are needed.');
  if (typeof body['AddRequiredComponents'] !== 'boolean')
    throw invalidArgument("The parameter 'AddRequiredComponents' is missing.");
  if (!exists(organization, type, objectId))
    throw new DataverseError(404, '0x80040217', `Component ${objectId} of type ${type} does not exist.`);
  return addComponent(organization, solution, { type, objectId });
}

function exists({ schema, store }: Organization, type: number, id: string): boolean {
  const tables = [...schema.tables];
  switch (type) {
    case COMPONENT.table:
      return tables.some((table) => table.metadataId === id);
    case COMPONENT.column:
      return tables.some((table) => [...table.columns.values()].some((column) => column.metadataId === id));
    case COMPONENT.relationship:
      return tables.some((table) => table.relationships.some((relationship) => relationship.metadataId === id));
    case COMPONENT.key:
      return tables.some((table) => [...table.keys.values()].some((key) => key.metadataId === id));
    default:
      return Object.entries(ROW_COMPONENT).some(
        ([table, number]) => number === type && store.get(table, id) !== undefined,
      );
  }
}

function addComponent(
  { store }: Organization,
  solution: Row,
  { type, objectId }: { type: number; objectId: string },
): string {
  for (const row of store.lookup('solutioncomponent', 'solutionid', solution.id)) {
    if (row.values['objectid'] === objectId) return row.id;
  }
  const id = randomUUID();
  const solutionid = { table: solution.table, id: solution.id };
  store.put('solutioncomponent', id, { solutioncomponentid: id, componenttype: type, objectid: objectId, solutionid });
  return id;
}
