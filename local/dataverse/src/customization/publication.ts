// Two copies of each customization: writes change the draft, GET shows what was published last.
// Microsoft Learn, "Publish customizations", "Publish request schema", RetrieveUnpublishedMultiple function.

import { DataverseError, rowDoesNotExist } from '../errors.ts';
import { type Element, readXml } from '../fetch/xml.ts';
import type { Organization } from '../organization.ts';
import type { Table } from '../schema/model.ts';
import type { Row } from '../store/row.ts';
import type { Store } from '../store/store.ts';
import { validateXml } from './xml-schemas.ts';

/** Of each table that has a draft: the column that names the table it is about, if it is about one. */
export const ABOUT: Readonly<Record<string, string | undefined>> = {
  savedquery: 'returnedtypecode',
  systemform: 'objecttypecode',
  savedqueryvisualization: 'primaryentitytypecode',
  webresource: undefined,
  sitemap: undefined,
  appmodule: undefined,
  appmodulecomponent: undefined,
};

const copyOf = (table: string) => `${table} published`;

export function hasDrafts({ logicalName }: Table): boolean {
  return Object.hasOwn(ABOUT, logicalName);
}

export function addPublishedCopies(store: Store): void {
  for (const table of Object.keys(ABOUT)) store.addTable(copyOf(table));
}

/** What GET shows. */
export function publishedRows({ store }: Organization, table: string): Row[] {
  return [...store.rows(copyOf(table))].map((row) => ({ ...row, table }));
}

/** The published copy of a row; undefined for one that only exists as a draft. */
export function publishedRow({ store }: Organization, table: string, id: string): Row | undefined {
  const row = store.get(copyOf(table), id);
  return row && { ...row, table };
}

export function publishRow({ store }: Organization, { table, id, values }: Row): void {
  store.put(copyOf(table), id, values);
}

/** A deleted customization is gone from both copies. */
export function forgetPublished({ store }: Organization, { table, id }: Pick<Row, 'table' | 'id'>): void {
  if (Object.hasOwn(ABOUT, table) && store.get(copyOf(table), id) !== undefined) store.remove(copyOf(table), id);
}

export function publishAll(organization: Organization): void {
  for (const table of Object.keys(ABOUT))
    for (const row of [...organization.store.rows(table)]) publishRow(organization, row);
}

/**
 * Publishes what a ParameterXml lists, and gives the tables among it.
 *
 * @throws DataverseError for XML that is not valid, and for a name or an id that does not exist
 */
export function publishListed(organization: Organization, parameterXml: string): readonly string[] {
  validateXml('ParameterXml', parameterXml);
  const root = readXml(parameterXml);
  const listed = (group: string) => (root?.children.find(({ name }) => name === group)?.children ?? []).map(textOf);
  const entities = listed('entities');
  for (const name of entities) publishTable(organization, name);
  for (const id of listed('dashboards')) publishById(organization, 'systemform', id);
  // "The value in sitemap is not used": one element publishes the site maps.
  if (listed('sitemaps').length > 0)
    for (const row of [...organization.store.rows('sitemap')]) publishRow(organization, row);
  for (const id of listed('webresources')) publishById(organization, 'webresource', id);
  for (const id of listed('appmodules')) publishApp(organization, id);
  return entities;
}

const textOf = ({ text }: Element) => text;

function publishTable(organization: Organization, name: string): void {
  if (organization.schema.table(name) === undefined)
    // Publishing names tables that exist; the code is an [inference].
    throw new DataverseError(
      400,
      '0x80040217',
      `The entity with a name = '${name}' with namemapping = 'Logical' was not found in the MetadataCache.`,
    );
  for (const [table, column] of Object.entries(ABOUT)) {
    if (column === undefined) continue;
    for (const row of [...organization.store.rows(table)])
      if (row.values[column] === name) publishRow(organization, row);
  }
}

function publishById(organization: Organization, table: string, text: string): Row {
  const id = text.replace(/[{}]/g, '').toLowerCase();
  const row = organization.store.get(table, id);
  if (row === undefined) throw rowDoesNotExist(table, id);
  publishRow(organization, row);
  return row;
}

function publishApp(organization: Organization, text: string): void {
  const app = publishById(organization, 'appmodule', text);
  const before = publishedComponents(organization, app.id);
  const now = organization.store.lookup('appmodulecomponent', 'appmoduleidunique', app.id);
  for (const row of before) forgetPublished(organization, row);
  for (const row of now) publishRow(organization, row);
}

/** The components of a published app. */
export function publishedComponents(organization: Organization, appId: string): Row[] {
  return publishedRows(organization, 'appmodulecomponent').filter(({ values }) => {
    const app = values['appmoduleidunique'];
    return typeof app === 'object' && app?.id === appId;
  });
}

/** An app takes its list of components and its roles along. */
export function forgetApp(organization: Organization, app: Row): void {
  for (const row of publishedComponents(organization, app.id)) forgetPublished(organization, row);
}
