// From FetchXML to a query, every name of it known to the schema. Microsoft Learn, "Query data using FetchXml", reference
// of its elements, and the schema Fetch.xsd. Shared by views and by `?fetchXml=`.

import { badRequest, invalidArgument } from '../errors.ts';
import { MAX_CONDITIONS, tooManyConditions } from '../limits.ts';
import type { Organization } from '../organization.ts';
import type { Column, Table } from '../schema/model.ts';
import { OPERATORS } from './operators.ts';
import { type Element, readXml } from './xml.ts';

export interface FetchQuery {
  readonly attributes: Readonly<Record<string, string>>;
  readonly entity: FetchEntity;
}

export interface FetchEntity {
  readonly table: Table;
  readonly columns: readonly { readonly column: Column; readonly attributes: Readonly<Record<string, string>> }[];
  readonly all: boolean;
  readonly orders: readonly Readonly<Record<string, string>>[];
  readonly filters: readonly FetchFilter[];
  readonly links: readonly FetchLink[];
}

export interface FetchLink extends FetchEntity {
  readonly from: Column;
  readonly to: string;
  readonly type: string;
  readonly alias: string;
}

export interface FetchFilter {
  readonly type: 'and' | 'or';
  readonly conditions: readonly FetchCondition[];
  readonly filters: readonly FetchFilter[];
}

export interface FetchCondition {
  readonly column: string;
  readonly operator: string;
  readonly values: readonly string[];
  /** Alias of the link-entity that holds the column. */
  readonly entityname?: string | undefined;
}

/** Attributes by element: Fetch.xsd and the newer ones of the reference. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  fetch:
    'version count page paging-cookie utc-offset aggregate distinct top mapping min-active-row-version output-format returntotalrecordcount no-lock aggregatelimit latematerialize options datasource useraworderby savedqueryid',
  entity: 'name enableprefiltering prefilterparametername',
  'link-entity': 'name to from alias link-type visible intersect enableprefiltering prefilterparametername',
  attribute: 'name build addedby alias aggregate groupby dategrouping usertimezone distinct rowaggregate',
  order: 'attribute alias descending entityname',
  filter: 'type isquickfindfields overridequickfindrecordlimitenabled overridequickfindrecordlimitdisabled hint',
  condition: 'column attribute entityname operator value valueof aggregate rowaggregate alias uiname uitype uihidden',
  value: 'uiname uitype',
  'all-attributes': '',
};

const CHILDREN: Readonly<Record<string, string>> = {
  fetch: 'entity order',
  entity: 'all-attributes attribute order link-entity filter',
  'link-entity': 'all-attributes attribute order link-entity filter',
  filter: 'condition filter link-entity',
  condition: 'value',
};

/** Throws for XML that is not well-formed, for elements out of place, and for names that do not exist. */
export function parseFetch(organization: Organization, text: string): FetchQuery {
  const root = readXml(text);
  // The code is an [inference].
  if (root === undefined) throw invalidArgument('Invalid XML.');
  if (root.name !== 'fetch') throw misplaced(root.name);
  checkShape(root);
  if (count(root) > MAX_CONDITIONS) throw tooManyConditions();
  const [entity, ...others] = root.children.filter(({ name }) => name === 'entity');
  if (entity === undefined || others.length > 0) throw invalidArgument('A fetch needs exactly one entity.');
  return { attributes: root.attributes, entity: new Reader(organization).entity(entity) };
}

function checkShape({ name, attributes, children }: Element): void {
  const allowed = (ATTRIBUTES[name] ?? '').split(' ');
  for (const attribute of Object.keys(attributes)) {
    if (!allowed.includes(attribute)) throw invalidArgument(`The attribute '${attribute}' is not valid on '${name}'.`);
  }
  const inside = (CHILDREN[name] ?? '').split(' ');
  for (const child of children) {
    if (!inside.includes(child.name)) throw misplaced(child.name);
    checkShape(child);
  }
}

const misplaced = (name: string) => invalidArgument(`The element '${name}' is not valid here.`);

function count({ name, children }: Element): number {
  const own = name === 'condition' || name === 'link-entity' ? 1 : 0;
  return children.reduce((sum, child) => sum + count(child), own);
}

class Reader {
  readonly #organization: Organization;
  readonly #aliases = new Set<string>();

  constructor(organization: Organization) {
    this.#organization = organization;
  }

  entity(element: Element): FetchEntity {
    const table = this.#organization.schema.table(element.attributes['name'] ?? '');
    if (table === undefined) {
      // QueryBuilderNoEntity.
      const name = element.attributes['name'] ?? '';
      throw badRequest(`The entity with a name = '${name}' was not found in the MetadataCache.`, '0x80041102');
    }
    const named = (name: string) => element.children.filter((child) => child.name === name);
    return {
      table,
      columns: named('attribute').map(({ attributes }) => ({
        column: columnOf(table, attributes['name']),
        attributes,
      })),
      all: named('all-attributes').length > 0,
      links: named('link-entity').map((child) => this.#link(child, table)),
      filters: named('filter').map((child) => this.#filter(child, table)),
      orders: named('order').map(({ attributes }) => {
        if (attributes['alias'] === undefined && attributes['entityname'] === undefined)
          columnOf(table, attributes['attribute']);
        return attributes;
      }),
    };
  }

  #link(element: Element, parent: Table): FetchLink {
    const inner = this.entity(element);
    const { from = '', to = '', 'link-type': type = 'inner' } = element.attributes;
    const alias = element.attributes['alias'] ?? `${inner.table.logicalName}${this.#aliases.size + 1}`;
    // QueryBuilderInvalid_Alias.
    if (!/^[A-Za-z_]\w*$/.test(alias) || this.#aliases.has(alias))
      throw badRequest(`Invalid character specified for alias: ${alias}, or it is used twice.`, '0x80041109');
    this.#aliases.add(alias);
    return { ...inner, from: columnOf(inner.table, from), to: columnOf(parent, to).name, type, alias };
  }

  #filter(element: Element, table: Table): FetchFilter {
    const { type = 'and' } = element.attributes;
    if (type !== 'and' && type !== 'or') throw invalidArgument(`The filter type '${type}' is not valid.`);
    if (element.children.some(({ name }) => name === 'link-entity')) throw misplaced('link-entity');
    return {
      type,
      conditions: element.children
        .filter(({ name }) => name === 'condition')
        .map((child) => readCondition(child, table)),
      filters: element.children.filter(({ name }) => name === 'filter').map((child) => this.#filter(child, table)),
    };
  }
}

function readCondition({ attributes, children }: Element, table: Table): FetchCondition {
  const { attribute = '', operator = '', value, entityname } = attributes;
  // QueryBuilderBad_Condition.
  if (!OPERATORS.has(operator)) throw badRequest(`The condition operator '${operator}' is not valid.`, '0x80041106');
  if (attributes['valueof'] !== undefined) throw invalidArgument('Comparing columns (valueof) is not covered.');
  const column = entityname === undefined ? columnOf(table, attribute).name : attribute;
  const values = value === undefined ? children.map(({ text }) => text) : [value];
  return { column, operator, values, entityname };
}

/** A column of a table by its logical name. */
export function columnOf(table: Table, name: string | undefined): Column {
  const column = table.columns.get(name ?? '');
  if (column !== undefined) return column;
  throw badRequest(
    `'${table.logicalName}' entity doesn't contain attribute with Name = '${name ?? ''}' and NameMapping = 'Logical'.`,
    '0x80041103',
  );
}
