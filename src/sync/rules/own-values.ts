// A field of the sender → the value of a département's column, by the type of the column.
import { parseDate, parseInstant, toSeconds, type UtcInstant } from '../../rdv-solidarites/times.ts';
import type { OwnLine } from '../model/mapping.ts';
import type { Value } from '../model/values.ts';
import { tidy } from './fit.ts';

/** Whole and decimal numbers as people write them, `12`, `-3,50`; longer ones fit no column. */
const NUMBER = /^[+-]?\d{1,12}(?:[.,]\d{1,20})?$/;

/**
 * The value of a column for what the sender says.
 *
 * @returns undefined where the sender says nothing; `unfit` and null where the column cannot hold what it says: then the
 * newest word is that there is no value, whichever word arrived first
 */
export function ownValue(line: OwnLine, said: unknown): { value: Value | undefined; unfit: boolean } {
  if (said === undefined) return { value: undefined, unfit: false };
  const given = typeof said === 'string' ? tidy(said) : said;
  if (given == null) return { value: null, unfit: false };
  const value = convert(line, given);
  return { value: value ?? null, unfit: value === undefined };
}

function convert(line: OwnLine, given: unknown): Value | undefined {
  switch (line.type) {
    case 'text':
    case 'memo':
      return String(given);
    case 'whole': {
      const number = numberOf(given);
      return number !== undefined && Number.isInteger(number) && isWithin(number, line) ? number : undefined;
    }
    case 'decimal': {
      const number = numberOf(given);
      if (number === undefined || !isWithin(number, line)) return undefined;
      return Number(number.toFixed(line.precision));
    }
    case 'boolean':
      return typeof given === 'boolean' ? given : undefined;
    case 'date':
      return parseDate(String(given));
    case 'datetime':
      return instantOf(String(given));
    case 'choice':
      return Object.hasOwn(line.values, String(given)) ? line.values[String(given)] : undefined;
  }
}

function numberOf(given: unknown): number | undefined {
  if (typeof given === 'number') return given;
  return typeof given === 'string' && NUMBER.test(given) ? Number(given.replace(',', '.')) : undefined;
}

const isWithin = (number: number, { minimum, maximum }: { minimum: number; maximum: number }) =>
  number >= minimum && number <= maximum;

function instantOf(text: string): string | undefined {
  const instant: UtcInstant | undefined = parseInstant(text);
  return instant && toSeconds(instant);
}
