// Checks what can be known without leaving the machine: Node, the settings, the secrets.

import { type DiscardedSecret, readSecrets } from '../../intake/secrets.ts';
import { type Environment, readDataverseSettings, readPolicy, SettingsError } from '../../settings.ts';
import { COLON, join, type Text } from '../text.ts';
import { type Finding, type Flaw, ok, problem, skipped, verdict } from './finding.ts';

/** The oldest that the functions and the one file of a release may run on. */
const NODE_MAJOR = 22;

export function checkNode(version: string): readonly Finding[] {
  const flaw = {
    message: {
      en: `version ${version}; the connector needs ${NODE_MAJOR} or newer`,
      fr: `version ${version} ; il faut au connecteur la ${NODE_MAJOR} ou une plus récente`,
    },
    remedy: {
      en: 'install Node 24; from the sources, start it with `npm run connector` after `npm ci`, which brings it',
      fr: 'installez Node 24 ; depuis les sources, lancez `npm run connector` après `npm ci`, qui l’apporte',
    },
  };
  const isOld = Number.parseInt(version, 10) < NODE_MAJOR;
  return verdict('Node.js', `version ${version}`, isOld ? [flaw] : []);
}

export function checkSettings(environment: Environment): readonly Finding[] {
  const wrong = [readDataverseSettings, readPolicy].flatMap((read) => problemsOf(() => read(environment)));
  return verdict(
    { en: 'settings', fr: 'réglages' },
    { en: 'readable', fr: 'lisibles' },
    wrong.map((message) => ({ message, remedy: CORRECT_IT })),
  );
}

const CORRECT_IT: Text = {
  en: 'correct this setting and check again',
  fr: 'corrigez ce réglage et vérifiez de nouveau',
};

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
  message: { en: 'not set here, so not checked', fr: 'non renseigné ici, donc non vérifié' },
  remedy: {
    en: 'to check it too, run this with the settings of the function app',
    fr: 'pour le vérifier aussi, lancez ceci avec les réglages de l’application de fonctions',
  },
};

export function checkSecrets(environment: Environment): readonly Finding[] {
  const subject = { en: 'webhook secrets', fr: 'secrets des webhooks' };
  if (!hasReceiverSettings(environment)) return [skipped(subject, NOT_HERE)];
  const { secrets, discarded, problems } = readSecrets(environment);
  const count = secrets.common.length + [...secrets.bySource.values()].flat().length;
  const flaws: Flaw[] = [
    ...problems.map((message) => ({ message, remedy: CORRECT_IT })),
    ...discarded.map(({ position, reason }) => ({
      message: join([position, DISCARDED[reason]], COLON),
      remedy: REMEDIES[reason],
    })),
  ];
  if (flaws.length === 0 && count === 0) {
    return [
      problem(subject, {
        message: {
          en: 'there is none: every notification is answered 503',
          fr: 'il n’y en a aucun : chaque notification reçoit la réponse 503',
        },
        remedy: {
          en: 'set RDV_WEBHOOK_SECRET to the secret of the webhook in RDV-Solidarités',
          fr: 'mettez dans RDV_WEBHOOK_SECRET le secret du webhook de RDV-Solidarités',
        },
      }),
    ];
  }
  return flaws.length > 0
    ? flaws.map((flaw) => problem(subject, flaw))
    : [ok(subject, { en: `${count} usable`, fr: `${count} utilisables` })];
}

type Reason = DiscardedSecret['reason'];

const DISCARDED: Readonly<Record<Reason, Text>> = {
  empty: { en: 'empty', fr: 'vide' },
  'unresolved Key Vault reference': {
    en: 'unresolved Key Vault reference',
    fr: 'référence Key Vault non résolue',
  },
  'shorter than 16 characters': { en: 'shorter than 16 characters', fr: 'moins de 16 caractères' },
};

const REMEDIES: Readonly<Record<Reason, Text>> = {
  empty: {
    en: 'give it the secret of the webhook in RDV-Solidarités, or remove the setting',
    fr: 'donnez-lui le secret du webhook de RDV-Solidarités, ou retirez le réglage',
  },
  'unresolved Key Vault reference': {
    en: 'check that the secret exists in Key Vault and that the managed identity has the role Key Vault Secrets User, then restart the function app',
    fr: 'vérifiez que le secret existe dans Key Vault et que l’identité managée a le rôle Key Vault Secrets User, puis redémarrez l’application de fonctions',
  },
  'shorter than 16 characters': {
    en: 'draw a longer one at random (openssl rand -hex 32), here and in RDV-Solidarités',
    fr: 'tirez-en un plus long au hasard (openssl rand -hex 32), ici et dans RDV-Solidarités',
  },
};
