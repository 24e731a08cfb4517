// What is read at the sender's API at a moment of a history, as deliveries of the queue `snapshots`.
import { type SnapshotRecord, writeSnapshot } from '../../src/rdv-solidarites/snapshot.ts';
import { toUtcInstant } from '../../src/rdv-solidarites/times.ts';
import { HISTORY_START, type View } from './histories.ts';
import type { Delivery } from './memory-dynamics.ts';

/**
 * One reading: everything that the sender shows, then what it was asked for by id and has no more. Members come before RDV: one
 * who is back is then an attendee the same night. Those who belong nowhere come after RDV: an RDV that names one may bring the
 * link by which their departure is known.
 */
export function recordsOf({ rdvs, destroyed, people, anonymised }: View): readonly SnapshotRecord[] {
  return [
    ...people.flatMap(({ data, organisations }) =>
      organisations.map((id): SnapshotRecord => {
        return { event: 'snapshot', model: 'UserProfile', data: { user: { ...data }, organisation: { id } } };
      }),
    ),
    ...rdvs.map((data) => snapshotOf('Rdv', { ...data })),
    ...people.flatMap(({ data, organisations }): SnapshotRecord[] =>
      organisations.length === 0 ? [{ event: 'missing', model: 'User', data, reason: 'forbidden' }] : [],
    ),
    ...destroyed.map((id) => missing('Rdv', id)),
    ...anonymised.map((id) => missing('User', id)),
  ];
}

const snapshotOf = (model: 'Rdv', data: Readonly<Record<string, unknown>>): SnapshotRecord => ({
  event: 'snapshot',
  model,
  data,
});

/** The answer of an API that does not have a record, rightly or not. */
export const missing = (model: 'Rdv' | 'User', id: number): SnapshotRecord => ({
  event: 'missing',
  model,
  data: { id },
});

/** @param second of its version; @param readAt our own clock, in ms since 1970 */
export function delivered(record: SnapshotRecord, second: number, readAt: number): Delivery {
  const version = toUtcInstant(HISTORY_START + second * 1000);
  return { body: writeSnapshot(record, version).toString(), receivedAt: readAt, snapshot: true };
}
