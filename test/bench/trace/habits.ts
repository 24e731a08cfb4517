// What people do in RDV-Solidarités, and what the sender makes of it. Facts: the sender's source; shares: our estimate.
import type { Status } from '../../../local/rdv-solidarites/make-notification.ts';
import type { Dice } from './random.ts';
import { type Announcement, ORGANISATIONS, profile, rdv, type Town, user } from './town.ts';

/** An announcement, and how long after the act it is rendered, in ms. */
export interface Sending extends Announcement {
  readonly afterMs: number;
}

export interface Habit {
  readonly name: string;
  /** What is sent. */
  readonly sends: string;
  /** Where the sender's source says so. */
  readonly source: string;
  /** How many acts of a hundred. */
  readonly weight: number;
  act(town: Town, dice: Dice): readonly Sending[];
}

const MINUTE_MS = 60_000;
/** Jobs of one act are rendered one after the other, some hundredths of a second apart. */
const NEXT_JOB_MS = 40;

const send = (model: Announcement['model'], event: Announcement['event'], data: object, afterMs = 0): Sending => ({
  model,
  event,
  data,
  afterMs,
});

/** One after the other, as jobs of one act. */
const inARow = (sendings: readonly Sending[]): readonly Sending[] =>
  sendings.map((sending, at) => ({ ...sending, afterMs: sending.afterMs + at * NEXT_JOB_MS }));

const ENDED: readonly Status[] = ['seen', 'seen', 'seen', 'seen', 'noshow', 'excused'];

/** Who is in none of an organisation's RDV yet becomes a member by its first one. */
function joinOrganisation(person: Parameters<typeof user>[0], organisation: number): readonly Sending[] {
  if (person.organisations.has(organisation)) return [];
  person.organisations.add(organisation);
  return [send('UserProfile', 'created', profile(person, organisation))];
}

export const HABITS: readonly Habit[] = [
  {
    name: 'attendance of a person is marked',
    sends: 'Rdv updated, twice the same',
    source: 'concerns/participation/status_changeable.rb',
    weight: 30,
    act: (town, dice) => {
      const meeting = town.anyMeeting();
      const [person] = meeting.participants.keys();
      const status = dice.pick(ENDED);
      if (person !== undefined) meeting.participants.set(person, status);
      meeting.status = status;
      return inARow([send('Rdv', 'updated', rdv(meeting)), send('Rdv', 'updated', rdv(meeting))]);
    },
  },
  {
    name: 'an agent books for a usager',
    sends: 'Rdv created; UserProfile created when new to the organisation',
    source: 'models/rdv.rb',
    weight: 18,
    act: (town, dice) => {
      const person = town.anyPerson();
      const known = [...person.organisations];
      const organisation = dice.happens(0.1) || known.length === 0 ? town.anyOrganisation() : dice.pick(known);
      const meeting = town.newMeeting(organisation, [person]);
      return inARow([send('Rdv', 'created', rdv(meeting)), ...joinOrganisation(person, organisation)]);
    },
  },
  {
    name: 'an agent enters a new usager, then books',
    sends: 'User created, UserProfile created; one to three minutes later Rdv created',
    source: 'admin/users_controller.rb',
    weight: 5,
    act: (town, dice) => {
      const organisation = town.anyOrganisation();
      const person = town.newPerson([organisation]);
      const entered = inARow([
        send('User', 'created', user(person)),
        send('UserProfile', 'created', profile(person, organisation)),
      ]);
      const afterMs = dice.between(MINUTE_MS, 3 * MINUTE_MS);
      return [...entered, send('Rdv', 'created', rdv(town.newMeeting(organisation, [person])), afterMs)];
    },
  },
  {
    name: 'a usager books a first RDV by itself',
    sends: 'Rdv created, UserProfile created; never User created',
    source: 'models/rdv.rb',
    weight: 4,
    act: (town) => {
      const organisation = town.anyOrganisation();
      const person = town.newPerson([]);
      const meeting = town.newMeeting(organisation, [person]);
      return inARow([send('Rdv', 'created', rdv(meeting)), ...joinOrganisation(person, organisation)]);
    },
  },
  {
    name: 'a usager is edited',
    sends: 'User updated, once for each of its organisations',
    source: 'concerns/webhook_deliverable.rb, models/user.rb',
    weight: 8,
    act: (town) => {
      const person = town.anyPerson();
      person.edits += 1;
      return inARow([...person.organisations].map(() => send('User', 'updated', user(person))));
    },
  },
  {
    name: 'a usager is invited, or signs in',
    sends: 'User updated without a change, once for each of its organisations',
    source: 'models/user.rb',
    weight: 5,
    act: (town) => {
      const person = town.anyPerson();
      return inARow([...person.organisations].map(() => send('User', 'updated', user(person))));
    },
  },
  {
    name: 'agents of an RDV change with its date',
    sends: 'Rdv updated with the old date, then Rdv updated with everything',
    source: 'form_models/admin/edit_rdv_form.rb',
    weight: 4,
    act: (town, dice) => {
      const meeting = town.anyMeeting();
      meeting.agents = town.anyAgents();
      const first = send('Rdv', 'updated', rdv(meeting));
      meeting.startsAt += dice.between(1, 9) * 86_400_000;
      return inARow([first, send('Rdv', 'updated', rdv(meeting))]);
    },
  },
  {
    name: 'an RDV is edited, moved or cancelled as a whole',
    sends: 'Rdv updated',
    source: 'concerns/rdv/updatable.rb, users/rdvs_controller.rb',
    weight: 19,
    act: (town, dice) => {
      const meeting = town.anyMeeting();
      const change = dice.between(0, 2);
      if (change === 0) meeting.edits += 1;
      else if (change === 1) meeting.startsAt += dice.between(1, 9) * 86_400_000;
      else {
        meeting.status = 'excused';
        for (const person of meeting.participants.keys()) meeting.participants.set(person, 'excused');
      }
      return [send('Rdv', 'updated', rdv(meeting))];
    },
  },
  {
    name: 'an RDV is deleted',
    sends: 'Rdv destroyed',
    source: 'admin/rdvs_controller.rb',
    weight: 1,
    act: (town) => {
      const meeting = town.anyMeeting();
      const body = rdv(meeting);
      meeting.participants.clear();
      return [send('Rdv', 'destroyed', body)];
    },
  },
  {
    name: 'a proche is entered with its responsible',
    sends: 'User created (the proche first), User created, UserProfile created twice',
    source: 'admin/users_controller.rb',
    weight: 1,
    act: (town) => {
      const organisation = town.anyOrganisation();
      const responsible = town.newPerson([organisation]);
      const proche = town.newPerson([organisation], responsible);
      return inARow([
        ...[proche, responsible].map((person) => send('User', 'created', user(person))),
        ...[proche, responsible].map((person) => send('UserProfile', 'created', profile(person, organisation))),
      ]);
    },
  },
  {
    name: 'a usager leaves an organisation',
    sends: 'UserProfile destroyed; User updated for each organisation that is left',
    source: 'models/user.rb',
    weight: 1,
    act: (town, dice) => {
      const person = town.anyPerson();
      if (person.organisations.size === 0) return [];
      const left = dice.pick([...person.organisations]);
      person.organisations.delete(left);
      return inARow([
        send('UserProfile', 'destroyed', profile(person, left)),
        ...[...person.organisations].map(() => send('User', 'updated', user(person))),
      ]);
    },
  },
  {
    name: 'two usagers are merged',
    sends: 'UserProfile destroyed, User updated, Rdv updated for each RDV that moves',
    source: 'services/merge_users_service.rb',
    weight: 0.5,
    act: (town, dice) => {
      const meeting = town.anyMeeting();
      const [source] = meeting.participants.keys();
      const target = town.anyPerson();
      if (source === undefined || source === target) return [];
      meeting.participants.delete(source);
      meeting.participants.set(target, 'unknown');
      const left = dice.pick(source.organisations.size > 0 ? [...source.organisations] : ORGANISATIONS);
      source.organisations.delete(left);
      target.organisations.add(left);
      return inARow([
        send('UserProfile', 'destroyed', profile(source, left)),
        send('User', 'updated', user(target)),
        send('Rdv', 'updated', rdv(meeting)),
      ]);
    },
  },
  {
    name: 'a collective RDV fills, and its attendance is marked',
    sends:
      'Rdv created without anybody; two Rdv updated and UserProfile created for those an agent adds; Rdv updated for ' +
      'each who joins; two the same for each who is marked',
    source: 'admin/rdvs_collectifs_controller.rb, users/participations_controller.rb',
    weight: 0.6,
    act: collective,
  },
];

/** Five to thirty people, sometimes up to a hundred: an agent adds half of them, the others join within the hour. */
function collective(town: Town, dice: Dice): readonly Sending[] {
  const size = dice.happens(0.08) ? dice.between(60, 100) : dice.between(5, 30);
  const organisation = town.anyOrganisation();
  const people = [...new Set(Array.from({ length: size }, town.anyPerson))];
  const meeting = town.newMeeting(organisation, [], { collective: true });
  const sendings: Sending[] = [send('Rdv', 'created', rdv(meeting))];
  const half = Math.ceil(people.length / 2);

  for (const person of people.slice(0, half)) meeting.participants.set(person, 'unknown');
  const added = [rdv(meeting), rdv(meeting)].map((data) => send('Rdv', 'updated', data, 2 * MINUTE_MS));
  const newcomers = people.slice(0, half).flatMap((person) => joinOrganisation(person, organisation));
  sendings.push(...inARow([...added, ...newcomers.map((one) => ({ ...one, afterMs: 2 * MINUTE_MS }))]));

  for (const person of people.slice(half)) {
    meeting.participants.set(person, 'unknown');
    sendings.push(send('Rdv', 'updated', rdv(meeting), dice.between(5, 60) * MINUTE_MS));
  }
  // Rendered in the order of time, whatever the order of the draws.
  const joined = sendings.slice(-(people.length - half));
  const times = joined.map(({ afterMs }) => afterMs).sort((a, b) => a - b);
  joined.forEach((sending, at) => {
    sendings[sendings.length - joined.length + at] = { ...sending, afterMs: times[at] ?? 0 };
  });

  const marking = people.slice(0, 20).flatMap((person, at) => {
    meeting.participants.set(person, dice.happens(0.8) ? 'seen' : 'noshow');
    meeting.status = 'seen';
    const afterMs = 120 * MINUTE_MS + at * 4_000;
    return inARow([send('Rdv', 'updated', rdv(meeting), afterMs), send('Rdv', 'updated', rdv(meeting), afterMs)]);
  });
  return [...sendings, ...marking];
}
