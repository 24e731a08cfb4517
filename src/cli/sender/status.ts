// `connector sender status`: who the connector reads as, and what that account sees.

import type { Received } from '../../rdv-solidarites/api/pages.ts';
import type { Sender } from '../../rdv-solidarites/api/sender.ts';
import type { Organisation } from '../../rdv-solidarites/models.ts';
import { printable, type Terminal } from '../terminal.ts';
import { type AccountFlags, openAccount, readConnection } from './account.ts';

export interface StatusFlags extends AccountFlags {
  readonly rights?: boolean;
}

export async function status(flags: StatusFlags, terminal: Terminal): Promise<void> {
  const { sender, settings } = await openAccount(terminal, flags);
  terminal.print(`instance       ${settings.url}`);
  terminal.print(printable(`account        ${await nameAccount(sender)}`));
  if (flags.signIn !== true) terminal.print(`connection     ${await describeConnection(terminal)}`);
  const organisations = await listOrganisations(sender);
  terminal.print(`organisations  ${organisations.length}`);
  for (const organisation of organisations) {
    const seen = flags.rights === true ? `  ${await describeRights(sender, organisation.id)}` : '';
    terminal.print(printable(`  ${nameOrganisation(organisation)}${seen}`));
  }
  if (organisations.length === 0) {
    terminal.complain('The account has no role in any organisation: give it the role of administrator in each one.');
  }
}

/** The agent's id and e-mail, as far as the instance tells. */
export async function nameAccount(sender: Sender): Promise<string> {
  const me = await sender.readMe();
  if (me === undefined) return 'an agent whom this instance does not name';
  const email = me.value?.email;
  return email == null ? `agent ${me.id}` : printable(`agent ${me.id}, ${email}`);
}

export async function listOrganisations(sender: Sender): Promise<readonly Received<Organisation>[]> {
  const found: Received<Organisation>[] = [];
  for await (const { records } of sender.readOrganisations()) found.push(...records);
  return found;
}

export const nameOrganisation = ({ id, value }: Received<Organisation>) => `${id}  ${value?.name ?? '(no name)'}`;

async function describeConnection(terminal: Terminal): Promise<string> {
  const { store } = await readConnection(terminal);
  const stored = await store.read();
  if (stored === undefined) return 'none';
  const { consentedAt, obtainedAt, expiresAt } = stored.tokens;
  return `agreed on ${day(consentedAt)}; token of ${minute(obtainedAt)}, good until ${minute(expiresAt)}, then refreshed`;
}

const minute = (instant: number) => `${new Date(instant).toISOString().slice(0, 16)}Z`;
const day = (instant: number) => new Date(instant).toISOString().slice(0, 10);

/**
 * What the account sees of an organisation. No answer of the API names the role: an administrator sees the motifs of
 * every service, anybody else those of the own services (app/policies/agent/motif_policy.rb).
 */
async function describeRights(sender: Sender, organisation: number): Promise<string> {
  const rdvs = await sender.count('rdvs', organisation);
  const usagers = await sender.count('users', organisation);
  const services = new Set<unknown>();
  let motifs = 0;
  for await (const { records } of sender.readMotifs({ organisation })) {
    motifs += records.length;
    for (const { value } of records) services.add(value?.service_id);
  }
  const doubt = services.size <= 1 ? ' (one service only: administrator there?)' : '';
  return `${rdvs} RDV, ${usagers} usagers, ${motifs} motifs of ${services.size} services${doubt}`;
}
