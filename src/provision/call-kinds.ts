// The kinds of provisioning calls: how each is described to a person, and how it is sent.

import type { DynamicsWebApi } from 'dynamics-web-api';
import { schema } from '../schema/schema.ts';
import type { Created } from './created.ts';

/** Method, path and body. An id that is known only when the call is sent is described in words. */
export interface Described {
  request: string;
  body: object;
}

export interface Sending {
  client: DynamicsWebApi;
  created: Created;
  signal: AbortSignal;
}

export interface CallKind<C> {
  readonly describe: (call: C) => Described;
  /** Sends one call; gives the id of what was created, if it creates something that later calls need. */
  readonly send: (call: C, sending: Sending) => Promise<unknown>;
  /** As what later calls know the id. */
  readonly creates?: keyof Created;
}

/** A call: its kind, with what that kind needs. */
export type CallOf<Needs, K extends keyof Needs = keyof Needs> = { [P in K]: { kind: P } & Needs[P] }[K];

export type CallKinds<Needs> = { readonly [P in keyof Needs]: CallKind<CallOf<Needs, P>> };

export const IN_OUR_SOLUTION = { 'MSCRM.SolutionUniqueName': schema.solution.uniqueName };
