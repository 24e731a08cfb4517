// `connector sender`: the connection to the API of RDV-Solidarités, and the webhooks installed through it.

import type { Command } from 'commander';
import type { AccountFlags } from './sender/account.ts';
import { connect, disconnect } from './sender/connect.ts';
import { parseOrganisations } from './sender/organisations.ts';
import { type StatusFlags, status } from './sender/status.ts';
import { type SubscribeFlags, subscribe, type UnsubscribeFlags, unsubscribe } from './sender/subscribe.ts';
import type { Terminal } from './terminal.ts';

const SIGN_IN = ['--sign-in', 'ask for e-mail and password, on instances that still take them; kept nowhere'] as const;
const ORGANISATION = [
  '--organisation <ids>',
  'only these, as 12 or 12,13 (default: all where the account has a role)',
  parseOrganisations,
] as const;

export function addSender(program: Command, terminal: Terminal): void {
  const command = program.command('sender').description('connect to RDV-Solidarités, and install its webhooks');
  command
    .command('connect')
    .description('let a human agree, once, that the connector reads as their account')
    .option(...SIGN_IN)
    .action((flags: AccountFlags) => connect(flags, terminal));
  command
    .command('status')
    .description('say who the connector reads as, and the organisations that this account sees')
    .option('--rights', 'count what it sees in each one: three requests each, at the pace of BACKFILL_PACE')
    .option(...SIGN_IN)
    .action((flags: StatusFlags) => status(flags, terminal));
  command
    .command('disconnect')
    .description('end the tokens at RDV-Solidarités, and delete them here')
    .action(() => disconnect(terminal));
  command
    .command('subscribe')
    .description('give every organisation a webhook to this connector; RDV-Solidarités then replays what it has')
    .option(...ORGANISATION)
    .option('--absences', 'subscribe absences too: only after the replay has come, because they end it')
    .option('--dry-run', 'say what would be done, and change nothing')
    .option('--yes', 'do not ask')
    .option(...SIGN_IN)
    .action((flags: SubscribeFlags) => subscribe(flags, terminal));
  command
    .command('unsubscribe')
    .description('silence the webhooks to this connector')
    .option(...ORGANISATION)
    .option('--dry-run', 'say what would be done, and change nothing')
    .option(...SIGN_IN)
    .action((flags: UnsubscribeFlags) => unsubscribe(flags, terminal));
}
