// Checks that Dataverse answers and knows the connector. The checks that follow need this.

import * as z from 'zod';
import { connect } from '../../dataverse/connection.ts';
import { tokenSource } from '../../dataverse/token.ts';
import { type Read, reader } from '../../provision/read.ts';
import type { DataverseSettings } from '../../settings.ts';
import type { Text } from '../text.ts';
import { type Finding, type Flaw, ok, problem } from './finding.ts';
import { toReason } from './reason.ts';

interface Reached {
  readonly findings: readonly Finding[];
  /** Undefined when Dataverse cannot be read. */
  readonly read?: Read;
}

const whoAmI = z.object({ UserId: z.string(), OrganizationId: z.string() });

export async function checkConnection(settings: DataverseSettings): Promise<Reached> {
  const source = tokenSource(settings);
  try {
    await source.token();
  } catch (error) {
    return { findings: [problem({ en: 'token', fr: 'jeton' }, noToken(error))] };
  }
  const token = ok({ en: 'token', fr: 'jeton' }, { en: 'granted', fr: 'obtenu' });
  const read = reader(connect({ url: settings.url, token: source.token, idleTimeoutMs: settings.timeoutMs })());
  try {
    // Without a signal: dynamics-web-api 2.5.0 copies the one given to callFunction into an object that Node refuses.
    const { UserId } = await read(whoAmI, (api) => api.callFunction('WhoAmI'));
    return {
      read,
      findings: [
        token,
        ok('WhoAmI', {
          en: `${settings.url} answers user ${UserId}`,
          fr: `${settings.url} répond à l’utilisateur ${UserId}`,
        }),
      ],
    };
  } catch (error) {
    return { findings: [token, problem('WhoAmI', unreached(settings.url, error))] };
  }
}

function noToken(error: unknown): Flaw {
  return {
    message: {
      en: `none for Dataverse (${toReason(error).reason})`,
      fr: `aucun pour Dataverse (${toReason(error).reason})`,
    },
    remedy: {
      en: 'sign in with `az login`, or check AZURE_CLIENT_ID and that the managed identity exists',
      fr: 'connectez-vous avec `az login`, ou vérifiez AZURE_CLIENT_ID et que l’identité managée existe',
    },
  };
}

const MAKE_USER: Text = {
  en: 'as an administrator: `connector provision --application-user <client id>`',
  fr: 'en administrateur : `connector provision --application-user <identifiant client>`',
};

/** Microsoft Learn, "Web service error codes": UserNotMemberOfOrg, and the code of a disabled user. */
const REFUSALS: Readonly<Record<string, readonly [is: Text, remedy: Text]>> = {
  '0x80072560': [{ en: 'is no user of this environment', fr: 'n’est pas utilisateur de cet environnement' }, MAKE_USER],
  '0x80040225': [
    { en: 'is a disabled user', fr: 'est un utilisateur désactivé' },
    {
      en: 'activate it in the Power Platform admin centre (environment, Settings, Users)',
      fr: 'activez-le dans le centre d’administration Power Platform (environnement, Paramètres, Utilisateurs)',
    },
  ],
};

const REFUSED: Text = { en: 'is refused', fr: 'est refusé' };

function unreached(url: string, error: unknown): Flaw {
  const { reason, status, code } = toReason(error);
  const answer = `DATAVERSE_URL: ${url}`;
  if (status === 401) {
    return {
      message: { en: `${answer} refuses the token (${reason})`, fr: `${answer} refuse le jeton (${reason})` },
      remedy: {
        en: 'check that the account is of the same tenant',
        fr: 'vérifiez que le compte est du même tenant',
      },
    };
  }
  if (status === 403) {
    const [is, remedy] = REFUSALS[code?.toLowerCase() ?? ''] ?? [REFUSED, MAKE_USER];
    const message = {
      en: `${answer}: the account ${is.en} (${reason})`,
      fr: `${answer} : le compte ${is.fr} (${reason})`,
    };
    return { message, remedy };
  }
  return {
    message: {
      en: `${answer} does not answer as Dataverse does (${reason})`,
      fr: `${answer} ne répond pas comme Dataverse (${reason})`,
    },
    remedy: {
      en: 'set it to the environment URL shown in the Power Platform admin centre, as https://….crm12.dynamics.com',
      fr: 'donnez-lui l’URL de l’environnement lue dans le centre d’administration Power Platform, comme https://….crm12.dynamics.com',
    },
  };
}
