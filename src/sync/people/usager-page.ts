// The usager's page in RDV-Solidarités. It is that of an organisation, so it follows from memberships and not from the
// copy of the person: see docs/decisions/0037.
import type { OrganisationId } from '../../rdv-solidarites/models.ts';
import { toColumn } from '../rules/fit.ts';
import { reconcile } from '../rules/reconcile.ts';
import { change, presentIn } from './contact-drafts.ts';
import { PAGE } from './contact-mapping.ts';
import type { Departure } from './departure.ts';
import type { UsagerCase } from './usager-case.ts';

/** The organisation whose page is shown: the one of the smallest number, whichever membership came first; null for none. */
export const organisationOfPage = (memberOf: readonly OrganisationId[]): OrganisationId | null =>
  memberOf.toSorted((a, b) => a - b)[0] ?? null;

/**
 * Writes the address of the page, or takes ours away from somebody who belongs to no organisation. Nothing is remembered
 * then: a departure that was known before the contact would have left nothing either.
 */
export function showPage({ usager, name, presence, context }: UsagerCase, before: Departure): Departure {
  const { rdvSolidaritesUrl, mapping } = context.policy;
  const { draft, applied } = before;
  if (presence?.page === undefined || mapping.contact.without.has(PAGE)) return before;
  if (presence.page === null && applied.columns[PAGE] === undefined) return before;
  // The agents' page of a usager (config/routes.rb of the sender).
  const address =
    presence.page === null ? null : `${rdvSolidaritesUrl}/admin/organisations/${presence.page}/users/${usager.id}`;
  const said = reconcile({
    wanted: { [PAGE]: toColumn('contact', PAGE, address).value },
    present: (column) => presentIn(draft, column),
    applied: applied.columns,
    scope: name,
  });
  const { [PAGE]: _, ...others } = said.applied;
  const remembered = presence.page === null ? others : said.applied;
  return { draft: change(draft, said.write), applied: { ...applied, columns: remembered } };
}
