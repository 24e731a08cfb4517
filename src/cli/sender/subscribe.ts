// `connector sender subscribe | unsubscribe`: the webhooks of every organisation, installed by the sender's API.

import { isOurs } from '../../rdv-solidarites/api/subscriptions.ts';
import { openWebhookEndpoints } from '../../rdv-solidarites/api/webhook-endpoints.ts';
import { CommandError } from '../environment.ts';
import { printable, type Terminal } from '../terminal.ts';
import { type Text, YES } from '../text.ts';
import { type Account, type AccountFlags, openAccount } from './account.ts';
import { type ChosenOrganisation, choose } from './organisations.ts';
import {
  addressOf,
  countReplay,
  type Due,
  describeStep,
  isDue,
  planFor,
  readSubscription,
  refuseBeforeAnything,
} from './plan.ts';
import { probeReceiver } from './receiver.ts';

export interface UnsubscribeFlags extends AccountFlags {
  readonly organisation?: readonly number[];
  readonly dryRun?: boolean;
}

export interface SubscribeFlags extends UnsubscribeFlags {
  readonly absences?: boolean;
  readonly yes?: boolean;
}

export async function subscribe(flags: SubscribeFlags, terminal: Terminal): Promise<void> {
  const { absences = false, dryRun = false, yes = false } = flags;
  const settings = readSubscription(terminal);
  const account = await openAccount(terminal, flags);
  const organisations = await chosen(account, flags);
  terminal.print(estimate(organisations.length, account.settings.perMinute));
  const planned = await planFor(account, organisations, { ...settings, absences });
  const due = planned.filter(isDue);
  await refuseBeforeAnything(account, due);
  let deliveries = 0;
  for (const one of planned) {
    const replay = await countReplay(account, one);
    deliveries += replay ?? 0;
    terminal.print(printable(terminal.text(describeStep(one, replay))));
  }
  const of = planned.length;
  terminal.print({
    en: `${due.length} of ${of} organisations to subscribe: at least ${deliveries} deliveries.`,
    fr: `${due.length} organisations sur ${of} à abonner : au moins ${deliveries} envois.`,
  });
  if (due.length === 0) return;
  if (dryRun) {
    terminal.print({ en: 'Dry run: nothing was changed.', fr: 'Essai à blanc : rien n’a été changé.' });
    return;
  }
  if (!yes) await confirm(due.length, terminal);
  for (const { step, secret } of due) await probeReceiver(addressOf(step), secret);
  await perform(account, due, terminal);
}

async function chosen({ sender }: Account, { organisation }: UnsubscribeFlags): Promise<readonly ChosenOrganisation[]> {
  const organisations = await choose(sender, organisation);
  if (organisations.length > 0) return organisations;
  throw new CommandError({
    en: 'The account has a role in no organisation: name them with --organisation',
    fr: 'Le compte n’a de rôle dans aucune organisation : nommez-les avec --organisation',
  });
}

/** Each one is listed, asked whether it may be changed, and counted three times. */
function estimate(organisations: number, perMinute: number): Text {
  const minutes = Math.ceil((5 * organisations) / perMinute);
  return {
    en: `${organisations} organisations, ${perMinute} requests a minute: at most ${minutes} min.`,
    fr: `${organisations} organisations, ${perMinute} requêtes par minute : au plus ${minutes} min.`,
  };
}

async function confirm(count: number, { ask, text }: Terminal): Promise<void> {
  if (ask === undefined) {
    throw new CommandError({
      en: 'Nothing was changed: repeat with --yes',
      fr: 'Rien n’a été changé : répétez avec --yes',
    });
  }
  const answer = await ask({
    en: `Subscribe ${count} organisations? Type yes: `,
    fr: `Abonner ${count} organisations ? Tapez oui : `,
  });
  if (answer.trim() !== text(YES)) throw new CommandError({ en: 'Nothing was changed.', fr: 'Rien n’a été changé.' });
}

async function perform({ transport }: Account, due: readonly Due[], terminal: Terminal): Promise<void> {
  const endpoints = openWebhookEndpoints(transport);
  for (const { organisation, step, secret } of due) {
    const { subscriptions } = step;
    if (step.kind === 'create') {
      await endpoints.create(organisation.id, { targetUrl: step.targetUrl, secret: secret.value, subscriptions });
    } else {
      await endpoints.change(organisation.id, step.endpoint.id, { subscriptions, secret: secret.value });
    }
    const { id } = organisation;
    terminal.print({
      en: `organisation ${id}: subscribed, signed with ${secret.position}`,
      fr: `organisation ${id} : abonnée, signée avec ${secret.position}`,
    });
  }
}

export async function unsubscribe(flags: UnsubscribeFlags, terminal: Terminal): Promise<void> {
  const { webhookUrl } = readSubscription(terminal);
  const account = await openAccount(terminal, flags);
  const endpoints = openWebhookEndpoints(account.transport);
  const isDry = flags.dryRun === true;
  let silent = 0;
  for (const { id } of await chosen(account, flags)) {
    for (const endpoint of (await endpoints.list(id)).filter(isOurs(webhookUrl))) {
      if (endpoint.subscriptions.length === 0) continue;
      if (!isDry) await endpoints.change(id, endpoint.id, { subscriptions: [] });
      silent += 1;
      terminal.print({
        en: `organisation ${id}: webhook ${endpoint.id} ${isDry ? 'would become' : 'is'} silent`,
        fr: `organisation ${id} : le webhook ${endpoint.id} ${isDry ? 'se tairait' : 'se tait'}`,
      });
    }
  }
  terminal.print({
    en: `${silent} webhooks: subscribed to nothing, until an administrator deletes them at RDV-Solidarités.`,
    fr: `${silent} webhooks : abonnés à rien, jusqu’à ce qu’un administrateur les supprime dans RDV-Solidarités.`,
  });
}
