// Rows as the Web API answers them → rows as the core sees them.
import * as z from 'zod';
import { memoryProfile } from '../schema/memory-profile.ts';
import { optionValues, schema } from '../schema/schema.ts';
import { OUR_MAPPED_COLUMNS } from '../sync/mapped-columns.ts';
import { decodeApplied } from '../sync/model/applied.ts';
import type { LinkName } from '../sync/model/link-names.ts';
import type { AppointmentRow, ContactRow, LinkRow, Party } from '../sync/model/rows.ts';
import { decodeSeries } from '../sync/model/series.ts';
import type { Version } from '../sync/model/version.ts';
import { DataverseError } from './failure.ts';
import { tableOf } from './navigation.ts';
import { guid, readRow, row, scalar, toText, versionNumber } from './read-row.ts';

const state = z.union([z.number(), z.null()]).optional();

const contactShape = row.extend({
  statecode: state,
  _masterid_value: guid.nullish(),
});

/** A contact. @param columns those that the mapping fills */
export function readContact(answer: unknown, columns = OUR_MAPPED_COLUMNS.contact): ContactRow {
  const contact = contactShape.parse(answer);
  return {
    ...readRow('contact', contact, columns),
    active: contact.statecode !== 1,
    masterId: contact._masterid_value ?? null,
  };
}

function stateOf(value: z.infer<typeof state>): LinkRow['state'] {
  const { removed, missing } = optionValues.rdvs_link.rdvs_state;
  if (value === missing) return 'missing';
  return value === removed ? 'removed' : 'live';
}

const linkShape = row.extend({
  rdvs_name: z.string(),
  versionnumber: versionNumber,
  rdvs_version: z.string().nullish(),
  rdvs_state: state,
  rdvs_removedon: scalar,
  rdvs_applied: z.string().nullish(),
  rdvs_series: z.string().nullish(),
  _rdvs_contact_value: guid.nullish(),
  rdvs_contact: z.unknown().optional(),
});

/**
 * The connector never leaves `rdvs_applied` empty: null in a live link with a version is a column that this account may
 * not read, and taking it for nothing applied would overwrite what people corrected. A link without a version was made
 * by people, to tie a record to a row.
 *
 * @throws DataverseError that names the missing profile
 */
function refuseHiddenMemory({ rdvs_version, rdvs_state, rdvs_applied }: z.infer<typeof linkShape>): void {
  if (rdvs_version == null || rdvs_applied != null || stateOf(rdvs_state) !== 'live') return;
  throw new DataverseError({ kind: 'configuration', code: 'memory-hidden', missing: memoryProfile.name });
}

export interface ReadLink {
  readonly link: LinkRow;
  /** The contact that was expanded with the link. */
  readonly contact: ContactRow | null;
  /** All links that lead to this contact, when they were expanded too. */
  readonly sharers: readonly LinkRow[] | undefined;
}

/** Reads a link and what was expanded with it. @param columns those of a contact that the mapping fills */
export function readLink(answer: unknown, columns = OUR_MAPPED_COLUMNS.contact): ReadLink {
  const link = linkShape.parse(answer);
  refuseHiddenMemory(link);
  return {
    link: {
      name: link.rdvs_name as LinkName,
      etag: link.versionnumber,
      version: (link.rdvs_version ?? null) as Version | null,
      state: stateOf(link.rdvs_state),
      contactId: link._rdvs_contact_value ?? null,
      removedOn: toText(link.rdvs_removedon),
      applied: decodeApplied(link.rdvs_applied ?? null),
      series: decodeSeries(link.rdvs_series ?? null),
    },
    contact: link.rdvs_contact == null ? null : readContact(link.rdvs_contact, columns),
    sharers: contactOfCompanions.safeParse(link.rdvs_contact).success ? readCompanions(link.rdvs_contact) : undefined,
  };
}

/** The links of a contact, seen from the contact. */
export const COMPANIONS = schema.tables.rdvs_link.columns.rdvs_contact.referencedNavigationProperty;

const contactOfCompanions = row.extend({ [COMPANIONS]: z.array(z.unknown()) });

/** The links that lead to a contact, from the contact with its links expanded. */
export function readCompanions(answer: unknown): readonly LinkRow[] {
  const links = z.array(z.unknown()).parse(contactOfCompanions.parse(answer)[COMPANIONS]);
  return links.map((link) => readLink(link).link);
}

export const PARTY_SELECT = ['participationtypemask', '_partyid_value', 'addressused', 'ispartydeleted'];

const partyShape = row.extend({
  participationtypemask: z.number(),
  _partyid_value: guid.nullish(),
  addressused: z.string().nullish(),
  ispartydeleted: z.boolean().nullish(),
});

/** The participations of an appointment, seen from the appointment. */
export const PARTICIPATIONS = schema.tables.rdvs_participation.columns.rdvs_appointment.referencedNavigationProperty;

const appointmentShape = row.extend({
  statecode: z.number(),
  statuscode: z.number(),
  appointment_activity_parties: z.array(partyShape).default([]),
  [PARTICIPATIONS]: z.array(z.unknown()).default([]),
});

/** What is read of an appointment beside the columns that the mapping fills. */
export const APPOINTMENT_OWN = ['rdvs_calendarentry', 'regardingobjectid', 'ownerid'];

/** An appointment. */
export function readAppointment(answer: unknown, mapped = OUR_MAPPED_COLUMNS): AppointmentRow {
  const appointment = appointmentShape.parse(answer);
  return {
    ...readRow('appointment', appointment, [...mapped.appointment, ...APPOINTMENT_OWN]),
    statecode: appointment.statecode,
    statuscode: appointment.statuscode,
    parties: appointment.appointment_activity_parties.map(readParty),
    participations: appointment[PARTICIPATIONS].map((one) =>
      readRow('rdvs_participation', one, mapped.rdvs_participation),
    ),
  };
}

function readParty(party: z.infer<typeof partyShape>): Party {
  const id = party._partyid_value;
  return {
    role: party.participationtypemask,
    target: id == null ? null : { table: tableOf(party, '_partyid_value'), id },
    ...(typeof party.addressused === 'string' ? { address: party.addressused } : {}),
    ...(party.ispartydeleted === true ? { deleted: true } : {}),
  };
}
