// Two years of invented RDV, and three months to come.
import { Temporal } from 'temporal-polyfill';
import type { Dice } from './random.ts';
import type { ParticipationRow, Status } from './rows.ts';
import type { Store } from './store.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const PAST_DAYS = 728;
const COMING_DAYS = 90;

/** How a past RDV of one person ended. */
const ENDINGS: readonly Status[] = ['seen', 'seen', 'seen', 'seen', 'noshow', 'excused', 'revoked', 'unknown'];

const NEAR_DAYS = 10;

/** @param at today, ms; `near` the share of the RDV that is of these weeks */
export function inventRdvs(
  store: Store,
  dice: Dice,
  { count, near, at }: { count: number; near: number; at: number },
): void {
  const organisations = [...store.organisations.values()].map(({ id }) => placesOf(store, id));
  const open = organisations.filter(({ members, agents }) => members.length > 0 && agents.length > 0);
  const days = workingDays(at);
  const these = days.filter((day) => Math.abs(day - at) < NEAR_DAYS * DAY_MS);
  for (let made = 0; made < count && open.length > 0; made += 1) {
    inventRdv(store, dice, dice.pick(open), { day: dice.pick(dice.happens(near) ? these : days), at });
  }
}

type Places = ReturnType<typeof placesOf>;

function placesOf(store: Store, id: number) {
  return {
    id,
    members: store.profiles.where('organisation_id', id).map(({ user_id }) => user_id),
    agents: store.roles.where('organisation_id', id).flatMap(({ agent_id }) => (agent_id > 2 ? [agent_id] : [])),
    motifs: store.motifs.where('organisation_id', id),
    lieu: store.lieux.where('organisation_id', id)[0]?.id ?? null,
  };
}

/** Midnights in Paris, as ms, of the days on which RDV take place. */
function workingDays(at: number): number[] {
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('Europe/Paris').startOfDay();
  const days = Array.from({ length: PAST_DAYS + COMING_DAYS }, (_, index) => today.add({ days: index - PAST_DAYS }));
  return days.filter(({ dayOfWeek }) => dayOfWeek < 6).map(({ epochMilliseconds }) => epochMilliseconds);
}

function inventRdv(store: Store, dice: Dice, places: Places, { day, at }: { day: number; at: number }): void {
  const motif = dice.happens(0.03) ? places.motifs.find(({ collectif }) => collectif) : undefined;
  const {
    id: motif_id,
    collectif,
    minutes,
    location_type,
  } = motif ?? dice.pick(places.motifs.filter((one) => !one.collectif));
  const starts_at = day + dice.between(36, 67) * 15 * MINUTE_MS;
  const past = starts_at < at;
  const agents = dice.shuffled(places.agents).slice(0, dice.happens(0.05) ? 2 : 1);
  const created_by_id = agents[0] ?? 0;
  const ending = past ? dice.pick(ENDINGS) : dice.happens(0.05) ? 'excused' : 'unknown';
  const people = peopleOf(dice, places.members, collectif);
  const participations = people.map(
    (user_id): ParticipationRow => ({
      ...{ id: store.nextId(), user_id, created_by: 'agent', created_by_id },
      status: collectif && past ? dice.pick(ENDINGS) : ending,
    }),
  );
  const cancelled = !collectif && (ending === 'excused' || ending === 'revoked' || ending === 'noshow');
  const created_at = Math.min(at, starts_at) - dice.between(1, 40) * DAY_MS;
  store.rdvs.put({
    ...{ id: store.nextId(), organisation_id: places.id, motif_id, agents, participations, starts_at, created_at },
    ...{ created_by: 'agent', created_by_id, context: null, name: collectif ? 'Atelier budget' : null },
    lieu_id: location_type === 'public_office' ? places.lieu : null,
    ends_at: starts_at + minutes * MINUTE_MS,
    status: collectif ? (past ? 'seen' : 'unknown') : ending,
    cancelled_at: cancelled ? Math.min(at, starts_at) - 60 * MINUTE_MS : null,
  });
}

function peopleOf(dice: Dice, members: readonly number[], collectif: boolean): readonly number[] {
  const wanted = collectif ? dice.between(3, 12) : dice.happens(0.1) ? 2 : 1;
  return [...new Set(Array.from({ length: wanted }, () => dice.pick(members)))];
}
