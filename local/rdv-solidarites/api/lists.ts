// What is read: organisations, agents, motifs, lieux, absences, usagers.
import type { AbsenceRow, UsagerRow } from '../records/rows.ts';
import { type Answer, forbidden, goneRecord, listOf, notFound, serverError } from './answer.ts';
import type { Call } from './call.ts';
import { list, whole } from './parameters.ts';

export function organisations({ rights, query, render }: Call): Answer {
  return listOf(query, 'organisations', rights.organisations, (id) => render.organisation(id));
}

export function organisation({ store, rights, era, render }: Call, id: number): Answer {
  if (store.organisations.get(id) === undefined) return notFound(era, 'Organisation', id);
  return rights.hasRole(id) ? { status: 200, body: { organisation: render.organisation(id) } } : forbidden;
}

export function agents({ store, rights, query, render }: Call): Answer {
  const seen = [...store.agents.values()].filter(rights.seesAgent);
  const asked = whole(query.get('organisation_id') ?? '');
  // The organisation of somebody else is no filter at all (agents_controller.rb:2-6).
  const members = rights.hasRole(asked)
    ? new Set(store.roles.where('organisation_id', asked).map(({ agent_id }) => agent_id))
    : undefined;
  const found = seen.filter(({ id }) => members?.has(id) ?? true).sort((a, b) => a.created_at - b.created_at);
  return listOf(query, 'agents', found, ({ id }) => render.agent(id));
}

export function me({ rights }: Call): Answer {
  const { id, email, first_name, last_name } = rights.agent;
  return { status: 200, body: { agent: { id, email, first_name, last_name } } };
}

export function motifs({ store, rights, query, era, render }: Call, organisation: number): Answer {
  // The controller looks the organisation up among its own and calls a method of nil (motifs_controller.rb:2-18).
  if (!rights.hasRole(organisation)) return serverError(era);
  const flag = (name: string) => {
    const text = query.get(name);
    return text === null ? undefined : text === 'true' || text === '1';
  };
  const [active, service] = [flag('active'), query.get('service_id')];
  const found = store.motifs
    .where('organisation_id', organisation)
    .filter(({ service_id }) => rights.seesMotif(organisation, service_id))
    .filter(({ deleted_at }) => active === undefined || active === (deleted_at === null))
    .filter(({ service_id }) => service === null || service_id === whole(service))
    .sort((a, b) => a.id - b.id);
  return listOf(query, 'motifs', found, ({ id }) => render.motif(id));
}

/** Those that are open alone: the others are seen inside an RDV. */
export function lieux({ store, rights, query, render }: Call): Answer {
  const found = rights.organisations
    .flatMap((id) => store.lieux.where('organisation_id', id))
    .filter(({ availability }) => availability === 'enabled')
    .sort((a, b) => a.id - b.id);
  return listOf(query, 'lieux', found, ({ id }) => render.lieu(id));
}

/** The latest first (absence.rb:32). Neither an organisation nor an agent filters them. */
export function absences({ store, rights, query, render }: Call): Answer {
  const found = [...store.absences.values()]
    .filter(({ agent_id }) => rights.seesAgent(store.agents.at(agent_id)))
    .sort((a, b) => descending(startOf(a), startOf(b)));
  return listOf(query, 'absences', found, render.absence);
}

const startOf = ({ first_day, start_time }: AbsenceRow) => `${first_day} ${start_time}`;
const descending = (a: string, b: string) => (a < b ? 1 : a > b ? -1 : 0);

export function absence({ store, rights, render }: Call, id: number): Answer {
  const row = store.absences.get(id);
  if (row === undefined) return goneRecord('absence');
  return rights.seesAgent(store.agents.at(row.agent_id))
    ? { status: 200, body: { absence: render.absence(row) } }
    : forbidden;
}

/** Without an order. The organisation of somebody else widens the list to all of one's own (user_policy.rb:39-43). */
export function users({ store, rights, query, disorder, render }: Call, organisation?: number): Answer {
  const within = organisation !== undefined && rights.hasRole(organisation) ? [organisation] : rights.organisations;
  const asked = list(query, 'ids');
  const wanted = asked === undefined ? undefined : new Set(asked.map(whole));
  const ids = new Set<number>();
  for (const id of within) {
    for (const { user_id } of store.profiles.where('organisation_id', id)) {
      if (wanted?.has(user_id) ?? true) ids.add(user_id);
    }
  }
  return listOf(query, 'users', disorder([...ids]), (id) => render.user(id));
}

/** 404: deleted everywhere. 403: alive, but in none of one's organisations. */
export function user(call: Call, id: number): Answer {
  const row = call.store.usagers.get(id);
  if (row === undefined || row.deleted_at !== null) return goneRecord('user');
  return call.rights.sharedWith(row).length === 0 ? forbidden : oneUser(call, row);
}

/** 404 also for an usager of another organisation. */
export function userOf(call: Call, organisation: number, id: number): Answer {
  const row = call.store.usagers.get(id);
  const known = row?.deleted_at === null && call.rights.sharedWith(row).includes(organisation);
  return known ? oneUser(call, row) : goneRecord('user');
}

/** The only answer that tells the organisations of an usager: those that both share. */
function oneUser({ rights, render }: Call, row: UsagerRow): Answer {
  const user_profiles = rights.sharedWith(row).map((id) => ({ organisation: render.organisation(id) }));
  return { status: 200, body: { user: { ...render.user(row.id), user_profiles } } };
}
