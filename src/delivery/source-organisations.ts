// Whether a notification came by the address of an organisation that may send it.
import type { Notification } from '../rdv-solidarites/notification.ts';
import { sentFor } from '../sync/decide.ts';
import type { Policy } from '../sync/model/policy.ts';
import type { Verdict } from './quarantine.ts';

/**
 * Why a notification must go to quarantine because of its source; `undefined` when it need not. A source that
 * `SOURCE_ORGANISATIONS` does not name, and an address without a source, may send notifications of every organisation: a
 * label identifies the sender, only the secrets give rights.
 *
 * Judged are the models that name the organisation they are sent for: see `sentFor` of their kind.
 */
export function foreignTo(source: string | undefined, notification: Notification, policy: Policy): Verdict | undefined {
  const allowed = source === undefined ? undefined : policy.sourceOrganisations.get(source.toLowerCase());
  const organisation = sentFor(notification);
  if (allowed === undefined || organisation === undefined || allowed.includes(organisation)) return undefined;
  const reason = 'data.organisation: not one that SOURCE_ORGANISATIONS gives to this source';
  return { code: 'other-organisation', reason };
}
