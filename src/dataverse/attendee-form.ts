// The two ways to replace the attendees of an appointment, of which an environment may take one only.
import type { Connection } from './connection.ts';
import { DataverseError } from './failure.ts';

/**
 * - `patch`: with the appointment, as `appointment_activity_parties` of its PATCH. Microsoft's own client does so
 *   (PowerPlatform-DataverseServiceClient, Utils.cs); it costs no operation of its own.
 * - `put`: `PUT appointments(id)/appointment_activity_parties`, the documented form (Microsoft Learn, "Associate and
 *   disassociate table rows").
 */
export type AttendeeForm = 'patch' | 'put';

/** What one environment is known to take. A creation always carries its attendees. */
export interface Attendees {
  form: AttendeeForm;
}

const known = new WeakMap<Connection, Attendees>();

/** Shared by all that use a connection, so that a refusal is met once. */
export function attendeesOf(connection: Connection): Attendees {
  const found = known.get(connection) ?? { form: 'patch' };
  known.set(connection, found);
  return found;
}

export const otherForm = (form: AttendeeForm): AttendeeForm => (form === 'patch' ? 'put' : 'patch');

/** Statuses of a refusal about the request itself: the other form may be taken. */
const REFUSED: ReadonlySet<number | undefined> = new Set([400, 404, 405, 501]);

/** UnExpected: what an exception inside the server, such as an invalid cast, is answered with. */
const UNEXPECTED = '0x80040216';

/** Says whether a failure may be about the form. Nothing was written then: the change set was rolled back. */
export function mayRefuseForm(error: unknown): boolean {
  if (!(error instanceof DataverseError)) return false;
  const { kind, code, status } = error.failure;
  return code === UNEXPECTED || (kind !== 'conflict' && kind !== 'transient' && REFUSED.has(status));
}
