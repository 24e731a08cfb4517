// Reading definitions: each answer is bounded in time and checked, since a gateway may answer 200 with a page.

import type { DynamicsWebApi } from 'dynamics-web-api';
import * as z from 'zod';
import { withDeadline } from '../dataverse/deadline.ts';

/** Milliseconds for one read of definitions; the first one after a publication rebuilds a cache and is slow. */
const READ_DEADLINE_MS = 120_000;

export type Read = <T extends z.ZodType>(
  shape: T,
  call: (api: DynamicsWebApi, signal: AbortSignal) => Promise<unknown>,
) => Promise<z.infer<T>>;

export function reader(client: DynamicsWebApi): Read {
  return async (shape, call) => {
    const answer = await withDeadline(READ_DEADLINE_MS, (signal) => call(client, signal));
    const { success, data } = shape.safeParse(answer);
    if (!success) throw new Error('The answer is not one of Dataverse: check DATAVERSE_URL');
    return data;
  };
}

/** The shape of a collection of rows or definitions. */
export const listOf = <S extends z.ZodRawShape>(item: S) => z.object({ value: z.array(z.object(item)) });

/** A filter on names. Definitions cannot be filtered by functions such as `startswith`, hence the list. */
export function oneOf(property: string, values: readonly string[]): string {
  return values.map((value) => `${property} eq '${value}'`).join(' or ');
}
