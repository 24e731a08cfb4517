// People of an invented population as either side has them.
import { user } from '../../../src/rdv-solidarites/models.ts';
import type { KnownContact, Population } from './population.ts';

/** A contact as a row of Dynamics. */
export function toRow({ id, identity }: KnownContact) {
  const [line, postalCode] = splitAddress(identity.address);
  return {
    contactid: id,
    firstname: identity.firstName,
    lastname: identity.lastName,
    rdvs_birthname: identity.birthName,
    birthdate: identity.birthDate,
    emailaddress1: identity.email,
    mobilephone: identity.phones[0] ?? null,
    address1_line1: line,
    address1_postalcode: postalCode,
  };
}

/** A usager as a notification holds it. */
export function toUsager({ usager, identity }: Population['usagers'][number]) {
  const [line, postalCode] = splitAddress(identity.address);
  return user.parse({
    id: usager,
    first_name: identity.firstName,
    last_name: identity.lastName,
    birth_name: identity.birthName,
    birth_date: identity.birthDate,
    email: identity.email,
    phone_number: identity.phones[0] ?? null,
    phone_number_formatted: identity.phones[0] ?? null,
    address: line === null ? null : `${line}, Ville-Test, ${postalCode}, 62, Pas-de-Calais, Hauts-de-France`,
    responsible: null,
  });
}

/** `1 rue du Test 62000`: street and postal code. */
function splitAddress(address: string | null): [string | null, string | null] {
  return address === null ? [null, null] : [address.slice(0, -6), address.slice(-5)];
}
