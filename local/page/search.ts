// Finding rows of a view by any of what it shows.

import type { Row } from '../dataverse/src/store/row.ts';
import type { Reader } from './reader.ts';
import { wordsOf } from './rows.ts';

/** Without accents or case: `Zoé` is found by `zoe`. */
function fold(value: string): string {
  return value.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** French numbers are typed `06 …` and kept as `+33 6 …`. */
function digitsOf(value: string): string {
  return value.replaceAll(/\D/g, '').replace(/^(33|0)/, '');
}

const NUMBER = /^[\d\s+().-]{4,}$/;

/** Tells whether a row shows every word of the search, or the number in one of its columns. */
export function rowFilter(reader: Reader, columns: readonly string[], query: string): (row: Row) => boolean {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const digits = NUMBER.test(query.trim()) ? digitsOf(query) : '';
  if (words.length === 0) return () => true;
  return (row) => {
    const shown = columns.map((column) => fold(wordsOf(reader, row, column)));
    if (digits !== '' && shown.some((one) => NUMBER.test(one) && digitsOf(one).includes(digits))) return true;
    const all = shown.join('\n');
    return words.every((word) => all.includes(word));
  };
}
