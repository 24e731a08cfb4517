// The application that was provisioned and published: its name, icon, site map and parts.

import { readXml } from '../../src/provision/app/xml.ts';
import { SITE_MAP } from '../dataverse/src/customization/component-types.ts';
import { localized } from '../dataverse/src/customization/localized-labels.ts';
import { publishedComponents, publishedRow, publishedRows } from '../dataverse/src/customization/publication.ts';
import { webResourceIn } from '../dataverse/src/customization/site-maps.ts';
import { baseLanguage } from '../dataverse/src/organization.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { languageCode, type Reader } from './reader.ts';
import { text } from './rows.ts';
import { below, labelOf, plainId } from './xml-tree.ts';

export interface Entry {
  readonly name: string;
  /** `/contact`, or `/dashboard/` and an id. */
  readonly path: string;
  /** As an address that holds the picture itself. */
  readonly icon: string | undefined;
}

export interface Application {
  readonly name: string;
  /** As an address that holds the picture itself. */
  readonly icon: string | undefined;
  readonly groups: readonly { readonly name: string; readonly entries: readonly Entry[] }[];
  /** Ids of its forms, views and charts. */
  readonly parts: ReadonlySet<string>;
}

/** The first published application; undefined before `provision`. */
export function readApplication(reader: Reader): Application | undefined {
  const { organization } = reader;
  const [app] = publishedRows(organization, 'appmodule');
  if (app === undefined) return undefined;
  const components = publishedComponents(organization, app.id).map(({ values }) => ({
    type: values['componenttype'],
    id: String(values['objectid']),
  }));
  const map = components.find(({ type }) => type === SITE_MAP);
  const icon = publishedRow(organization, 'webresource', String(app.values['webresourceid']));
  return {
    name: nameIn(reader, app),
    icon: pictureOf(icon),
    groups: groupsOf(reader, map && publishedRow(organization, 'sitemap', map.id)),
    parts: new Set(components.map(({ id }) => id)),
  };
}

/** A text of a part in the reader's language. The row's own text is that of the base language. */
export function nameIn(reader: Reader, row: Row, column = 'name'): string {
  const { organization } = reader;
  const code = languageCode(reader);
  const other = code === baseLanguage(organization) ? undefined : localized(organization, row, column, code);
  return other ?? text(row, column) ?? '';
}

function groupsOf(reader: Reader, map: Row | undefined): Application['groups'] {
  const [root] = readXml((map && text(map, 'sitemapxml')) ?? '');
  if (root === undefined) return [];
  return below(root, 'Group').map((group) => ({
    name: labelOf(reader, group),
    entries: below(group, 'SubArea').flatMap((area) => {
      const { Entity, DefaultDashboard, VectorIcon } = area.attributes;
      const path = Entity ? `/${Entity}` : DefaultDashboard && `/dashboard/${plainId(DefaultDashboard)}`;
      return path === undefined ? [] : [{ name: labelOf(reader, area), path, icon: iconOf(reader, VectorIcon) }];
    }),
  }));
}

const pictureOf = (icon: Row | undefined) => icon && `data:image/svg+xml;base64,${text(icon, 'content')}`;

function iconOf({ organization }: Reader, address: string | undefined): string | undefined {
  const name = webResourceIn(address);
  return pictureOf(publishedRows(organization, 'webresource').find((row) => name && text(row, 'name') === name));
}

/** Published parts of a table that the application lists; all of the table when it lists none of the kind, as Dynamics does. */
export function partsOf(
  reader: Reader,
  { parts }: Application,
  { kind, about, table }: { kind: string; about: string; table: string },
): readonly Row[] {
  const all = publishedRows(reader.organization, kind).filter(({ values }) => values[about] === table);
  const listed = all.filter(({ id }) => parts.has(id));
  return listed.length > 0 ? listed : all;
}
