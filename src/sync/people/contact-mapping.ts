// Usager → contact: one line a column.
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { fieldOf } from '../../rdv-solidarites/mappable-fields.ts';
import type { Usager } from '../../rdv-solidarites/models.ts';
import { ONE_FACT } from '../../schema/our-names.ts';
import type { ContactColumn } from '../../schema/schema.ts';
import type { StandardColumnName } from '../../schema/standard-columns.ts';
import type { Reference, Value } from '../model/values.ts';
import { tidy } from '../rules/fit.ts';
import type { Group } from '../rules/reconcile.ts';

/** The column of the usager's page, which no copy of the person tells: see `showPage`. */
export const PAGE = 'rdvs_url' satisfies ContactColumn;

export type MappedContactColumn =
  | Exclude<StandardColumnName<'contact'>, 'statecode' | 'statuscode'>
  | Exclude<ContactColumn, typeof PAGE>;

/** The contact of the usager's responsible: null for an adult of their own, undefined when it is not known. */
export type ResponsibleContact = Reference | null | undefined;

type ContactMapping = Readonly<
  Record<MappedContactColumn, (usager: Usager, responsible: ResponsibleContact) => Value | undefined>
>;

export const contactMapping: ContactMapping = {
  firstname: (usager) => tidy(usager.first_name),
  lastname: (usager) => tidy(usager.last_name),
  rdvs_birthname: (usager) => tidy(usager.birth_name),
  birthdate: (usager) => usager.birth_date,
  emailaddress1: (usager) => unlessTheResponsibles(usager, 'email'),
  mobilephone: (usager) => phoneOf(usager)?.mobile,
  telephone1: (usager) => phoneOf(usager)?.fixed,
  address1_line1: (usager) => addressOf(usager)?.line1,
  address1_postalcode: (usager) => addressOf(usager)?.postalCode,
  address1_city: (usager) => addressOf(usager)?.city,
  address1_line2: (usager) => tidy(usager.address_details),
  rdvs_responsible: (_, responsible) => responsible,
};

export const CONTACT_GROUPS: readonly Group[] = ONE_FACT.contact;

/** The columns that hold something about the person. */
export const CONTACT_COLUMNS: readonly string[] = [...Object.keys(contactMapping), PAGE];

/** What the sender says of the person in a field, for a column of the département. */
export function saidOf(usager: Usager, from: string): unknown {
  return from === 'email' || from === 'address' ? unlessTheResponsibles(usager, from) : fieldOf(usager, from);
}

/**
 * The sender shows a proche under the address of the responsible when it has none of its own
 * (app/models/concerns/user/responsability_concern.rb): that is not the proche's own, nor is a shared e-mail.
 */
function unlessTheResponsibles(usager: Usager, field: 'email' | 'address'): string | null | undefined {
  const own = tidy(usager[field]);
  const { responsible } = usager;
  if (own == null || responsible === null || responsible?.id === usager.id) return own;
  if (responsible === undefined) return usager.responsible_id == null ? own : undefined;
  return own === tidy(responsible[field]) ? null : own;
}

interface Phones {
  readonly mobile: string | null;
  readonly fixed: string | null;
}

/** One number in the column of its kind, the other column emptied: a changed number may change kind. */
function phoneOf(usager: Usager): Phones | undefined {
  const formatted = tidy(usager.phone_number_formatted);
  const raw = tidy(usager.phone_number);
  const number = formatted ?? raw;
  if (number === undefined) return undefined;
  if (number === null) return { mobile: null, fixed: null };
  return isMobile(number) ? { mobile: number, fixed: null } : { mobile: null, fixed: number };
}

// French numbers in 06 and 07 are mobile (ARCEP, plan national de numérotation): the library only knows those in use.
const FRENCH_MOBILE = /^[67]\d{8}$/;

function isMobile(number: string): boolean {
  const parsed = parsePhoneNumberFromString(number, 'FR');
  const type = parsed?.getType();
  if (type !== undefined) return type === 'MOBILE';
  return parsed?.countryCallingCode === '33' && FRENCH_MOBILE.test(parsed.nationalNumber);
}

interface Address {
  readonly line1: string | null;
  readonly postalCode: string | null;
  readonly city: string | null;
}

const POSTAL_CODE = /^\d{5}$/;
const DEPARTEMENT = /^(\d{2,3}|2[AB])$/i;

/**
 * Reads the form in which the national address base completes an address, which the sender keeps as one line:
 * `2 La Place, Éperlecques, 62910, 62, Pas-de-Calais, Hauts-de-France`. Anything else stays whole in the first line.
 */
function addressOf(usager: Usager): Address | undefined {
  const address = unlessTheResponsibles(usager, 'address');
  if (address === undefined) return undefined;
  const parts = address?.split(',').map((part) => part.trim()) ?? [];
  const at = parts.findIndex(
    (part, index) => index > 0 && POSTAL_CODE.test(part) && DEPARTEMENT.test(parts[index + 1] ?? ''),
  );
  if (at === -1) return { line1: address, postalCode: null, city: null };
  return {
    line1: parts.slice(0, at - 1).join(', ') || null,
    postalCode: parts[at] ?? null,
    city: parts[at - 1] || null,
  };
}
