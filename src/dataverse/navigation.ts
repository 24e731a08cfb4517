// How lookups and rows are named on the wire.

import { schema } from '../schema/schema.ts';
import type { WrittenTable } from '../sync/model/plan.ts';
import type { Party } from '../sync/model/rows.ts';
import type { Columns, Reference, Value } from '../sync/model/values.ts';

export const ENTITY_SETS: Readonly<Record<string, string>> = {
  account: 'accounts',
  appointment: schema.tables.appointment.entitySet,
  contact: schema.tables.contact.entitySet,
  entitlement: 'entitlements',
  equipment: 'equipments',
  knowledgearticle: 'knowledgearticles',
  lead: 'leads',
  queue: 'queues',
  rdvs_link: schema.tables.rdvs_link.entitySet,
  systemuser: 'systemusers',
  team: 'teams',
};

/** Column → navigation property, for the lookups that the connector writes. */
const NAVIGATION: Readonly<Record<WrittenTable, Readonly<Record<string, string>>>> = {
  rdvs_link: ownLookups('rdvs_link'),
  contact: { ...ownLookups('contact'), ownerid: 'ownerid' },
  appointment: {
    ...ownLookups('appointment'),
    ownerid: 'ownerid',
    regardingobjectid: 'regardingobjectid_contact_appointment',
  },
};

/** A row's columns as the Web API takes them: lookups become `…@odata.bind`. */
export function toBody(table: WrittenTable, columns: Columns, parties?: readonly Party[]): Record<string, unknown> {
  const body = Object.entries(columns).map(([column, value]): [string, unknown] => {
    const navigation = NAVIGATION[table][column];
    return navigation === undefined ? [column, value] : [`${navigation}@odata.bind`, toUrl(value)];
  });
  if (parties !== undefined) body.push(['appointment_activity_parties', parties.map(toParty)]);
  return Object.fromEntries(body);
}

function toUrl(value: Value): string | null {
  return isReference(value) ? `/${entitySet(value.table)}(${value.id})` : null;
}

function toParty({ role, target, address }: Party): Record<string, unknown> {
  if (target === null) return { participationtypemask: role, addressused: address };
  return {
    participationtypemask: role,
    [`partyid_${target.table}@odata.bind`]: `/${entitySet(target.table)}(${target.id})`,
  };
}

function entitySet(table: string): string {
  return ENTITY_SETS[table] ?? `${table}s`;
}

function ownLookups(table: WrittenTable): Record<string, string> {
  return Object.fromEntries(
    Object.entries(schema.tables[table].columns).flatMap(([name, column]) =>
      column.type === 'lookup' ? [[name, column.navigationProperty]] : [],
    ),
  );
}

function isReference(value: Value): value is Reference {
  return typeof value === 'object' && value !== null;
}
