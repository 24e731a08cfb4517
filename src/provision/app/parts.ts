// The parts of our application as rows of Dataverse, in the order in which they need one another.
// Source of the columns: Microsoft Learn, table references of the five tables; "Create, manage, and publish model-driven apps using code".

import type { Text } from '../../schema/shape.ts';
import type { Languages } from '../definitions.ts';
import { fetchXml, idOfView, layoutXml } from '../views.ts';
import { application, dashboard, tableParts } from './application.ts';
import { dataXml, presentationXml } from './charts.ts';
import { dashboardXml, formXml } from './forms.ts';
import { appIcon, icons } from './icons.ts';
import { idOf } from './ids.ts';
import { inBase } from './labels.ts';
import { chartPart } from './part-names.ts';
import { siteMapXml } from './site-map.ts';
import type { TableParts } from './table-parts.ts';
import { writeXml } from './xml.ts';

/** What the texts of parts depend on. */
export interface Setting {
  readonly languages: Languages;
  /** Numbers of tables: they differ between environments for our own. */
  readonly typeCodes: ReadonlyMap<string, number>;
}

/** Where the rows of a kind live, and the columns that follow our definition. */
export const KINDS = {
  icon: { set: 'webresourceset', entity: 'webresource', key: 'webresourceid', follows: [] },
  view: { set: 'savedqueries', entity: 'savedquery', key: 'savedqueryid', follows: ['fetchxml', 'layoutxml'] },
  chart: {
    set: 'savedqueryvisualizations',
    entity: 'savedqueryvisualization',
    key: 'savedqueryvisualizationid',
    follows: ['datadescription', 'presentationdescription'],
  },
  form: { set: 'systemforms', entity: 'systemform', key: 'formid', follows: ['formxml'] },
  sitemap: { set: 'sitemaps', entity: 'sitemap', key: 'sitemapid', follows: ['sitemapxml'] },
  app: { set: 'appmodules', entity: 'appmodule', key: 'appmoduleid', follows: [] },
} as const satisfies Record<string, { set: string; entity: string; key: string; follows: readonly string[] }>;

export type Kind = keyof typeof KINDS;

export interface Part {
  readonly kind: Kind;
  /** Ours, the same everywhere; Dataverse chooses that of the site map itself. */
  readonly id: string;
  /** What reports call it: `form RDV-Solidarités (contact)`. */
  readonly component: string;
  readonly texts: Readonly<Partial<Record<'name' | 'description' | 'sitemapname', Text>>>;
  /** The rest of the row, written once. */
  readonly row: Readonly<Record<string, string | number | boolean>>;
  /** The columns of `follows`, written again whenever the definition changes. */
  readonly content: (setting: Setting) => Readonly<Record<string, string>>;
}

const nothing = () => ({});
const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const DASHBOARD = 'dashboard today';
const APP_ICON_ID = idOf('icon');

/** Icons have no text that follows: a picture that somebody replaced stays. */
const iconParts: readonly Part[] = icons.map((icon) => ({
  kind: 'icon',
  id: icon === appIcon ? APP_ICON_ID : idOf(icon.name),
  component: `icon ${icon.name}`,
  texts: {},
  row: { name: icon.name, displayname: 'RDV-Solidarités', webresourcetype: 11, content: base64(icon.svg) },
  content: nothing,
}));

function viewsOf(parts: TableParts): readonly Part[] {
  return parts.views.map((view) => ({
    kind: 'view',
    id: idOfView(parts, view),
    component: `view ${view.name.fr}`,
    texts: { name: view.name, description: view.description },
    row: { returnedtypecode: parts.table, querytype: 0 },
    content: ({ typeCodes }) => ({
      fetchxml: fetchXml(parts, view),
      layoutxml: layoutXml(parts, view, typeCodes.get(parts.table) ?? 0),
    }),
  }));
}

function chartsOf(parts: TableParts): readonly Part[] {
  return parts.charts.map((chart) => ({
    kind: 'chart',
    id: idOf(chartPart(parts.table, chart.name)),
    component: `chart ${chart.title.fr}`,
    texts: { name: chart.title },
    row: { primaryentitytypecode: parts.table, isdefault: false },
    content: () => ({
      datadescription: writeXml(dataXml(parts, chart)),
      presentationdescription: writeXml(presentationXml(chart)),
    }),
  }));
}

function formOf({ table, form }: TableParts): readonly Part[] {
  if (form === undefined) return [];
  return [
    {
      kind: 'form',
      id: idOf(`form ${table}`),
      component: `form ${form.name.fr} (${table})`,
      texts: { name: form.name, description: form.description },
      row: { objecttypecode: table, type: 2, formactivationstate: 1, formpresentation: 1 },
      content: ({ languages }) => ({ formxml: writeXml(formXml(table, form, languages)) }),
    },
  ];
}

const dashboardPart: Part = {
  kind: 'form',
  id: idOf(DASHBOARD),
  component: `dashboard ${dashboard.name.fr}`,
  texts: { name: dashboard.name, description: dashboard.description },
  row: { type: 0, isdefault: false, istabletenabled: true },
  content: ({ languages }) => ({ formxml: writeXml(dashboardXml(DASHBOARD, dashboard.grids, languages)) }),
};

const siteMap: Part = {
  kind: 'sitemap',
  id: application.uniqueName,
  component: 'site map RDV-Solidarités',
  texts: { sitemapname: application.name },
  row: { sitemapnameunique: application.uniqueName, isappaware: true },
  content: ({ languages }) => ({ sitemapxml: writeXml(siteMapXml(idOf(DASHBOARD), languages)) }),
};

const app: Part = {
  kind: 'app',
  id: idOf('app'),
  component: 'app RDV-Solidarités',
  texts: { name: application.name, description: application.description },
  row: {
    uniquename: application.uniqueName,
    webresourceid: APP_ICON_ID,
    clienttype: 4,
    formfactor: 1,
    navigationtype: 0,
  },
  content: nothing,
};

export const parts: readonly Part[] = [
  ...iconParts,
  ...tableParts.flatMap(viewsOf),
  ...tableParts.flatMap(formOf),
  ...tableParts.flatMap(chartsOf),
  dashboardPart,
  siteMap,
  app,
];

export const APP_ID: string = app.id;
export const DASHBOARD_ID: string = dashboardPart.id;
export const ICON_IDS: readonly string[] = iconParts.map(({ id }) => id);

/** Parts by the name that reports give them, or by their French or English name. */
export const partsNamed = (name: string): readonly Part[] =>
  parts.filter(({ component, texts }) =>
    [component, texts.name?.fr, texts.name?.en].some((known) => known?.toLowerCase() === name.toLowerCase()),
  );

/** The row that creates a part. */
export function newRow(part: Part, setting: Setting): Readonly<Record<string, unknown>> {
  const texts = Object.entries(part.texts).map(([column, text]) => [column, inBase(text, setting.languages)]);
  const key = part.kind === 'sitemap' ? {} : { [KINDS[part.kind].key]: part.id };
  return { ...key, ...Object.fromEntries(texts), ...part.row, ...part.content(setting) };
}
