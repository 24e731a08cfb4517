// Checks what people filled on motifs.
import * as z from 'zod';
import type { Current } from '../../provision/current.ts';
import { listOf, type Read } from '../../provision/read.ts';
import { TOKENS, unknownTokens } from '../../rdv-solidarites/subject-template.ts';
import { type Finding, ok, warning } from './finding.ts';

const SUBJECT = { en: 'templates of motifs', fr: 'modèles des motifs' };

/** Names the motifs whose template has a token that nobody knows: the template of `RDV_SUBJECT` stands in for it. */
export async function checkMotifs(read: Read, current: Current): Promise<readonly Finding[]> {
  if (current.tables.get('rdvs_motif')?.columns.has('rdvs_subject') !== true) return [];
  const { value } = await read(listOf({ rdvs_name: z.string().nullish(), rdvs_subject: z.string() }), (api, signal) =>
    api.retrieveMultiple({
      collection: 'rdvs_motifs',
      select: ['rdvs_name', 'rdvs_subject'],
      filter: 'rdvs_subject ne null',
      signal,
    }),
  );
  const wrong = value.filter(({ rdvs_subject }) => unknownTokens(rdvs_subject).length > 0);
  if (wrong.length === 0)
    return [
      ok(SUBJECT, {
        en: `${value.length} motifs have their own, all understood`,
        fr: `${value.length} motifs ont le leur, tous compris`,
      }),
    ];
  return wrong.map(({ rdvs_name, rdvs_subject }) =>
    warning(SUBJECT, {
      message: {
        en: `${rdvs_name}: unknown ${unknownTokens(rdvs_subject).join(', ')}; RDV_SUBJECT is used instead`,
        fr: `${rdvs_name} : ${unknownTokens(rdvs_subject).join(', ')} inconnu ; RDV_SUBJECT le remplace`,
      },
      remedy: { en: `write ${TOKENS.join(', ')} only`, fr: `n’écrivez que ${TOKENS.join(', ')}` },
    }),
  );
}
