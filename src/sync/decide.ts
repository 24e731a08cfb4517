// The decision: a notification and the rows it touches → a plan. Pure: no clock, no network, no chance.
import type { Organisation } from '../rdv-solidarites/models.ts';
import type { Notification, NotificationOf } from '../rdv-solidarites/notification.ts';
import type { Policy } from '../settings.ts';
import { assemble } from './assemble.ts';
import { type Context, decidePeople, type PeopleDecision } from './decide-people.ts';
import { decideRdv } from './decide-rdv.ts';
import { appointmentId, type Guid, rdvLink, usagerLink } from './links.ts';
import { everyone, namedUsagers } from './people.ts';
import type { NeedsMore, Plan, RecordDecision } from './plan.ts';
import { endingOf } from './rdv-content.ts';
import type { Known, ReadRequest } from './rows.ts';
import type { Stamp } from './version.ts';

export interface Question {
  readonly notification: Notification;
  readonly stamp: Stamp;
  readonly policy: Policy;
  /** The label in the webhook's URL, when it has one: an organisation's id or name. */
  readonly source?: string | undefined;
}

type Handled = NotificationOf<'User'> | NotificationOf<'Rdv'>;

const isHandled = (notification: Notification): notification is Handled =>
  notification.model === 'User' || notification.model === 'Rdv';

/** What must be read before `decide` can answer; `undefined` when no row matters. */
export function readsFor({ notification, policy }: Question): ReadRequest | undefined {
  if (!isHandled(notification)) return undefined;
  const usagers = peopleOf(notification, policy).map(({ id }) => usagerLink(id));
  if (notification.model === 'User') return { links: usagers, contacts: [], appointments: [], agents: [] };
  const rdv = notification.data;
  const emails = (rdv.agents ?? []).flatMap(({ email }) => (email?.trim() ? [email.trim().toLowerCase()] : []));
  return {
    links: [rdvLink(rdv.id), ...usagers],
    contacts: [],
    appointments: [appointmentId(rdv.id)],
    agents: [...new Set(emails)],
  };
}

/**
 * Decides what a notification changes in Dynamics. Each record is decided alone, by its own version: a stale RDV still
 * brings its usagers.
 */
export function decide(question: Question, known: Known): Plan | NeedsMore {
  const { notification, stamp, policy, source } = question;
  if (!isHandled(notification)) return nothingToDo();
  const ownerTeam = teamOf(notification, policy, source);
  const departed =
    notification.model === 'User' && notification.event === 'destroyed' ? notification.data.id : undefined;
  const context: Context = { known, stamp, policy, ownerTeam, departed };
  const people = decidePeople(peopleOf(notification, policy), context);
  if (people.missing.length > 0) return needs({ contacts: people.missing });
  if (notification.model === 'User') return planOf(people.records.at(-1), people);

  const rdv = decideRdv(notification, people, context);
  if (rdv.missing.length > 0) return needs({ links: rdv.missing });
  return planOf(rdv.record, people, rdv);
}

/** The usagers to write about. A RDV purged by the sender's retention rule brings nobody back. */
function peopleOf(notification: Handled, policy: Policy) {
  const purged = notification.model === 'Rdv' && ['anonymise', 'delete'].includes(endingOf(notification, policy));
  return purged && notification.reason === 'rgpd' ? [] : everyone(namedUsagers(notification));
}

function teamOf(notification: Handled, policy: Policy, source: string | undefined): Guid | undefined {
  const organisation: Organisation | null | undefined =
    notification.model === 'Rdv' ? notification.data.organisation : undefined;
  const labels = [organisation?.id.toString(), source].filter((label) => label !== undefined);
  const team = labels.map((label) => policy.ownerTeams.get(label)).find((found) => found !== undefined);
  return (team ?? policy.defaultOwnerTeam) as Guid | undefined;
}

function planOf(primary: RecordDecision | undefined, people: PeopleDecision, rdv?: ReturnType<typeof decideRdv>): Plan {
  return {
    kind: 'plan',
    outcome: primary?.outcome ?? 'ignored',
    records: rdv === undefined ? people.records : [...people.records, rdv.record],
    changeSets: assemble(people.writes, rdv),
    cut: [...people.cut, ...(rdv?.cut ?? [])],
  };
}

function nothingToDo(): Plan {
  return { kind: 'plan', outcome: 'ignored', records: [], changeSets: [], cut: [] };
}

function needs(request: Partial<ReadRequest>): NeedsMore {
  return { kind: 'needs-more', request: { links: [], contacts: [], appointments: [], agents: [], ...request } };
}
