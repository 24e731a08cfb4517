// Participants that a newer snapshot knew by an anonymised copy only. An older snapshot that arrives late brings the person.

import type { AppointmentRow, LinkRow } from '../model/rows.ts';
import type { Order } from '../model/version.ts';
import { updateAppointment } from '../rules/appointment-writes.ts';
import { withoutDerived } from '../rules/parties.ts';
import { reconcile } from '../rules/reconcile.ts';
import { type Attendee, rememberAttendees, toParties } from './attendees.ts';
import { joinParticipations } from './participations.ts';
import { contactReference, decision, keepOrder, type RdvCase, type RdvDecision, REGARDING } from './rdv-case.ts';

/**
 * Lets them join the appointment, as they would be there had the older snapshot come first.
 *
 * @returns `undefined` when nobody joins
 */
export function admitLatecomers(rdv: RdvCase, order: Order | undefined): RdvDecision | undefined {
  const { link, row } = rdv;
  if (link === null || row === null) return undefined;
  const joining = latecomers(rdv, link);
  return joining.length === 0 ? undefined : admit(rdv, { link, row, joining, order });
}

function latecomers({ participants, people }: RdvCase, { applied }: LinkRow): readonly Attendee[] {
  return (participants ?? []).flatMap(({ usager }) => {
    const pending = applied.pending[usager.id];
    const contact = pending && people.contactOf(usager.id);
    return pending === undefined || contact == null ? [] : [{ usager: usager.id, as: pending.as, contact }];
  });
}

interface Admission {
  readonly link: LinkRow;
  readonly row: AppointmentRow;
  readonly joining: readonly Attendee[];
  readonly order: Order | undefined;
}

function admit(rdv: RdvCase, { link, row, joining, order }: Admission): RdvDecision {
  const { applied } = link;
  const joined = new Set(joining.map(({ usager }) => String(usager)));
  const alone = Object.keys(applied.pending).length === 1 && Object.keys(applied.attendees).length === 0;
  const [first] = joining;
  const wanted = alone && first ? { [REGARDING]: contactReference(first.contact) } : {};
  const presentIn = (column: string) => row.columns[column] ?? null;
  const columns = reconcile({ wanted, present: presentIn, applied: applied.columns, scope: rdv.name });
  const present = new Set(row.parties.map(({ target }) => target?.id));
  const newcomers = toParties(joining).filter(({ target }) => target !== null && !present.has(target.id));
  const others = withoutDerived(row.parties);
  const memory = {
    ...applied,
    columns: columns.applied,
    attendees: { ...applied.attendees, ...rememberAttendees(rdv.name, joining) },
    pending: Object.fromEntries(Object.entries(applied.pending).filter(([usager]) => !joined.has(usager))),
  };
  return decision(rdv, 'applied', {
    link: [keepOrder(rdv, link, order, memory)],
    appointment: [
      ...updateAppointment(row, {
        columns: columns.write,
        parties: newcomers.length === 0 ? undefined : [...others, ...newcomers],
        state: undefined,
      }),
      ...joinParticipations(rdv, joining, applied.pending),
    ],
  });
}
