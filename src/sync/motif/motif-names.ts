// The name of a motif's link, and the id of its row.
import type { Rdv } from '../../rdv-solidarites/models.ts';
import { derivedId, nameOf } from '../model/link-names.ts';

export type Motif = NonNullable<Rdv['motif']>;

const MOTIF_NAMESPACE = '5b7e0e2a-1d34-4c0c-9b0b-7f3a1c2d4e61';

export const motifLink = (id: Motif['id']) => nameOf('motif', id);

/** The `rdvs_motifid` of a motif. */
export const motifRowId = (id: Motif['id']) => derivedId(motifLink(id), MOTIF_NAMESPACE);
