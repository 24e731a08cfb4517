// The lists of RDV (app/controllers/api/v1/rdvs_controller.rb), with their traps.
import type { RdvRow } from '../records/rows.ts';
import { type Answer, listOf } from './answer.ts';
import type { Call } from './call.ts';
import { between, list, whole } from './parameters.ts';

/** RDV of one organisation: nothing for the organisation of somebody else. */
export function rdvsOf(call: Call, organisation: number): Answer {
  const rows = call.rights.hasRole(organisation) ? call.store.rdvs.where('organisation_id', organisation) : [];
  return answer(call, rows, (row) => row);
}

/** RDV of all one's organisations. */
export function rdvs(call: Call): Answer {
  const { store, query, rights } = call;
  const organisation = query.get('organisation_id');
  const within = organisation ? [whole(organisation)] : rights.organisations;
  const rows = within.flatMap((id) => (rights.hasRole(id) ? store.rdvs.where('organisation_id', id) : []));
  const filters = [
    filterBy(query, 'id', ({ id }) => [`${id}`]),
    filterBy(query, 'status', ({ status }) => [status]),
    filterBy(query, 'user_id', ({ participations }) => participations.map(({ user_id }) => `${user_id}`)),
    filterBy(query, 'agent_id', ({ agents }) => agents.map(String)),
  ];
  return answer(
    call,
    rows.filter((row) => filters.every((passes) => passes(row))),
    (row) => truncated(query, row),
  );
}

function filterBy(query: URLSearchParams, name: string, valuesOf: (row: RdvRow) => string[]) {
  const wanted = list(query, name);
  return (row: RdvRow) => wanted === undefined || valuesOf(row).some((value) => wanted.includes(value));
}

/** The filter also empties the arrays that it looked at: only what matched is left in them. */
function truncated(query: URLSearchParams, row: RdvRow): RdvRow {
  const [users, agents] = [list(query, 'user_id'), list(query, 'agent_id')];
  return {
    ...row,
    participations: row.participations.filter(({ user_id }) => users?.includes(`${user_id}`) ?? true),
    agents: row.agents.filter((id) => agents?.includes(`${id}`) ?? true),
  };
}

const ASSOCIATIONS = ['organisation', 'motif', 'users', 'participations', 'agents', 'lieu'];

/** Without an order. In 2024 an RDV of two agents comes twice, and is counted twice (rdv_policy.rb:65-73). */
function answer(call: Call, rows: readonly RdvRow[], seen: (row: RdvRow) => RdvRow): Answer {
  const { rights, query, era, render, disorder } = call;
  const inWindow = between(query, 'starts_after', 'starts_before');
  const found = rows.filter((row) => inWindow(row.starts_at) && rights.seesRdv(row));
  const joined = era === '2024' ? found.flatMap((row) => row.agents.map(() => row)) : found;
  const included = era === '2024' ? undefined : list(query, 'include');
  const left = (key: string) => included === undefined || included.includes(key) || !ASSOCIATIONS.includes(key);
  return listOf(query, 'rdvs', disorder(joined), (row) =>
    Object.fromEntries(Object.entries(render.rdv(seen(row))).filter(([key]) => left(key))),
  );
}
