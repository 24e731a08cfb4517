// The two writes that a client may make: the status of an RDV, and of a participation. Their webhooks come back.
import { z } from 'zod';
import type { Acts } from '../acts/acts.ts';
import { Refused } from '../acts/transaction.ts';
import { type Answer, invalid, notFound } from './answer.ts';
import type { Call } from './call.ts';
import { object } from './parameters.ts';

const statusSchema = z.enum(['unknown', 'seen', 'excused', 'revoked', 'noshow']);

/** Answers the status alone. */
export function updateStatus({ store, rights, era, body }: Call, acts: Acts, id: number): Answer {
  const rdv = store.rdvs.get(id);
  if (rdv === undefined || !rights.seesRdv(rdv)) return notFound(era, 'Rdv', id);
  const status = statusSchema.safeParse(body['status']);
  if (!status.success) return unknownStatus(era);
  try {
    acts.setStatus(id, status.data);
  } catch (error) {
    if (error instanceof Refused) return unknownStatus(era);
    throw error;
  }
  return { status: 200, body: { status: status.data } };
}

/** Answers the whole RDV. */
export function updateParticipation({ store, rights, era, body, render }: Call, acts: Acts, id: number): Answer {
  const rdv = [...store.rdvs.values()].find(({ participations }) => participations.some((one) => one.id === id));
  if (rdv === undefined || !rights.seesRdv(rdv)) return notFound(era, 'Participation', id);
  const status = statusSchema.safeParse(object(body['participation'])['status']);
  if (!status.success) return unknownStatus(era);
  acts.setAttendance(rdv.id, id, status.data);
  return { status: 200, body: { rdv: render.rdv(store.rdvs.at(rdv.id)) } };
}

const unknownStatus = (era: Call['era']) =>
  invalid(era, 'status', { error: 'inclusion', words: 'n’est pas inclus(e) dans la liste' });
