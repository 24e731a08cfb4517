// What the HTTP side works with.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Organization } from '../organization.ts';
import type { Faults } from './faults.ts';
import type { NetworkDelay } from './network-delay.ts';
import type { RequestLog } from './request-log.ts';
import type { ServiceProtection } from './service-protection.ts';
import type { SignInDesk } from './sign-in.ts';

/** Answers every request that is neither for the Web API nor for the controls: a page for people, for example. */
export type Page = (
  organization: Organization,
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly body: string },
) => void | Promise<void>;

export interface ServerParts {
  readonly organization: Organization;
  readonly signIn: SignInDesk;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly protection: ServiceProtection;
  readonly delay: NetworkDelay;
  readonly page: Page;
}
