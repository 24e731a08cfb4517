// The eleven models that notify: their subscription, their body, and the organisations that hear of them.
import type { Model } from '../make-notification.ts';
import type { Render } from '../records/render.ts';
import type { Store } from '../records/store.ts';

export type { Model };

/** Names in `subscriptions` (app/models/webhook_endpoint.rb:11-13). */
export const SUBSCRIPTIONS: Readonly<Record<Model, string>> = {
  Rdv: 'rdv',
  Absence: 'absence',
  PlageOuverture: 'plage_ouverture',
  User: 'user',
  UserProfile: 'user_profile',
  Organisation: 'organisation',
  Motif: 'motif',
  Lieu: 'lieu',
  Agent: 'agent',
  AgentRole: 'agent_role',
  ReferentAssignation: 'referent_assignation',
};

export const SUBSCRIPTION_NAMES: readonly string[] = Object.values(SUBSCRIPTIONS);

export const MODELS = Object.keys(SUBSCRIPTIONS) as readonly Model[];

/** What names one record: its id, or the pair of a join table. */
export type Key = number | string;

interface Described {
  /** The record as it is now; undefined when it is gone. */
  readonly body: (key: Key) => object | undefined;
  readonly organisations: (key: Key) => readonly number[];
  /** What a replay walks, by ascending id. An organisation has no `absences`. */
  readonly ofOrganisation?: (organisation: number) => readonly Key[];
}

export function describeModels(store: Store, render: Render): Readonly<Record<Model, Described>> {
  const of = <R>(row: R | undefined, body: (row: R) => object) => (row === undefined ? undefined : body(row));
  const its = (row: { readonly organisation_id: number } | undefined) =>
    row === undefined ? [] : [row.organisation_id];
  const ofUser = (id: number) => store.profiles.where('user_id', id).map(({ organisation_id }) => organisation_id);
  const ofAgent = (id: number) => [
    ...new Set(store.roles.where('agent_id', id).map(({ organisation_id }) => organisation_id)),
  ];
  const byId = <R extends { readonly id: Key }>(rows: readonly R[]) =>
    rows.map(({ id }) => id).sort((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : 0));
  const members = (organisation: number) =>
    store.profiles
      .where('organisation_id', organisation)
      .map(({ user_id }) => user_id)
      .sort((a, b) => a - b);
  const colleagues = (organisation: number) => [
    ...new Set(store.roles.where('organisation_id', organisation).map(({ agent_id }) => agent_id)),
  ];
  const referents = (organisation: number) => {
    const users = new Set(members(organisation));
    return byId([...store.referents.values()].filter(({ user_id }) => users.has(user_id)));
  };

  return {
    Rdv: {
      body: (key) => of(store.rdvs.get(Number(key)), render.rdv),
      organisations: (key) => its(store.rdvs.get(Number(key))),
      ofOrganisation: (id) => byId(store.rdvs.where('organisation_id', id)),
    },
    Absence: {
      body: (key) => of(store.absences.get(Number(key)), render.absence),
      organisations: (key) => ofAgent(store.absences.get(Number(key))?.agent_id ?? 0),
    },
    PlageOuverture: {
      body: (key) => of(store.plages.get(Number(key)), render.plage),
      organisations: (key) => its(store.plages.get(Number(key))),
      ofOrganisation: (id) => byId(store.plages.where('organisation_id', id)),
    },
    User: {
      body: (key) => of(store.usagers.get(Number(key)), ({ id }) => render.user(id)),
      organisations: (key) => ofUser(Number(key)),
      ofOrganisation: members,
    },
    UserProfile: {
      body: (key) =>
        of(store.profiles.get(String(key)), ({ user_id, organisation_id }) => ({
          user: render.user(user_id),
          organisation: render.organisation(organisation_id),
        })),
      organisations: (key) => its(store.profiles.get(String(key))),
      ofOrganisation: (id) => members(id).map((user) => `${user}-${id}`),
    },
    Organisation: {
      body: (key) => of(store.organisations.get(Number(key)), ({ id }) => render.organisation(id)),
      organisations: (key) => [Number(key)],
      ofOrganisation: (id) => [id],
    },
    Motif: {
      body: (key) => of(store.motifs.get(Number(key)), ({ id }) => render.motif(id)),
      organisations: (key) => its(store.motifs.get(Number(key))),
      ofOrganisation: (id) => byId(store.motifs.where('organisation_id', id)),
    },
    Lieu: {
      body: (key) => of(store.lieux.get(Number(key)), ({ id }) => render.lieu(id)),
      organisations: (key) => its(store.lieux.get(Number(key))),
      ofOrganisation: (id) => byId(store.lieux.where('organisation_id', id)),
    },
    Agent: {
      body: (key) => of(store.agents.get(Number(key)), ({ id }) => render.agent(id)),
      organisations: (key) => ofAgent(Number(key)),
      ofOrganisation: (id) => colleagues(id).sort((a, b) => a - b),
    },
    AgentRole: {
      body: (key) =>
        of(store.roles.get(Number(key)), ({ id, access_level, agent_id, organisation_id }) => ({
          ...{ id, access_level },
          agent: render.agent(agent_id),
          organisation: render.organisation(organisation_id),
        })),
      organisations: (key) => its(store.roles.get(Number(key))),
      ofOrganisation: (id) => byId(store.roles.where('organisation_id', id)),
    },
    ReferentAssignation: {
      body: (key) =>
        of(store.referents.get(String(key)), ({ user_id, agent_id }) => ({
          user: render.user(user_id),
          agent: render.agent(agent_id),
        })),
      organisations: (key) => ofUser(store.referents.get(String(key))?.user_id ?? 0),
      ofOrganisation: referents,
    },
  };
}
