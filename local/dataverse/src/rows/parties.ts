// Activity parties of an appointment: attendees and organizer by the client, owner and regarding by the platform.
// Microsoft Learn: "ActivityParty entity" (masks), appointment reference (targets of each party list).

import { randomUUID } from 'node:crypto';
import { DataverseError, payloadError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { isObject } from '../json.ts';
import type { Organization } from '../organization.ts';
import type { Table } from '../schema/model.ts';
import type { Ref, Row, Value } from '../store/row.ts';
import { isRef } from '../store/row.ts';
import type { PartyInput } from './changes.ts';

const REGARDING = 8;
const OWNER = 9;

/** The party list that each mask stands for. 8 and 9 are made by the platform; sent by a client they are refused [inference]. */
const LIST_OF_MASK: ReadonlyMap<number, string> = new Map([
  [5, 'requiredattendees'],
  [6, 'optionalattendees'],
  [7, 'organizer'],
]);

/** `appointment_activity_parties`; undefined for a table that is no activity. */
export function partyCollection(table: Table): string | undefined {
  return table.isActivity ? `${table.logicalName}_activity_parties` : undefined;
}

/**
 * Two ways to replace attendees are known: PATCH of the activity (Microsoft's own client) and PUT of its collection
 * (Microsoft Learn, "Associate and disassociate table rows"). No page says that both are taken; an environment that takes
 * one only answers the other as MicrosoftDocs/powerapps-docs #952 saw it for PUT [the code is an inference].
 */
export function refusePartyForm(organization: Organization, activity: Table, form: 'patch' | 'put'): void {
  const { attendeeForms } = organization.settings.current;
  if (attendeeForms === 'both' || attendeeForms === form) return;
  throw new DataverseError(
    400,
    '0x80048d19',
    `An error occurred while validating input parameters: System.InvalidCastException: Unable to cast object of type 'System.Web.OData.Formatter.Deserialization.ODataResourceWrapper' (${partyCollection(activity)}).`,
  );
}

/** Reads the array of a payload, each entry by `read`; it needs a mask and a party, or an address. */
export function readParties(
  activity: Table,
  json: Json,
  read: (entry: JsonObject) => PartyInput['values'],
): PartyInput[] {
  if (!Array.isArray(json)) throw payloadError(activity.entitySetName, 'A collection of activity parties is expected.');
  return json.map((entry) => {
    if (!isObject(entry)) throw payloadError(activity.entitySetName, 'An activity party must be an object.');
    const values = read(entry);
    const mask = values['participationtypemask'];
    if (typeof mask !== 'number')
      throw partyError('0x80043504', 'participationtypemask is missing in an activity party');
    checkParty(activity, mask, values);
    return { mask, values };
  });
}

function checkParty(activity: Table, mask: number, values: Readonly<Record<string, Value>>): void {
  const list = activity.columns.get(LIST_OF_MASK.get(mask) ?? '');
  const party = values['partyid'];
  if (list === undefined)
    throw partyError('0x80043506', `participation type ${mask} is not allowed on ${activity.logicalName}`);
  if (isRef(party) && list.targets?.includes(party.table) !== true) {
    throw partyError('0x80043506', `a ${party.table} is not allowed as ${list.name} of ${activity.logicalName}`);
  }
  const named = isRef(party) || values['addressused'] != null || values['unresolvedpartyname'] != null;
  if (!named) throw partyError('0x80043504', 'partyid is missing in an activity party');
}

function partyError(code: string, message: string): DataverseError {
  return new DataverseError(400, code, `Invalid activity party: ${message}.`);
}

export function partiesOf(organization: Organization, activityId: string): Row[] {
  return organization.store.lookup('activityparty', 'activityid', activityId);
}

/** Replaces attendees by the reading chosen in the rules. */
export function replaceParties(organization: Organization, activity: Row, inputs: readonly PartyInput[]): void {
  const sent = new Set(inputs.map((input) => input.mask));
  const all = organization.rules.partyReplacement === 'all';
  for (const row of partiesOf(organization, activity.id)) {
    const mask = Number(row.values['participationtypemask']);
    if (LIST_OF_MASK.has(mask) && (all || sent.has(mask))) organization.store.remove('activityparty', row.id);
  }
  for (const input of inputs) {
    const party = input.values['partyid'];
    if (isRef(party)) {
      const { ownerid } = activity.values;
      const owner = isRef(ownerid) ? ownerid : undefined;
      organization.admission?.({ action: 'append', row: party, from: activity.table, owner });
    }
    addParty(organization, activity, input);
  }
}

/** Makes the parties that mirror the owner and the regarding row, and keeps the dates of all parties with the activity. */
export function mirrorParties(organization: Organization, activity: Row): void {
  mirror(organization, activity, { mask: OWNER, value: activity.values['ownerid'] });
  mirror(organization, activity, { mask: REGARDING, value: activity.values['regardingobjectid'] });
  const { scheduledstart = null, scheduledend = null } = activity.values;
  for (const row of partiesOf(organization, activity.id)) {
    if (row.values['scheduledstart'] === scheduledstart && row.values['scheduledend'] === scheduledend) continue;
    organization.store.put('activityparty', row.id, { ...row.values, scheduledstart, scheduledend });
  }
}

function mirror(
  organization: Organization,
  activity: Row,
  { mask, value }: { mask: number; value: Value | undefined },
): void {
  const current = partiesOf(organization, activity.id).find((row) => row.values['participationtypemask'] === mask);
  const before = current?.values['partyid'];
  if (isRef(value) && isRef(before) && before.id === value.id) return;
  if (current !== undefined) organization.store.remove('activityparty', current.id);
  if (isRef(value)) addParty(organization, activity, { mask, values: { partyid: value } });
}

function addParty(organization: Organization, activity: Row, { mask, values }: PartyInput): void {
  const id = randomUUID();
  const party = values['partyid'];
  organization.store.put('activityparty', id, {
    addressused: isRef(party) ? addressOf(organization, party) : null,
    ...values,
    activitypartyid: id,
    activityid: { table: activity.table, id: activity.id },
    participationtypemask: mask,
    scheduledstart: activity.values['scheduledstart'] ?? null,
    scheduledend: activity.values['scheduledend'] ?? null,
    ispartydeleted: false,
    instancetypecode: 0,
  });
}

/** The address that Dataverse resolves for the party: e-mail of the contact or of the user. */
function addressOf(organization: Organization, party: Ref): Value {
  const row = organization.store.get(party.table, party.id);
  return row?.values['emailaddress1'] ?? row?.values['internalemailaddress'] ?? null;
}
