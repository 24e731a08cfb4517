// Columns that the platform fills from others.

import type { Organization } from '../organization.ts';
import { toSeconds } from '../organization.ts';
import type { Table } from '../schema/model.ts';
import type { Value, Values } from '../store/row.ts';
import { isRef } from '../store/row.ts';

/** Columns that follow from those of a write. `values` is the whole row, `written` what the write names. */
export function derive(
  organization: Organization,
  table: Table,
  { values, written }: { values: Values; written: Values },
): Record<string, Value> {
  return {
    ...(table.columns.has('fullname') && { fullname: fullName(values) }),
    ...('ownerid' in written && ownership(organization, values['ownerid'])),
    ...(table.logicalName === 'appointment' && duration(values, written)),
  };
}

/** First name, then last name: the default of the organization's full-name format. */
function fullName({ firstname, lastname }: Values): Value {
  const names = [firstname, lastname].filter((name) => typeof name === 'string');
  return names.length === 0 ? null : names.join(' ');
}

function ownership(organization: Organization, owner: Value | undefined): Record<string, Value> {
  if (!isRef(owner)) return {};
  const unit = organization.store.get(owner.table, owner.id)?.values['businessunitid'];
  return {
    owninguser: owner.table === 'systemuser' ? owner : null,
    owningteam: owner.table === 'team' ? owner : null,
    owningbusinessunit: isRef(unit) ? unit : organization.businessUnit,
  };
}

/** Minutes between start and end, unless the client sends its own number [inference]. */
function duration(values: Values, written: Values): Record<string, Value> {
  const moved = 'scheduledstart' in written || 'scheduledend' in written;
  if (!moved || 'scheduleddurationminutes' in written) return {};
  const { scheduledstart, scheduledend } = values;
  if (typeof scheduledstart !== 'string' || typeof scheduledend !== 'string') return {};
  const minutes = Math.round((Date.parse(scheduledend) - Date.parse(scheduledstart)) / 60_000);
  return minutes < 0 ? {} : { scheduleddurationminutes: minutes };
}

/** `modifiedon` and `modifiedby` of a write. */
export function stamp(organization: Organization, prefix: 'created' | 'modified'): Record<string, Value> {
  return { [`${prefix}on`]: toSeconds(organization.clock()), [`${prefix}by`]: organization.caller };
}
