// Checks settings of the environment that change what users or beneficiaries will see.

import * as z from 'zod';
import type { Languages } from '../../provision/definitions.ts';
import { readPublishedRules } from '../../provision/duplicate-rules.ts';
import { listOf, type Read } from '../../provision/read.ts';
import type { Policy } from '../../sync/model/policy.ts';
import { type Finding, ok, warning } from './finding.ts';

const FRENCH = 1036;

export function checkLanguage({ base, provisioned }: Languages): readonly Finding[] {
  const subject = 'language';
  if (base === FRENCH) return [ok(subject, 'French is the base language')];
  if (provisioned.includes(FRENCH)) return [ok(subject, `base language ${base}, with labels in French too`)];
  return [
    warning(subject, {
      message: `base language ${base}, and French is not enabled: tables, columns and views are labelled in English`,
      remedy: 'enable French in the Power Platform admin centre (environment, Settings, Languages), and translate them',
    }),
  ];
}

/** The Web API looks for duplicates only when asked to (Microsoft Learn, "Detect duplicate data using Web API"). */
export async function checkDuplicates(read: Read): Promise<readonly Finding[]> {
  const subject = 'duplicate detection';
  const published = await readPublishedRules(read, ['contact']);
  const organizations = listOf({ isduplicatedetectionenabled: z.boolean().nullish() });
  const settings = await read(organizations, (api, signal) =>
    api.retrieveMultiple({ collection: 'organizations', select: ['isduplicatedetectionenabled'], signal }),
  );
  const enabled = settings.value[0]?.isduplicatedetectionenabled === true;
  if (enabled && published.length > 0) {
    const rules = `${published.length} published rules on contacts`;
    return [ok(subject, `${rules}: they warn users, and never stop the connector`)];
  }
  const message = published.length === 0 ? 'no published rule for contacts' : 'turned off in this environment';
  const remedy =
    published.length === 0
      ? 'publish a rule for contacts (Power Platform admin centre, Settings, Data management), so that people who type are warned'
      : 'turn it on (Power Platform admin centre, Settings, Data management), so that people who type are warned';
  return [warning(subject, { message, remedy })];
}

/** Microsoft Learn, "Mailbox table/entity reference": ACTDeliveryMethod, ACTStatus. */
const SERVER_SIDE = 1;
const SUCCESS = 1;

/**
 * Exchange invites the attendees of an appointment whose organizer synchronises (Microsoft Learn, "Synchronization logic
 * for appointments, contacts, and tasks").
 */
export async function checkMailboxes(read: Read, { agentAsOrganizer }: Policy): Promise<readonly Finding[]> {
  const subject = 'Exchange';
  if (!agentAsOrganizer) return [ok(subject, 'RDV have no organizer: no beneficiary is invited by e-mail')];
  const { value } = await read(listOf({ mailboxid: z.string() }), (api, signal) =>
    api.retrieveMultiple({
      collection: 'mailboxes',
      select: ['mailboxid'],
      filter: `actdeliverymethod eq ${SERVER_SIDE} and actstatus eq ${SUCCESS}`,
      signal,
    }),
  );
  if (value.length === 0) return [ok(subject, 'no mailbox synchronises appointments')];
  return [
    warning(subject, {
      message: `AGENT_AS_ORGANIZER is on and ${value.length} mailboxes synchronise: beneficiaries get invitations by e-mail`,
      remedy:
        'set AGENT_AS_ORGANIZER=false, or leave appointments of RDV-Solidarités out of the synchronisation filters',
    }),
  ];
}
