// What became of the notifications of a run, beside what should have become of them.
import { inOrder, type Sent } from '../sync/histories.ts';
import { MemoryDynamics } from '../sync/memory-dynamics.ts';

export interface Row {
  readonly fault: string;
  readonly sent: number;
  readonly applied: number;
  readonly retried: number;
  readonly quarantined: number;
  /** Rows that are missing in Dynamics, or not as the ordered history leaves them. */
  readonly lost: number;
  /** Rows that the ordered history does not have. */
  readonly doubled: number;
  readonly seconds: number;
}

/** The state that the history leaves when it is read once, in order. */
export function expectedState(sent: readonly Sent[]): Record<string, unknown> {
  const dynamics = new MemoryDynamics();
  for (const delivery of inOrder(sent)) dynamics.deliver(delivery);
  return dynamics.state();
}

/** Compares two states row by row. */
export function compare(found: Record<string, unknown>, expected: Record<string, unknown>) {
  const same = (key: string) => JSON.stringify(found[key]) === JSON.stringify(expected[key]);
  return {
    lost: Object.keys(expected).filter((key) => !same(key)).length,
    doubled: Object.keys(found).filter((key) => !(key in expected)).length,
  };
}

/** The table that a run prints. */
export function printTable(rows: readonly Row[]): void {
  const columns = ['fault', 'sent', 'applied', 'retried', 'quarantined', 'lost', 'doubled', 'seconds'] as const;
  const cells = [[...columns], ...rows.map((row) => columns.map((column) => String(row[column])))];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  for (const line of cells) {
    console.log(
      line.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
    );
  }
}
