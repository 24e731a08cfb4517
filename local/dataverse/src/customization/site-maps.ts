// What a site map must be to be taken. Microsoft Learn, "Change application navigation using the SiteMap".

import { invalidArgument } from '../errors.ts';
import { type Element, readXml } from '../fetch/xml.ts';
import type { Organization } from '../organization.ts';
import type { Values } from '../store/row.ts';
import { FORM_TYPE } from './form-controls.ts';
import { validateXml } from './xml-schemas.ts';
import { checkLanguages, named, plainId, refuseTwice } from './xml-tree.ts';

export function checkSiteMap(organization: Organization, { sitemapxml }: Values): void {
  if (typeof sitemapxml !== 'string') throw invalidArgument("The property 'sitemapxml' is missing.");
  validateXml('SiteMap', sitemapxml);
  const map = readXml(sitemapxml);
  if (map === undefined) throw invalidArgument('The site map is no XML.');
  const parts = ['Area', 'Group', 'SubArea'].flatMap((name) => named(map, name));
  refuseTwice(
    parts.map(({ attributes }) => attributes['Id'] ?? ''),
    'id',
  );
  for (const { children } of named(map, 'Titles'))
    checkLanguages(
      organization,
      children.map(({ attributes }) => attributes['LCID']),
      'the site map',
    );
  // Dataverse takes it and shows the first group only.
  for (const area of named(map, 'Area'))
    if (named(area, 'Group').length > 1 && area.attributes['ShowGroups'] !== 'true')
      throw invalidArgument('An area of several groups needs ShowGroups.');
  for (const subArea of named(map, 'SubArea')) checkSubArea(organization, subArea);
}

function checkSubArea({ schema, store }: Organization, { attributes }: Element): void {
  const { Entity, DefaultDashboard, Icon, VectorIcon } = attributes;
  if (Entity !== undefined && schema.table(Entity) === undefined)
    throw invalidArgument(`The table '${Entity}' of the site map does not exist.`);
  if (DefaultDashboard !== undefined) {
    const form = store.get('systemform', plainId(DefaultDashboard));
    if (form?.values['type'] !== FORM_TYPE.dashboard)
      throw invalidArgument(`The dashboard '${DefaultDashboard}' of the site map does not exist.`);
  }
  for (const icon of [Icon, VectorIcon]) {
    const name = webResourceIn(icon);
    if (name !== undefined && ![...store.rows('webresource')].some(({ values }) => values['name'] === name))
      throw invalidArgument(`The web resource '${name}' of the site map does not exist.`);
  }
}

/** `$webresource:name` or `/WebResources/name`; undefined for another picture. */
export function webResourceIn(icon: string | undefined): string | undefined {
  return /^(?:\$webresource:|\/WebResources\/)(.+)$/i.exec(icon ?? '')?.[1];
}
