// What is to be done with one incident: a pure comparison of its row with its notification in quarantine, which is the truth.
import type { QuarantineEntry } from '../delivery/quarantine.ts';
import { type Incident, RESULTS } from './incident-rows.ts';

export type IncidentStep =
  | { readonly kind: 'nothing' }
  /** To be taken in Dynamics first, and only then done. */
  | { readonly kind: 'replay' | 'discard'; readonly notification: string }
  /** Its notification failed again: the row says so. */
  | { readonly kind: 'reopen' }
  /** A person wrote a state that is not theirs to write. */
  | { readonly kind: 'put-back' }
  /** The blob is to say the same as the row. */
  | { readonly kind: 'mark'; readonly notification: string; readonly discarded: boolean }
  | { readonly kind: 'end'; readonly state: 'replayed' | 'discarded' | 'gone'; readonly result: string };

/** Who asks, and when. */
export interface Asking {
  /** The connector's own user. */
  readonly self: string;
  /** ms since 1970 */
  readonly now: number;
}

/**
 * After so long, in ms, a process that took a command and did not finish it is no longer at work: the host ends a function
 * after two minutes (host.json), and clocks differ a little.
 */
export const TAKEN_MS = 4 * 60_000;

/** Decides about a row whose notification was in quarantine. @param entry the notification; `undefined` when it is gone */
export function decideIncident(row: Incident, entry: QuarantineEntry | undefined, { self, now }: Asking): IncidentStep {
  if (entry === undefined) return endOf(row);
  const notification = entry.id;
  if (row.state === 'replay' || row.state === 'discard') return { kind: row.state, notification };
  if (toSecond(entry.quarantinedAt) > row.since) return { kind: 'reopen' };
  const byPerson = row.modifiedBy !== self;
  switch (row.state) {
    case 'tosettle':
      return entry.discarded ? { kind: 'mark', notification, discarded: false } : { kind: 'nothing' };
    case 'discarded':
      if (entry.discarded) return { kind: 'nothing' };
      return byPerson ? { kind: 'put-back' } : { kind: 'mark', notification, discarded: true };
    case 'replaying':
      if (byPerson) return { kind: 'put-back' };
      return now - row.modifiedOn > TAKEN_MS ? { kind: 'replay', notification } : { kind: 'nothing' };
    default:
      return { kind: 'put-back' };
  }
}

function endOf({ state }: Incident): IncidentStep {
  if (state === 'replaying' || state === 'replayed') return { kind: 'end', state: 'replayed', result: RESULTS.sent };
  if (state === 'discarded') return { kind: 'end', state: 'discarded', result: RESULTS.expired };
  return { kind: 'end', state: 'gone', result: RESULTS.gone };
}

const toSecond = (date: Date) => Math.floor(date.getTime() / 1000) * 1000;
