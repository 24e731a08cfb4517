// The calls that provisioning makes, as values: shown by a dry run, sent by `send`.

import type { DynamicsWebApi } from 'dynamics-web-api';
import { withDeadline } from '../dataverse/deadline.ts';
import type { CallKinds, CallOf, Described } from './call-kinds.ts';
import { type ProfileNeeds, profileKinds } from './calls-profile.ts';
import type { Created } from './created.ts';
import { type DefinitionNeeds, definitionKinds } from './definition-calls.ts';
import { type SecurityNeeds, securityKinds } from './security-calls.ts';

/** Milliseconds for one change of definitions: creating a table takes up to a minute, publishing several. */
const CHANGE_DEADLINE_MS = 600_000;

interface Needs extends DefinitionNeeds, SecurityNeeds, ProfileNeeds {}

export type Call = CallOf<Needs>;

const KINDS: CallKinds<Needs> = { ...definitionKinds, ...securityKinds, ...profileKinds };

/** Method, path and body, for a reader. */
export function describe<K extends keyof Needs>(call: CallOf<Needs, K>): Described {
  return KINDS[call.kind].describe(call);
}

/** Sends one call and gives what later calls need. Rejects with the error of dynamics-web-api, or a `DeadlineError`. */
export async function send<K extends keyof Needs>(
  client: DynamicsWebApi,
  call: CallOf<Needs, K>,
  created: Created,
): Promise<Created> {
  const kind = KINDS[call.kind];
  const id = await withDeadline(CHANGE_DEADLINE_MS, (signal) => kind.send(call, { client, created, signal }));
  return kind.creates === undefined ? created : { ...created, [kind.creates]: String(id) };
}
