// Finding a contact by any of what people remember: names, e-mail, telephone, town.

import type { Row } from '../dataverse/src/store/row.ts';
import { text } from './rows.ts';

const SEARCHED = ['fullname', 'rdvs_birthname', 'emailaddress1', 'address1_city'] as const;
const TELEPHONES = ['mobilephone', 'telephone1'] as const;

/** Without accents or case: `Zoé` is found by `zoe`. */
function fold(value: string): string {
  return value.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** French numbers are typed `06 …` and kept as `+33 6 …`. */
function digitsOf(value: string): string {
  return value.replaceAll(/\D/g, '').replace(/^(33|0)/, '');
}

/** Tells whether a contact has every word of the search somewhere. */
export function contactFilter(query: string): (row: Row) => boolean {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const isNumber = /^[\d\s+().-]{4,}$/.test(query.trim());
  if (words.length === 0) return () => true;
  if (isNumber) {
    const digits = digitsOf(query);
    return (row) => digits !== '' && TELEPHONES.some((column) => digitsOf(text(row, column) ?? '').includes(digits));
  }
  return (row) => {
    const found = SEARCHED.map((column) => fold(text(row, column) ?? '')).join('\n');
    return words.every((word) => found.includes(word));
  };
}
