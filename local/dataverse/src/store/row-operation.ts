// What a client does to a row, as roles and locks see it.

import type { Ref } from './row.ts';

export interface RowOperation {
  readonly action: 'create' | 'read' | 'update' | 'delete' | 'assign' | 'append' | 'merge' | 'share';
  readonly row: Ref;
  /** Of an append: the table of the row that points to it, and its lookup. */
  readonly from?: string | undefined;
  readonly column?: string | undefined;
  /** Of a create: who is to own the row; of an append: who owns the row that points. */
  readonly owner?: Ref | undefined;
}
