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
import { COLON, inLanguage, join, type Text } from './text.ts';

interface CheckOptions {
  readonly json?: boolean;
  readonly applicationUser?: string;
}

export function addCheck(program: Command, terminal: Terminal): void {
  const { text } = terminal;
  program
    .command('check')
    .description(
      text({
        en: 'say what is missing or wrong in settings, Dataverse and storage, and how to fix it; changes nothing',
        fr: 'dire ce qui manque ou ne va pas dans les réglages, Dataverse et le stockage, et comment y remédier ; ne change rien',
      }),
    )
    .option(
      '--json',
      text({ en: 'print one JSON object: ok, findings', fr: 'afficher un objet JSON, en anglais : ok, findings' }),
    )
    .option(
      '--application-user <client-id>',
      text({
        en: 'identity that the connector signs in as (default: AZURE_CLIENT_ID)',
        fr: 'identité sous laquelle le connecteur se connecte (par défaut : AZURE_CLIENT_ID)',
      }),
      parseClientId,
    )
    .action(async ({ json = false, applicationUser }: CheckOptions) => {
      const findings = await checkAll(terminal.environment, applicationUser);
      const problems = findings.filter(({ status }) => status === 'problem').length;
      if (json) terminal.print(toJson(findings, problems === 0));
      else for (const finding of findings) print(finding, terminal);
      const many = problems > 1 ? 's' : '';
      if (problems > 0) throw new CommandError({ en: `${problems} problem${many}`, fr: `${problems} problème${many}` });
    });
}

/** For programs: in English, whatever the language of the person. */
function toJson(findings: readonly Finding[], isOk: boolean): string {
  const inEnglish = findings.map(({ subject, status, message, remedy }) => ({
    subject: inLanguage(subject, 'en'),
    status,
    message: inLanguage(message, 'en'),
    ...(remedy !== undefined && { remedy: inLanguage(remedy, 'en') }),
  }));
  return JSON.stringify({ ok: isOk, findings: inEnglish }, null, 2);
}

const WORDS: Readonly<Record<Status, Text>> = {
  ok: { en: 'ok', fr: 'ok' },
  warning: { en: 'warning', fr: 'attention' },
  problem: { en: 'PROBLEM', fr: 'PROBLÈME' },
  skipped: { en: 'skipped', fr: 'non vu' },
};

function print({ status, subject, message, remedy }: Finding, { print, text }: Terminal): void {
  const width = text(WORDS.warning).length;
  print(`${text(WORDS[status]).padEnd(width)}  ${text(join([subject, message], COLON))}`);
  if (remedy !== undefined) print(`${' '.repeat(width)}  → ${text(remedy)}`);
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
  if (problemsOf(() => readDataverseSettings(environment)).length > 0)
    return unread({ en: 'Dataverse is not known', fr: 'Dataverse n’est pas connu' });
  const settings = readDataverseSettings(environment);
  const { read, findings } = await checkConnection(settings);
  if (read === undefined)
    return [...findings, ...unread({ en: 'Dataverse could not be reached', fr: 'Dataverse n’a pas pu être joint' })];
  const applicationId = applicationUser ?? settings.clientId?.toLowerCase();
  try {
    const current = await readCurrent(read, applicationId);
    return [...findings, ...(await checkEnvironment(read, { current, applicationId, policy: policyOf(environment) }))];
  } catch (error) {
    return [...findings, problem({ en: 'reading Dataverse', fr: 'lecture de Dataverse' }, unreadable(error))];
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
        message: {
          en: `this account may not read it (${reason})`,
          fr: `ce compte n’a pas le droit de le lire (${reason})`,
        },
        remedy: {
          en: 'check as a System Customizer or System Administrator',
          fr: 'vérifiez en Personnalisateur de système ou Administrateur système',
        },
      }
    : {
        message: { en: `it stopped answering (${reason})`, fr: `il a cessé de répondre (${reason})` },
        remedy: { en: 'check again later', fr: 'vérifiez de nouveau plus tard' },
      };
}
