// Statuses of an RDV and of its participations, and how one follows from the other (app/models/rdv.rb:335-388; concerns/rdv/updatable.rb:102-116).
import type { ParticipationRow, RdvRow, Status } from '../records/rows.ts';
import { type ActsParts, Refused, transact } from './transaction.ts';

export function attendanceActs(parts: ActsParts) {
  const { store, clock } = parts;
  const isCollective = ({ motif_id }: RdvRow) => store.motifs.at(motif_id).collectif;

  return {
    /**
     * The whole RDV, by an agent: one Rdv updated.
     *
     * @throws {Refused} a collective RDV is unknown, seen or revoked
     */
    setStatus: (id: number, status: Status): void =>
      transact(parts, (transaction) => {
        const rdv = store.rdvs.at(id);
        if (isCollective(rdv) && (status === 'excused' || status === 'noshow')) {
          throw new Refused('Un rendez-vous collectif ne prend pas ce statut.');
        }
        const participations = rdv.participations.map((one) => (follows(one, status) ? { ...one, status } : one));
        store.rdvs.put(dated({ ...rdv, participations, status }, clock.now()));
        transaction.updated('Rdv', id);
      }),

    /** One person's attendance: two Rdv updated, alike (concerns/participation/status_changeable.rb:4-18). */
    setAttendance: (rdvId: number, participation: number, status: Status): void => {
      transact(parts, (transaction) => {
        const rdv = store.rdvs.at(rdvId);
        const participations = rdv.participations.map((one) => (one.id === participation ? { ...one, status } : one));
        const whole = { ...rdv, participations };
        const next = statusOf(whole, { collective: isCollective(rdv), past: rdv.starts_at < clock.now() });
        store.rdvs.put(dated({ ...whole, status: next }, clock.now()));
        transaction.updated('Rdv', rdvId);
      });
      parts.announce('Rdv', 'updated', rdvId);
    },
  };
}

const CANCELLED: readonly Status[] = ['excused', 'revoked'];

function follows({ status }: ParticipationRow, next: Status): boolean {
  if (next === 'unknown') return true;
  return CANCELLED.includes(next) ? !CANCELLED.includes(status) : status === 'unknown';
}

function statusOf({ participations }: RdvRow, { collective, past }: { collective: boolean; past: boolean }): Status {
  const has = (status: Status) => participations.some((one) => one.status === status);
  const all = (status: Status) => participations.every((one) => one.status === status);
  if (has('seen')) return 'seen';
  if (collective) return past && !has('unknown') ? 'revoked' : 'unknown';
  return (['excused', 'revoked', 'noshow'] as const).find(all) ?? 'unknown';
}

/** `cancelled_at` also for noshow (updatable.rb:18-19). */
function dated(rdv: RdvRow, now: number): RdvRow {
  const ended = rdv.status === 'excused' || rdv.status === 'revoked' || rdv.status === 'noshow';
  return { ...rdv, cancelled_at: ended ? (rdv.cancelled_at ?? now) : null };
}
