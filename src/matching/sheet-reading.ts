// Reads the table that an administrator filled in: CSV, as spreadsheets save it.
import { CsvError, parse } from 'csv-parse/sync';
import type { UsagerId } from '../rdv-solidarites/models.ts';
import type { Guid } from '../sync/model/link-names.ts';

/** A line that says which contact a usager is. */
export interface Decision {
  readonly line: number;
  readonly usager: UsagerId;
  readonly contact: Guid;
}

export interface BadLine {
  readonly line: number;
  readonly reason: 'usager-expected' | 'contact-expected' | 'too-many-columns' | 'not-csv';
}

export interface SheetRead {
  readonly decisions: readonly Decision[];
  readonly bad: readonly BadLine[];
  /** How many lines name no contact: nothing was decided there. */
  readonly undecided: number;
}

/** The text is not a table of usagers and contacts. */
export class SheetError extends Error {
  override readonly name = 'SheetError';
}

interface Read {
  readonly line: number;
  /** undefined for a line that is not CSV. */
  readonly record: readonly string[] | undefined;
}

/**
 * Reads the columns `usager` and `contact` of a sheet that an administrator filled in or wrote by hand; other columns do
 * not matter. Columns are separated by semicolons, commas or tabs. A contact is an id, or the address of its page in Dynamics.
 *
 * @throws SheetError
 */
export function readSheet(bytes: Uint8Array): SheetRead {
  const text = new TextDecoder().decode(bytes);
  const [header, ...lines] = parseLines(text);
  const names = (header?.record ?? []).map((name) => name.trim().toLowerCase());
  const [usagerAt, contactAt] = [names.indexOf('usager'), names.indexOf('contact')];
  if (usagerAt === -1 || contactAt === -1) throw new SheetError('line 1: expected the columns usager and contact');
  const decisions: Decision[] = [];
  const bad: BadLine[] = [];
  let undecided = 0;
  for (const { line, record } of lines) {
    if (record === undefined) {
      bad.push({ line, reason: 'not-csv' });
      continue;
    }
    const [usager = '', contact = ''] = [record[usagerAt]?.trim(), record[contactAt]?.trim()];
    if (record.slice(names.length).some((cell) => cell.trim() !== '')) bad.push({ line, reason: 'too-many-columns' });
    else if (contact === '') undecided += record.some((cell) => cell.trim() !== '') ? 1 : 0;
    else {
      const [id, guid] = [usagerIn(usager), guidIn(contact)];
      if (id === undefined) bad.push({ line, reason: 'usager-expected' });
      else if (guid === undefined) bad.push({ line, reason: 'contact-expected' });
      else decisions.push({ line, usager: id, contact: guid });
    }
  }
  return { decisions, bad, undecided };
}

/** A quote that is never closed takes all that follows with it: then each line is read alone. */
function parseLines(text: string): readonly Read[] {
  const [first = ''] = text.split(/\r?\n/, 1);
  const delimiter = [';', '\t'].find((mark) => first.includes(mark)) ?? ',';
  const whole = parseWhole(text, delimiter);
  if (whole !== undefined && !whole.some((read) => swallowsLines(read, whole[0]))) return whole;
  return text.split(/\r?\n/).flatMap((line, at): readonly Read[] => {
    const alone = parseWhole(line, delimiter);
    const record = alone?.[0]?.record;
    return alone?.length === 0 ? [] : [{ line: at + 1, record }];
  });
}

/** @returns undefined for a text that is not CSV */
function parseWhole(text: string, delimiter: string): readonly Read[] | undefined {
  try {
    // The types of csv-parse ignore that `info` changes the result.
    const found = parse(text, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as readonly { readonly info: { readonly lines: number }; readonly record: readonly string[] }[];
    return found.map(({ info, record }) => ({ line: info.lines, record }));
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

/** Whether a cell of several lines has taken the cells behind it: a quote was closed on a later line by chance. */
function swallowsLines({ record = [] }: Read, header: Read | undefined): boolean {
  return record.length !== header?.record?.length && record.some((cell) => cell.includes('\n'));
}

function usagerIn(text: string): UsagerId | undefined {
  const [, digits] = /^(?:usager-)?(\d{1,15})$/.exec(text) ?? [];
  return digits === undefined ? undefined : (Number(digits) as UsagerId);
}

const GUID = /^\{?([\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12})\}?$/i;
const IN_ADDRESS = /^https:\/\/\S*[?&]id=(?:%7b|\{)?([\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12})/i;

function guidIn(text: string): Guid | undefined {
  const found = GUID.exec(text) ?? IN_ADDRESS.exec(text);
  return found?.[1]?.toLowerCase() as Guid | undefined;
}
