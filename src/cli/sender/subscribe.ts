// `connector sender subscribe | unsubscribe`: the webhooks of every organisation, installed by the sender's API.

import { isOurs } from '../../rdv-solidarites/api/subscriptions.ts';
import { openWebhookEndpoints } from '../../rdv-solidarites/api/webhook-endpoints.ts';
import { CommandError } from '../environment.ts';
import { printable, type Terminal } from '../terminal.ts';
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
    terminal.print(printable(describeStep(one, replay)));
  }
  terminal.print(`${due.length} of ${planned.length} organisations to subscribe: at least ${deliveries} deliveries.`);
  if (due.length === 0) return;
  if (dryRun) {
    terminal.print('Dry run: nothing was changed.');
    return;
  }
  if (!yes) await confirm(due.length, terminal);
  for (const { step, secret } of due) await probeReceiver(addressOf(step), secret);
  await perform(account, due, terminal);
}

async function chosen({ sender }: Account, { organisation }: UnsubscribeFlags): Promise<readonly ChosenOrganisation[]> {
  const organisations = await choose(sender, organisation);
  if (organisations.length > 0) return organisations;
  throw new CommandError('The account has a role in no organisation: name them with --organisation');
}

/** Each one is listed, asked whether it may be changed, and counted three times. */
const estimate = (organisations: number, perMinute: number) =>
  `${organisations} organisations, ${perMinute} requests a minute: at most ${Math.ceil((5 * organisations) / perMinute)} min.`;

async function confirm(count: number, { ask }: Terminal): Promise<void> {
  if (ask === undefined) throw new CommandError('Nothing was changed: repeat with --yes');
  const answer = await ask(`Subscribe ${count} organisations? Type yes: `);
  if (answer.trim() !== 'yes') throw new CommandError('Nothing was changed.');
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
    terminal.print(`organisation ${organisation.id}: subscribed, signed with ${secret.position}`);
  }
}

export async function unsubscribe(flags: UnsubscribeFlags, terminal: Terminal): Promise<void> {
  const { webhookUrl } = readSubscription(terminal);
  const account = await openAccount(terminal, flags);
  const endpoints = openWebhookEndpoints(account.transport);
  const does = flags.dryRun === true ? 'would become' : 'is';
  let silent = 0;
  for (const { id } of await chosen(account, flags)) {
    for (const endpoint of (await endpoints.list(id)).filter(isOurs(webhookUrl))) {
      if (endpoint.subscriptions.length === 0) continue;
      if (flags.dryRun !== true) await endpoints.change(id, endpoint.id, { subscriptions: [] });
      silent += 1;
      terminal.print(`organisation ${id}: webhook ${endpoint.id} ${does} silent`);
    }
  }
  terminal.print(`${silent} webhooks: subscribed to nothing, until an administrator deletes them at RDV-Solidarités.`);
}
