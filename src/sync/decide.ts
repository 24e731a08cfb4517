// The decision: a notification and the rows it touches → a plan. Pure: no clock, no network, no chance.
import type { ModelName, Usager, UsagerId } from '../rdv-solidarites/models.ts';
import type { Notification, NotificationOf } from '../rdv-solidarites/notification.ts';
import { toSeconds } from '../rdv-solidarites/times.ts';
import { assemble } from './assemble.ts';
import { type CalendarNotification, isWhole } from './calendar/calendar-mapping.ts';
import { calendarLink, decideCalendar } from './calendar/decide-calendar.ts';
import type { Context } from './model/context.ts';
import { appointmentId, type Guid, rdvLink, usagerLink } from './model/link-names.ts';
import type { NeedsMore, Plan, RecordDecision, Write } from './model/plan.ts';
import type { Policy } from './model/policy.ts';
import { type Known, NOTHING_TO_READ, type ReadRequest } from './model/rows.ts';
import type { Stamp } from './model/version.ts';
import { decideMembership } from './people/decide-membership.ts';
import { decidePeople, type PeopleDecision } from './people/decide-people.ts';
import type { Presence } from './people/departure.ts';
import { everyone, namedUsagers } from './people/people.ts';
import { decideRdv } from './rdv/decide-rdv.ts';
import { endingOf } from './rdv/rdv-content.ts';
import { emailsOf } from './rules/agents.ts';

export interface Question {
  readonly notification: Notification;
  readonly stamp: Stamp;
  readonly policy: Policy;
  /** The label in the webhook's URL, when it has one: an organisation's id or name. */
  readonly source?: string | undefined;
  /** ms since 1970: which weeks of a series Dynamics is to show. */
  readonly now: number;
  /** Users and teams of Dynamics to whom Dataverse does not give rows: others own what would be theirs. */
  readonly refusedOwners?: ReadonlySet<Guid> | undefined;
}

const HANDLED: readonly ModelName[] = ['User', 'UserProfile', 'Rdv', 'Absence', 'PlageOuverture'];

/** Whether notifications of a model change anything: those of the others need not even be well formed. */
export const handles = (model: ModelName): boolean => HANDLED.includes(model);

type AboutPeople = NotificationOf<'User'> | NotificationOf<'UserProfile'> | NotificationOf<'Rdv'>;
type Handled = AboutPeople | CalendarNotification;

const isHandled = (notification: Notification): notification is Handled => handles(notification.model);
const isCalendar = (notification: Handled): notification is CalendarNotification =>
  notification.model === 'Absence' || notification.model === 'PlageOuverture';

/** What must be read before `decide` can answer; `undefined` when no row matters. */
export function readsFor({ notification, policy }: Question): ReadRequest | undefined {
  if (!isHandled(notification)) return undefined;
  if (isCalendar(notification)) {
    const links = [calendarLink(notification)];
    return {
      ...NOTHING_TO_READ,
      links,
      occurrences: links,
      agents: isWhole(notification) ? emailsOf([notification.data.agent]) : [],
    };
  }
  const usagers = peopleOf(notification, policy).map(({ id }) => usagerLink(id));
  const reads = { ...NOTHING_TO_READ, links: usagers };
  // Whoever leaves may share a contact with somebody who stays: only then is it read who does.
  const leaving = policy.onUsagerRemoved !== 'keep' && notification.event === 'destroyed';
  if (notification.model === 'User') return { ...reads, companions: leaving ? [notification.data.id] : [] };
  if (notification.model === 'UserProfile') {
    const { id } = notification.data.user;
    return { ...reads, memberships: [id], companions: leaving ? [id] : [] };
  }
  const rdv = notification.data;
  return {
    ...reads,
    links: [rdvLink(rdv.id), ...usagers],
    appointments: [appointmentId(rdv.id)],
    agents: emailsOf(rdv.agents ?? []),
  };
}

/**
 * Decides what a notification changes in Dynamics. Each record is decided alone, by its own version: a stale RDV still
 * brings its usagers.
 */
export function decide(question: Question, known: Known): Plan | NeedsMore {
  const { notification, stamp, policy, source, now, refusedOwners = NOBODY_REFUSED } = question;
  if (!isHandled(notification)) return nothingToDo();
  const ownerTeam = teamsOf(notification, policy, source).find((team) => !refusedOwners.has(team));
  const context: Context = { known, stamp, policy, ownerTeam, refusedOwners };
  if (isCalendar(notification)) {
    const entry = decideCalendar(notification, context, now);
    return entry === undefined
      ? needs({ occurrences: [calendarLink(notification)] })
      : planOf(entry.record, NOBODY, entry);
  }
  const people = (presences: ReadonlyMap<UsagerId, Presence> = new Map()) =>
    decidePeople(peopleOf(notification, policy), context, presences);
  switch (notification.model) {
    case 'User':
      return decideUser(notification, people);
    case 'UserProfile': {
      const membership = decideMembership(notification, context);
      const decided = people(new Map([[notification.data.user.id, membership.presence]]));
      if (decided.missing !== undefined) return needs(decided.missing);
      return planOf(membership.record, decided, membership);
    }
    case 'Rdv': {
      const decided = people();
      if (decided.missing !== undefined) return needs(decided.missing);
      const rdv = decideRdv(notification, decided, context);
      if (rdv.missing.links.length + rdv.missing.contacts.length > 0) return needs(rdv.missing);
      return planOf(rdv.record, decided, rdv);
    }
  }
}

/** A destroyed usager never comes back; the sender in practice announces the end of memberships instead. */
function decideUser(
  { data, event, snapshotAt }: NotificationOf<'User'>,
  people: (presences?: ReadonlyMap<UsagerId, Presence>) => PeopleDecision,
): Plan | NeedsMore {
  const gone: Presence = { removedOn: toSeconds(snapshotAt), destroyed: true, bringsCopy: true, changes: true };
  const decided = people(event === 'destroyed' ? new Map([[data.id, gone]]) : undefined);
  if (decided.missing !== undefined) return needs(decided.missing);
  const own = decided.records.find(({ record }) => record === usagerLink(data.id));
  return planOf(own, decided);
}

/** The usagers to write about. What the sender's retention rule purges brings nobody back. */
function peopleOf(notification: AboutPeople, policy: Policy): readonly Usager[] {
  const purged = notification.model === 'Rdv' && notification.reason === 'rgpd' && policy.onRgpd !== 'keep';
  if (purged && endingOf(notification, policy) !== 'none') return [];
  const named = namedUsagers(notification);
  return notification.model === 'UserProfile' && notification.reason === 'rgpd' ? named : everyone(named);
}

/** The teams that may own what a notification brings, the first one first. */
function teamsOf(notification: Handled, policy: Policy, source: string | undefined): readonly Guid[] {
  const organisation = notification.model === 'User' ? undefined : notification.data.organisation;
  // An absence comes by the webhook of every organisation of its agent: none of them says whose it is.
  const label = isCalendar(notification) ? undefined : source;
  const labels = [organisation?.id.toString(), label].filter((label) => label !== undefined);
  const teams = [...labels.map((label) => policy.ownerTeams.get(label.toLowerCase())), policy.defaultOwnerTeam];
  return teams.flatMap((team) => (team === undefined ? [] : [team as Guid]));
}

const NOBODY_REFUSED: ReadonlySet<Guid> = new Set();

/** Nobody is decided about: agents are users of Dynamics, not contacts. */
const NOBODY: Pick<PeopleDecision, 'records' | 'writes' | 'cut' | 'assumes'> = {
  records: [],
  writes: [],
  cut: [],
  assumes: [],
};

interface RecordPart {
  readonly record: RecordDecision;
  readonly link: readonly Write[];
  readonly appointment?: readonly Write[];
  readonly cut?: readonly string[];
  readonly assumes?: readonly Guid[];
}

function planOf(primary: RecordDecision | undefined, people: typeof NOBODY, part?: RecordPart): Plan {
  return {
    kind: 'plan',
    outcome: primary?.outcome ?? 'ignored',
    records: part === undefined ? people.records : [...people.records, part.record],
    changeSets: assemble(people.writes, part),
    cut: [...people.cut, ...(part?.cut ?? [])],
    assumes: [...people.assumes, ...(part?.assumes ?? [])],
  };
}

function nothingToDo(): Plan {
  return {
    kind: 'plan',
    outcome: 'ignored',
    reason: 'model-not-handled',
    records: [],
    changeSets: [],
    cut: [],
    assumes: [],
  };
}

function needs(request: Partial<ReadRequest>): NeedsMore {
  return { kind: 'needs-more', request: { ...NOTHING_TO_READ, ...request } };
}
