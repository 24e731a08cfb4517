// `connector sender status`: who the connector reads as, and what that account sees.

import type { Received } from '../../rdv-solidarites/api/pages.ts';
import type { Sender } from '../../rdv-solidarites/api/sender.ts';
import type { Organisation } from '../../rdv-solidarites/models.ts';
import { printable, type Terminal } from '../terminal.ts';
import type { Text } from '../text.ts';
import { type AccountFlags, openAccount, readConnection } from './account.ts';

export interface StatusFlags extends AccountFlags {
  readonly rights?: boolean;
}

export async function status(flags: StatusFlags, terminal: Terminal): Promise<void> {
  const { sender, settings } = await openAccount(terminal, flags);
  terminal.print(`instance       ${settings.url}`);
  const { en, fr } = await nameAccount(sender);
  terminal.print({ en: `account        ${en}`, fr: `compte         ${fr}` });
  if (flags.signIn !== true) terminal.print(await describeConnection(terminal));
  const organisations = await listOrganisations(sender);
  terminal.print(`organisations  ${organisations.length}`);
  for (const organisation of organisations) {
    const seen = flags.rights === true ? `  ${terminal.text(await describeRights(sender, organisation.id))}` : '';
    terminal.print(printable(`  ${nameOrganisation(organisation)}${seen}`));
  }
  if (organisations.length === 0) {
    terminal.complain({
      en: 'The account has no role in any organisation: give it the role of administrator in each one.',
      fr: 'Le compte n’a de rôle dans aucune organisation : donnez-lui le rôle d’administrateur dans chacune.',
    });
  }
}

/** The agent's id and e-mail, as far as the instance tells. */
export async function nameAccount(sender: Sender): Promise<Text> {
  const me = await sender.readMe();
  if (me === undefined) {
    return { en: 'an agent whom this instance does not name', fr: 'un agent que cette instance ne nomme pas' };
  }
  const email = me.value?.email;
  const named = email == null ? `agent ${me.id}` : printable(`agent ${me.id}, ${email}`);
  return { en: named, fr: `l’${named}` };
}

export async function listOrganisations(sender: Sender): Promise<readonly Received<Organisation>[]> {
  const found: Received<Organisation>[] = [];
  for await (const { records } of sender.readOrganisations()) found.push(...records);
  return found;
}

export const nameOrganisation = ({ id, value }: Received<Organisation>) => `${id}  ${value?.name ?? '(no name)'}`;

async function describeConnection(terminal: Terminal): Promise<Text> {
  const { store } = await readConnection(terminal);
  const stored = await store.read();
  if (stored === undefined) return { en: 'connection     none', fr: 'connexion      aucune' };
  const { consentedAt, obtainedAt, expiresAt } = stored.tokens;
  const [agreed, obtained, ends] = [day(consentedAt), minute(obtainedAt), minute(expiresAt)];
  return {
    en: `connection     agreed on ${agreed}; token of ${obtained}, good until ${ends}, then refreshed`,
    fr: `connexion      acceptée le ${agreed} ; jeton du ${obtained}, valable jusqu’au ${ends}, puis renouvelé`,
  };
}

const minute = (instant: number) => `${new Date(instant).toISOString().slice(0, 16)}Z`;
const day = (instant: number) => new Date(instant).toISOString().slice(0, 10);

/**
 * What the account sees of an organisation. No answer of the API names the role: an administrator sees the motifs of
 * every service, anybody else those of the own services (app/policies/agent/motif_policy.rb).
 */
async function describeRights(sender: Sender, organisation: number): Promise<Text> {
  const rdvs = await sender.count('rdvs', organisation);
  const usagers = await sender.count('users', organisation);
  const services = new Set<unknown>();
  let motifs = 0;
  for await (const { records } of sender.readMotifs({ organisation })) {
    motifs += records.length;
    for (const { value } of records) services.add(value?.service_id);
  }
  const isNarrow = services.size <= 1;
  return {
    en: `${rdvs} RDV, ${usagers} usagers, ${motifs} motifs of ${services.size} services${isNarrow ? ' (one service only: administrator there?)' : ''}`,
    fr: `${rdvs} RDV, ${usagers} usagers, ${motifs} motifs de ${services.size} services${isNarrow ? ' (un seul service : y est-il administrateur ?)' : ''}`,
  };
}
