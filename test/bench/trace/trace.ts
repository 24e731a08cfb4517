// A realistic trace: acts of some working days as the bodies that the sender makes of them, and when they arrive.
import { HABITS, type Sending } from './habits.ts';
import { type Dice, rollDice } from './random.ts';
import { foundTown, ORGANISATIONS, type Person, profile, rdv, render, type Town, user } from './town.ts';

export interface Arrival {
  readonly body: string;
  /** ms since 1970. */
  readonly receivedAt: number;
  readonly habit: string;
  readonly late: boolean;
}

export interface Trace {
  /** By the time of arrival. */
  readonly arrivals: readonly Arrival[];
  /** Bodies from before, about the usagers that Dynamics knows when the trace begins. */
  readonly before: readonly string[];
  /** How many records of each kind there are at its end. */
  readonly records: { readonly usagers: number; readonly rdvs: number; readonly memberships: number };
}

export interface TraceOptions {
  readonly seed: number;
  readonly notifications: number;
  /** Bodies that the sender sends twice are the same bytes, unless they are rendered in different seconds. */
  readonly repeats?: 'equal' | 'a second apart';
}

const START = Date.parse('2026-11-23T07:00:00Z');
const DAY_MS = 86_400_000;
const WORKING_DAY_MS = 10 * 3_600_000;
const DAYS = 3;
/** The share that arrives late, and by how much. */
const LATE = 0.02;
const LATE_HOURS = { least: 1, most: 6 };
/** A body waits for a job, and jobs overlap: how long at most until it arrives, in ms. */
const TRANSPORT_MS = { least: 30, most: 700 };
/** The share of the bulk trigger among all notifications. */
const BULK = 0.1;
const BULK_AT = START + DAY_MS + WORKING_DAY_MS / 2;
export const BULK_HABIT = 'an endpoint is created or changed (bulk trigger)';

/**
 * Makes a trace. Half of the usagers known to the sender are in Dynamics before it begins; no RDV is.
 *
 * Bodies say what the records were when they were rendered, to the second. Nobody knows in which order they arrive.
 */
export function makeTrace({ seed, notifications, repeats = 'equal' }: TraceOptions): Trace {
  const dice = rollDice(seed);
  const town = foundTown(dice, START);
  settle(town, dice, notifications);
  const known = town.people.filter((_, at) => at % 2 === 0);
  const before = known.map((person) => render({ model: 'User', event: 'updated', data: user(person) }, START - DAY_MS));

  const planned = Math.round(notifications * (1 - BULK));
  const arrivals: Arrival[] = [];
  // Acts are drawn in the order of time: each sees what those before it did.
  let triggered = false;
  for (let count = 0; count < planned; ) {
    const at = moment(count / planned);
    if (at >= BULK_AT && !triggered) {
      triggered = true;
      arrivals.push(...bulk(town, dice, notifications - planned));
    }
    const habit = dice.weighted(HABITS);
    const sendings = habit.act(town, dice).slice(0, planned - count);
    const spread = repeats === 'equal' ? 0 : 1000;
    arrivals.push(
      ...sendings.map((sending, job) => arrive(sending, { at: at + job * spread, habit: habit.name, dice })),
    );
    count += sendings.length;
  }
  const sorted = arrivals.toSorted((a, b) => a.receivedAt - b.receivedAt);
  return { arrivals: sorted, before, records: countRecords(town) };
}

/** Usagers and RDV of before: as many that the trace meets most of them a few times. */
function settle(town: Town, dice: Dice, notifications: number): void {
  for (let count = 0; count < notifications / 5; count += 1) {
    const organisations = new Set([dice.pick(ORGANISATIONS), ...(dice.happens(0.3) ? [dice.pick(ORGANISATIONS)] : [])]);
    const responsible = dice.happens(0.08) && count > 0 ? elder(dice.pick(town.people)) : undefined;
    const person = town.newPerson([...organisations], responsible);
    town.newMeeting(dice.pick([...organisations]), [person]);
  }
}

const elder = (person: Person): Person => person.responsible ?? person;

/** When an act happens, in working hours of some days. */
function moment(share: number): number {
  const worked = share * DAYS * WORKING_DAY_MS;
  const day = Math.floor(worked / WORKING_DAY_MS);
  return START + day * DAY_MS + (worked - day * WORKING_DAY_MS);
}

function arrive(sending: Sending, { at, habit, dice }: { at: number; habit: string; dice: Dice }): Arrival {
  const renderedAt = Math.round(at + sending.afterMs);
  const late = dice.happens(LATE);
  const delay = late ? dice.between(LATE_HOURS.least * 3_600_000, LATE_HOURS.most * 3_600_000) : 0;
  const transport = dice.between(TRANSPORT_MS.least, TRANSPORT_MS.most);
  return { body: render(sending, renderedAt), receivedAt: renderedAt + transport + delay, habit, late };
}

/** Everything of one organisation, sent as created, on the second day at noon. */
function bulk(town: Town, dice: Dice, count: number): readonly Arrival[] {
  const organisation = 1;
  const at = BULK_AT;
  const members = town.people.filter(({ organisations }) => organisations.has(organisation));
  const all: Sending[] = [
    ...town.meetings
      .filter((meeting) => meeting.organisation === organisation && meeting.participants.size > 0)
      .map((meeting) => ({ model: 'Rdv' as const, data: rdv(meeting) })),
    ...members.map((person) => ({ model: 'User' as const, data: user(person) })),
    ...members.map((person) => ({ model: 'UserProfile' as const, data: profile(person, organisation) })),
  ].map((record, index) => ({ ...record, event: 'created', afterMs: index * 40 }));
  // A sample of each kind, in the sender's order of models.
  const step = all.length / count;
  const chosen = Array.from({ length: Math.min(count, all.length) }, (_, index) => all[Math.floor(index * step)]);
  return chosen.flatMap((sending) => (sending ? [arrive(sending, { at, habit: BULK_HABIT, dice })] : []));
}

function countRecords({ people, meetings }: Town): Trace['records'] {
  const memberships = people.reduce((sum, { organisations }) => sum + organisations.size, 0);
  return { usagers: people.length, rdvs: meetings.length, memberships };
}
