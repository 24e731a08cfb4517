// One request on its way to the part of the Web API that answers it.

import type { QueryOptions } from '../odata/options.ts';
import type { Segment } from '../odata/path.ts';
import type { ApiContext, ApiRequest } from './message.ts';

/** A request with its URL taken apart. */
export interface Call {
  readonly context: ApiContext;
  readonly request: ApiRequest;
  readonly segments: readonly Segment[];
  readonly options: QueryOptions;
}
