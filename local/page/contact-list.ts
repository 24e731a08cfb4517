// The contacts, and which of them RDV-Solidarités knows.

import type { Organization } from '../dataverse/src/organization.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { appointmentsOf, earliestFirst, start } from './appointments.ts';
import { birthday, dateAndTime } from './dates.ts';
import { type HtmlContent, html } from './html.ts';
import { empty, sendOne, tabs, type View } from './layout.ts';
import { linkTo } from './links-to.ts';
import { count, pager, slice } from './paging.ts';
import { inFrench, nameOf, number, pointingTo, text } from './rows.ts';
import { contactFilter } from './search.ts';
import { contactState, isCancelled } from './states.ts';
import { grid } from './table.ts';

const HEADS = ['Nom', 'Naissance', 'Téléphone', 'E-mail', 'Ville', 'Prochain rendez-vous', 'État'];

export function contactList(organization: Organization, query: URLSearchParams): View {
  const words = query.get('q') ?? '';
  const onlyUsagers = query.get('vue') === 'usagers';
  const all = [...organization.store.rows('contact')];
  const matches = contactFilter(words);
  const found = all
    .filter((row) => matches(row) && (!onlyUsagers || isUsager(organization, row)))
    .toSorted((a, b) => inFrench.compare(text(a, 'fullname') ?? '', text(b, 'fullname') ?? ''));
  const shown = slice(found, query);
  return {
    title: 'Contacts',
    area: 'contacts',
    controls: searchField(words, onlyUsagers),
    body: [
      tabs('Vues des contacts', [
        { name: 'Tous les contacts', href: address(words, false), current: !onlyUsagers },
        { name: 'Usagers RDV-Solidarités', href: address(words, true), current: onlyUsagers },
      ]),
      html`<p class="count" id="nombre">${count(found.length, ['contact', 'contacts'])}${words && ` pour « ${words} »`}</p>`,
      found.length > 0
        ? grid(
            'Contacts',
            HEADS,
            shown.items.map((row) => ({ key: row.id, cells: cells(organization, row) })),
          )
        : nothing(all.length === 0, words),
      pager(shown, '/', query),
    ],
  };
}

/** As in the view of that name in Dynamics: active, and present in RDV-Solidarités. */
function isUsager(organization: Organization, row: Row): boolean {
  const links = pointingTo(organization, { table: 'rdvs_link', column: 'rdvs_contact' }, row.id);
  return (
    number(row, 'statecode') === 0 &&
    links.some(
      (link) =>
        number(link, 'rdvs_state') === 1 &&
        text(link, 'rdvs_removedon') === undefined &&
        text(link, 'rdvs_name')?.startsWith('usager-'),
    )
  );
}

function address(words: string, onlyUsagers: boolean): string {
  const query = new URLSearchParams({ ...(words && { q: words }), ...(onlyUsagers && { vue: 'usagers' }) });
  return query.size === 0 ? '/' : `/?${query.toString()}`;
}

function searchField(words: string, onlyUsagers: boolean): HtmlContent {
  return html`<form class="search" role="search" action="/" method="get" data-live>
<label for="recherche">Rechercher un contact</label>
<div><input id="recherche" type="search" name="q" value="${words}" autocomplete="off" spellcheck="false" placeholder="Nom, e-mail, téléphone, ville">
${onlyUsagers && html`<input type="hidden" name="vue" value="usagers">`}
<button type="submit">Rechercher</button></div>
</form>`;
}

function cells(organization: Organization, row: Row): HtmlContent[] {
  const birth = text(row, 'birthdate');
  return [
    linkTo(organization, row, nameOf(organization, row)),
    birth && birthday(birth),
    text(row, 'mobilephone') ?? text(row, 'telephone1'),
    text(row, 'emailaddress1'),
    text(row, 'address1_city'),
    nextAppointment(organization, row),
    contactState(row),
  ];
}

function nextAppointment(organization: Organization, row: Row): HtmlContent {
  const now = organization.clock().toISOString();
  const [next] = appointmentsOf(organization, 'contact', row.id)
    .filter((appointment) => start(appointment) >= now && !isCancelled(appointment))
    .toSorted(earliestFirst);
  return next && linkTo(organization, next, dateAndTime(start(next)));
}

function nothing(isNew: boolean, words: string): HtmlContent {
  if (isNew) return empty('Aucun contact pour l’instant.', sendOne);
  return words === ''
    ? empty('Aucun contact dans cette vue.')
    : empty(`Aucun contact ne correspond à « ${words} ».`, html`<p><a href="/">Voir tous les contacts</a></p>`);
}
