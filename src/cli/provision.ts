// `connector provision`: creates our table, columns, views and roles in the Dataverse environment of DATAVERSE_URL.

import { type Command, InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { describe } from '../provision/calls.ts';
import { type ProvisionReport, preview, provision } from '../provision/provision.ts';
import type { Change, ProvisionPlan } from '../provision/step.ts';
import { readDataverseAccess } from './environment.ts';
import { printable, type Terminal } from './terminal.ts';

/** Creating a table and publishing take long without any output. */
const IDLE_TIMEOUT_MS = 600_000;

export function addProvision(program: Command, terminal: Terminal): void {
  program
    .command('provision')
    .description('create the table, columns, views and roles of the connector in Dataverse; repeat it at will')
    .option('--dry-run', 'show the calls instead of sending them')
    .option(
      '--application-user <client-id>',
      'identity that the connector signs in as: make it a user with the role of the connector',
      parseClientId,
    )
    .action(async ({ dryRun = false, applicationUser }: { dryRun?: boolean; applicationUser?: string }) => {
      const { url, dataverse } = readDataverseAccess(terminal.environment, { idleTimeoutMs: IDLE_TIMEOUT_MS });
      const client = dataverse.connection();
      if (dryRun) {
        showSteps(await preview(client, applicationUser), terminal);
        return;
      }
      const { steps, duplicateRules } = await provision(client, {
        applicationUser,
        onStep: ({ component, change }) => terminal.print(`${change.padEnd('unchanged'.length)}  ${component}`),
      });
      const count = (wanted: Change) => steps.filter(({ change }) => change === wanted).length;
      terminal.print(
        `${url}: ${count('created')} created, ${count('updated')} updated, ${count('unchanged')} unchanged`,
      );
      if (duplicateRules !== undefined) tellRules(duplicateRules, terminal);
    });
}

/** New columns can unpublish the customer's rules, which Dataverse does without a word. */
function tellRules({ before, after }: NonNullable<ProvisionReport['duplicateRules']>, terminal: Terminal): void {
  const lost = before.filter(({ id }) => !after.some((rule) => rule.id === id));
  if (lost.length === 0) return;
  const names = (rules: typeof before) => rules.map(({ name }) => `“${printable(name)}”`).join(', ') || 'none';
  terminal.complain(`duplicate rules published before: ${names(before)}; after: ${names(after)}`);
  terminal.complain(`publish again: ${names(lost)} (Power Platform admin centre, Settings, Data management)`);
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
