// Who booked: an agent, the usager, a prescripteur or the waiting list (app/models/concerns/created_by.rb of the sender).
import { optionValues } from '../../schema/schema.ts';

const { agent, usager, prescripteur, fileAttente } = optionValues.rdvs_participation.rdvs_createdby;

/** Words of `created_by_type`, and those of `created_by` in older bodies. */
const OPTIONS: Readonly<Record<string, number>> = {
  agent,
  user: usager,
  prescripteur,
  fileattente: fileAttente,
  file_attente: fileAttente,
};

interface Booked {
  readonly created_by?: string | null | undefined;
  readonly created_by_type?: string | null | undefined;
}

/** The option for who booked; null for a word that is not known, undefined when the body says nothing. */
export function bookedBy({ created_by, created_by_type }: Booked): number | null | undefined {
  const said = created_by_type ?? created_by;
  return said == null ? said : (OPTIONS[said.toLowerCase()] ?? null);
}
