// `connector provision --remove`: takes away what `provision` made; people's data only with `--with-data`.

import type { RemovalPlan } from '../../provision/remove/plan-removal.ts';
import { readRemoval, remove } from '../../provision/remove/remove.ts';
import { CommandError, readDataverseAccess } from '../environment.ts';
import { printable, type Terminal } from '../terminal.ts';
import type { Text } from '../text.ts';

export interface RemoveFlags {
  readonly withData?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** Deleting a table takes long without any output. */
const IDLE_TIMEOUT_MS = 600_000;

export async function removeOurs({ withData = false, yes, dryRun }: RemoveFlags, terminal: Terminal): Promise<void> {
  const { url, dataverse } = readDataverseAccess(terminal.environment, { idleTimeoutMs: IDLE_TIMEOUT_MS });
  const client = dataverse.connection();
  const plan = await readRemoval(client, withData);
  if (plan.app.length + plan.data.length === 0) {
    terminal.print({ en: `${url}: nothing of ours to remove.`, fr: `${url} : rien de nous à retirer.` });
    return;
  }
  show(plan, withData, terminal);
  if (dryRun === true) {
    terminal.print({ en: 'Dry run: nothing was changed.', fr: 'À blanc : rien n’a été modifié.' });
    return;
  }
  if (yes !== true) await confirm(new URL(url).host, terminal);
  const stay = await remove(client, plan, ({ component, refused }) => {
    if (refused === undefined) terminal.print({ en: `removed    ${component}`, fr: `retiré     ${component}` });
    else {
      const why = `${component}: ${printable(refused)}`;
      terminal.complain({ en: `refused: ${why}`, fr: `refusé : ${why}` });
    }
  });
  if (stay.length > 0) {
    const names = stay.map(({ component }) => component).join(', ');
    throw new CommandError({
      en: `${names}: still there. Take away what uses it, then repeat the command.`,
      fr: `${names} : toujours là. Retirez ce qui s’en sert, puis relancez la commande.`,
    });
  }
  terminal.print(withData ? PEOPLE_STAY : DATA_STAYS);
}

const PEOPLE_STAY: Text = { en: 'Contacts and appointments stay.', fr: 'Les contacts et les rendez-vous restent.' };
const DATA_STAYS: Text = {
  en: 'Our tables and columns stay, with what they hold.',
  fr: 'Nos tables et nos colonnes restent, avec leur contenu.',
};

function show({ app, data }: RemovalPlan, withData: boolean, terminal: Terminal): void {
  for (const { component, changedHere } of app) {
    const changed = changedHere === true ? { en: ' (changed here)', fr: ' (modifié ici)' } : { en: '', fr: '' };
    terminal.print({ en: `would go   ${component}${changed.en}`, fr: `partirait  ${component}${changed.fr}` });
  }
  for (const { component } of data)
    terminal.print({
      en: `would go   ${component}, and what it holds`,
      fr: `partirait  ${component}, avec son contenu`,
    });
  terminal.print(withData ? PEOPLE_STAY : DATA_STAYS);
  terminal.print({
    en: 'Stop the connector first: without its role every notification waits.',
    fr: 'Arrêtez d’abord le connecteur : sans son rôle, chaque notification attend.',
  });
}

async function confirm(host: string, { ask }: Terminal): Promise<void> {
  if (ask === undefined)
    throw new CommandError({
      en: 'Nothing was changed: repeat with --yes',
      fr: 'Rien n’a été modifié : relancez avec --yes',
    });
  const answer = await ask({
    en: `Remove all of this from ${host}? Type ${host} to confirm: `,
    fr: `Retirer tout cela de ${host} ? Écrivez ${host} pour confirmer : `,
  });
  if (answer.trim() !== host) throw new CommandError({ en: 'Nothing was changed.', fr: 'Rien n’a été modifié.' });
}
