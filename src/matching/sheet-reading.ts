// Reads the table that an administrator filled in: CSV, as spreadsheets save it.
import { type CsvError, parse } from 'csv-parse/sync';
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
  readonly reason: 'usager-expected' | 'contact-expected' | 'too-many-columns';
}

export interface SheetRead {
  readonly decisions: readonly Decision[];
  readonly bad: readonly BadLine[];
  /** How many lines name no contact: nothing was decided there. */
  readonly undecided: number;
}

/** The text is not a table of usagers and contacts. The message names a line and a code, never a value. */
export class SheetError extends Error {
  override readonly name = 'SheetError';
}

interface Read {
  readonly info: { readonly lines: number };
  readonly record: readonly string[];
}

/**
 * Reads the columns `usager` and `contact` of a sheet that an administrator filled in or wrote by hand; other columns do
 * not matter. Columns are separated by semicolons, commas or tabs. A contact is an id, or the address of its page in Dynamics.
 *
 * @throws SheetError
 */
export function readSheet(bytes: Uint8Array): SheetRead {
  const text = new TextDecoder().decode(bytes);
  const [header = { record: [] }, ...lines] = parseLines(text);
  const names = header.record.map((name) => name.trim().toLowerCase());
  const [usagerAt, contactAt] = [names.indexOf('usager'), names.indexOf('contact')];
  if (usagerAt === -1 || contactAt === -1) throw new SheetError('line 1: expected the columns usager and contact');
  const decisions: Decision[] = [];
  const bad: BadLine[] = [];
  let undecided = 0;
  for (const { info, record } of lines) {
    const line = info.lines;
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

function parseLines(text: string): readonly Read[] {
  const [first = ''] = text.split(/\r?\n/, 1);
  const delimiter = [';', '\t'].find((mark) => first.includes(mark)) ?? ',';
  try {
    // The types of csv-parse ignore that `info` changes the result.
    return parse(text, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as readonly Read[];
  } catch (error) {
    const { code, lines } = error as CsvError & { lines?: number };
    throw new SheetError(`line ${lines ?? '?'}: not CSV (${code})`);
  }
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
