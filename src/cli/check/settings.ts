// Checks what can be known without leaving the machine: Node, the settings, the secrets.

import { readSecrets } from '../../intake/secrets.ts';
import { type Environment, readDataverseSettings, readPolicy, SettingsError } from '../../settings.ts';
import { type Finding, type Flaw, ok, problem, skipped, verdict } from './finding.ts';

/** The oldest that the functions and the one file of a release may run on. */
const NODE_MAJOR = 22;

export function checkNode(version: string): readonly Finding[] {
  const flaw = {
    message: `version ${version}; the connector needs ${NODE_MAJOR} or newer`,
    remedy: 'install Node 24; from the sources, start it with `npm run connector` after `npm ci`, which brings it',
  };
  const isOld = Number.parseInt(version, 10) < NODE_MAJOR;
  return verdict('Node.js', `version ${version}`, isOld ? [flaw] : []);
}

export function checkSettings(environment: Environment): readonly Finding[] {
  const wrong = [readDataverseSettings, readPolicy].flatMap((read) => problemsOf(() => read(environment)));
  return verdict(
    'settings',
    'readable',
    wrong.map((message) => ({ message, remedy: 'correct this setting and check again' })),
  );
}

/** The lines of a SettingsError, each of which names a setting and what is expected of it. */
export function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.message.split('\n- ').slice(1);
  }
}

/** Whether these are the settings of the receiver; on an administrator's machine only Dataverse's may be set. */
export function hasReceiverSettings(environment: Environment): boolean {
  return Object.entries(environment).some(
    ([name, value]) => /^(RDV_WEBHOOK_SECRET|NOTIFICATIONS_STORAGE)/.test(name) && value !== undefined,
  );
}

export const NOT_HERE: Flaw = {
  message: 'not set here, so not checked',
  remedy: 'to check it too, run this with the settings of the function app',
};

export function checkSecrets(environment: Environment): readonly Finding[] {
  const subject = 'webhook secrets';
  if (!hasReceiverSettings(environment)) return [skipped(subject, NOT_HERE)];
  const { secrets, discarded, problems } = readSecrets(environment);
  const count = secrets.common.length + [...secrets.bySource.values()].flat().length;
  const flaws: Flaw[] = [
    ...problems.map((message) => ({ message, remedy: 'correct this setting and check again' })),
    ...discarded.map(({ position, reason }) => ({ message: `${position}: ${reason}`, remedy: REMEDIES[reason] })),
  ];
  if (flaws.length === 0 && count === 0) {
    return [
      problem(subject, {
        message: 'there is none: every notification is answered 503',
        remedy: 'set RDV_WEBHOOK_SECRET to the secret of the webhook in RDV-Solidarités',
      }),
    ];
  }
  return flaws.length > 0 ? flaws.map((flaw) => problem(subject, flaw)) : [ok(subject, `${count} usable`)];
}

const REMEDIES = {
  empty: 'give it the secret of the webhook in RDV-Solidarités, or remove the setting',
  'unresolved Key Vault reference':
    'check that the secret exists in Key Vault and that the managed identity has the role Key Vault Secrets User, ' +
    'then restart the function app',
  'shorter than 16 characters': 'draw a longer one at random (openssl rand -hex 32), here and in RDV-Solidarités',
} as const;
