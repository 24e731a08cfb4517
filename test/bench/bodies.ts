// Bodies of RDV with so many participants, all invented.
import {
  makeNotification,
  makeParticipation,
  makeRdv,
  makeUser,
  senderJson,
} from '../../local/rdv-solidarites/make-notification.ts';

export interface BodyOptions {
  readonly rdv?: number;
  /** When it was rendered, ms since 1970. */
  readonly at?: number;
  readonly status?: 'unknown' | 'seen';
}

export function rdvBody(participants: number, options: BodyOptions = {}): Buffer<ArrayBuffer> {
  const { rdv = 1, at = Date.parse('2026-11-24T09:00:00Z'), status = 'unknown' } = options;
  const participations = Array.from({ length: participants }, (_, index) =>
    makeParticipation({ id: rdv * 1000 + index, user: makeUser({ id: rdv * 1000 + index }), status }),
  );
  const data = makeRdv({ id: rdv, participations, status });
  const time = new Date(at).toISOString();
  return Buffer.from(senderJson(makeNotification({ model: 'Rdv', event: 'updated', data, at: time })));
}
