// The site map as XML: one area, a group for each subject, the tables in them. Shape of the exports of Microsoft's own solutions.

import type { Languages } from '../definitions.ts';
import { application, dashboard, tableParts } from './application.ts';
import { tableIcons } from './icons.ts';
import { titles } from './labels.ts';
import { GROUPS } from './table-parts.ts';
import { type Element, el } from './xml.ts';

const VERSION = '7.0.0.0';

const EVERYWHERE = {
  Client: 'All,Outlook,OutlookLaptopClient,OutlookWorkstationClient,Web',
  AvailableOffline: true,
  PassParams: false,
  Sku: 'All,OnPremise,Live,SPLA',
};

/** @param dashboardId without braces */
export function siteMapXml(dashboardId: string, languages: Languages): Element {
  const home = el(
    'SubArea',
    {
      Id: 'rdvs_sub_dashboard',
      Icon: '/_imgs/imagestrips/transparent_spacer.gif',
      Url: '/workplace/home_dashboards.aspx',
      DefaultDashboard: dashboardId,
      ...EVERYWHERE,
    },
    [titles(dashboard.name, languages)],
  );
  const groups = Object.entries(GROUPS).flatMap(([name, label]) => {
    const tables = tableParts
      .filter(({ group }) => group === name)
      .map(({ table, title }) => {
        const icon = tableIcons[table];
        const VectorIcon = icon && `/WebResources/${icon.name}`;
        return el('SubArea', { Id: `rdvs_sub_${table}`, VectorIcon, Entity: table, ...EVERYWHERE }, [
          titles(title, languages),
        ]);
      });
    const entries = name === 'home' ? [home, ...tables] : tables;
    if (entries.length === 0) return [];
    const shape = { ResourceId: 'SitemapDesigner.NewGroup', IntroducedVersion: VERSION, IsProfile: false };
    return [
      el('Group', { Id: `rdvs_group_${name}`, ...shape, ToolTipResourseId: 'SitemapDesigner.Unknown' }, [
        titles(label, languages),
        ...entries,
      ]),
    ];
  });
  const area = el(
    'Area',
    // Without ShowGroups Dynamics shows the first group only, and says nothing.
    { Id: 'rdvs_area', ResourceId: 'SitemapDesigner.NewTitle', ShowGroups: true, IntroducedVersion: VERSION },
    [titles(application.name, languages), ...groups],
  );
  return el('SiteMap', { IntroducedVersion: VERSION }, [area]);
}
