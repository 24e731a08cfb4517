// `connector check`: looks at everything that the connector needs, changes nothing, and says what to do.

import type { Command } from 'commander';
import { type Current, readCurrent } from '../provision/current.ts';
import type { Read } from '../provision/read.ts';
import { type Environment, readDataverseSettings, readPolicy } from '../settings.ts';
import type { Policy } from '../sync/model/policy.ts';
import { checkApplicationUser, checkRoles } from './check/account.ts';
import { checkAgents } from './check/agents.ts';
import { checkApplication } from './check/application.ts';
import { checkConnection } from './check/connection.ts';
import { type Finding, problem, type Status } from './check/finding.ts';
import { checkMapping } from './check/mapping.ts';
import { checkMotifs } from './check/motifs.ts';
import { checkDuplicates, checkLanguage, checkMailboxes } from './check/organization.ts';
import { checkProfile } from './check/profile.ts';
import { toReason } from './check/reason.ts';
import { checkSchema, unread } from './check/schema.ts';
import { checkNode, checkSecrets, checkSettings, problemsOf } from './check/settings.ts';
import { checkStandardTables } from './check/standard.ts';
import { checkStorage } from './check/storage.ts';
import { checkTeams } from './check/teams.ts';
import { CommandError } from './environment.ts';
import { parseClientId } from './provision.ts';
import type { Terminal } from './terminal.ts';

interface CheckOptions {
  readonly json?: boolean;
  readonly applicationUser?: string;
}

export function addCheck(program: Command, terminal: Terminal): void {
  program
    .command('check')
    .description('say what is missing or wrong in settings, Dataverse and storage, and how to fix it; changes nothing')
    .option('--json', 'print one JSON object: ok, findings')
    .option(
      '--application-user <client-id>',
      'identity that the connector signs in as (default: AZURE_CLIENT_ID)',
      parseClientId,
    )
    .action(async ({ json = false, applicationUser }: CheckOptions) => {
      const findings = await checkAll(terminal.environment, applicationUser);
      const problems = findings.filter(({ status }) => status === 'problem').length;
      if (json) terminal.print(JSON.stringify({ ok: problems === 0, findings }, null, 2));
      else for (const finding of findings) print(finding, terminal);
      if (problems > 0) throw new CommandError(problems === 1 ? '1 problem' : `${problems} problems`);
    });
}

const WORDS: Readonly<Record<Status, string>> = {
  ok: 'ok',
  warning: 'warning',
  problem: 'PROBLEM',
  skipped: 'skipped',
};

function print({ status, subject, message, remedy }: Finding, terminal: Terminal): void {
  terminal.print(`${WORDS[status].padEnd('warning'.length)}  ${subject}: ${message}`);
  if (remedy !== undefined) terminal.print(`${' '.repeat('warning'.length)}  → ${remedy}`);
}

async function checkAll(environment: Environment, applicationUser: string | undefined): Promise<readonly Finding[]> {
  const [dataverse, storage] = await Promise.all([
    checkDataverse(environment, applicationUser),
    checkStorage(environment),
  ]);
  return [
    ...checkNode(process.versions.node),
    ...checkSettings(environment),
    ...dataverse,
    ...checkSecrets(environment),
    ...storage,
  ];
}

async function checkDataverse(
  environment: Environment,
  applicationUser: string | undefined,
): Promise<readonly Finding[]> {
  if (problemsOf(() => readDataverseSettings(environment)).length > 0) return unread('Dataverse is not known');
  const settings = readDataverseSettings(environment);
  const { read, findings } = await checkConnection(settings);
  if (read === undefined) return [...findings, ...unread('Dataverse could not be reached')];
  const applicationId = applicationUser ?? settings.clientId?.toLowerCase();
  try {
    const current = await readCurrent(read, applicationId);
    return [...findings, ...(await checkEnvironment(read, { current, applicationId, policy: policyOf(environment) }))];
  } catch (error) {
    return [...findings, problem('reading Dataverse', unreadable(error))];
  }
}

/** A wrong policy is reported with the settings. The checks that depend on it are then left out. */
function policyOf(environment: Environment): Policy | undefined {
  return problemsOf(() => readPolicy(environment)).length > 0 ? undefined : readPolicy(environment);
}

interface Found {
  readonly current: Current;
  readonly applicationId: string | undefined;
  readonly policy: Policy | undefined;
}

async function checkEnvironment(read: Read, { current, applicationId, policy }: Found): Promise<readonly Finding[]> {
  const [standard, application, duplicates, teams, agents, mailboxes, mapping, motifs] = await Promise.all([
    checkStandardTables(read),
    current.solution === undefined ? [] : checkApplication(read, current.languages),
    checkDuplicates(read),
    policy === undefined ? [] : checkTeams(read, current, policy),
    checkAgents(read, current),
    policy === undefined ? [] : checkMailboxes(read, policy),
    policy === undefined ? [] : checkMapping(read, policy.mapping),
    checkMotifs(read, current),
  ]);
  return [
    ...checkSchema(current),
    ...standard,
    ...application,
    ...mapping,
    ...motifs,
    ...checkRoles(current),
    ...checkApplicationUser(current, applicationId),
    ...checkProfile(current),
    ...teams,
    ...agents,
    ...checkLanguage(current.languages),
    ...duplicates,
    ...mailboxes,
  ];
}

function unreadable(error: unknown) {
  const { reason, status } = toReason(error);
  return status === 403
    ? {
        message: `this account may not read it (${reason})`,
        remedy: 'check as a System Customizer or System Administrator',
      }
    : { message: `it stopped answering (${reason})`, remedy: 'check again later' };
}
