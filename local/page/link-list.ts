// The links: which record of RDV-Solidarités became which row, and who left.

import type { Organization } from '../dataverse/src/organization.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { dateAndTime } from './dates.ts';
import { type HtmlContent, html } from './html.ts';
import { empty, sendOne, tabs, type View } from './layout.ts';
import { linkTo } from './links-to.ts';
import { count, pager, slice } from './paging.ts';
import { reference, text } from './rows.ts';
import { linkState } from './states.ts';
import { grid } from './table.ts';

const WEEK_MS = 7 * 24 * 3600 * 1000;

/** The first two are views that the connector brings to Dynamics, under their names there. */
const linkViews: Readonly<
  Record<string, { name: string; sortedBy: string; holds: (row: Row, weekAgo: string) => boolean }>
> = {
  recents: {
    name: 'Liens récents',
    sortedBy: 'modifiedon',
    holds: (row, weekAgo) => (text(row, 'modifiedon') ?? '') >= weekAgo,
  },
  sortis: {
    name: 'Usagers sortis de RDV-Solidarités',
    sortedBy: 'rdvs_removedon',
    holds: (row) => text(row, 'rdvs_name')?.startsWith('usager-') === true && text(row, 'rdvs_removedon') !== undefined,
  },
  tous: { name: 'Tous les liens', sortedBy: 'modifiedon', holds: () => true },
};

const HEADS = ['Enregistrement', 'Fiche', 'État', 'Supprimé ou sorti le', 'Modifié le'];

export function linkList(organization: Organization, query: URLSearchParams): View {
  const wanted = query.get('vue') ?? '';
  const key = Object.hasOwn(linkViews, wanted) ? wanted : 'recents';
  const view = linkViews[key];
  const weekAgo = new Date(organization.clock().valueOf() - WEEK_MS).toISOString();
  const rows = [...organization.store.rows('rdvs_link')]
    .filter((row) => view?.holds(row, weekAgo))
    .toSorted((a, b) => newestFirst(a, b, view?.sortedBy ?? ''));
  const shown = slice(rows, query);
  const appointments = appointmentsByLink(organization);
  return {
    title: view?.name ?? '',
    area: 'links',
    body: [
      tabs(
        'Vues des liens',
        Object.entries(linkViews).map(([other, { name }]) => ({
          name,
          href: `/liens?vue=${other}`,
          current: other === key,
        })),
      ),
      html`<p class="count" id="nombre">${count(rows.length, ['lien', 'liens'])}. Un lien dit quelle fiche représente un enregistrement de RDV-Solidarités.</p>`,
      rows.length > 0
        ? grid(
            'Liens',
            HEADS,
            shown.items.map((row) => ({ key: row.id, cells: cells(organization, row, appointments) })),
          )
        : empty('Aucun lien dans cette vue.', key === 'sortis' ? undefined : sendOne),
      pager(shown, '/liens', query),
    ],
  };
}

function newestFirst(a: Row, b: Row, column: string): number {
  const [left, right] = [text(a, column) ?? '', text(b, column) ?? ''];
  return left === right ? b.version - a.version : left < right ? 1 : -1;
}

/** The appointments by the names of their links, looked up once for a page. */
function appointmentsByLink(organization: Organization): ReadonlyMap<string, Row> {
  return new Map([...organization.store.rows('appointment')].map((row) => [`rdv-${text(row, 'rdvs_rdvid')}`, row]));
}

function cells(organization: Organization, row: Row, appointments: ReadonlyMap<string, Row>): HtmlContent[] {
  const name = text(row, 'rdvs_name') ?? row.id;
  const removed = text(row, 'rdvs_removedon');
  const modified = text(row, 'modifiedon');
  return [
    name,
    linkTo(organization, reference(row, 'rdvs_contact') ?? appointments.get(name)),
    linkState(row),
    removed && dateAndTime(removed),
    modified && dateAndTime(modified),
  ];
}
