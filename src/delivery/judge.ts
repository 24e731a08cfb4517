// Reads a body: either it is a notification to apply, or there is a reason why it goes no further.
import { toPrint } from '../rdv-solidarites/inspect.ts';
import { type Notification, parseNotification } from '../rdv-solidarites/notification.ts';
import { handles } from '../sync/decide.ts';
import { countsFrom } from '../sync/model/version.ts';
import { type Delivery, identify } from './endings.ts';
import type { Verdict } from './quarantine.ts';
import { foreignTo } from './source-organisations.ts';

export type Judged =
  | { readonly kind: 'notification'; readonly notification: Notification }
  | { readonly kind: 'refused'; readonly verdict: Verdict }
  | { readonly kind: 'ignored'; readonly reason: string };

/** Reads a body and checks whether its source may send it. Harmless oddities in it are logged. */
export function judge(body: Buffer, delivery: Delivery): Judged {
  const { envelope, worker } = delivery;
  const parsed = parseNotification(body, envelope.kind === 'snapshot' ? 'api' : 'webhook');
  if (parsed.kind === 'unknown') return { kind: 'ignored', reason: parsed.reason };
  if (parsed.kind === 'invalid') {
    const { model } = parsed;
    const ofUse = model === undefined || handles(model);
    return ofUse ? { kind: 'refused', verdict: parsed } : { kind: 'ignored', reason: 'model-not-handled' };
  }
  const { notification: sent } = parsed;
  const foreign = foreignTo(envelope.source, sent, worker.policy);
  if (foreign !== undefined) return { kind: 'refused', verdict: foreign };
  const notification = { ...sent, snapshotAt: countsFrom(sent.snapshotAt, envelope.receivedAt) };
  logAhead(sent, notification, delivery);
  logSurprises(notification, delivery);
  return { kind: 'notification', notification };
}

function logAhead(sent: Notification, counted: Notification, { envelope, log }: Delivery): void {
  if (counted.snapshotAt === sent.snapshotAt) return;
  const aheadMs = Date.parse(sent.snapshotAt) - envelope.receivedAt;
  log('warn', 'notification.ahead', { ...identify(envelope), model: sent.model, aheadMs });
}

function logSurprises({ model, surprises }: Notification, { envelope: { notificationId }, log }: Delivery): void {
  const printed = toPrint(surprises);
  if (printed.count > 0) log('warn', 'notification.surprise', { notificationId, model, ...printed });
}
