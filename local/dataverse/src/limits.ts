// Limits of a query, however it is written.

import { badRequest, type DataverseError } from './errors.ts';

/** Microsoft Learn, "Filter rows using OData" and "… using FetchXml", "Condition limits": conditions, and link-entity elements. */
export const MAX_CONDITIONS = 500;

export function tooManyConditions(): DataverseError {
  return badRequest('Number of conditions in query exceeded maximum limit.', '0x8004430c');
}
