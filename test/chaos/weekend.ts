// Dataverse away for three days, on a virtual clock, behind Microsoft's service-protection limits.

import fc from 'fast-check';
import {
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';
import { contentOf } from '../../src/intake/envelope.ts';
import { clear, startBench, stateOf } from '../delivery/bench.ts';
import type { Sent } from '../sync/histories.ts';
import { compare, expectedState, type Row } from './tally.ts';
import { drain } from './virtual-queue.ts';

const START = Date.parse('2026-11-27T18:00:00Z');
const THREE_DAYS_MS = 3 * 24 * 3_600_000;

export interface Weekend extends Row {
  /** From the return of Dataverse to the last notification applied. */
  readonly drainedInMinutes: number;
  readonly refused: number;
}

/** Lets so many notifications arrive over three days of outage, and brings Dataverse back. */
export async function runWeekend(notifications: number): Promise<Weekend> {
  const startedAt = performance.now();
  const clock = { time: START };
  const bench = await startBench({ dataverse: { clock: () => new Date(clock.time), serviceProtection: true } });
  try {
    clear(bench.dataverse);
    const sent = history(notifications);
    const envelopes = sent.map(({ body, receivedAt }) => {
      return { v: 1, notificationId: `n-${receivedAt}`, receivedAt, content: contentOf(Buffer.from(body)) } as const;
    });
    bench.dataverse.faults.add({ kind: '503', times: -1 });
    let down = true;
    const back = START + THREE_DAYS_MS;
    const { retried, quarantined, endedAt } = await drain(bench, envelopes, {
      clock,
      requestMs: 80,
      places: 8,
      onTime: (now) => {
        if (!down || now < back) return;
        down = false;
        bench.dataverse.faults.clear();
      },
    });
    return {
      fault: `Dataverse down for 3 days, ${notifications} notifications`,
      sent: sent.length,
      applied: bench.dataverse.rows.list('appointment').length,
      retried,
      quarantined,
      ...compare(stateOf(bench.dataverse), expectedState(sent)),
      seconds: Math.round((performance.now() - startedAt) / 100) / 10,
      drainedInMinutes: Math.round((endedAt - back) / 60_000),
      refused: bench.dataverse.requests.filter(({ status }) => status === 429).length,
    };
  } finally {
    await bench.stop();
  }
}

/** One RDV a notification; four in ten come twice, changed. */
function history(count: number): readonly Sent[] {
  return Array.from({ length: count }, (_, at) => {
    const again = at % 5 < 2 && at > 10;
    const id = again ? at - 7 : at;
    const receivedAt = START + Math.floor((at * THREE_DAYS_MS) / count);
    const user = makeUser({ id: 1 + (id % Math.max(10, Math.floor(count / 3))) });
    const data = makeRdv({
      id: 1000 + id,
      status: again ? 'seen' : 'unknown',
      participations: [makeParticipation({ id: 90_000 + id, user })],
    });
    const sentAt = new Date(receivedAt).toISOString();
    const body = senderJson(makeNotification({ model: 'Rdv', event: 'updated', data, at: sentAt }));
    return { body, second: Math.floor(receivedAt / 1000), receivedAt, final: false, [fc.toStringMethod]: () => body };
  });
}
