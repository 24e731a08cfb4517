// Sub-grids of forms, and the lists and charts of dashboards.

import { invalidArgument } from '../errors.ts';
import type { Element } from '../fetch/xml.ts';
import type { Organization } from '../organization.ts';
import type { Table } from '../schema/model.ts';
import { targets } from '../schema/schema.ts';
import { childText, plainId } from './xml-tree.ts';

const SUB_GRID_PARAMETERS =
  'ViewId IsUserView RelationshipName TargetEntityType AutoExpand EnableQuickFind EnableViewPicker ViewIds EnableJumpBar ChartGridMode IsUserChart EnableChartPicker RecordsPerPage'.split(
    ' ',
  );

/** @param form the table of the form; undefined for a dashboard, which relates to no row and needs `VisualizationId` too */
export function checkGrid(organization: Organization, parameters: Element | undefined, form: Table | undefined): void {
  const value = (name: string) => childText(parameters, name);
  const needed = form === undefined ? [...SUB_GRID_PARAMETERS, 'VisualizationId'] : SUB_GRID_PARAMETERS;
  const missing = needed.find((name) => value(name) === undefined);
  // Dataverse takes it and draws nothing.
  if (missing !== undefined) throw invalidArgument(`The parameter '${missing}' of a grid is missing.`);
  const target = value('TargetEntityType') ?? '';
  for (const id of [value('ViewId'), ...(value('ViewIds') ?? '').split(',')])
    requireOf(organization, { table: 'savedquery', column: 'returnedtypecode', id: plainId(id) }, target);
  const chart = plainId(value('VisualizationId'));
  if (value('ChartGridMode') === 'Chart' || chart !== '')
    requireOf(organization, { table: 'savedqueryvisualization', column: 'primaryentitytypecode', id: chart }, target);
  checkRelationship(organization, form, { name: value('RelationshipName') ?? '', target });
}

interface Wanted {
  readonly table: string;
  readonly column: string;
  readonly id: string;
}

function requireOf({ store }: Organization, { table, column, id }: Wanted, target: string): void {
  if (store.get(table, id)?.values[column] !== target)
    throw invalidArgument(`A grid of ${target} names a ${table} that does not exist or is of another table.`);
}

/** An empty name shows all rows. */
function checkRelationship(
  { schema }: Organization,
  form: Table | undefined,
  { name, target }: { name: string; target: string },
): void {
  if (name === '') return;
  const relationship = schema.table(target)?.relationships.find(({ schemaName }) => schemaName === name);
  if (form === undefined || relationship === undefined || !targets(relationship).includes(form.logicalName))
    throw invalidArgument(`The relationship '${name}' does not join ${target} and the table of the form.`);
}
