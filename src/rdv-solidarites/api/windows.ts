// RDV by windows of time: a window is halved until one page holds it, because a turned page may skip or repeat records.
import { type Rdv, rdv } from '../models.ts';
import { type ListOf, type Page, type Received, readPage, readPages } from './pages.ts';
import type { Transport } from './transport.ts';

/** All RDV that begin in a window. */
export interface RdvPage extends Page<Rdv> {
  readonly from: number;
  readonly to: number;
}

export interface RdvWindow {
  readonly organisation: number;
  /** Whole seconds in ms since 1970, both included. */
  readonly from: number;
  readonly to: number;
}

export const RDVS: ListOf<Rdv> = { root: 'rdvs', schema: rdv };

/** More RDV than a page in less time than this are read by turning pages. */
const SHORTEST_MS = 60_000;
const SECOND_MS = 1000;
const EARLIEST = Date.parse('1990-01-01T00:00:00Z');
const LATEST = Date.parse('2100-01-01T00:00:00Z');

/**
 * Reads the RDV of one organisation that begin in a window, in the order of time. The sender answers an organisation
 * that is not the account's own with an empty list: compare with its organisations before concluding anything.
 *
 * @throws SenderError, and RangeError for a window that the sender would answer with an empty list
 */
export async function* readRdvWindows(transport: Transport, window: RdvWindow): AsyncGenerator<RdvPage> {
  const { organisation, from, to } = window;
  if (from > to) throw new RangeError('a window ends before it begins');
  const list = requestOf(window);
  const page = await readPage(transport, RDVS, list);
  if (page.totalPages <= 1) yield { ...page, from, to };
  else if (to - from < SHORTEST_MS) yield await readTurning(transport, window);
  else {
    // The sender keeps whole seconds at most, and includes both ends: the halves are a second apart.
    const middle = from + Math.floor((to - from) / 2 / SECOND_MS) * SECOND_MS;
    yield* readRdvWindows(transport, { organisation, from, to: middle });
    yield* readRdvWindows(transport, { organisation, from: middle + SECOND_MS, to });
  }
}

/** An order that changes at random hides a quarter of two pages each time. */
const PASSES = 8;

/**
 * A window that cannot be halved: its pages, read again while the sender counts more records than were seen. What is
 * still missing then shows in `totalCount`.
 */
async function readTurning(transport: Transport, window: RdvWindow): Promise<RdvPage> {
  const records = new Map<number, Received<Rdv>>();
  let first: Page<Rdv> | undefined;
  for (let pass = 1; pass <= PASSES && (first === undefined || records.size < first.totalCount); pass += 1) {
    for await (const page of readPages(transport, RDVS, requestOf(window))) {
      // The oldest date counts for all.
      first ??= page;
      for (const record of page.records) records.set(record.id, record);
    }
  }
  if (first === undefined) throw new Error('a list has a first page');
  return { ...first, records: [...records.values()], from: window.from, to: window.to };
}

const requestOf = ({ organisation, from, to }: RdvWindow) => ({
  path: `organisations/${organisation}/rdvs`,
  query: { starts_after: toQuery(from), starts_before: toQuery(to) },
});

// A text that is no date, and a “+” of a zone, would be answered with an empty list.
function toQuery(instant: number): string {
  if (!(instant >= EARLIEST && instant <= LATEST)) throw new RangeError('a window lies between 1990 and 2100');
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
