// What people decided for the RDV of a motif, on its row. It is looked at, not relied on: it may be a minute old.

import { unknownTokens } from '../../rdv-solidarites/subject-template.ts';
import { optionValues } from '../../schema/schema.ts';
import type { Context } from '../model/context.ts';
import type { Guid } from '../model/link-names.ts';
import type { Row } from '../model/rows.ts';
import { type Motif, motifRowId } from './motif-names.ts';

type Named = Motif | null | undefined;
type Looked = Pick<Context, 'glance' | 'policy'>;

const rowOf = (motif: Named, { glance }: Pick<Context, 'glance'>): Row | undefined =>
  (motif && glance.rdvs_motif.get(motifRowId(motif.id))) ?? undefined;

/** Whether no new RDV of this motif is written. */
export function isIgnored(motif: Named, context: Looked): boolean {
  return rowOf(motif, context)?.columns['rdvs_handling'] === optionValues.rdvs_motif.rdvs_handling.ignore;
}

/** The template of the subject. One that names an unknown token counts for nothing; `check` says so. */
export function subjectTemplate(motif: Named, context: Looked): string {
  const own = rowOf(motif, context)?.columns['rdvs_subject'];
  const usable = typeof own === 'string' && own.trim() !== '' && unknownTokens(own).length === 0;
  return usable ? own : context.policy.rdvSubject;
}

/** The team that owns the appointments of this motif when no agent does. */
export function teamOfMotif(motif: Named, context: Looked): Guid | undefined {
  const team = rowOf(motif, context)?.columns['rdvs_ownerteam'];
  return typeof team === 'object' && team !== null ? team.id : undefined;
}
