// `connector sender`: the connection to the API of RDV-Solidarités, and the webhooks installed through it.

import type { Command } from 'commander';
import { type AccountFlags, SIGN_IN } from './sender/account.ts';
import { connect, disconnect } from './sender/connect.ts';
import { parseOrganisations } from './sender/organisations.ts';
import { type StatusFlags, status } from './sender/status.ts';
import { type SubscribeFlags, subscribe, type UnsubscribeFlags, unsubscribe } from './sender/subscribe.ts';
import type { Terminal } from './terminal.ts';
import { DO_NOT_ASK } from './text.ts';

export function addSender(program: Command, terminal: Terminal): void {
  const { text } = terminal;
  const signIn = ['--sign-in', text(SIGN_IN)] as const;
  const dryRun = [
    '--dry-run',
    text({ en: 'say what would be done, and change nothing', fr: 'dire ce qui serait fait, sans rien changer' }),
  ] as const;
  const organisation = [
    '--organisation <ids>',
    text({
      en: 'only these, as 12 or 12,13 (default: all where the account has a role)',
      fr: 'seulement celles-ci, comme 12 ou 12,13 (par défaut : toutes celles où le compte a un rôle)',
    }),
    parseOrganisations,
  ] as const;
  const command = program.command('sender').description(
    text({
      en: 'connect to RDV-Solidarités, and install its webhooks',
      fr: 'se relier à RDV-Solidarités, et installer ses webhooks',
    }),
  );
  command
    .command('connect')
    .description(
      text({
        en: 'let a human agree, once, that the connector reads as their account',
        fr: 'faire accepter, une fois, par une personne, que le connecteur lise avec son compte',
      }),
    )
    .option(...signIn)
    .action((flags: AccountFlags) => connect(flags, terminal));
  command
    .command('status')
    .description(
      text({
        en: 'say who the connector reads as, and the organisations that this account sees',
        fr: 'dire avec quel compte le connecteur lit, et les organisations que ce compte voit',
      }),
    )
    .option(
      '--rights',
      text({
        en: 'count what it sees in each one: three requests each, at the pace of BACKFILL_PACE',
        fr: 'compter ce qu’il voit dans chacune : trois requêtes par organisation, au rythme de BACKFILL_PACE',
      }),
    )
    .option(...signIn)
    .action((flags: StatusFlags) => status(flags, terminal));
  command
    .command('disconnect')
    .description(
      text({
        en: 'end the tokens at RDV-Solidarités, and delete them here',
        fr: 'mettre fin aux jetons chez RDV-Solidarités, et les supprimer ici',
      }),
    )
    .action(() => disconnect(terminal));
  command
    .command('subscribe')
    .description(
      text({
        en: 'give every organisation a webhook to this connector; RDV-Solidarités then replays what it has',
        fr: 'donner à chaque organisation un webhook vers ce connecteur ; RDV-Solidarités rejoue alors ce qu’il a',
      }),
    )
    .option(...organisation)
    .option(
      '--absences',
      text({
        en: 'subscribe absences too: only after the replay has come, because they end it',
        fr: 'abonner aussi les absences : seulement une fois le rejeu arrivé, car elles y mettent fin',
      }),
    )
    .option(...dryRun)
    .option('--yes', text(DO_NOT_ASK))
    .option(...signIn)
    .action((flags: SubscribeFlags) => subscribe(flags, terminal));
  command
    .command('unsubscribe')
    .description(
      text({ en: 'silence the webhooks to this connector', fr: 'faire taire les webhooks vers ce connecteur' }),
    )
    .option(...organisation)
    .option(...dryRun)
    .option(...signIn)
    .action((flags: UnsubscribeFlags) => unsubscribe(flags, terminal));
}
