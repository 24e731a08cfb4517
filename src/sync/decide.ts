// The door of the core: a notification and the rows it touches → a plan. Pure: no clock, no network, no chance.
import type { ModelName, OrganisationId } from '../rdv-solidarites/models.ts';
import type { Notification, NotificationOf } from '../rdv-solidarites/notification.ts';
import { assemble } from './assemble.ts';
import { absenceKind, plageKind } from './calendar/calendar-kind.ts';
import { takeStock } from './drift.ts';
import type { Guid, LinkName } from './model/link-names.ts';
import type { Match } from './model/match.ts';
import type { NeedsMore, Plan } from './model/plan.ts';
import type { Policy } from './model/policy.ts';
import type { Opened, Parts, RecordKind } from './model/record-kind.ts';
import { watch } from './model/reliance.ts';
import { type Known, NOTHING_TO_READ, type ReadRequest } from './model/rows.ts';
import type { Stamp } from './model/version.ts';
import { motifKind } from './motif/motif-kind.ts';
import { membershipKind } from './people/membership-kind.ts';
import { usagerKind } from './people/usager-kind.ts';
import { rdvKind } from './rdv/rdv-kind.ts';
import { referentKind } from './referent/referent-kind.ts';

/** One entry a model. Notifications of an ignored one change nothing, and need not even be well formed. */
const KINDS: { readonly [M in ModelName]: RecordKind<M> | 'ignored' } = {
  User: usagerKind,
  UserProfile: membershipKind,
  Rdv: rdvKind,
  Absence: absenceKind,
  PlageOuverture: plageKind,
  Motif: motifKind,
  Organisation: 'ignored',
  Lieu: 'ignored',
  Agent: 'ignored',
  AgentRole: 'ignored',
  ReferentAssignation: referentKind,
};

export interface Question {
  readonly notification: Notification;
  readonly stamp: Stamp;
  readonly policy: Policy;
  /** Whether usagers who are seen for the first time may be tied to contacts that are there, and to which. */
  readonly match?: Match | undefined;
  /** The label in the webhook's URL, when it has one: an organisation's id or name. */
  readonly source?: string | undefined;
  /** ms since 1970: which weeks of a series Dynamics is to show. */
  readonly now: number;
}

/** A notification that was looked into once, to be decided as often as rows ask for it. */
export interface Inspected {
  /** What must be read before the first decision. */
  readonly reads: ReadRequest;
  /** The records that it is about: its turns. */
  readonly turns: readonly LinkName[];
  /** Those that it merely names: they are seldom written. */
  readonly named: readonly LinkName[];
  /**
   * Decides what the notification changes in Dynamics. Each record is decided alone, by its own version: a stale RDV
   * still brings its usagers.
   *
   * @param refusedOwners users and teams of Dynamics to whom Dataverse does not give rows: others own what would be theirs
   * @param refusedAttendance those to whom it does not give participations and referents
   */
  decide(rows: Known, refusedOwners?: ReadonlySet<Guid>, refusedAttendance?: ReadonlySet<Guid>): Plan | NeedsMore;
}

/** Whether notifications of a model change anything. */
export const handles = (model: ModelName): boolean => KINDS[model] !== 'ignored';

/** Looks into a notification. */
export function inspect(question: Question): Inspected {
  const { notification, stamp, policy, match, source, now } = question;
  const opened = open(notification, policy);
  if (opened === undefined) return NOT_HANDLED;
  const teams = teamsOf(opened, policy, source);
  const { named = [] } = opened;
  return {
    reads: opened.reads,
    turns: opened.reads.links.filter((name) => !named.includes(name)),
    named,
    decide: (rows, refusedOwners = NOBODY_REFUSED, refusedAttendance = NOBODY_REFUSED) => {
      const { known, relyOn, reliedOn } = watch(rows);
      const ownerTeam = teams.find((team) => !refusedOwners.has(team));
      const owners = { ownerTeam, ownerTeams: teams, refusedOwners, refusedAttendance };
      const decided = opened.decide({ known, glance: rows, relyOn, stamp, policy, match, ...owners, now });
      if (decided.kind !== 'parts') return decided;
      if (stamp.snapshot === undefined) return planOf(decided, reliedOn());
      const { parts, drift, leftOut } = takeStock(notification.model, decided, rows);
      return { ...planOf(parts, [...reliedOn(), ...leftOut]), drift };
    },
  };
}

/** The organisation whose webhook sends a notification, where its model names that one. */
export function sentFor<M extends ModelName>(notification: NotificationOf<M>): OrganisationId | undefined {
  const kind = KINDS[notification.model];
  return kind === 'ignored' ? undefined : kind.sentFor(notification);
}

function open<M extends ModelName>(notification: NotificationOf<M>, policy: Policy): Opened | undefined {
  const kind = KINDS[notification.model];
  return kind === 'ignored' ? undefined : kind.open(notification, policy);
}

/** The teams that may own what a notification brings, the first one first. */
function teamsOf({ organisation, countsSource }: Opened, policy: Policy, source: string | undefined): readonly Guid[] {
  const labels = [organisation?.toString(), countsSource ? source : undefined].filter((label) => label !== undefined);
  const teams = [...labels.map((label) => policy.ownerTeams.get(label.toLowerCase())), policy.defaultOwnerTeam];
  return teams.flatMap((team) => (team === undefined ? [] : [team as Guid]));
}

function planOf(parts: Parts, reliesOn: readonly Guid[]): Plan {
  const { record, records, cut, unfit = [] } = parts;
  return {
    kind: 'plan',
    outcome: record?.outcome ?? 'ignored',
    records,
    changeSets: assemble(parts.people, parts.writes),
    cut,
    unfit,
    reliesOn,
  };
}

const NOBODY_REFUSED: ReadonlySet<Guid> = new Set();

const NOT_HANDLED: Inspected = {
  reads: NOTHING_TO_READ,
  turns: [],
  named: [],
  decide: () => ({
    kind: 'plan',
    outcome: 'ignored',
    reason: 'model-not-handled',
    records: [],
    changeSets: [],
    cut: [],
    unfit: [],
    reliesOn: [],
  }),
};
