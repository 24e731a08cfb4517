// The rules of each kind of customization, asked before a row is saved.

import { badRequest, DataverseError, invalidArgument } from '../errors.ts';
import { checkView } from '../fetch/views.ts';
import { readXml } from '../fetch/xml.ts';
import type { JsonObject } from '../json.ts';
import type { Organization } from '../organization.ts';
import type { Table } from '../schema/model.ts';
import type { Ref, Row, Values } from '../store/row.ts';
import { checkChart } from './charts.ts';
import { checkForm } from './forms.ts';
import { hasDrafts } from './publication.ts';
import { checkSiteMap } from './site-maps.ts';
import { validateXml } from './xml-schemas.ts';

type Candidate = Ref & { readonly values: Values };
type Rule = (organization: Organization, candidate: Candidate) => void;

/** Microsoft Learn: the icon that every environment has. */
export const DEFAULT_ICON = '953b9fac-1e5e-e611-80d6-00155ded156f';
const UNIFIED_INTERFACE = 4;

const RULES: Readonly<Record<string, Rule>> = {
  savedquery: (organization, { values }) => {
    checkView(organization, values);
    if (typeof values['fetchxml'] === 'string') validateXml('Fetch', values['fetchxml']);
    if (typeof values['layoutxml'] === 'string') validateXml('Layout', values['layoutxml']);
  },
  systemform: (organization, { values }) => checkForm(organization, values),
  savedqueryvisualization: (organization, { values }) => checkChart(organization, values),
  sitemap: (organization, candidate) => {
    const { sitemapnameunique, isappaware } = candidate.values;
    if (typeof sitemapnameunique !== 'string' || isappaware !== true)
      throw invalidArgument('A site map of an app needs sitemapnameunique and isappaware.');
    refuseTwin(organization, candidate, 'sitemapnameunique');
    checkSiteMap(organization, candidate.values);
  },
  webresource: checkWebResource,
  appmodule: checkApp,
};

/** Checks a customization as it is about to be saved. */
export function refuseUnfitCustomization(organization: Organization, candidate: Candidate): void {
  RULES[candidate.table]?.(organization, candidate);
}

/** Columns that are set at creation for ever. That naming them is refused, not ignored, is stricter than Dataverse. */
export function refuseFixedColumns(table: Table, row: Row, body: JsonObject): void {
  if (!hasDrafts(table)) return;
  for (const name of Object.keys(body)) {
    const column = table.columns.get(name);
    if (column !== undefined && !column.update && body[name] !== row.values[name])
      throw invalidArgument(`The column '${name}' of ${table.logicalName} cannot be changed.`);
  }
}

/** Microsoft Learn, "Web resources": 4 Data (XML), 11 SVG. The content is base64. */
const XML_TYPES: readonly unknown[] = [4, 11];

function checkWebResource(organization: Organization, candidate: Candidate): void {
  const { name, content, webresourcetype } = candidate.values;
  if (typeof name !== 'string' || !/^[a-z][a-z0-9]{1,7}_[\w./]+$/i.test(name))
    throw invalidArgument(`The name of a web resource begins with the prefix of a publisher: '${String(name)}'.`);
  refuseTwin(organization, candidate, 'name');
  if (typeof content !== 'string' || Buffer.from(content, 'base64').toString('base64') !== content)
    throw invalidArgument('The content of a web resource is base64.');
  if (!XML_TYPES.includes(webresourcetype)) return;
  const root = readXml(Buffer.from(content, 'base64').toString('utf8'))?.name;
  if (root === undefined || (webresourcetype === 11 && root !== 'svg'))
    throw badRequest('The content of the web resource is not of its type.', '0x8004f01c');
}

function checkApp(organization: Organization, candidate: Candidate): void {
  const { name, uniquename, webresourceid, clienttype } = candidate.values;
  if (typeof name !== 'string' || !/^[A-Za-z]\w*$/.test(String(uniquename ?? '')))
    throw invalidArgument('An app needs a name, and a uniquename of letters and digits.');
  const icon = String(webresourceid ?? '');
  if (icon !== DEFAULT_ICON && organization.store.get('webresource', icon) === undefined)
    throw invalidArgument('The webresourceid of an app is that of a web resource.');
  if (clienttype !== UNIFIED_INTERFACE) throw invalidArgument('The clienttype of an app is 4, the unified interface.');
  refuseTwin(organization, candidate, 'uniquename', () =>
    badRequest(`An app named '${String(uniquename)}' exists already.`, '0x80050135'),
  );
}

function refuseTwin(
  { store }: Organization,
  { table, id, values }: Candidate,
  column: string,
  refusal = () => new DataverseError(412, '0x80040237', `A ${table} with the same ${column} exists already.`),
): void {
  for (const other of store.rows(table))
    if (other.id !== id && other.values[column] === values[column]) throw refusal();
}
