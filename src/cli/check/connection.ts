// Checks that Dataverse answers and knows the connector. The checks that follow need this.

import * as z from 'zod';
import { connect } from '../../dataverse/connection.ts';
import { tokenSource } from '../../dataverse/token.ts';
import { type Read, reader } from '../../provision/read.ts';
import type { DataverseSettings } from '../../settings.ts';
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
    return { findings: [problem('token', noToken(error))] };
  }
  const token = ok('token', 'granted');
  const read = reader(connect({ url: settings.url, token: source.token, idleTimeoutMs: settings.timeoutMs })());
  try {
    // Without a signal: dynamics-web-api 2.5.0 copies the one given to callFunction into an object that Node refuses.
    const { UserId } = await read(whoAmI, (api) => api.callFunction('WhoAmI'));
    return { read, findings: [token, ok('WhoAmI', `${settings.url} answers user ${UserId}`)] };
  } catch (error) {
    return { findings: [token, problem('WhoAmI', unreached(settings.url, error))] };
  }
}

function noToken(error: unknown): Flaw {
  return {
    message: `none for Dataverse (${toReason(error).reason})`,
    remedy: 'sign in with `az login`, or check AZURE_CLIENT_ID and that the managed identity exists',
  };
}

const MAKE_USER = 'as an administrator: `npm run connector -- provision --application-user <client id>`';

/** Microsoft Learn, "Web service error codes": UserNotMemberOfOrg, and the code of a disabled user. */
const REFUSALS: Readonly<Record<string, readonly [is: string, remedy: string]>> = {
  '0x80072560': ['is no user of this environment', MAKE_USER],
  '0x80040225': ['is a disabled user', 'activate it in the Power Platform admin centre (environment, Settings, Users)'],
};

function unreached(url: string, error: unknown): Flaw {
  const { reason, status, code } = toReason(error);
  const answer = `DATAVERSE_URL: ${url}`;
  if (status === 401) {
    return {
      message: `${answer} refuses the token (${reason})`,
      remedy: 'check that the account is of the same tenant',
    };
  }
  if (status === 403) {
    const [is, remedy] = REFUSALS[code?.toLowerCase() ?? ''] ?? ['is refused', MAKE_USER];
    return { message: `${answer}: the account ${is} (${reason})`, remedy };
  }
  return {
    message: `${answer} does not answer as Dataverse does (${reason})`,
    remedy: 'set it to the environment URL shown in the Power Platform admin centre, as https://….crm12.dynamics.com',
  };
}
