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

/** Creating a table and publishing take long without any output. */
const IDLE_TIMEOUT_MS = 600_000;

export function addProvision(program: Command, terminal: Terminal): void {
  program
    .command('provision')
    .description('create the tables, columns, roles and application of the connector in Dataverse; repeat it at will')
    .option('--dry-run', 'show the calls instead of sending them')
    .option(
      '--application-user <client-id>',
      'identity that the connector signs in as: make it a user with the role of the connector',
      parseClientId,
    )
    .option('--duplicate-rules', 'create and publish two rules of duplicate detection for contacts')
    .option(
      '--restore <name>',
      'bring a view, form, chart, dashboard or site map that people changed back to what we ship; may be repeated',
      (name: string, names: readonly string[]) => [...names, name],
      [],
    )
    .addOption(
      new Option('--remove', 'take away what provision made; tables and columns stay, with what they hold').conflicts([
        'applicationUser',
        'duplicateRules',
        'restore',
      ]),
    )
    .option('--with-data', 'with --remove: our tables and columns go too, with what they hold; cannot be undone')
    .option('--yes', 'with --remove: do not ask')
    .action(async (options: Options) => {
      const { dryRun = false, applicationUser, duplicateRules: wantsRules = false, restore } = options;
      if (options.remove === true) return removeOurs(options, terminal);
      if (options.withData === true) throw new CommandError('--with-data goes with --remove: nothing was changed.');
      const restored = idsOf(restore);
      const { url, dataverse } = readDataverseAccess(terminal.environment, { idleTimeoutMs: IDLE_TIMEOUT_MS });
      const client = dataverse.connection();
      if (dryRun) {
        const plan = await preview(client, applicationUser);
        showSteps(plan, terminal);
        await showApp(client, plan, terminal);
        if (wantsRules)
          for (const { name } of DUPLICATE_RULES) terminal.print(`# would be published, if it is not: ${name}`);
        return;
      }
      const show = ({ component, change }: { component: string; change: string }) =>
        terminal.print(`${change.padEnd('unchanged'.length)}  ${component}`);
      const { steps, languages, duplicateRules } = await provision(client, { applicationUser, onStep: show });
      const app = await provisionApp(client, { languages, restored });
      app.steps.forEach(show);
      const all = [...steps, ...app.steps];
      const count = (wanted: string) => all.filter(({ change }) => change === wanted).length;
      terminal.print(
        `${url}: ${count('created')} created, ${count('updated')} updated, ${count('unchanged')} unchanged`,
      );
      if (duplicateRules !== undefined) tellRules(duplicateRules, terminal);
      const refused = wantsRules ? await makeRules(client, terminal) : 0;
      reportApp(app, terminal);
      if (refused > 0)
        throw new PartsRefused(`The connector works. ${refused} duplicate rules were refused, see above.`);
    });
}

interface Options extends RemoveFlags {
  readonly remove?: boolean;
  readonly applicationUser?: string;
  readonly duplicateRules?: boolean;
  readonly restore: readonly string[];
}

/** The connector works; parts of its application are missing. Gives exit code 3. */
export class PartsRefused extends Error {
  override readonly name = 'PartsRefused';
}

function reportApp({ steps, refused, warnings }: AppReport, terminal: Terminal): void {
  const kept = steps.filter(({ change }) => change === 'kept');
  for (const { component } of kept)
    terminal.print(`kept: ${component} was changed here; \`provision --restore "${component}"\` brings ours back`);
  for (const warning of warnings) terminal.print(`the app: ${warning}`);
  for (const { component, reason } of refused) terminal.complain(`refused: ${component}: ${reason}`);
  if (refused.length > 0)
    throw new PartsRefused(`The connector works. ${refused.length} parts of its application were refused, see above.`);
}

function idsOf(names: readonly string[]): ReadonlySet<string> {
  return new Set(
    names.flatMap((name) => {
      const found = partsNamed(name);
      if (found.length === 0) throw new CommandError(`--restore: no part of the application is called "${name}"`);
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
  const names = (rules: typeof before) => rules.map(({ name }) => `“${printable(name)}”`).join(', ') || 'none';
  terminal.complain(`duplicate rules published before: ${names(before)}; after: ${names(after)}`);
  terminal.complain(`publish again: ${names(lost)} (Power Platform admin centre, Settings, Data management)`);
}

/** A rule that is refused, as the sixth of a table, is named; the connector works without. */
async function makeRules(client: DynamicsWebApi, terminal: Terminal): Promise<number> {
  const rules = await publishRules(client);
  for (const { name, result, reason } of rules) {
    const line = `duplicate rule “${name}”: ${result}${reason === undefined ? '' : `: ${printable(reason)}`}`;
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
  terminal.print(total === 0 ? 'Nothing to change.' : `${total} calls, none of them sent.`);
}

/** Reads the client id (GUID) of an app registration or managed identity. */
export function parseClientId(value: string): string {
  if (!z.guid().safeParse(value).success) throw new InvalidArgumentError('Expected a client id (GUID).');
  return value.toLowerCase();
}
