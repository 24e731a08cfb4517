// Incidents as rows of Dataverse.
import { v5 as uuidV5 } from 'uuid';
import * as z from 'zod';
import type { Calls } from '../dataverse/calls.ts';
import { FILTER_VALUES, isIn } from '../dataverse/filters.ts';
import type { QuarantineItem } from '../delivery/quarantine.ts';
import { type IncidentState, optionValues, schema } from '../schema/schema.ts';
import { tables } from '../schema/tables.ts';
import { chunks } from '../sync/model/chunks.ts';
import { recordOf } from './incident-record.ts';

const { entitySet: collection, primaryKey } = tables.rdvs_incident;
const { columns } = schema.tables.rdvs_incident;
const states = optionValues.rdvs_incident.rdvs_state;

const INCIDENT_NAMESPACE = '5b0c9d17-3e42-4f6a-8c75-1d9e6f2a7b64';

/** An incident's primary key, derived from its notification's, so that two processes can only meet in one row. */
export const incidentId = (notification: string) => uuidV5(notification, INCIDENT_NAMESPACE);

/** An incident as it is in Dynamics. */
export interface Incident {
  readonly id: string;
  readonly etag: string;
  /** `undefined`: emptied, or a number that is none of ours. */
  readonly state: IncidentState | undefined;
  /** When its notification went to quarantine: ms since 1970, whole seconds. */
  readonly since: number;
  readonly modifiedBy: string;
  /** ms since 1970 */
  readonly modifiedOn: number;
}

/** Columns of a row to write. */
export type IncidentColumns = Readonly<Record<string, string | number | null>>;

const instant = z
  .union([z.date(), z.string()])
  .nullish()
  .transform((value) => (value == null ? 0 : new Date(value).getTime()));

const row = z
  .object({
    rdvs_incidentid: z.string(),
    '@odata.etag': z.string(),
    rdvs_state: z.number().nullish(),
    rdvs_since: instant,
    _modifiedby_value: z.string().nullish(),
    modifiedon: instant,
  })
  .transform(
    (read): Incident => ({
      id: read.rdvs_incidentid.toLowerCase(),
      etag: read['@odata.etag'],
      state: stateOf(read.rdvs_state),
      since: read.rdvs_since,
      modifiedBy: read._modifiedby_value?.toLowerCase() ?? '',
      modifiedOn: read.modifiedon,
    }),
  );
const page = z.object({ value: z.array(row), oDataNextLink: z.string().optional() });

const select = [primaryKey, 'rdvs_state', 'rdvs_since', '_modifiedby_value', 'modifiedon'];

const ENDED = [states.replayed, states.discarded, states.gone];
/** Open, or with a state that calls for an answer although it had ended. */
const OPEN = `rdvs_endedon eq null or rdvs_state eq null or (${ENDED.map((state) => `rdvs_state ne ${state}`).join(' and ')})`;

/** As many rows as a page may have (Microsoft Learn, "Page results"). */
const PAGE = 5000;

/**
 * The incidents whose notification was in quarantine when it was last looked at: one request for 5,000 of them.
 *
 * @throws DataverseError
 */
export async function readOpenIncidents(calls: Calls): Promise<readonly Incident[]> {
  const incidents: Incident[] = [];
  const request = { collection, select, filter: OPEN, maxPageSize: PAGE };
  let next: string | undefined;
  do {
    const answer = page.parse(await calls.run((api, signal) => api.retrieveMultiple({ ...request, signal }, next)));
    incidents.push(...answer.value);
    next = answer.oDataNextLink;
  } while (next !== undefined);
  return incidents;
}

/**
 * The incidents of these notifications, whatever their state, in one request.
 *
 * @throws DataverseError
 */
export async function readIncidentsOf(calls: Calls, notifications: readonly string[]): Promise<readonly Incident[]> {
  if (notifications.length === 0) return [];
  const filters = chunks(notifications.map(incidentId), FILTER_VALUES).map((ids) => isIn(primaryKey, ids));
  const answers = await calls.send(
    filters.map((filter) => (api) => api.retrieveMultiple({ collection, select, filter })),
  );
  return answers.flatMap((answer) => page.parse(answer).value);
}

/** An instant as Dataverse keeps it: whole seconds. @param ms since 1970 */
export const toInstant = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** The columns that say what failed, and ask for a choice. */
export function columnsOf(notification: string, item: QuarantineItem): IncidentColumns {
  const record = item.body === null ? {} : recordOf(Buffer.from(item.body, 'base64'));
  const again = item.envelope?.replayedAt !== undefined;
  return {
    rdvs_name: record.name ?? notification,
    rdvs_notification: notification,
    rdvs_state: states.tosettle,
    rdvs_result: again ? RESULTS.failedAgain : null,
    rdvs_code: cut(item.code, columns.rdvs_code.maxLength),
    // Reasons name fields and kinds of error, never values: see `Verdict`.
    rdvs_reason: cut(item.reason, columns.rdvs_reason.maxLength),
    rdvs_model: record.model ?? null,
    rdvs_organisation: record.organisation ?? item.envelope?.source ?? null,
    rdvs_since: toInstant(Date.parse(item.quarantinedAt)),
    rdvs_attempts: item.attempts,
    rdvs_endedon: null,
  };
}

/** What people read beside the state. */
export const RESULTS = {
  failedAgain: 'Rejoué : nouvel échec, voir la raison.',
  sent: 'Remis dans la file : appliqué, sauf nouvel échec.',
  discarded: 'Écarté : conservé jusqu’à la fin de sa durée de conservation.',
  expired: 'Écarté, puis effacé à la fin de sa durée de conservation.',
  gone: "N'est plus en quarantaine : rejoué ou retiré par une commande, effacé, ou arrivé à la fin de sa conservation.",
  notANotification: "Ne peut pas être rejoué : ce n'est pas une notification entière. Écartez-le.",
  choose: 'Choisissez Rejouer ou Écarter : le connecteur écrit les autres états.',
} as const;

const cut = (text: string, length: number) => text.slice(0, length);

function stateOf(value: number | null | undefined): IncidentState | undefined {
  const known = Object.entries(states).find(([, number]) => number === value);
  return known === undefined ? undefined : (known[0] as IncidentState);
}
