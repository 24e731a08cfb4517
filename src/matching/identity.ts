// What a usager of RDV-Solidarités says of who it is.
import type { Usager, UsagerId } from '../rdv-solidarites/models.ts';
import { contactMapping } from '../sync/people/contact-mapping.ts';
import { addressOf } from './candidates.ts';
import { Described } from './described.ts';
import type { Identity } from './portrait.ts';

/** A usager as far as people are compared: of many thousands, the rest would fill the memory. */
export type Person = Described<UsagerId>;

export const personOf = (usager: Usager): Person => new Described(usager.id, identityOf(usager));

/** Reads the columns that tell people apart, as they would be written to a contact. */
export function identityOf(usager: Usager): Identity {
  const read = (column: 'address1_line1' | 'address1_postalcode' | 'emailaddress1') => {
    const value = contactMapping[column](usager, undefined);
    return typeof value === 'string' ? value : null;
  };
  const { first_name, last_name, birth_name, birth_date, phone_number, phone_number_formatted } = usager;
  return {
    firstName: first_name ?? null,
    lastName: last_name ?? null,
    birthName: birth_name ?? null,
    birthDate: birth_date ?? null,
    email: read('emailaddress1'),
    phones: [phone_number_formatted ?? phone_number].flatMap((number) => number ?? []),
    address: addressOf(read('address1_line1'), read('address1_postalcode')),
  };
}
