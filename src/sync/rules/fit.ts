// Texts made to fit their columns.

import { isMark } from '../../rdv-solidarites/anonymisation.ts';
import { schema } from '../../schema/schema.ts';
import { standardColumns } from '../../schema/standard-columns.ts';
import type { Value } from '../model/values.ts';

type Mapped = 'contact' | 'appointment';

const LENGTHS = { contact: lengthsOf('contact'), appointment: lengthsOf('appointment') };

/**
 * A text trimmed to what Dataverse keeps: no outer blanks, and no empty text, which it stores as null. The sender's marks
 * of anonymisation say nothing.
 */
export function tidy(text: string | null | undefined): string | null | undefined {
  if (text == null) return text;
  const trimmed = text.trim();
  return trimmed === '' || isMark(trimmed) ? null : trimmed;
}

// dynamics-web-api takes these marks for the end of a part wherever they stand in an answer: a row that held one could
// never be read again.
const DELIMITER = /--(?=(?:batch|changeset)response_)/g;

/**
 * Cuts a text that is longer than its column, on a code-point boundary.
 *
 * @returns the value that fits, and whether something was cut. Lengths are UTF-16 code units, as in Dataverse.
 */
export function toColumn(
  table: Mapped,
  column: string,
  value: Value | undefined,
): { value: typeof value; cut: boolean } {
  return cutTo(LENGTHS[table][column], value);
}

/** Cuts a text to a length, see `toColumn`; `undefined` is no limit. */
export function cutTo(limit: number | undefined, value: Value | undefined): { value: typeof value; cut: boolean } {
  if (typeof value !== 'string') return { value, cut: false };
  const safe = value.replace(DELIMITER, '—');
  if (limit === undefined || safe.length <= limit) return { value: safe, cut: false };
  const endsInsideAPair = isHighSurrogate(safe.charCodeAt(limit - 1));
  return { value: safe.slice(0, endsInsideAPair ? limit - 1 : limit).trimEnd(), cut: true };
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function lengthsOf(table: Mapped): Readonly<Record<string, number>> {
  const columns = { ...standardColumns[table], ...schema.tables[table].columns };
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, column]) => ('maxLength' in column ? [[name, column.maxLength]] : [])),
  );
}
