// The write that keeps a link up to date.
import { type LinkState, optionValues } from '../../schema/schema.ts';
import { type Applied, encodeApplied } from '../model/applied.ts';
import { type Guid, type LinkName, linkId } from '../model/link-names.ts';
import type { Write } from '../model/plan.ts';
import type { LinkRow } from '../model/rows.ts';
import { encodeSeries, type Series } from '../model/series.ts';
import type { Columns, Value } from '../model/values.ts';
import type { Order, Version } from '../model/version.ts';

/** What a link is to say after a notification. What is left out stays as it is. */
export interface LinkContent {
  readonly name: LinkName;
  /** null while no copy of the record was applied yet. */
  readonly version: Version | null;
  readonly applied: Applied;
  readonly contact?: Guid;
  readonly state?: LinkState;
  readonly removedOn?: string | null;
  readonly series?: Series | null;
  /** When the series is to be looked at again, null for never. */
  readonly nextTurn?: string | null;
  /** The notification that was applied. */
  readonly notificationId?: string;
}

/** The order kept by a link, when it has one: a link may exist before the first snapshot. */
export function orderOfLink(link: LinkRow | null): Order | undefined {
  return link?.version == null ? undefined : { version: link.version, bodies: link.applied.bodies };
}

/** Whether a usager's link ever led to a contact: a copy was applied, or people tied it to one. */
export function hadContact(link: LinkRow | null): boolean {
  return link !== null && (link.version !== null || link.applied.tied === true);
}

/** Creates a link, or updates the one that was read, on condition that nobody did so in between. */
export function linkWrite(link: LinkRow | null, content: LinkContent): Write {
  const id = linkId(content.name);
  const state = content.state ?? link?.state ?? 'live';
  const columns: Record<string, Value | undefined> = {
    rdvs_version: content.version ?? undefined,
    rdvs_applied: encodeApplied(content.applied),
    rdvs_lastnotification: content.notificationId,
    rdvs_state: state === link?.state ? undefined : optionValues.rdvs_link.rdvs_state[state],
    rdvs_contact:
      content.contact === undefined || content.contact === link?.contactId
        ? undefined
        : { table: 'contact', id: content.contact },
    rdvs_series: content.series && encodeSeries(content.series),
    rdvs_nextturn: content.nextTurn,
    rdvs_removedon: content.removedOn === (link?.removedOn ?? null) ? undefined : content.removedOn,
  };
  if (link !== null) {
    return { table: 'rdvs_link', id, operation: 'update', condition: link.etag, columns: defined(columns) };
  }
  const created = defined({ rdvs_name: content.name, ...columns });
  return { table: 'rdvs_link', id, operation: 'create', condition: 'absent', columns: created };
}

/** The columns that have a value. */
export function defined(columns: Readonly<Record<string, Value | undefined>>): Columns {
  return Object.fromEntries(
    Object.entries(columns).filter((entry): entry is [string, Value] => entry[1] !== undefined),
  );
}
