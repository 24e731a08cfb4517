// What every answer of the API can use.
import type { Render } from '../records/render.ts';
import type { Store } from '../records/store.ts';
import type { Era } from '../sender-json.ts';
import type { Rights } from './rights.ts';

export interface Call {
  readonly store: Store;
  readonly rights: Rights;
  readonly era: Era;
  readonly render: Render;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** A list without an order, as this call happens to get it. */
  readonly disorder: <T>(rows: readonly T[]) => readonly T[];
}
