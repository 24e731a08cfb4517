// Generated histories: what RDV-Solidarités would send while people use it, as bodies with their times.
import fc from 'fast-check';
import {
  type Era,
  type Model,
  makeAgent,
  makeNotification,
  makeOrganisation,
  makeParticipation,
  makeRdv,
  makeUser,
  type Event as NotificationEvent,
  type Status,
  senderJson,
  type UserData,
} from '../../local/rdv-solidarites/make-notification.ts';

/** A body, when it was rendered and when it first arrived, in ms since 1970. */
export interface Sent {
  readonly body: string;
  readonly second: number;
  readonly receivedAt: number;
  /** Ends a record for good: the ordered history reads it last. */
  readonly final: boolean;
  /** How a failing case is shown. */
  readonly [fc.toStringMethod]: () => string;
}

const USAGERS = [1, 2, 3, 4] as const;
const RDVS = [71, 72] as const;
const ORGANISATIONS = [7, 8] as const;
const STATUSES: readonly Status[] = ['unknown', 'seen', 'excused', 'revoked', 'noshow'];
/** Usager 4 is a proche of usager 1. */
const RESPONSIBLES: Readonly<Record<number, number>> = { 4: 1 };

const usager = fc.constantFrom(...USAGERS);
const rdv = fc.constantFrom(...RDVS);
const status = fc.constantFrom(...STATUSES);
const act = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('edit' as const), usager, field: fc.nat(5), value: fc.nat(3) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('status' as const), rdv, status }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('move' as const), rdv, days: fc.integer({ min: 1, max: 20 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('join' as const), rdv, usager }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const), rdv, usager }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('participation' as const), rdv, usager, status }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('agents' as const),
      rdv,
      agents: fc.subarray([5, 6, 9], { minLength: 1 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('membership' as const),
      usager,
      organisation: fc.constantFrom(...ORGANISATIONS),
      present: fc.boolean(),
      rgpd: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('referent' as const),
      usager,
      agent: fc.constantFrom(5, 9),
      present: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('destroy' as const), rdv, rgpd: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('anonymise' as const), usager }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('merge' as const), from: usager, into: usager }) },
);
/** Destroyed and created again under the same ids: the newest snapshot counts, not the destruction. */
const PAIRS: readonly Model[] = ['UserProfile', 'ReferentAssignation'];

type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

interface Extent {
  /** The largest number of acts. */
  readonly acts: number;
  /** The least number of seconds between acts; 0 lets several bodies have the same second. */
  readonly pause: 0 | 1;
}

/** What the sender's API would show at a moment. */
export interface View {
  readonly second: number;
  readonly rdvs: readonly RdvData[];
  readonly destroyed: readonly number[];
  /** Usagers that are not anonymised, and the organisations that they belong to. */
  readonly people: readonly { readonly data: UserData; readonly organisations: readonly number[] }[];
  readonly anonymised: readonly number[];
}

export interface Watched {
  readonly sent: readonly Sent[];
  /** After each act; never empty. */
  readonly views: readonly View[];
}

/** Histories, in the fields of one era each. */
export const historyOf = (extent: Extent): fc.Arbitrary<readonly Sent[]> =>
  watchedHistoryOf(extent).map(({ sent }) => sent);

/** The same, with what the sender's API would show in between. */
export function watchedHistoryOf({ acts, pause }: Extent): fc.Arbitrary<Watched> {
  const timed = fc.tuple(act, fc.integer({ min: pause, max: 2 }));
  return fc
    .record({
      era: fc.constantFrom<Era>('2024', '2026'),
      acts: fc.array(timed, { minLength: pause === 0 ? 2 : Math.ceil(acts / 2), maxLength: acts }),
    })
    .map(({ era, acts: played }) => play(played, era))
    .filter(({ sent }) => sent.length > 1);
}

/** Short histories, as many cases as possible. */
export const history = historyOf({ acts: 14, pause: 0 });

type RdvData = ReturnType<typeof makeRdv>;

/** One keeps its id when its usager is merged into another; whoever comes back has a new one. */
interface ParticipationState {
  readonly id: number;
  readonly status: Status;
}

interface RdvState {
  participations: Map<number, ParticipationState>;
  status: Status;
  day: number;
  agents: number[];
  destroyed: boolean;
}

export const HISTORY_START = Date.parse('2026-11-24T09:00:00Z');

/** Lets the acts happen, and gathers what the sender sends. Bytes that occur twice are one body, repeated. */
function play(acts: readonly (readonly [Act, number])[], era: Era): Watched {
  const people = new Map<number, Partial<UserData>>(USAGERS.map((id) => [id, {}]));
  const anonymised = new Set<number>();
  const members = new Map(USAGERS.map((id) => [id as number, new Set<number>()]));
  const views: View[] = [];
  const rdvs = new Map<number, RdvState>(
    RDVS.map((id) => [id, { participations: new Map(), status: 'unknown', day: 1, agents: [5], destroyed: false }]),
  );
  const sent = new Map<string, Sent>();
  let second = 0;
  let received = 0;
  let nextParticipation = 9001;
  for (const [one, pause] of acts) {
    second += pause;
    perform(one);
    views.push(view());
  }
  return { sent: [...sent.values()], views };

  function view(): View {
    const present = USAGERS.filter((id) => !anonymised.has(id));
    return {
      second,
      rdvs: [...rdvs].flatMap(([id, state]) => (state.destroyed ? [] : [rdvData(id, state)])),
      destroyed: [...rdvs].flatMap(([id, { destroyed }]) => (destroyed ? [id] : [])),
      people: present.map((id) => ({ data: copyOf(id), organisations: [...(members.get(id) ?? [])] })),
      anonymised: [...anonymised],
    };
  }

  function perform(one: Act): void {
    switch (one.kind) {
      case 'edit':
        if (!anonymised.has(one.usager)) {
          people.set(one.usager, { ...people.get(one.usager), ...edited(one.field, one.value) });
          send('User', 'updated', copyOf(one.usager));
        }
        return;
      case 'membership': {
        if (anonymised.has(one.usager)) return;
        if (one.present) members.get(one.usager)?.add(one.organisation);
        else members.get(one.usager)?.delete(one.organisation);
        const data = { organisation: makeOrganisation({ id: one.organisation }, era), user: copyOf(one.usager) };
        send('UserProfile', one.present ? 'created' : 'destroyed', data, !one.present && one.rgpd ? 'rgpd' : null);
        if (!one.rgpd) send('User', 'updated', copyOf(one.usager));
        return;
      }
      case 'referent': {
        const data = { user: copyOf(one.usager), agent: makeAgent({ id: one.agent }) };
        send('ReferentAssignation', one.present ? 'created' : 'destroyed', data);
        return;
      }
      case 'anonymise':
        anonymised.add(one.usager);
        for (const id of RDVS) if (rdvs.get(id)?.participations.has(one.usager)) sendRdv(id, 'updated');
        return;
      case 'merge':
        for (const id of RDVS) mergeIn(id, one.from, one.into);
        return;
      default:
        changeRdv(one);
    }
  }

  function changeRdv(one: Extract<Act, { rdv: number }>): void {
    const state = rdvs.get(one.rdv);
    if (state === undefined || state.destroyed) return;
    if (one.kind === 'status') state.status = one.status;
    if (one.kind === 'move') state.day = one.days;
    if (one.kind === 'agents') state.agents = one.agents;
    const present = 'usager' in one ? state.participations.get(one.usager) : undefined;
    if (one.kind === 'join' && !anonymised.has(one.usager)) {
      state.participations.set(one.usager, { id: present?.id ?? nextParticipation++, status: 'unknown' });
    }
    if (one.kind === 'leave') state.participations.delete(one.usager);
    if (one.kind === 'participation' && present !== undefined) {
      state.participations.set(one.usager, { ...present, status: one.status });
      sendRdv(one.rdv, 'updated');
    }
    if (one.kind === 'destroy') {
      state.destroyed = true;
      sendRdv(one.rdv, 'destroyed', one.rgpd ? 'rgpd' : null);
    } else sendRdv(one.rdv, 'updated');
  }

  function mergeIn(id: number, from: number, into: number): void {
    const state = rdvs.get(id);
    const moved = state?.participations.get(from);
    if (state === undefined || moved === undefined || state.destroyed || from === into || anonymised.has(into)) return;
    state.participations.delete(from);
    if (!state.participations.has(into)) state.participations.set(into, moved);
    sendRdv(id, 'updated');
  }

  function sendRdv(id: number, event: NotificationEvent, reason: 'rgpd' | null = null): void {
    const state = rdvs.get(id);
    if (state !== undefined) send('Rdv', event, rdvData(id, state), reason);
  }

  function rdvData(id: number, state: RdvState): RdvData {
    const participations = [...state.participations].map(([usager, { id, status }]) =>
      makeParticipation({ id, status, user: copyOf(usager) }, era),
    );
    const day = String(state.day).padStart(2, '0');
    const cancelled = ['excused', 'revoked', 'noshow'].includes(state.status);
    return makeRdv(
      {
        id,
        agents: state.agents.map((agent) => makeAgent({ id: agent })),
        cancelled_at: cancelled ? '2026-11-24 11:00:00 +0100' : null,
        participations,
        starts_at: `2026-12-${day} 09:30:00 +0100`,
        ends_at: `2026-12-${day} 10:00:00 +0100`,
        status: state.status,
      },
      era,
    );
  }

  function copyOf(id: number): UserData {
    if (anonymised.has(id)) return anonymisedCopy(id, era);
    const responsible = RESPONSIBLES[id];
    return makeUser({ id, ...people.get(id), ...(responsible ? { responsible: copyOf(responsible) } : {}) }, era);
  }

  function send(model: Model, event: NotificationEvent, data: object, reason: 'rgpd' | null = null): void {
    const at = new Date(HISTORY_START + second * 1000).toISOString();
    const body = senderJson(makeNotification({ model, event, data, at, reason, era }));
    received += 1;
    if (sent.has(body)) return;
    const final = event === 'destroyed' && !PAIRS.includes(model);
    const receivedAt = HISTORY_START + 60_000 + received;
    const shown = `${second}s ${model} ${event}${reason ?? ''} ${brief(data)}`;
    sent.set(body, { body, second, receivedAt, final, [fc.toStringMethod]: () => shown });
  }
}

/** The parts of a body in which bodies of a history differ. */
function brief(data: object): string {
  const shown = [
    'id',
    'status',
    'starts_at',
    'first_name',
    'email',
    'address',
    'user',
    'agent',
    'participations',
    'responsible',
  ];
  return JSON.stringify(data, (key, value) =>
    key === '' || /^\d+$/.test(key) || shown.includes(key) ? value : undefined,
  );
}

function edited(field: number, value: number): Partial<UserData> {
  const text = value === 0 ? null : `Valeur-Test-${value}`;
  const edits: Partial<UserData>[] = [
    { first_name: `Prénom-Test-${value}` },
    { email: value === 0 ? null : `usager-edite-${value}@example.org` },
    { birth_name: text },
    { address: text },
    value === 0
      ? { phone_number: null, phone_number_formatted: null }
      : { phone_number: `063998000${value}`, phone_number_formatted: `+3363998000${value}` },
    { address_details: text },
  ];
  return edits[field] ?? {};
}

function anonymisedCopy(id: number, era: Era): UserData {
  const marker = `[valeur unique anonymisée ${id}]`;
  return makeUser(
    {
      id,
      address: marker,
      birth_date: null,
      email: `user_${id}@deleted.rdv-solidarites.fr`,
      first_name: 'Usager supprimé',
      last_name: 'Usager supprimé',
      phone_number: marker,
      phone_number_formatted: null,
    },
    era,
  );
}

/** The history as if read once, in order: by snapshot time, then first receipt, destructions last. */
export function inOrder(sent: readonly Sent[]): readonly Sent[] {
  return sent.toSorted(
    (a, b) => Number(a.final) - Number(b.final) || a.second - b.second || a.receivedAt - b.receivedAt,
  );
}

/**
 * The same history as it may reach the worker: in any order, with repeats of any body, each received later than all.
 * A repeat comes after its first delivery where another body has the same second: see docs/decisions.
 */
export function disordered(sent: readonly Sent[]): fc.Arbitrary<readonly Sent[]> {
  const later = Math.max(...sent.map(({ receivedAt }) => receivedAt)) + 1;
  const repeats = fc.array(fc.nat(sent.length - 1), { maxLength: sent.length });
  return repeats
    .map((picks) => picks.flatMap((pick, at) => (sent[pick] ? [{ ...sent[pick], receivedAt: later + at }] : [])))
    .chain((copies) => shuffled([...sent, ...copies]))
    .map((deliveries) => firstBeforeRepeats(deliveries));
}

export function shuffled<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
}

function firstBeforeRepeats(deliveries: readonly Sent[]): readonly Sent[] {
  const rivals = new Map<number, Set<string>>();
  for (const { second, body } of deliveries) rivals.set(second, (rivals.get(second) ?? new Set()).add(body));
  const turns = new Map<string, Sent[]>();
  for (const delivery of deliveries) turns.set(delivery.body, [...(turns.get(delivery.body) ?? []), delivery]);
  for (const group of turns.values()) group.sort((a, b) => a.receivedAt - b.receivedAt);
  return deliveries.map((delivery) =>
    (rivals.get(delivery.second)?.size ?? 0) > 1 ? (turns.get(delivery.body)?.shift() ?? delivery) : delivery,
  );
}
