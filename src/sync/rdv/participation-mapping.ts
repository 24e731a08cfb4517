// Participation → row: one line a column.
import type { Participation, Rdv, UsagerId } from '../../rdv-solidarites/models.ts';
import { toSeconds } from '../../rdv-solidarites/times.ts';
import { schema } from '../../schema/schema.ts';
import type { Columns, Value } from '../model/values.ts';
import { cutTo, tidy } from '../rules/fit.ts';
import { statusColumns } from './appointment-mapping.ts';
import { bookedBy } from './booked-by.ts';

/** A participation that has a row. */
export interface Listed {
  readonly id: number;
  readonly usager: UsagerId;
  readonly said: Participation;
}

/**
 * The participations of an RDV, each once. Undefined when the body lists none, or does not say which they are: then it says
 * nothing about rows.
 */
export function listedIn({ participations }: Rdv): readonly Listed[] | undefined {
  if (participations == null) return undefined;
  const named = participations.filter(({ user }) => user != null);
  const listed = named.flatMap((said) =>
    said.id != null && said.user ? [{ id: said.id, usager: said.user.id, said }] : [],
  );
  if (listed.length < named.length) return undefined;
  return [...new Map(listed.map((one) => [one.id, one])).values()];
}

const { columns } = schema.tables.rdvs_participation;

/** What a body says of one of its participations; a field that it does not hold changes nothing. */
export function participationColumns(rdv: Rdv, { said }: Listed): Columns {
  const { rdvs_status, rdvs_statustext } = statusColumns(said.status);
  const wanted = {
    rdvs_status,
    rdvs_statustext: cutTo(columns.rdvs_statustext.maxLength, rdvs_statustext).value,
    rdvs_start: toSeconds(rdv.starts_at),
    rdvs_motif: cutTo(columns.rdvs_motif.maxLength, tidy(rdv.motif?.name)).value,
    rdvs_createdby: bookedBy(said),
  };
  const given = Object.entries(wanted).filter((entry): entry is [string, Value] => entry[1] !== undefined);
  return Object.fromEntries(given);
}
