// Which user the connector is in Dynamics.
import * as z from 'zod';
import type { Calls } from './calls.ts';

const answer = z.object({ UserId: z.string() });

/**
 * The id of the user that the calls are made as.
 *
 * @throws DataverseError
 */
export async function whoAmI(calls: Calls): Promise<string> {
  return answer.parse(await calls.run((api) => api.callFunction('WhoAmI'))).UserId.toLowerCase();
}
