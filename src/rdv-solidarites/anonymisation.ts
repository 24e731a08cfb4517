// The marks that the sender leaves in place of a person's values when it anonymises a record.
import type { Usager } from './models.ts';

const ANONYMISED_NAME = 'Usager supprimé';
const ANONYMISED_VALUE = /^\[valeur unique anonymisée/;
const ANONYMISED_EMAIL = /@deleted\.rdv-solidarites\.fr$/i;

/**
 * Whether the sender has emptied this copy of a person (app/models/user.rb; lib/anonymizer). Such a copy carries no
 * information. The address alone does not tell: a proche is shown under the address of an anonymised responsible.
 */
export function isAnonymised(usager: Usager): boolean {
  if (usager.first_name === ANONYMISED_NAME || usager.last_name === ANONYMISED_NAME) return true;
  if (typeof usager.email === 'string' && ANONYMISED_EMAIL.test(usager.email.trim())) return true;
  const { address: _, address_details: __, ...own } = usager;
  return Object.values(own).some((value) => typeof value === 'string' && isMark(value));
}

/** Whether a text is the mark that the sender writes into an emptied field (lib/anonymizer). */
export function isMark(text: string): boolean {
  return ANONYMISED_VALUE.test(text);
}
