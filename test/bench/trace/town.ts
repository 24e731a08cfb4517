// An invented département: its usagers and RDV as they change, rendered as the sender renders them.
import {
  type Event,
  makeAgent,
  makeMotif,
  makeNotification,
  makeOrganisation,
  makeParticipation,
  makeRdv,
  makeUser,
  rubyTime,
  type Status,
  senderJson,
  type UserData,
} from '../../../local/rdv-solidarites/make-notification.ts';
import type { Dice } from './random.ts';

export interface Person {
  readonly id: number;
  /** Organisations that it belongs to. */
  readonly organisations: Set<number>;
  readonly responsible: Person | undefined;
  /** How often it was edited. */
  edits: number;
}

export interface Meeting {
  readonly id: number;
  readonly organisation: number;
  readonly collective: boolean;
  readonly participants: Map<Person, Status>;
  agents: readonly number[];
  status: Status;
  /** ms since 1970. */
  startsAt: number;
  /** How often its text was edited. */
  edits: number;
}

/** What the sender announces: a record as it is when the body is rendered. */
export interface Announcement {
  readonly model: 'Rdv' | 'User' | 'UserProfile';
  readonly event: Event;
  readonly data: object;
}

export interface Town {
  readonly people: Person[];
  readonly meetings: Meeting[];
  newPerson(organisations: readonly number[], responsible?: Person): Person;
  newMeeting(organisation: number, participants: readonly Person[], options?: Partial<Meeting>): Meeting;
  anyPerson(): Person;
  /** An RDV of one person that is still to come, or about to be marked. */
  anyMeeting(): Meeting;
  anyOrganisation(): number;
  anyAgents(): readonly number[];
}

export const ORGANISATIONS = [1, 2, 3, 4, 5, 6];
const AGENTS = Array.from({ length: 60 }, (_, at) => 1 + at);

const DAY_MS = 86_400_000;

export function foundTown(dice: Dice, start: number): Town {
  const people: Person[] = [];
  const meetings: Meeting[] = [];
  const town: Town = {
    people,
    meetings,
    newPerson: (organisations, responsible) => {
      const person = { id: 1 + people.length, organisations: new Set(organisations), responsible, edits: 0 };
      people.push(person);
      return person;
    },
    newMeeting: (organisation, participants, options = {}) => {
      const meeting: Meeting = {
        id: 1001 + meetings.length,
        organisation,
        collective: false,
        participants: new Map(participants.map((person) => [person, 'unknown'])),
        agents: town.anyAgents(),
        status: 'unknown',
        startsAt: start + dice.between(1, 30) * DAY_MS + dice.between(0, 20) * 1_800_000,
        edits: 0,
        ...options,
      };
      meetings.push(meeting);
      return meeting;
    },
    anyPerson: () => dice.pick(people),
    anyMeeting: () => {
      for (;;) {
        const found = dice.pick(meetings);
        if (!found.collective && found.participants.size > 0) return found;
      }
    },
    anyOrganisation: () => dice.pick(ORGANISATIONS),
    anyAgents: () => (dice.happens(0.2) ? [dice.pick(AGENTS), dice.pick(AGENTS)] : [dice.pick(AGENTS)]),
  };
  return town;
}

export function user(person: Person): UserData {
  const { id, edits, responsible } = person;
  const edited = edits === 0 ? {} : { address_details: `Appartement ${edits}` };
  return makeUser({ id, ...edited, ...(responsible === undefined ? {} : { responsible: user(responsible) }) });
}

export const organisation = (id: number) => makeOrganisation({ id });

export function profile(person: Person, id: number): object {
  return { user: user(person), organisation: organisation(id) };
}

export function rdv(meeting: Meeting): object {
  const { id, participants, startsAt, edits, collective } = meeting;
  const starts = new Date(startsAt).toISOString();
  const ends = new Date(startsAt + 1_800_000).toISOString();
  return makeRdv({
    id,
    organisation: organisation(meeting.organisation),
    motif: collective ? makeMotif({ id: 302, name: 'Atelier-Test', collectif: true }) : makeMotif(),
    name: collective ? `Atelier ${id}` : null,
    agents: [...new Set(meeting.agents)].map((agent) => makeAgent({ id: agent })),
    participations: [...participants].map(([person, status]) =>
      makeParticipation({ id: id * 1000 + person.id, user: user(person), status }),
    ),
    starts_at: rubyTime(starts),
    ends_at: rubyTime(ends),
    status: meeting.status,
    context: edits === 0 ? null : `Précision ${edits}`,
  });
}

/** The body, rendered at that time (ms since 1970; the sender counts in seconds). */
export function render({ model, event, data }: Announcement, at: number): string {
  return senderJson(makeNotification({ model, event, data, at: new Date(at).toISOString() }));
}
