// What `sender subscribe` is to do in each organisation, and how much the sender will then send.

import { readSecrets, type Secret, type Secrets } from '../../intake/secrets.ts';
import { ABSENCE, type Step, stepFor } from '../../rdv-solidarites/api/subscriptions.ts';
import { openWebhookEndpoints, type Permission } from '../../rdv-solidarites/api/webhook-endpoints.ts';
import { readSubscriptionSettings, type SubscriptionSettings } from '../../settings.ts';
import { CommandError, orCommandError } from '../environment.ts';
import type { Terminal } from '../terminal.ts';
import { join, type Text, type Words } from '../text.ts';
import type { Account } from './account.ts';
import { type ChosenOrganisation, secretOf, sourceOf } from './organisations.ts';

export interface Planned {
  readonly organisation: ChosenOrganisation;
  readonly step: Step;
  readonly secret: Secret;
}

/** One that something is to be done for. */
export interface Due extends Planned {
  readonly step: Exclude<Step, { kind: 'same' }>;
}

export const isDue = (planned: Planned): planned is Due => planned.step.kind !== 'same';

/** @throws CommandError */
export function readSubscription({ environment }: Terminal): SubscriptionSettings & { readonly secrets: Secrets } {
  const settings = orCommandError(() => readSubscriptionSettings(environment));
  const { secrets, problems } = readSecrets(environment);
  if (problems.length > 0) throw new CommandError(problems.join('\n'));
  return { ...settings, secrets };
}

/** @throws CommandError when an organisation has no secret, SenderError */
export async function planFor(
  { transport }: Account,
  organisations: readonly ChosenOrganisation[],
  { absences, ...settings }: ReturnType<typeof readSubscription> & { readonly absences: boolean },
): Promise<readonly Planned[]> {
  const planned: Planned[] = [];
  for (const organisation of organisations) {
    const source = sourceOf(organisation.id, settings);
    const secret = secretOf(source, settings.secrets);
    if (secret === undefined) {
      const { id } = organisation;
      throw new CommandError({
        en: `RDV_WEBHOOK_SECRET: expected a secret for organisation ${id}, or one in RDV_WEBHOOK_SECRETS for its source (${source}; SOURCE_ORGANISATIONS names another)`,
        fr: `RDV_WEBHOOK_SECRET : attendu, un secret pour l’organisation ${id}, ou un dans RDV_WEBHOOK_SECRETS pour sa source (${source} ; SOURCE_ORGANISATIONS en nomme une autre)`,
      });
    }
    const endpoints = await openWebhookEndpoints(transport).list(organisation.id);
    const step = stepFor(endpoints, { webhookUrl: settings.webhookUrl, source, absences });
    planned.push({ organisation, step, secret });
  }
  return planned;
}

const REFUSALS: Readonly<Record<Exclude<Permission, 'yes'>, Text>> = {
  'host-not-allowed': {
    en: 'RDV-Solidarités does not allow this host yet: ask the RDV team to add it, then repeat',
    fr: 'RDV-Solidarités n’autorise pas encore cet hôte : demandez à l’équipe RDV de l’ajouter, puis répétez',
  },
  'no-right': {
    en: 'this account may not install webhooks there: it must administer the territory',
    fr: 'ce compte ne peut pas y installer de webhook : il doit administrer le territoire',
  },
  'unknown-organisation': {
    en: 'RDV-Solidarités has no such organisation',
    fr: 'RDV-Solidarités n’a pas cette organisation',
  },
};

/** Asks for every change whether it is allowed, before the first one is made. @throws CommandError, SenderError */
export async function refuseBeforeAnything({ transport }: Account, due: readonly Due[]): Promise<void> {
  for (const { organisation, step } of due) {
    const target = step.kind === 'create' ? step.targetUrl : step.endpoint.id;
    const permission = await openWebhookEndpoints(transport).may(organisation.id, target);
    if (permission === 'yes') continue;
    const host = permission === 'host-not-allowed' ? ` (${new URL(addressOf(step)).hostname})` : '';
    const { en, fr } = REFUSALS[permission];
    throw new CommandError({
      en: `Organisation ${organisation.id}: ${en}${host}. Nothing was changed.`,
      fr: `Organisation ${organisation.id} : ${fr}${host}. Rien n’a été changé.`,
    });
  }
}

export const addressOf = (step: Due['step']) => (step.kind === 'create' ? step.targetUrl : step.endpoint.target_url);

/**
 * How many deliveries the replay causes: one for each record that is subscribed. Places, plages, agents, roles and
 * referents come on top: they cannot be counted, or are few.
 *
 * @returns `undefined` where the account has no role, so that nothing can be counted
 */
export async function countReplay(
  { sender }: Account,
  { organisation: { id, isOwn }, step }: Planned,
): Promise<number | undefined> {
  if (step.kind === 'same' || step.subscriptions.includes(ABSENCE)) return 0;
  if (!isOwn) return undefined;
  const usagers = await sender.count('users', id);
  const rdvs = await sender.count('rdvs', id);
  const motifs = await sender.count('motifs', id);
  // The organisation itself, and a membership for each usager.
  return 1 + 2 * usagers + rdvs + motifs;
}

export function describeStep({ organisation: { id }, step }: Planned, replay: number | undefined): Text {
  const more = step.kind === 'create' ? 0 : step.duplicates;
  const twice: Words =
    more === 0
      ? ''
      : {
          en: `; ${more} more of its webhooks come here: delete them at RDV-Solidarités`,
          fr: ` ; ${more} autres de ses webhooks viennent ici : supprimez-les dans RDV-Solidarités`,
        };
  const name = { en: `organisation ${id}: `, fr: `organisation ${id} : ` };
  if (step.kind === 'same') {
    return join([name, { en: 'subscribed already', fr: 'déjà abonnée' }, twice], '');
  }
  const what =
    step.kind === 'create'
      ? { en: `new webhook to ${step.targetUrl}; `, fr: `nouveau webhook vers ${step.targetUrl} ; ` }
      : { en: `webhook ${step.endpoint.id} changes; `, fr: `le webhook ${step.endpoint.id} change ; ` };
  return join([name, what, step.subscriptions.includes(ABSENCE) ? NO_REPLAY : replayWords(replay), twice], '');
}

const NO_REPLAY: Text = {
  en: 'no replay, because RDV-Solidarités cannot replay absences',
  fr: 'aucun rejeu, car RDV-Solidarités ne sait pas rejouer les absences',
};

function replayWords(replay: number | undefined): Text {
  return replay === undefined
    ? { en: 'a replay of everything, of unknown size', fr: 'tout est rejoué, en nombre inconnu' }
    : {
        en: `a replay of everything, at least ${replay} deliveries`,
        fr: `tout est rejoué, au moins ${replay} envois`,
      };
}
