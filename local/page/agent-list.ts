// The users of Dynamics, each with a week of appointments.

import type { Organization } from '../dataverse/src/organization.ts';
import type { Row } from '../dataverse/src/store/row.ts';
import { appointmentsOf, end, start } from './appointments.ts';
import { dayOf, mondayOf, startOf } from './dates.ts';
import { type HtmlContent, html } from './html.ts';
import type { View } from './layout.ts';
import { linkTo } from './links-to.ts';
import { count, pager, slice } from './paging.ts';
import { inFrench, nameOf, text } from './rows.ts';
import { grid } from './table.ts';

export function agentList(organization: Organization, query: URLSearchParams): View {
  const users = [...organization.store.rows('systemuser')].toSorted((a, b) =>
    inFrench.compare(text(a, 'fullname') ?? '', text(b, 'fullname') ?? ''),
  );
  const shown = slice(users, query);
  const monday = mondayOf(dayOf(organization.clock()));
  const week = { from: startOf(monday).toISOString(), to: startOf(monday.add({ days: 7 })).toISOString() };
  return {
    title: 'Agents',
    area: 'agents',
    body: [
      html`<p class="count" id="nombre">${count(users.length, ['utilisateur', 'utilisateurs'])} de Dynamics. Le rendez-vous d’un agent lui appartient quand son adresse e-mail est celle d’un utilisateur.</p>`,
      grid(
        'Agents',
        ['Nom', 'E-mail', 'Cette semaine', 'État'],
        shown.items.map((row) => ({ key: row.id, cells: cells(organization, row, week) })),
      ),
      pager(shown, '/agents', query),
      users.length === 1 && ADD_ONE,
    ],
  };
}

function cells(organization: Organization, row: Row, { from, to }: { from: string; to: string }): HtmlContent[] {
  const events = appointmentsOf(organization, 'systemuser', row.id).filter(
    (appointment) => start(appointment) < to && end(appointment) > from,
  );
  return [
    linkTo(organization, row, nameOf(organization, row)),
    text(row, 'internalemailaddress'),
    count(events.length, ['événement', 'événements']),
    row.values['isdisabled'] === true ? 'Désactivé' : 'Actif',
  ];
}

const ADD_ONE = html`<div class="empty"><p><strong>Le connecteur est le seul utilisateur.</strong></p>
<p>Ajoutez l’agent des notifications d’exemple, puis envoyez un rendez-vous&nbsp;:</p>
<pre tabindex="0"><code>curl http://127.0.0.1:7072/api/data/v9.2/systemusers -H 'Authorization: Bearer local' -H 'Content-Type: application/json' \\
  -d '{"firstname":"Dominique","lastname":"Agent-Test","internalemailaddress":"agent-5@example.org"}'</code></pre></div>`;
