// What `sender subscribe` is to do in each organisation, and how much the sender will then send.

import { readSecrets, type Secret, type Secrets } from '../../intake/secrets.ts';
import { ABSENCE, type Step, stepFor } from '../../rdv-solidarites/api/subscriptions.ts';
import { openWebhookEndpoints, type Permission } from '../../rdv-solidarites/api/webhook-endpoints.ts';
import { readSubscriptionSettings, type SubscriptionSettings } from '../../settings.ts';
import { CommandError, orCommandError } from '../environment.ts';
import type { Terminal } from '../terminal.ts';
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
      throw new CommandError(
        `RDV_WEBHOOK_SECRET: expected a secret for organisation ${organisation.id}, or one in RDV_WEBHOOK_SECRETS for its source (${source}; SOURCE_ORGANISATIONS names another)`,
      );
    }
    const endpoints = await openWebhookEndpoints(transport).list(organisation.id);
    const step = stepFor(endpoints, { webhookUrl: settings.webhookUrl, source, absences });
    planned.push({ organisation, step, secret });
  }
  return planned;
}

const REFUSALS: Readonly<Record<Exclude<Permission, 'yes'>, string>> = {
  'host-not-allowed': 'RDV-Solidarités does not allow this host yet: ask the RDV team to add it, then repeat',
  'no-right': 'this account may not install webhooks there: it must administer the territory',
  'unknown-organisation': 'RDV-Solidarités has no such organisation',
};

/** Asks for every change whether it is allowed, before the first one is made. @throws CommandError, SenderError */
export async function refuseBeforeAnything({ transport }: Account, due: readonly Due[]): Promise<void> {
  for (const { organisation, step } of due) {
    const target = step.kind === 'create' ? step.targetUrl : step.endpoint.id;
    const permission = await openWebhookEndpoints(transport).may(organisation.id, target);
    if (permission === 'yes') continue;
    const host = permission === 'host-not-allowed' ? ` (${new URL(addressOf(step)).hostname})` : '';
    throw new CommandError(`Organisation ${organisation.id}: ${REFUSALS[permission]}${host}. Nothing was changed.`);
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

export function describeStep({ organisation: { id }, step }: Planned, replay: number | undefined): string {
  const twice =
    step.kind !== 'create' && step.duplicates > 0
      ? `; ${step.duplicates} more of its webhooks come here: delete them at RDV-Solidarités`
      : '';
  if (step.kind === 'same') return `organisation ${id}: subscribed already${twice}`;
  const what = step.kind === 'create' ? `new webhook to ${step.targetUrl}` : `webhook ${step.endpoint.id} changes`;
  const causes = step.subscriptions.includes(ABSENCE)
    ? 'no replay, because RDV-Solidarités cannot replay absences'
    : `a replay of everything, ${replay === undefined ? 'of unknown size' : `at least ${replay} deliveries`}`;
  return `organisation ${id}: ${what}; ${causes}${twice}`;
}
