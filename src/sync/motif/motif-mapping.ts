// Motif → its row: one line a column. What people fill there has no line.
import { toSeconds } from '../../rdv-solidarites/times.ts';
import { optionValues, schema } from '../../schema/schema.ts';
import type { Columns, Value } from '../model/values.ts';
import { cutTo, tidy } from '../rules/fit.ts';
import { defined } from '../rules/link-writes.ts';
import type { Motif } from './motif-names.ts';

type Said = Exclude<
  keyof (typeof schema.tables.rdvs_motif)['columns'],
  'rdvs_subject' | 'rdvs_ownerteam' | 'rdvs_handling'
>;

const mapping: Readonly<Record<Said, (motif: Motif) => Value | undefined>> = {
  rdvs_name: ({ name }) => tidy(name),
  rdvs_organisation: ({ organisation_id: id }) => (id == null ? id : String(id)),
  rdvs_category: ({ motif_category: category }) => category && tidy(category.name),
  rdvs_place: ({ location_type: type }) => (type == null ? type : isPlace(type) ? PLACES[type] : null),
  rdvs_collective: ({ collectif }) => collectif ?? undefined,
  rdvs_deletedon: ({ deleted_at: at }) => at && toSeconds(at),
};

const PLACES = optionValues.rdvs_motif.rdvs_place;
const isPlace = (type: string): type is keyof typeof PLACES => Object.hasOwn(PLACES, type);

/** The columns of a motif's row, cut to fit, and those that were cut. */
export function motifColumns(motif: Motif): { readonly columns: Columns; readonly cut: readonly string[] } {
  const { columns } = schema.tables.rdvs_motif;
  const cut: string[] = [];
  const fitted = Object.entries(mapping).map(([name, line]) => {
    const column = columns[name as Said];
    const fit = cutTo('maxLength' in column ? column.maxLength : undefined, line(motif));
    if (fit.cut) cut.push(`rdvs_motif.${name}`);
    return [name, fit.value] as const;
  });
  return { columns: defined(Object.fromEntries(fitted)), cut };
}
