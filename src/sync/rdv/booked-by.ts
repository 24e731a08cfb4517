// Who booked an RDV, as an option of Dynamics.
import type { Rdv } from '../../rdv-solidarites/models.ts';
import { optionValues } from '../../schema/schema.ts';
import { tidy } from '../rules/fit.ts';

const { agent, usager, prescripteur, queue } = optionValues.appointment.rdvs_createdby;

/** `created_by_type`, and the older `created_by` (the sender's app/blueprints/rdv_blueprint.rb). */
const OPTIONS: ReadonlyMap<string, number> = new Map([
  ['Agent', agent],
  ['agent', agent],
  ['User', usager],
  ['user', usager],
  ['Prescripteur', prescripteur],
  ['prescripteur', prescripteur],
  ['FileAttente', queue],
  ['file_attente', queue],
]);

/** Null for somebody whom Dynamics has no option for, undefined when the body does not say who it was. */
export function bookedBy({
  created_by_type,
  created_by,
}: Pick<Rdv, 'created_by_type' | 'created_by'>): number | null | undefined {
  const who = tidy(created_by_type) ?? tidy(created_by);
  return typeof who === 'string' ? (OPTIONS.get(who) ?? null) : who;
}
