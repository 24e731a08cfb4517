// `connector provision`: creates our tables, columns, roles and application in the Dataverse environment of DATAVERSE_URL.

import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DynamicsWebApi } from 'dynamics-web-api';
import * as z from 'zod';
import { partsNamed } from '../provision/app/parts.ts';
import { type AppReport, provisionApp, readAppPlan } from '../provision/app/provision-app.ts';
import { describe } from '../provision/calls.ts';
import { type ProvisionReport, preview, provision } from '../provision/provision.ts';
import { DUPLICATE_RULES, publishRules } from '../provision/publish-rules.ts';
import type { ProvisionPlan } from '../provision/step.ts';
import { CommandError, readDataverseAccess } from './environment.ts';
import { type RemoveFlags, removeOurs } from './provision/remove.ts';
import { printable, type Terminal } from './terminal.ts';
import type { Text } from './text.ts';

/** Creating a table and publishing take long without any output. */
const IDLE_TIMEOUT_MS = 600_000;

export function addProvision(program: Command, terminal: Terminal): void {
  const { text } = terminal;
  program
    .command('provision')
    .description(
      text({
        en: 'create the tables, columns, roles and application of the connector in Dataverse; repeat it at will',
        fr: 'créer dans Dataverse les tables, colonnes, rôles et l’application du connecteur ; à répéter sans crainte',
      }),
    )
    .option(
      '--dry-run',
      text({ en: 'show the calls instead of sending them', fr: 'montrer les appels sans les envoyer' }),
    )
    .option(
      '--application-user <client-id>',
      text({
        en: 'identity that the connector signs in as: make it a user with the role of the connector',
        fr: 'identité sous laquelle le connecteur se connecte : en faire un utilisateur avec le rôle du connecteur',
      }),
      parseClientId,
    )
    .option(
      '--duplicate-rules',
      text({
        en: 'create and publish two rules of duplicate detection for contacts',
        fr: 'créer et publier deux règles de détection des doublons pour les contacts',
      }),
    )
    .option(
      '--restore <name>',
      text({
        en: 'bring a view, form, chart, dashboard or site map that people changed back to what we ship; may be repeated',
        fr: 'remettre dans notre état une vue, un formulaire, un graphique, un tableau de bord ou un plan de site modifié ; peut être répété',
      }),
      (name: string, names: readonly string[]) => [...names, name],
      [],
    )
    .addOption(
      new Option(
        '--remove',
        text({
          en: 'take away what provision made; tables and columns stay, with what they hold',
          fr: 'retirer ce que provision a fait ; les tables et les colonnes restent, avec leur contenu',
        }),
      ).conflicts(['applicationUser', 'duplicateRules', 'restore']),
    )
    .option(
      '--with-data',
      text({
        en: 'with --remove: our tables and columns go too, with what they hold; cannot be undone',
        fr: 'avec --remove : nos tables et nos colonnes partent aussi, avec leur contenu ; définitif',
      }),
    )
    .option('--yes', text({ en: 'with --remove: do not ask', fr: 'avec --remove : ne pas demander' }))
    .action(async (options: Options) => {
      const { dryRun = false, applicationUser, duplicateRules: wantsRules = false, restore } = options;
      if (options.remove === true) return removeOurs(options, terminal);
      if (options.withData === true) {
        throw new CommandError({
          en: '--with-data goes with --remove: nothing was changed.',
          fr: '--with-data va avec --remove : rien n’a été modifié.',
        });
      }
      const restored = idsOf(restore);
      const { url, dataverse } = readDataverseAccess(terminal.environment, { idleTimeoutMs: IDLE_TIMEOUT_MS });
      const client = dataverse.connection();
      if (dryRun) {
        const plan = await preview(client, applicationUser);
        showSteps(plan, terminal);
        await showApp(client, plan, terminal);
        if (wantsRules)
          for (const { name } of DUPLICATE_RULES)
            terminal.print({
              en: `# would be published, if it is not: ${name}`,
              fr: `# serait publiée, si elle ne l’est pas : ${name}`,
            });
        return;
      }
      const show = ({ component, change }: { component: string; change: string }) =>
        terminal.print(`${text(CHANGES[change] ?? change).padEnd('unchanged'.length)}  ${component}`);
      const { steps, languages, duplicateRules } = await provision(client, { applicationUser, onStep: show });
      const app = await provisionApp(client, { languages, restored });
      app.steps.forEach(show);
      const all = [...steps, ...app.steps];
      const count = (wanted: string) => all.filter(({ change }) => change === wanted).length;
      const [created, updated, unchanged] = ['created', 'updated', 'unchanged'].map(count);
      terminal.print({
        en: `${url}: ${created} created, ${updated} updated, ${unchanged} unchanged`,
        fr: `${url} : ${created} créés, ${updated} mis à jour, ${unchanged} inchangés`,
      });
      if (duplicateRules !== undefined) tellRules(duplicateRules, terminal);
      const refused = wantsRules ? await makeRules(client, terminal) : 0;
      reportApp(app, terminal);
      if (refused > 0)
        throw new PartsRefused({
          en: `The connector works. ${refused} duplicate rules were refused, see above.`,
          fr: `Le connecteur fonctionne. ${refused} règles de doublons ont été refusées, voir plus haut.`,
        });
    });
}

interface Options extends RemoveFlags {
  readonly remove?: boolean;
  readonly applicationUser?: string;
  readonly duplicateRules?: boolean;
  readonly restore: readonly string[];
}

/** The connector works; parts of its application are missing. Gives exit code 3. */
export class PartsRefused extends CommandError {
  override readonly name = 'PartsRefused';
}

const RESULTS: Readonly<Record<Awaited<ReturnType<typeof publishRules>>[number]['result'], string>> = {
  published: 'publiée',
  unchanged: 'déjà publiée',
  publishing: 'publication en cours',
  refused: 'refusée',
};

const CHANGES: Readonly<Record<string, Text>> = {
  created: { en: 'created', fr: 'créé' },
  updated: { en: 'updated', fr: 'modifié' },
  unchanged: { en: 'unchanged', fr: 'inchangé' },
  kept: { en: 'kept', fr: 'conservé' },
};

function reportApp({ steps, refused, warnings }: AppReport, terminal: Terminal): void {
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

function idsOf(names: readonly string[]): ReadonlySet<string> {
  return new Set(
    names.flatMap((name) => {
      const found = partsNamed(name);
      if (found.length === 0)
        throw new CommandError({
          en: `--restore: no part of the application is called "${name}"`,
          fr: `--restore : aucun élément de l’application ne s’appelle « ${name} »`,
        });
      return found.map(({ id }) => id);
    }),
  );
}

/** Names the parts that would be made, brought to their definition or kept. */
async function showApp(client: DynamicsWebApi, { languages }: ProvisionPlan, terminal: Terminal): Promise<void> {
  const { steps } = await readAppPlan(client, languages);
  for (const { part, change } of steps) if (change !== 'nothing') terminal.print(`# ${change}: ${part.component}`);
}

/** New columns can unpublish the customer's rules, which Dataverse does without a word. */
function tellRules({ before, after }: NonNullable<ProvisionReport['duplicateRules']>, terminal: Terminal): void {
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
async function makeRules(client: DynamicsWebApi, terminal: Terminal): Promise<number> {
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

function showSteps({ steps }: ProvisionPlan, terminal: Terminal): void {
  for (const { component, calls } of steps) {
    for (const call of calls) {
      const { request, body } = describe(call);
      terminal.print(`# ${component}\n${request}\n${JSON.stringify(body, null, 2)}\n`);
    }
  }
  const total = steps.reduce((sum, { calls }) => sum + calls.length, 0);
  terminal.print(
    total === 0
      ? { en: 'Nothing to change.', fr: 'Rien à changer.' }
      : { en: `${total} calls, none of them sent.`, fr: `${total} appels, aucun envoyé.` },
  );
}

/** Reads the client id (GUID) of an app registration or managed identity. */
export function parseClientId(value: string): string {
  if (!z.guid().safeParse(value).success) throw new InvalidArgumentError('Expected a client id (GUID).');
  return value.toLowerCase();
}
