// An invented département: the same seed and size, the same rows.
import { inventRdvs } from './invent-rdvs.ts';
import { firstName, fullAddress, inventUsager, lastName } from './people.ts';
import { type Dice, rollDice } from './random.ts';
import type { MotifRow, UsagerRow } from './rows.ts';
import type { Store } from './store.ts';

export interface Size {
  readonly organisations: number;
  /** In each organisation. */
  readonly agents: number;
  readonly usagers: number;
  readonly rdvs: number;
  /** Share of the RDV that is of these weeks; the rest is spread over two years. Absent: 0. */
  readonly near?: number;
}

export const SMALL: Size = { organisations: 3, agents: 4, usagers: 30, rdvs: 60, near: 0.7 };
/** A département of 1.6 million inhabitants. */
export const LARGE: Size = { organisations: 60, agents: 20, usagers: 80_000, rdvs: 150_000 };

/** Sees all: admin in each organisation, and administrator of the territory. The connector's account. */
export const READER = 1;
/** Administrator of the territory without a role in any organisation: sees no RDV, but may install webhooks. */
export const INSTALLER = 2;
/** The password of every agent. */
export const PASSWORD = 'mot-de-passe-local';

export const SERVICES = { social: 1, pmi: 2, secretariat: 3 } as const;

const DAY_MS = 86_400_000;
const FIRST_ID = 100;

/** @param at today, ms */
export function inventDepartement(store: Store, { size, seed, at }: { size: Size; seed: number; at: number }): void {
  const dice = rollDice(seed);
  store.services.put({ id: SERVICES.social, name: 'Service social', secretariat: false });
  store.services.put({ id: SERVICES.pmi, name: 'PMI', secretariat: false });
  store.services.put({ id: SERVICES.secretariat, name: 'Secrétariat', secretariat: true });
  const account = { first_name: 'Compte', password: PASSWORD, services: [SERVICES.social], territory_admin: true };
  const since = at - 900 * DAY_MS;
  store.agents.put({
    id: READER,
    last_name: 'Lecture-Test',
    email: 'lecture@example.org',
    created_at: since,
    ...account,
  });
  const installer = { last_name: 'Installation-Test', email: 'installation@example.org', created_at: since };
  store.agents.put({ id: INSTALLER, ...installer, ...account });
  store.idsTakenUpTo(FIRST_ID);
  for (let count = 0; count < size.organisations; count += 1)
    inventOrganisation(store, dice, { agents: size.agents, at });
  inventUsagers(store, dice, { count: size.usagers, at });
  inventRdvs(store, dice, { count: size.rdvs, near: size.near ?? 0, at });
}

function inventOrganisation(store: Store, dice: Dice, { agents, at }: { agents: number; at: number }): void {
  const id = store.nextId();
  store.organisations.put({
    id,
    name: `MDS de ${lastName(dice)} ${id}`,
    email: `organisation-${id}@example.org`,
    phone_number: '0353010007',
    time_zone: 'Europe/Paris',
  });
  store.roles.put({ id: store.nextId(), agent_id: READER, organisation_id: id, access_level: 'admin' });
  inventPlaces(store, dice, id);
  for (let count = 0; count < agents; count += 1) inventAgent(store, dice, { organisation: id, rank: count, at });
}

const MOTIFS: readonly Omit<MotifRow, 'id' | 'organisation_id' | 'deleted_at'>[] = [
  { name: 'Premier rendez-vous', location_type: 'public_office', collectif: false, minutes: 45, service_id: 1 },
  { name: 'Suivi par téléphone', location_type: 'phone', collectif: false, minutes: 30, service_id: 1 },
  { name: 'Visite à domicile', location_type: 'home', collectif: false, minutes: 60, service_id: 2 },
  { name: 'Consultation PMI', location_type: 'public_office', collectif: false, minutes: 30, service_id: 2 },
  { name: 'Réunion d’information', location_type: 'public_office', collectif: true, minutes: 120, service_id: 1 },
];

function inventPlaces(store: Store, dice: Dice, organisation_id: number): void {
  for (const motif of MOTIFS) store.motifs.put({ id: store.nextId(), organisation_id, deleted_at: null, ...motif });
  const lieu = (name: string, availability: 'enabled' | 'disabled') =>
    store.lieux.put({
      ...{ id: store.nextId(), organisation_id, name, availability },
      address: fullAddress(dice, "Place de l'Exemple"),
    });
  lieu('Maison des solidarités', 'enabled');
  lieu('Ancienne antenne', 'disabled');
}

function inventAgent(
  store: Store,
  dice: Dice,
  { organisation, rank, at }: { organisation: number; rank: number; at: number },
): void {
  const id = store.nextId();
  const service = [SERVICES.social, SERVICES.social, SERVICES.pmi, SERVICES.secretariat][rank % 4] ?? SERVICES.social;
  const intervenant = rank % 10 === 9;
  store.agents.put({
    ...{ id, last_name: lastName(dice), services: [service], password: PASSWORD },
    first_name: intervenant ? null : firstName(dice),
    email: intervenant ? null : `agent-${id}@example.org`,
    territory_admin: false,
    created_at: at - dice.between(100, 800) * DAY_MS,
  });
  const access_level = intervenant ? 'intervenant' : rank === 0 ? 'admin' : 'basic';
  store.roles.put({ id: store.nextId(), agent_id: id, organisation_id: organisation, access_level });
  inventAgenda(store, dice, { agent_id: id, organisation_id: organisation, at });
}

function inventAgenda(
  store: Store,
  dice: Dice,
  { agent_id, organisation_id, at }: { agent_id: number; organisation_id: number; at: number },
): void {
  const day = (distance: number) => new Date(at + distance * DAY_MS).toISOString().slice(0, 10);
  const first_day = day(dice.between(-300, 60));
  const hours = { start_time: '09:00:00', end_time: '12:00:00' };
  const own = { agent_id, rrule: null };
  store.absences.put({ id: store.nextId(), title: 'Formation', first_day, end_day: first_day, ...hours, ...own });
  const [motif] = store.motifs.where('organisation_id', organisation_id);
  const [lieu] = store.lieux.where('organisation_id', organisation_id);
  store.plages.put({
    ...{ id: store.nextId(), title: 'Permanence', organisation_id, first_day: day(-30), ...hours, ...own },
    lieu_id: lieu?.id ?? null,
    motifs: motif === undefined ? [] : [motif.id],
    rrule: 'FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;',
  });
}

function inventUsagers(store: Store, dice: Dice, { count, at }: { count: number; at: number }): void {
  const organisations = [...store.organisations.values()].map(({ id }) => id);
  const agents = [...store.roles.values()].filter(({ agent_id }) => agent_id !== READER);
  let responsible: UsagerRow | undefined;
  for (let made = 0; made < count; made += 1) {
    const family = responsible !== undefined && dice.happens(0.15);
    const usager = inventUsager(dice, store.nextId(), { at, responsible: family ? responsible : undefined });
    store.usagers.put(usager);
    const known = family ? store.profiles.where('user_id', responsible?.id ?? 0) : [];
    const joined = known.length > 0 ? known.map(({ organisation_id }) => organisation_id) : [dice.pick(organisations)];
    if (dice.happens(0.05)) joined.push(dice.pick(organisations));
    for (const organisation_id of new Set(joined)) {
      store.profiles.put({ id: `${usager.id}-${organisation_id}`, user_id: usager.id, organisation_id });
    }
    const referent = dice.happens(0.1) ? dice.pick(agents) : undefined;
    if (referent !== undefined && joined.includes(referent.organisation_id)) {
      const { agent_id } = referent;
      store.referents.put({ id: `${usager.id}-${agent_id}`, user_id: usager.id, agent_id });
    }
    if (!family) responsible = usager;
  }
}
