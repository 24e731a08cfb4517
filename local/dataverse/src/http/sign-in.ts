// Whose request it is: the administrator's, by the emulator's own token, or that of an application user.
// Microsoft Learn, "Use single-tenant server-to-server authentication": an application is the user that has its id.

import type { ApiResponse } from '../call/message.ts';
import { errorAnswer } from '../call/message.ts';
import { DataverseError } from '../errors.ts';
import type { Organization } from '../organization.ts';
import { privilegeGuard } from '../security/guard.ts';

/** Bearer token → id of the application that it was given to. */
export type ApplicationTokens = Readonly<Record<string, string>>;

export interface SignIn {
  /** The environment as this user may use it. */
  readonly organization: Organization;
  readonly token: string;
  readonly refusal?: ApiResponse;
}

export type SignInDesk = (authorization: string | undefined) => SignIn;

export function signInDesk(
  organization: Organization,
  administrator: string,
  applications: ApplicationTokens,
): SignInDesk {
  return (authorization) => {
    const token = authorization?.replace(/^bearer /i, '') ?? '';
    const known = { organization, token };
    if (token === administrator) return known;
    const application = Object.hasOwn(applications, token) ? applications[token] : undefined;
    // Microsoft Learn, "Compose HTTP requests": 401 when the token is missing or refused; its body is empty.
    if (application === undefined)
      return { ...known, refusal: { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } } };
    const user = [...organization.store.rows('systemuser')].find(
      ({ values }) => values['applicationid'] === application,
    );
    if (user === undefined) return { ...known, refusal: errorAnswer(notMember()) };
    if (user.values['isdisabled'] === true) return { ...known, refusal: errorAnswer(disabled(user.id)) };
    const asUser = { ...organization, caller: { table: 'systemuser', id: user.id } };
    return { organization: { ...asUser, ...privilegeGuard(asUser) }, token };
  };
}

/** Microsoft Learn, "Impersonate another user using the Web API". */
export function impersonate(signIn: SignIn, caller: string | string[] | undefined): SignIn {
  if (caller === undefined || signIn.refusal !== undefined) return signIn;
  const { organization } = signIn;
  // An administrator may; what an application would need for it (prvActOnBehalfOfAnotherUser) no role of ours has.
  if (organization.admission !== undefined) return { ...signIn, refusal: errorAnswer(mayNotImpersonate(organization)) };
  const user = organization.store.get('systemuser', String(caller).toLowerCase());
  if (user === undefined) return { ...signIn, refusal: errorAnswer(notMember()) };
  if (user.values['isdisabled'] === true) return { ...signIn, refusal: errorAnswer(disabled(user.id)) };
  const asUser = { ...organization, caller: { table: 'systemuser', id: user.id } };
  return { ...signIn, organization: { ...asUser, ...privilegeGuard(asUser) } };
}

function mayNotImpersonate({ caller }: Organization): DataverseError {
  const message = `Principal user (Id=${caller.id}, type=8) is missing prvActOnBehalfOfAnotherUser privilege.`;
  return new DataverseError(403, '0x80040220', message);
}

/** UserNotMemberOfOrg, by "Web service error codes". */
function notMember(): DataverseError {
  return new DataverseError(403, '0x80072560', 'The user is not a member of the organization.');
}

/** Code by "Web service error codes"; that the status is 403 is an [inference]. */
function disabled(id: string): DataverseError {
  return new DataverseError(
    403,
    '0x80040225',
    `The specified user(Id = ${id}) is disabled. Consider enabling this user.`,
  );
}
