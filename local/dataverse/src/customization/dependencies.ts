// What uses a customization: as long as something does, it cannot be deleted. Microsoft Learn, "Dependency tracking for
// solution components", RetrieveDependenciesForDelete function.

import { badRequest } from '../errors.ts';
import { readXml } from '../fetch/xml.ts';
import type { Organization } from '../organization.ts';
import type { Row } from '../store/row.ts';
import { ROW_COMPONENT } from './component-types.ts';
import { FORM_TYPE } from './form-controls.ts';
import { webResourceIn } from './site-maps.ts';
import { named } from './xml-tree.ts';

/** @throws DataverseError 0x8004f01f for what is used; for the last main form of a table too, its code is an [inference] */
export function refuseUsed(organization: Organization, row: Row): void {
  if (ROW_COMPONENT[row.table] === undefined || row.table === 'role') return;
  const [first] = usersOf(organization, row);
  if (first !== undefined)
    throw badRequest(`The ${row.table} ${row.id} is used by the ${first.table} ${first.id}.`, '0x8004f01f');
  const { type, objecttypecode } = row.values;
  if (row.table !== 'systemform' || type !== FORM_TYPE.main) return;
  const others = [...organization.store.rows('systemform')].filter(
    ({ id, values }) => id !== row.id && values['type'] === type && values['objecttypecode'] === objecttypecode,
  );
  if (others.length === 0) throw badRequest('The last main form of a table cannot be deleted.', '0x8004f01f');
}

/** Rows that name it. That membership of an app counts is the stricter reading. */
export function usersOf({ store }: Organization, row: Row): Row[] {
  const users = [...store.rows('systemform')].filter(
    ({ id, values }) => id !== row.id && String(values['formxml']).toLowerCase().includes(row.id),
  );
  if (row.table === 'webresource') {
    for (const app of store.rows('appmodule')) if (app.values['webresourceid'] === row.id) users.push(app);
  }
  for (const map of store.rows('sitemap')) if (names(map, row)) users.push(map);
  for (const { values } of store.rows('appmodulecomponent')) {
    const app = values['objectid'] === row.id ? values['appmoduleidunique'] : undefined;
    const found = typeof app === 'object' && app !== null ? store.get(app.table, app.id) : undefined;
    if (found !== undefined) users.push(found);
  }
  return users;
}

function names(map: Row, { table, id, values }: Row): boolean {
  const root = readXml(String(map.values['sitemapxml']));
  if (root === undefined) return false;
  return named(root, 'SubArea').some(({ attributes }) => {
    const { Icon, VectorIcon, DefaultDashboard, Url } = attributes;
    if (table === 'webresource') return [Icon, VectorIcon].some((icon) => webResourceIn(icon) === values['name']);
    return DefaultDashboard?.toLowerCase() === id || Url?.toLowerCase().includes(id) === true;
  });
}
