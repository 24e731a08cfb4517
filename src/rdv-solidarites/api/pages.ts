// Lists of the sender: pages of a hundred, in an order that may change between two requests.
import * as z from 'zod';
import { attempt } from '../times.ts';
import { SenderError } from './failure.ts';
import type { DatedAnswer, SenderRequest, Transport } from './transport.ts';

/** A record as the sender gave it. */
export interface Received<T> {
  readonly id: number;
  /** The JSON itself, equal to `data` of a webhook. */
  readonly body: Readonly<Record<string, unknown>>;
  /** `undefined` when the record does not fit its schema. */
  readonly value: T | undefined;
}

export interface Page<T> {
  /** Each record once, although the sender may repeat one. */
  readonly records: readonly Received<T>[];
  /** From 1. */
  readonly number: number;
  /** 0 for an empty list. */
  readonly totalPages: number;
  /** As the sender counts: repeated records may count twice. */
  readonly totalCount: number;
  /** See `DatedAnswer`. */
  readonly date: number | undefined;
  readonly asOf: number | undefined;
  readonly apartMs: number | undefined;
  /** The number of the following page. */
  readonly next: number | undefined;
}

/** A list of the API: where its records are in the answer, and how each one reads. */
export interface ListOf<T> {
  readonly root: string;
  readonly schema: z.ZodType<T>;
}

const meta = z.looseObject({
  current_page: z.int(),
  next_page: z.int().nullish(),
  total_pages: z.int(),
  total_count: z.int(),
});

const record = z.looseObject({ id: z.int().positive() });

/** Reads one page, from 1. @throws SenderError */
export async function readPage<T>(
  transport: Transport,
  { root, schema }: ListOf<T>,
  { path, query = {}, page = 1 }: Pick<SenderRequest, 'path' | 'query'> & { readonly page?: number },
): Promise<Page<T>> {
  const answer = await transport.send({ method: 'GET', path, query: { ...query, page } });
  const read = z.looseObject({ [root]: z.array(record), meta }).safeParse(answer.json);
  if (!read.success) throw unreadable(answer);
  const of = meta.parse(read.data['meta']);
  // Another page than the one asked for would be read for ever.
  if (of.current_page !== page) throw unreadable(answer);
  const bodies = z.array(record).parse(read.data[root]);
  const byId = new Map(bodies.map((body) => [body.id, body]));
  return {
    records: [...byId.values()].map((body) => received(body, schema)),
    number: page,
    totalPages: of.total_pages,
    totalCount: of.total_count,
    date: answer.date,
    asOf: answer.asOf,
    apartMs: answer.apartMs,
    next: of.next_page === page + 1 ? of.next_page : undefined,
  };
}

/**
 * Reads a list page by page. A record that comes again on a later page is left out; one that moves to an earlier page
 * meanwhile is missed: compare the ids with `totalCount`, and read again.
 *
 * @throws SenderError
 */
export async function* readPages<T>(
  transport: Transport,
  list: ListOf<T>,
  request: Pick<SenderRequest, 'path' | 'query'> & { readonly page?: number | undefined },
): AsyncGenerator<Page<T>> {
  const seen = new Set<number>();
  let next: number | undefined = request.page ?? 1;
  while (next !== undefined) {
    const page: Page<T> = await readPage(transport, list, { ...request, page: next });
    const fresh = page.records.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    yield { ...page, records: fresh };
    next = page.next;
  }
}

/** Reads the one record of an answer. @throws SenderError */
export function readOne<T>(answer: DatedAnswer, { root, schema }: ListOf<T>): Received<T> {
  const read = z.looseObject({ [root]: record }).safeParse(answer.json);
  if (!read.success) throw unreadable(answer);
  return received(record.parse(read.data[root]), schema);
}

// A record nested too deeply for the schema is one that does not fit.
function received<T>(body: z.infer<typeof record>, schema: z.ZodType<T>): Received<T> {
  const read = attempt(() => schema.safeParse(body));
  return { id: body.id, body, value: read?.success === true ? read.data : undefined };
}

const unreadable = ({ status }: DatedAnswer) =>
  new SenderError({ kind: 'unreadable', code: 'unexpected-form', status });
