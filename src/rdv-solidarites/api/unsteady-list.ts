// Lists whose order may change between two requests: a record may be hidden between two pages, and another one come twice.
import type { Page } from './pages.ts';

/** Where the reading goes on. */
export interface ListPlace {
  readonly page: number;
  /** From 1: how often the list is being read. Beyond the last one, nothing is left to read. */
  readonly pass: number;
  readonly seen: Iterable<number>;
}

/** A page with the records alone that no page showed before. */
export interface FreshPage<T> extends Page<T> {
  readonly after: ListPlace;
  /** At the end of the last pass: records that the sender counts, and that no page showed. */
  readonly unseen: number;
}

/**
 * Reads a list from its beginning to its end, again while the sender counts more records than were seen.
 *
 * @param passes how often at most
 * @throws SenderError
 */
export async function* readUnsteady<T>(
  list: (page: number) => AsyncIterable<Page<T>>,
  start: ListPlace,
  passes: number,
): AsyncGenerator<FreshPage<T>> {
  const seen = new Set(start.seen);
  let from = start.page;
  for (let pass = start.pass; pass <= passes; pass += 1) {
    let isWhole = false;
    for await (const page of list(from)) {
      const records = page.records.filter(({ id }) => !seen.has(id));
      for (const { id } of records) seen.add(id);
      const ends = page.next === undefined;
      isWhole = ends && seen.size >= page.totalCount;
      const after = { page: page.next ?? 1, pass: isWhole ? passes + 1 : ends ? pass + 1 : pass, seen };
      const unseen = ends && !isWhole && pass === passes ? page.totalCount - seen.size : 0;
      yield { ...page, records, after, unseen };
    }
    if (isWhole) return;
    from = 1;
  }
}
