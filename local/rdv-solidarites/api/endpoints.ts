// webhook_endpoints (app/models/webhook_endpoint.rb; app/policies/agent/webhook_endpoint_policy.rb).
import type { EndpointRow } from '../records/rows.ts';
import { SUBSCRIPTIONS } from '../webhooks/models.ts';
import { type Answer, forbidden, invalidRecord, listOf, notFound, type Problem } from './answer.ts';
import type { Call } from './call.ts';

/** db/schema.rb:779 */
const BY_DEFAULT = ['rdv', 'absence', 'plage_ouverture'];

export interface Installing {
  /** `ALLOWED_WEBHOOK_HOSTS`: exact names; `any`: `ALLOW_ALL_HOSTS`. */
  readonly allowedHosts: readonly string[] | 'any';
  /** TriggerWebhookJob. */
  readonly trigger: (endpoint: number) => void;
}

const show = ({ id, target_url, organisation_id, subscriptions }: EndpointRow) => ({
  ...{ id, target_url, organisation_id, subscriptions },
});

/** Without the right: an empty list. */
export function endpoints({ store, rights, query, era }: Call, organisation: number): Answer {
  if (store.organisations.get(organisation) === undefined) return notFound(era, 'Organisation', organisation);
  const allowed = era === '2024' ? rights.hasRole(organisation) : rights.agent.territory_admin;
  const url = query.get('target_url');
  const found = (allowed ? store.endpoints.where('organisation_id', organisation) : [])
    .filter(({ target_url }) => url === null || target_url === url)
    .sort((a, b) => a.id - b.id);
  return listOf(query, 'webhook_endpoints', found, show);
}

export function createEndpoint(call: Call, installing: Installing, organisation_id: number): Answer {
  const { store, rights, era, body } = call;
  if (store.organisations.get(organisation_id) === undefined) return notFound(era, 'Organisation', organisation_id);
  if (!rights.agent.territory_admin) return forbidden;
  const row = {
    id: store.nextId(),
    organisation_id,
    target_url: textOf(body['target_url']),
    secret: textOf(body['secret']),
    subscriptions: listed(body['subscriptions']) ?? BY_DEFAULT,
  };
  return save(call, installing, { row });
}

export function updateEndpoint(call: Call, installing: Installing, [organisation, id]: [number, number]): Answer {
  const { store, rights, era, body } = call;
  const before = store.endpoints.get(id);
  const inScope = rights.agent.territory_admin && before?.organisation_id === organisation;
  if (!inScope) return notFound(era, 'WebhookEndpoint', id);
  const moved = era === '2024' && store.organisations.get(Number(body['organisation_id'])) !== undefined;
  const row = {
    ...before,
    ...(moved && { organisation_id: Number(body['organisation_id']) }),
    ...('target_url' in body && { target_url: textOf(body['target_url']) }),
    ...('secret' in body && { secret: textOf(body['secret']) }),
    ...('subscriptions' in body && { subscriptions: listed(body['subscriptions']) ?? [] }),
  };
  return save(call, installing, { row, before });
}

/** Every save replays: `trigger: false` cannot be said (webhook_endpoints_controller.rb:16,22,28-30). */
function save(
  { store, era }: Call,
  { allowedHosts, trigger }: Installing,
  { row, before }: { row: EndpointRow; before?: EndpointRow },
): Answer {
  const taken = store.endpoints
    .where('organisation_id', row.organisation_id)
    .some(({ id, target_url }) => id !== row.id && target_url === row.target_url);
  const problems = [
    ...(taken ? [{ field: 'target_url', error: 'taken', value: row.target_url, words: 'est déjà utilisé' }] : []),
    ...problemsOf(era === '2024' ? 'any' : allowedHosts, row, before),
  ];
  if (problems.length > 0) return invalidRecord(era, problems);
  store.endpoints.put(row);
  trigger(row.id);
  return { status: 200, body: { webhook_endpoint: show(row) } };
}

/** Everything that is wrong: Rails validates the whole record before it refuses it. */
function problemsOf(allowed: Installing['allowedHosts'], row: EndpointRow, before: EndpointRow | undefined): Problem[] {
  const { target_url: value, secret, subscriptions } = row;
  const problems: Problem[] = [];
  if (secret === '') problems.push({ field: 'secret', error: 'blank', words: 'doit être rempli(e)' });
  const unknown = subscriptions.find((name) => !Object.values(SUBSCRIPTIONS).includes(name));
  if (unknown !== undefined) {
    problems.push({ field: 'base', error: 'invalid', words: `contient une valeur inconnue : ${unknown}` });
  }
  return [...problems, ...problemsOfUrl(allowed, value, before)];
}

function problemsOfUrl(allowed: Installing['allowedHosts'], value: string, before: EndpointRow | undefined): Problem[] {
  const field = 'target_url';
  if (value === '') return [{ field, error: 'blank', words: 'doit être rempli(e)' }];
  // Looked at only when the address changes: endpoints made before the list stay.
  if (allowed === 'any' || before?.target_url === value) return [];
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    return [{ field, error: 'invalid_format', value, words: 'n’est pas une adresse valide' }];
  }
  const known = allowed.some((host) => host.toLowerCase() === url.hostname.toLowerCase());
  return known ? [] : [{ field, error: 'host_not_allowed', value, words: 'n’est pas autorisé' }];
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

function listed(value: unknown): string[] | undefined {
  if (Array.isArray(value)) return value.map(String).filter((text) => text !== '');
  return value === undefined ? undefined : [];
}
