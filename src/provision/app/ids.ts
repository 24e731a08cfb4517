// Fixed ids of the parts of our application: the same in every environment, as when the solution is exported and imported.

import { v5 } from 'uuid';

/** Namespace of UUIDv5. Never changes: parts that were provisioned are found again by it. */
const NAMESPACE = '2f5d9b1c-8a47-4e36-b0d2-71c9e4a6f358';

/** The id of a part by its name, such as `form contact`. */
export const idOf = (name: string): string => v5(name, NAMESPACE);

/** The same in braces, as the XML of forms wants it. */
export const bracedId = (name: string): string => `{${idOf(name)}}`;
