// Every request that was received, in order: tests count them, and look at their pace and at their addresses.

export interface Received {
  readonly method: string;
  /** With its query, as the sender's own log keeps it for a year. */
  readonly path: string;
  status: number;
  /** The sender's time, ms. */
  readonly at: number;
  durationMs: number;
}

const KEPT = 50_000;

export function createJournal() {
  const records: Received[] = [];
  return {
    records: records as readonly Received[],
    begin: (method: string, path: string, at: number): Received => {
      const record = { method, path, at, status: 0, durationMs: 0 };
      records.push(record);
      if (records.length > KEPT) records.splice(0, KEPT / 10);
      return record;
    },
    clear: (): void => {
      records.length = 0;
    },
  };
}
