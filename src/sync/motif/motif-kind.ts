// Motifs, as the door of the core knows them.
import type { RecordKind } from '../model/record-kind.ts';
import { NOTHING_TO_READ } from '../model/rows.ts';
import { decideMotif, readsOfMotifs } from './decide-motif.ts';

export const motifKind: RecordKind<'Motif'> = {
  sentFor: ({ data }) => data.organisation_id ?? undefined,
  open: ({ data, event }) => ({
    reads: { ...NOTHING_TO_READ, ...readsOfMotifs([data]) },
    organisation: undefined,
    countsSource: false,
    decide: (context) => {
      const { record, writes, cut } = decideMotif(data, event, context);
      return { kind: 'parts', record, records: [record], people: [], writes, cut };
    },
  }),
};
