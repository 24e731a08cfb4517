// What `provision` says of the parts and rules that people changed, or that Dataverse refused.

import type { DynamicsWebApi } from 'dynamics-web-api';
import type { AppReport } from '../../provision/app/provision-app.ts';
import type { ProvisionReport } from '../../provision/provision.ts';
import { publishRules } from '../../provision/publish-rules.ts';
import { CommandError } from '../environment.ts';
import { printable, type Terminal } from '../terminal.ts';

/** The connector works; parts of its application are missing. Gives exit code 3. */
export class PartsRefused extends CommandError {
  override readonly name = 'PartsRefused';
}

export function reportApp({ steps, refused, warnings }: AppReport, terminal: Terminal): void {
  const kept = steps.filter(({ change }) => change === 'kept');
  for (const { component } of kept)
    terminal.print({
      en: `kept: ${component} was changed here; \`provision --restore "${component}"\` brings ours back`,
      fr: `conservé : ${component} a été modifié ici ; \`provision --restore "${component}"\` remet le nôtre`,
    });
  for (const warning of warnings) terminal.print({ en: `the app: ${warning}`, fr: `l’application : ${warning}` });
  for (const { component, reason } of refused) {
    terminal.complain({ en: `refused: ${component}: ${reason}`, fr: `refusé : ${component} : ${reason}` });
  }
  if (refused.length > 0)
    throw new PartsRefused({
      en: `The connector works. ${refused.length} parts of its application were refused, see above.`,
      fr: `Le connecteur fonctionne. ${refused.length} éléments de son application ont été refusés, voir plus haut.`,
    });
}

const RESULTS: Readonly<Record<Awaited<ReturnType<typeof publishRules>>[number]['result'], string>> = {
  published: 'publiée',
  unchanged: 'déjà publiée',
  publishing: 'publication en cours',
  refused: 'refusée',
};

/** New columns can unpublish the customer's rules, which Dataverse does without a word. */
export function tellRules({ before, after }: NonNullable<ProvisionReport['duplicateRules']>, terminal: Terminal): void {
  const lost = before.filter(({ id }) => !after.some((rule) => rule.id === id));
  if (lost.length === 0) return;
  const names = (rules: typeof before) => rules.map(({ name }) => `“${printable(name)}”`).join(', ');
  terminal.complain({
    en: `duplicate rules published before: ${names(before)}; after: ${names(after) || 'none'}`,
    fr: `règles de doublons publiées avant : ${names(before)} ; après : ${names(after) || 'aucune'}`,
  });
  terminal.complain({
    en: `publish again: ${names(lost)} (Power Platform admin centre, Settings, Data management)`,
    fr: `à republier : ${names(lost)} (centre d’administration Power Platform, Paramètres, Gestion des données)`,
  });
}

/** A rule that is refused, as the sixth of a table, is named; the connector works without. */
export async function makeRules(client: DynamicsWebApi, terminal: Terminal): Promise<number> {
  const rules = await publishRules(client);
  for (const { name, result, reason } of rules) {
    const why = reason === undefined ? '' : `: ${printable(reason)}`;
    const line = {
      en: `duplicate rule “${name}”: ${result}${why}`,
      fr: `règle de doublons « ${name} » : ${RESULTS[result]}${why}`,
    };
    if (result === 'refused') terminal.complain(line);
    else terminal.print(line);
  }
  return rules.filter(({ result }) => result === 'refused').length;
}
