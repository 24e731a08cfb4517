// What a transaction changed.

import type { Row } from './row.ts';

/** A row before and after, or how to take back a change made elsewhere (definitions of tables and columns). */
export type Change = RowChange | (() => void);

export interface RowChange {
  readonly table: string;
  readonly id: string;
  readonly before: Row | undefined;
  readonly after: Row | undefined;
}
